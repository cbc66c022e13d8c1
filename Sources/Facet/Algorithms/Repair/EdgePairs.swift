#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which triangles belong together at edges where three or more meet.
///
/// Around such an edge triangles and the wedges between them take turns. Where the triangles' own sides agree
/// about every wedge, inside or outside, the two that bound material are a pair. Else each wedge is asked whether
/// the outside can be seen from it, by rays: a wall inside the part has the inside on both sides, however it is
/// turned; what has the outside on one side only bounds the part. Two such triangles with material between them
/// are a pair, whatever walls there are in that material.
struct EdgePairs {
  private var partners: [UInt32: UInt32] = [:]

  /// - Parameter edges: Numbers of non-manifold edges with three triangles or more.
  init(_ state: RepairState, _ edges: [Int], _ run: RunContext) throws(MeshError) {
    let mesh = state.mesh
    var unclear: [EdgeFan] = []
    for (i, edge) in edges.enumerated() {
      if i & 0xFFF == 0 { try run.checkCancellation() }
      let fan = EdgeFan(mesh, state.badEdges.nonManifold(edge))
      if fan.agrees { pair(fan, labels: fan.wedgesInFront.map { !$0 }) } else { unclear.append(fan) }
    }
    if unclear.isEmpty { return }
    let sight = try WedgeSight(mesh, state.topology, unclear, run)
    for (i, fan) in unclear.enumerated() {
      if i & 0xFFF == 0 { try run.checkCancellation() }
      pair(fan, labels: sight.isInside(i))
    }
  }

  /// The half-edge on the other side of an edge, or nil where there is none that belongs to it.
  func partner(of h: Int, _ state: RepairState) -> UInt32? {
    let twin = state.topology.twin[h]
    if twin < Topology.degenerate { return twin }
    guard twin == Topology.nonManifold else { return nil }
    if let partner = partners[UInt32(h)] { return partner }
    // Two that disagree about the outside hold together: one of them gets turned.
    let sides = state.sides(of: h)
    return sides.count == 2 ? sides.first { $0 != h } : nil
  }

  /// - Parameter labels: For each wedge whether it is inside; nil where nothing tells.
  private mutating func pair(_ fan: EdgeFan, labels: [Bool]?) {
    let count = fan.sides.count
    guard let labels,
      let start = labels.indices.first(where: { labels[$0] && !labels[($0 + count - 1) % count] })
    else {
      pairFlattest(fan, Array(fan.sides.indices))
      return
    }
    // Wedge i is between sides i and i + 1. Runs of inside wedges, from the side before to the one after.
    var i = 0
    while i < count {
      let wedge = (start + i) % count
      var end = i
      while end < count, labels[(start + end) % count] == labels[wedge] { end += 1 }
      if labels[wedge] { join(fan, wedge, (start + end) % count) }
      // Walls inside, or fins outside.
      let between = (i + 1..<max(i + 1, end)).map { (start + $0) % count }
      if between.count == 2 { join(fan, between[0], between[1]) }
      i = end
    }
  }

  private mutating func join(_ fan: EdgeFan, _ i: Int, _ j: Int) {
    let (h, g) = (fan.sides[i].halfEdge, fan.sides[j].halfEdge)
    if h == g { return }
    partners[h] = g
    partners[g] = h
  }

  /// Pairs sides that agree about the outside, those that go on the straightest first.
  private mutating func pairFlattest(_ fan: EdgeFan, _ sides: [Int]) {
    // So many in one place are no surface.
    guard sides.count <= 32 else { return }
    var found: [(bend: Double, i: Int, j: Int)] = []
    for i in sides {
      for j in sides where j > i && fan.sides[i].isForward != fan.sides[j].isForward {
        found.append((abs(abs(fan.sides[i].angle - fan.sides[j].angle) - .pi), i, j))
      }
    }
    found.sort { ($0.bend, $0.i, $0.j) < ($1.bend, $1.i, $1.j) }
    var taken = Set<Int>()
    for pair in found where !taken.contains(pair.i) && !taken.contains(pair.j) {
      taken.insert(pair.i)
      taken.insert(pair.j)
      join(fan, pair.i, pair.j)
    }
  }
}

/// The triangles at an edge, by their angle about it.
struct EdgeFan: Sendable {
  struct Side: Sendable {
    var halfEdge: UInt32
    /// Whether it runs from the lower vertex to the higher: then its front looks toward larger angles.
    var isForward: Bool
    /// Radians about the edge from the lower vertex to the higher.
    var angle: Double
  }

  private(set) var sides: [Side]
  let middle: SIMD3<Double>
  let axis: SIMD3<Double>
  /// Across the axis, at angle 0 and at a right angle.
  let u: SIMD3<Double>
  let v: SIMD3<Double>
  let size: Double

  init(_ mesh: Mesh, _ halfEdges: ArraySlice<UInt32>) {
    let first = Int(halfEdges.first!)
    let ends = (mesh.corner(first), mesh.corner(Topology.next(first)))
    let low = SIMD3<Double>(mesh.positions[Int(min(ends.0, ends.1))])
    let high = SIMD3<Double>(mesh.positions[Int(max(ends.0, ends.1))])
    middle = (low + high) / 2
    size = length(high - low)
    let axis = (high - low).normalized
    self.axis = axis
    let away = abs(axis.x) < 0.6 ? SIMD3<Double>(1, 0, 0) : SIMD3(0, 1, 0)
    let u = cross(axis, away).normalized
    let v = cross(axis, u)
    (self.u, self.v) = (u, v)
    let middle = self.middle
    sides = halfEdges.map { h in
      let apex = SIMD3<Double>(mesh.positions[Int(mesh.corner(Topology.previous(Int(h))))]) - middle
      return Side(
        halfEdge: h, isForward: mesh.corner(Int(h)) < mesh.corner(Topology.next(Int(h))),
        angle: atan2(dot(apex, v), dot(apex, u)))
    }
    sides.sort { ($0.angle, $0.halfEdge) < ($1.angle, $1.halfEdge) }
  }

  /// Whether each wedge is in front of both its sides or behind both.
  var agrees: Bool {
    sides.indices.allSatisfy { sides[$0].isForward != sides[($0 + 1) % sides.count].isForward }
  }

  /// For each wedge whether it is in front of the side before it.
  var wedgesInFront: [Bool] { sides.map(\.isForward) }

  /// The direction from the edge into wedge `i`, at a share (0 to 1) of its width.
  func direction(_ i: Int, share: Double) -> SIMD3<Double> {
    let start = sides[i].angle
    var width = sides[(i + 1) % sides.count].angle - start
    if i == sides.count - 1 { width += 2 * .pi }
    let angle = start + width * share
    return u * cos(angle) + v * sin(angle)
  }
}
