// Where the vertices of a contour are to be: on the input, and where its planes meet, on the edge or in the
// corner that they form (the idea of Ju, Losasso, Schaefer and Warren, "Dual contouring of Hermite data", 2002,
// with the input's own triangles for tangent planes).

/// How vertices are placed, mm; lengths in voxels times the voxel.
struct CellPlacer: @unchecked Sendable {
  let contour: Contour
  let mesh: MeshView
  /// The block of the distance field for each of the lattice's, or negative.
  let fieldBlock: UnsafePointer<Int32>
  let nearest: UnsafePointer<UInt32>
  let distances: UnsafePointer<Float>
  let voxel: Float
  let recoversEdges: Bool

  /// Vertices stay this far inside their cells, so that they keep apart.
  static let reach: Float = 0.49
  /// Where nothing is nearer to the cell's center, the surface closes an opening and is only smoothed.
  static let closureDistance: Float = 1.25
  /// …but a plate's sides are as far from its nodes as a cell's center is, each half the diagonal.
  static let sheetDistance: Float = 1.8
  /// Planes that differ by less, 5°, form no edge: sin².
  private static let leastCrease: Float = 0.0076
  /// Three normals span at least this volume when their planes form a corner.
  private static let leastCorner: Float = 0.1
  /// Nodes this near to the surface may be labelled either way: above what walls are thicker by.
  private static let onSurface: Float = 2e-3
  /// An edge or corner counts when all planes' triangles come this near to it.
  private static let featureDistance: Float = 0.15
  /// The triangle of one plane may be this far from an edge that a triangle of the other plane comes near to.
  private static let looseDistance: Float = 1

  /// One triangle near the cell, its corners seen from the cell's center.
  struct Candidate: BitwiseCopyable {
    var triangle: UInt32
    var a: SIMD3<Float>
    var b: SIMD3<Float>
    var c: SIMD3<Float>
    /// Of length 1, or zero.
    var normal: SIMD3<Float>
    /// The point closest to the center.
    var point: SIMD3<Float>
    var squared: Float
  }

  /// What a thread needs to place vertices.
  final class Scratch {
    static let capacity = 16
    let candidates = UnsafeMutablePointer<Candidate>.allocate(capacity: capacity)
    /// For each corner of the cell the nearest triangle, and how far it is.
    let nodes = UnsafeMutablePointer<UInt32>.allocate(capacity: 8)
    let distances = UnsafeMutablePointer<Float>.allocate(capacity: 8)
    let plates = Plates()
    var count = 0

    deinit {
      candidates.deallocate()
      nodes.deallocate()
      distances.deallocate()
    }
  }

  /// Places the vertex; false where nothing is near that it could be drawn onto.
  ///
  /// Where it could leave its cell for an edge is added to `strays`.
  func place(_ vertex: Int, _ scratch: Scratch, _ strays: inout [Stray]) -> Bool {
    let code = contour.cellOf[vertex]
    let lattice = contour.lattice
    let (block, x, y, z) = lattice.place(code)
    let center = lattice.cell(code).center
    var inside: UInt32 = 0
    var hasSheet = false
    for corner in 0..<8 {
      let node = lattice.resolve(block, x &+ corner & 1, y &+ corner >> 1 & 1, z &+ corner >> 2)
      scratch.nodes[corner] = .max
      guard node.block >= 0 else {
        if node.block == Int(LabelBlocks.absentInside) { inside |= 1 &<< UInt32(corner) }
        continue
      }
      let word = node.block &* 8 &+ node.local >> 6
      let bit: UInt64 = 1 &<< UInt64(node.local & 63)
      if lattice.inside[word] & bit != 0 {
        inside |= 1 &<< UInt32(corner)
        if lattice.sheets[word] & bit != 0 { hasSheet = true }
      }
      let own = fieldBlock[node.block]
      if own >= 0 {
        scratch.nodes[corner] = nearest[Int(own) &* 512 &+ node.local]
        scratch.distances[corner] = distances[Int(own) &* 512 &+ node.local]
      }
    }
    gather(inside, center, hasSheet: hasSheet, scratch)
    if recoversEdges && !hasSheet && isAtEdge(scratch) {
      gatherAround(block, x, y, z, inside, center, scratch)
    }
    guard scratch.count > 0 else { return false }
    var best = 0
    for i in 1..<max(1, scratch.count) where scratch.candidates[i].squared < scratch.candidates[best].squared
    {
      best = i
    }
    let far = (hasSheet ? CellPlacer.sheetDistance : CellPlacer.closureDistance) * voxel
    guard scratch.candidates[best].squared <= far * far else { return false }
    contour.sources[vertex] = scratch.candidates[best].triangle
    let surface = scratch.candidates[best].point
    let offset: SIMD3<Float>
    if hasSheet {
      let found = beside(inside, best, scratch)
      offset = found.offset
      contour.sources[vertex] = found.triangle | CellPlacer.besideSheet
    } else if recoversEdges, let feature = feature(scratch, about: .zero, flattest: 2) {
      offset = feature.point
    } else if recoversEdges, hasSharpPair(scratch) {
      if let feature = feature(scratch, about: .zero, flattest: CellPlacer.sharp, isLoose: true) {
        offset = feature.point
      } else {
        offset = drawn(surface, scratch)
        addStrays(vertex, block, x, y, z, scratch, &strays)
      }
    } else {
      offset = drawn(surface, scratch)
    }
    contour.offsets[vertex] = clamped(offset)
    return true
  }

  /// The triangles nearest to the nodes outside, and to those inside where they lie between an inside and an
  /// outside node: not walls within the part. Around a sheet all, since both its sides lie beyond it.
  private func gather(_ inside: UInt32, _ center: SIMD3<Float>, hasSheet: Bool, _ scratch: Scratch) {
    scratch.count = 0
    for corner in 0..<8 where inside &>> UInt32(corner) & 1 == 0 {
      let triangle = scratch.nodes[corner]
      if triangle == .max || isKnown(triangle, scratch) { continue }
      scratch.candidates[scratch.count] = candidate(triangle, center)
      scratch.count += 1
    }
    for corner in 0..<8 where inside &>> UInt32(corner) & 1 != 0 {
      let triangle = scratch.nodes[corner]
      if triangle == .max || isKnown(triangle, scratch) { continue }
      let new = candidate(triangle, center)
      let own = side(corner, new)
      for axis in 0..<3 {
        let other = corner ^ 1 &<< axis
        if inside &>> UInt32(other) & 1 == 0
          && (hasSheet || side(other, new) * own <= 0 || abs(own) <= CellPlacer.onSurface * voxel)
        {
          scratch.candidates[scratch.count] = new
          scratch.count += 1
          break
        }
      }
    }
  }

  /// Whether a corner of the cell is nearest to an edge or a corner of the input, from where only one of the
  /// triangles there is known.
  private func isAtEdge(_ scratch: Scratch) -> Bool {
    for corner in 0..<8 where scratch.nodes[corner] != .max {
      for i in 0..<scratch.count where scratch.candidates[i].triangle == scratch.nodes[corner] {
        if abs(side(corner, scratch.candidates[i])) < 0.97 * scratch.distances[corner] { return true }
      }
    }
    return false
  }

  /// Adds the triangles nearest to the nodes one step from the cell, as far as they come near it.
  private func gatherAround(
    _ block: Int, _ x: Int, _ y: Int, _ z: Int, _ inside: UInt32, _ center: SIMD3<Float>,
    _ scratch: Scratch
  ) {
    let lattice = contour.lattice
    let near = 0.7 * voxel
    for i in 0..<24 where scratch.count < Scratch.capacity {
      let (beyond, u, v) = (i & 1 == 0 ? -1 : 2, i >> 1 & 1, i >> 2 & 1)
      let (dx, dy, dz) = i < 8 ? (beyond, u, v) : i < 16 ? (u, beyond, v) : (u, v, beyond)
      let node = lattice.resolve(block, x &+ dx, y &+ dy, z &+ dz)
      guard node.block >= 0, fieldBlock[node.block] >= 0 else { continue }
      let triangle = nearest[Int(fieldBlock[node.block]) &* 512 &+ node.local]
      if triangle == .max || isKnown(triangle, scratch) { continue }
      let new = candidate(triangle, center)
      guard max(abs(new.point.x), abs(new.point.y), abs(new.point.z)) <= near else { continue }
      let word = lattice.inside[node.block &* 8 &+ node.local >> 6]
      if word &>> UInt64(node.local & 63) & 1 != 0 && !liesBetween(new, inside) { continue }
      scratch.candidates[scratch.count] = new
      scratch.count += 1
    }
  }

  /// Whether an inside and an outside corner of the cell next to each other are on either side of a triangle's
  /// plane.
  private func liesBetween(_ candidate: Candidate, _ inside: UInt32) -> Bool {
    for corner in 0..<8 where inside &>> UInt32(corner) & 1 != 0 {
      let own = side(corner, candidate)
      for axis in 0..<3 {
        let other = corner ^ 1 &<< axis
        if inside &>> UInt32(other) & 1 == 0
          && (side(other, candidate) * own <= 0 || abs(own) <= CellPlacer.onSurface * voxel)
        {
          return true
        }
      }
    }
    return false
  }

  @inline(__always)
  private func isKnown(_ triangle: UInt32, _ scratch: Scratch) -> Bool {
    for i in 0..<scratch.count where scratch.candidates[i].triangle == triangle { return true }
    return false
  }

  @inline(__always)
  private func candidate(_ triangle: UInt32, _ center: SIMD3<Float>) -> Candidate {
    let t = mesh.corners + Int(triangle) * 3
    let a = mesh.positions[Int(t[0])] - center
    let b = mesh.positions[Int(t[1])] - center
    let c = mesh.positions[Int(t[2])] - center
    let point = closestOffset(a, b, c)
    return Candidate(
      triangle: triangle, a: a, b: b, c: c, normal: cross(b - a, c - a).normalized, point: point,
      squared: dot(point, point))
  }

  /// Where a corner of the cell lies from a candidate's plane.
  @inline(__always)
  private func side(_ corner: Int, _ candidate: Candidate) -> Float {
    dot(candidate.normal, node(corner) - candidate.a)
  }

  /// A corner of the cell from its center.
  @inline(__always)
  func node(_ corner: Int) -> SIMD3<Float> {
    let half = 0.5 * voxel
    return SIMD3(
      corner & 1 == 0 ? -half : half, corner & 2 == 0 ? -half : half, corner & 4 == 0 ? -half : half)
  }

  @inline(__always)
  func clamped(_ p: SIMD3<Float>) -> SIMD3<Float> {
    let limit = SIMD3(repeating: CellPlacer.reach * voxel)
    return lesser(greater(p, SIMD3<Float>.zero - limit), limit)
  }

  /// In the cell with this middle, seen from the center.
  @inline(__always)
  func clamped(_ p: SIMD3<Float>, about middle: SIMD3<Float>) -> SIMD3<Float> {
    clamped(p - middle) + middle
  }

  // MARK: Smooth places

  /// A point of the input in the cell near `point`, or as near to one as the cell allows.
  private func drawn(_ point: SIMD3<Float>, _ scratch: Scratch) -> SIMD3<Float> {
    var point = point
    for _ in 0..<3 {
      let inCell = clamped(point)
      if all(inCell .== point) { return point }
      point = closest(inCell, scratch)
    }
    return point
  }

  /// The point of the candidates closest to `point`.
  private func closest(_ point: SIMD3<Float>, _ scratch: Scratch) -> SIMD3<Float> {
    var best = SIMD3<Float>.zero
    var least = Float.infinity
    for i in 0..<scratch.count {
      let offset = self.offset(to: scratch.candidates[i], from: point)
      let squared = dot(offset, offset)
      if squared < least {
        least = squared
        best = offset
      }
    }
    return point + best
  }

  @inline(__always)
  func offset(to candidate: Candidate, from point: SIMD3<Float>) -> SIMD3<Float> {
    closestOffset(candidate.a - point, candidate.b - point, candidate.c - point)
  }

  // MARK: Edges and corners

  /// Where planes meet.
  struct Feature {
    var point: SIMD3<Float>
    /// Theirs; at an edge one of them twice.
    var triangles: SIMD3<UInt32>
  }

  /// The corner, or else the edge, of the most different planes that is in the cell. All combinations are
  /// tried: of the triangles on one plane only one may reach the edge.
  ///
  /// - Parameters:
  ///   - middle: Of the cell, seen from the center of the one that the candidates were gathered for.
  ///   - flattest: The cosine of the angle by which planes differ has to be below this.
  ///   - isLoose: An edge counts when one of its planes' triangles comes near: of the other plane only a triangle
  ///     farther from the edge may be known.
  func feature(
    _ scratch: Scratch, about middle: SIMD3<Float>, flattest: Float, isLoose: Bool = false
  ) -> Feature? {
    let candidates = scratch.candidates
    let isOwn = all(middle .== .zero)
    var count = 0
    let near = (isLoose ? 1.2 : 0.7) * voxel
    // Those that come near first.
    for i in 0..<scratch.count {
      let p = isOwn ? candidates[i].point : offset(to: candidates[i], from: middle)
      guard max(abs(p.x), abs(p.y), abs(p.z)) <= near else { continue }
      let candidate = candidates[i]
      candidates[i] = candidates[count]
      candidates[count] = candidate
      count += 1
    }
    var found: Feature?
    var sharpest = CellPlacer.leastCrease
    var widest = CellPlacer.leastCorner
    var isCorner = false
    for i in 0..<count {
      for j in i + 1..<max(count, i + 1) {
        let along = cross(candidates[i].normal, candidates[j].normal)
        let squared = dot(along, along)
        guard squared > CellPlacer.leastCrease, dot(candidates[i].normal, candidates[j].normal) < flattest
        else { continue }
        for k in j + 1..<max(count, j + 1) {
          let volume = abs(dot(along, candidates[k].normal))
          if volume > widest, let p = corner(candidates[i], candidates[j], candidates[k], middle) {
            widest = volume
            found = Feature(
              point: p,
              triangles: SIMD3(candidates[i].triangle, candidates[j].triangle, candidates[k].triangle))
            isCorner = true
          }
        }
        if !isCorner, squared > sharpest, let p = crease(candidates[i], candidates[j], middle, isLoose) {
          sharpest = squared
          let other = candidates[j].triangle
          found = Feature(point: p, triangles: SIMD3(candidates[i].triangle, other, other))
        }
      }
    }
    if let feature = found { found?.point = closest(feature.point, scratch) }
    return found
  }

  /// Where three planes meet, if that is in the cell and on all three triangles.
  private func corner(
    _ p: Candidate, _ q: Candidate, _ r: Candidate, _ middle: SIMD3<Float>
  ) -> SIMD3<Float>? {
    let qr = cross(q.normal, r.normal)
    let determinant = dot(p.normal, qr)
    let (dp, dq, dr) = (dot(p.normal, p.a), dot(q.normal, q.a), dot(r.normal, r.a))
    let point = (dp * qr + dq * cross(r.normal, p.normal) + dr * cross(p.normal, q.normal)) / determinant
    return isIn(point - middle) && isOn(point, p) && isOn(point, q) && isOn(point, r) ? point : nil
  }

  /// The point of the line common to two planes that is nearest to the cell's middle.
  private func crease(
    _ p: Candidate, _ q: Candidate, _ middle: SIMD3<Float>, _ isLoose: Bool
  ) -> SIMD3<Float>? {
    let c = dot(p.normal, q.normal)
    let (dp, dq) = (dot(p.normal, p.a), dot(q.normal, q.a))
    let scale = 1 / (1 - c * c)
    let along = cross(p.normal, q.normal).normalized
    var base = p.normal * ((dp - c * dq) * scale) + q.normal * ((dq - c * dp) * scale)
    base += along * dot(along, middle)
    var point = base
    for _ in 0..<6 {
      let inCell = clamped(point, about: middle)
      if all(inCell .== point) { break }
      point = base + along * dot(along, inCell - base)
    }
    guard isIn(point - middle) else { return nil }
    if isOn(point, p) { return isOn(point, q, isLoose) ? point : nil }
    return isLoose && isOn(point, q) && isOn(point, p, true) ? point : nil
  }

  /// In the cell or so close to it that labels cannot tell: nodes on the surface may be on either side.
  @inline(__always)
  private func isIn(_ point: SIMD3<Float>) -> Bool {
    max(abs(point.x), abs(point.y), abs(point.z)) <= 0.51 * voxel
  }

  private func isOn(_ point: SIMD3<Float>, _ candidate: Candidate, _ isLoose: Bool = false) -> Bool {
    let offset = self.offset(to: candidate, from: point)
    let limit = (isLoose ? CellPlacer.looseDistance : CellPlacer.featureDistance) * voxel
    return dot(offset, offset) <= limit * limit
  }
}
