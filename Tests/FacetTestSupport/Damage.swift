import Facet

/// Ways to damage a sound part so that what it was can still be told: the same damage for the same seed, on every
/// machine.
public struct Damage: Sendable, CustomStringConvertible {
  public enum Kind: String, CaseIterable, Sendable {
    /// One in a hundred triangles is gone; some of the holes touch in a vertex.
    case missingTriangles
    /// A patch of up to a twentieth of the triangles is gone.
    case largeHole
    case flippedTriangles
    case flippedPatch
    case duplicates
    /// Triangles that are there a second time, facing the other way.
    case opposedDuplicates
    /// Paths along which the surface is torn by less than the stitch tolerance.
    case cracks
    /// …and by several times as much.
    case wideCracks
    /// A box driven into the part.
    case overlappingPart
    case invertedShellOutside
    case invertedShellInside
    /// Edges with a vertex in the middle that only one of the two triangles knows of.
    case tJunctions
    /// Walls inside the part that share edges with its surface.
    case internalWalls
    /// Sheets inside the part that touch nothing.
    case floatingSheets
  }

  public let shape: CleanShape
  /// In the order in which they are done.
  public let kinds: [Kind]
  public let seed: UInt64

  public init(_ shape: CleanShape, _ kinds: [Kind], seed: UInt64) {
    self.shape = shape
    // What needs a sound surface around it comes first.
    self.kinds = Kind.order.filter(kinds.contains)
    self.seed = seed
  }

  /// A random shape with one to four kinds of damage.
  public static func random(seed: UInt64) -> Damage {
    var random = SeededGenerator(seed: seed ^ 0xDA3A_6E00)
    let shape = CleanShape.allCases.randomElement(using: &random)!
    let count = Int.random(in: 1...4, using: &random)
    let kinds = Kind.allCases.shuffled(using: &random).prefix(count)
    return Damage(shape, Array(kinds), seed: seed)
  }

  public var description: String {
    "\(shape.rawValue) \(seed): " + kinds.map(\.rawValue).joined(separator: ", ")
  }

  /// Does the damage.
  public func part() -> DamagedPart {
    let clean = shape.mesh
    var wreck = Wreck(clean, seed: seed)
    for kind in kinds {
      switch kind {
      case .missingTriangles: wreck.dropTriangles()
      case .largeHole: wreck.dropPatch()
      case .flippedTriangles: wreck.flipTriangles()
      case .flippedPatch: wreck.flipPatch()
      case .duplicates: wreck.duplicateTriangles(opposed: false)
      case .opposedDuplicates: wreck.duplicateTriangles(opposed: true)
      case .cracks: wreck.tear(0.1...0.9)
      case .wideCracks: wreck.tear(3...8)
      case .overlappingPart: wreck.driveInBox()
      case .invertedShellOutside: wreck.addInvertedShell(inside: false)
      case .invertedShellInside: wreck.addInvertedShell(inside: true)
      case .tJunctions: wreck.splitEdgesOnOneSide()
      case .internalWalls: wreck.addWalls()
      case .floatingSheets: wreck.addSheet()
      }
    }
    return DamagedPart(mesh: wreck.mesh, clean: clean, volume: wreck.volume)
  }
}

extension Damage.Kind {
  fileprivate static let order: [Damage.Kind] = [
    .overlappingPart, .internalWalls, .floatingSheets, .invertedShellOutside, .invertedShellInside,
    .wideCracks, .cracks, .tJunctions, .largeHole, .missingTriangles, .flippedPatch, .flippedTriangles,
    .duplicates, .opposedDuplicates,
  ]
}

/// A damaged part, and what it should be.
public struct DamagedPart: Sendable {
  /// As read from a file: equal positions are one vertex.
  public let mesh: Mesh
  /// The shape as it was, without parts that were added.
  public let clean: Mesh
  /// What a right repair has, mm³: the shape's, or the union's with a part driven into it; a cavity counts
  /// against it.
  public let volume: Double
}

/// A part while it is being damaged.
struct Wreck {
  var positions: [SIMD3<Float>]
  var facets: [Piece]
  var volume: Double
  var random: SeededGenerator
  /// Vertices around damage from which the rest must be told: no other such damage comes near.
  var isTaken: [Bool]
  let clean: Mesh
  let bvh: BVH
  private let colors: FacetColors?

  struct Piece {
    var triangle: Triangle
    var attribute: UInt16
  }

  struct Edge: Hashable {
    var from: UInt32
    var to: UInt32

    init(_ from: UInt32, _ to: UInt32) {
      self.from = from
      self.to = to
    }

    var reversed: Edge { Edge(to, from) }
  }

  init(_ mesh: Mesh, seed: UInt64) {
    clean = mesh
    colors = mesh.colors
    bvh = try! BVH(mesh)
    positions = mesh.positions
    facets = mesh.triangles.indices.map { i in
      Piece(triangle: mesh.triangles[i], attribute: mesh.colors?.attributes[i] ?? 0)
    }
    volume = mesh.plainVolume
    random = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x5EED)
    isTaken = Array(repeating: false, count: positions.count)
  }

  /// Welded as a file's reader would.
  var mesh: Mesh {
    var soup = TriangleSoup()
    for facet in facets {
      let (a, b, c) = corners(facet.triangle)
      soup.append(a, b, c)
    }
    if let colors {
      soup.colors = FacetColors(
        convention: colors.convention, partColor: colors.partColor, attributes: facets.map(\.attribute))
    }
    return try! Mesh.welded(soup)
  }

  func corners(_ t: Triangle) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
  }

  func center(_ f: Int) -> SIMD3<Float> {
    let (a, b, c) = corners(facets[f].triangle)
    return (a + b + c) / 3
  }

  func normal(_ f: Int) -> SIMD3<Float> {
    let (a, b, c) = corners(facets[f].triangle)
    return cross(b - a, c - a).normalized
  }

  mutating func add(_ position: SIMD3<Float>) -> UInt32 {
    positions.append(position)
    isTaken.append(true)
    return UInt32(positions.count - 1)
  }

  func isTaken(_ t: Triangle) -> Bool { isTaken[Int(t.a)] || isTaken[Int(t.b)] || isTaken[Int(t.c)] }

  mutating func take(_ t: Triangle) {
    for corner in 0..<3 { isTaken[Int(t[corner])] = true }
  }

  /// The facet at each half-edge.
  func facetOfEdge() -> [Edge: Int] {
    var result: [Edge: Int] = [:]
    result.reserveCapacity(facets.count * 3)
    for (f, facet) in facets.enumerated() {
      let t = facet.triangle
      for corner in 0..<3 { result[Edge(t[corner], t[(corner + 1) % 3])] = f }
    }
    return result
  }

  mutating func number(_ range: ClosedRange<Float>) -> Float { Float.random(in: range, using: &random) }

  mutating func direction() -> SIMD3<Float> {
    while true {
      let d = SIMD3(number(-1...1), number(-1...1), number(-1...1))
      let l = length(d)
      if l > 0.1 && l <= 1 { return d / l }
    }
  }

  mutating func facet() -> Int { Int.random(in: facets.indices, using: &random) }
}
