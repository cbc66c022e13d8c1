// Vertices whose triangles cross others are held back, step by step, toward their cells' centers, where
// nothing crosses.
//
// A quad lies in the box of its four cells, and boxes of quads without a common vertex share no cell: so only
// quads with a common vertex can cross. Those that stay in their envelopes do not cross one another; the exact
// tests are left for the rest and its neighbours. Quads with a stray may cross anything near.

extension Contour {
  /// Holds vertices back until no two triangles cross, touch beyond what they share or are without area.
  ///
  /// A quad that is at fault is first cut along its other diagonal, once, if that is all it takes: three vertices
  /// on a straight edge are no triangle, but with the fourth they make two.
  ///
  /// - Returns: How many vertices are not where they were to be.
  func holdBack(_ run: RunContext) throws(MeshError) -> Int {
    let suspects = try run.mapChunks(of: quadCount, size: 1 << 13) { _, range in
      range.filter { !isInEnvelope($0) }.map { UInt32($0) }
    }.flatMap(\.self)
    return try holdBack(suspects, isSettled: true, near: nil, run)
  }

  /// Does so again when some vertices, ascending, were moved or their quads cut anew, and nothing else.
  func holdBack(after moved: [UInt32], _ run: RunContext) throws(MeshError) -> Int {
    try holdBack(suspectsAround(moved, run), isSettled: false, near: Set(moved), run)
  }

  /// - Parameters:
  ///   - isSettled: Whether strays have been tested with everything as it is now, or are among the suspects.
  ///   - near: Strays far from these vertices, and from those that are moved here, need no test; nil to test all.
  private func holdBack(
    _ suspects: [UInt32], isSettled: Bool, near: Set<UInt32>?, _ run: RunContext
  ) throws(MeshError) -> Int {
    var suspects = suspects
    var near = near
    var held: Set<UInt32> = []
    // Whether strays have been tested with everything as it is now.
    var isSettled = isSettled
    while true {
      let found = try faults(suspects, run)
      if !found.recuts.isEmpty {
        for quad in found.recuts { cuts[Int(quad)] = cuts[Int(quad)] ^ Contour.isCutAcross | Contour.isRecut }
        if near != nil { for quad in found.recuts { for k in 0..<4 { near?.insert(quads[Int(quad)][k]) } } }
        suspects = found.quads
        isSettled = false
        continue
      }
      let moving = Set(found.vertices).filter { levels[Int($0)] != Contour.lastLevel }.sorted()
      if moving.isEmpty {
        if isSettled { break }
        suspects = quadsOfStrays(near: near)
        isSettled = true
        continue
      }
      isSettled = false
      for v in moving {
        levels[Int(v)] = isAstray(v) ? 0 : levels[Int(v)] + 1
        move(Int(v))
        held.insert(v)
        near?.insert(v)
      }
      suspects = try suspectsAround(moving, run)
    }
    return held.count
  }

  private struct Faults {
    /// Quads with a triangle that has no area or meets another.
    var quads: [UInt32] = []
    /// Those that need to be cut the other way only.
    var recuts: [UInt32] = []
    /// The corners of the triangles of the others, and of what they meet.
    var vertices: [UInt32] = []
  }

  private func faults(_ suspects: [UInt32], _ run: RunContext) throws(MeshError) -> Faults {
    let found = try run.mapChunks(of: suspects.count, size: 64) { _, range in
      var faults = Faults()
      var around: [UInt32] = []
      for i in range {
        let quad = suspects[i]
        gatherAround(quad, &around)
        let before = faults.vertices.count
        check(quad, cuts[Int(quad)], around, &faults.vertices)
        if faults.vertices.count == before { continue }
        faults.quads.append(quad)
        if cuts[Int(quad)] & Contour.isRecut != 0 { continue }
        var rest: [UInt32] = []
        check(quad, cuts[Int(quad)] ^ Contour.isCutAcross, around, &rest)
        if rest.isEmpty { faults.recuts.append(quad) }
      }
      return faults
    }
    return Faults(
      quads: found.flatMap(\.quads), recuts: found.flatMap(\.recuts), vertices: found.flatMap(\.vertices))
  }

  /// All quads that a quad may cross, with itself.
  private func gatherAround(_ quad: UInt32, _ around: inout [UInt32]) {
    around.removeAll(keepingCapacity: true)
    if hasStray(Int(quad)) {
      forEachQuad(near: Int(quad)) { around.append($0) }
      return
    }
    let corners = quads[Int(quad)]
    for k in 0..<4 {
      lattice.forEachQuad(aroundCell: cellOf[Int(corners[k])]) { other in
        if !around.contains(other) { around.append(other) }
      }
    }
  }

  /// Adds the vertices at fault with the quad cut as given.
  private func check(_ quad: UInt32, _ cut: UInt8, _ around: [UInt32], _ vertices: inout [UInt32]) {
    let own = triangles(Int(quad), cut)
    check(own.0, &vertices)
    check(own.1, &vertices)
    check(own.0, own.1, &vertices)
    for other in around where other != quad {
      let others = triangles(Int(other))
      check(own.0, others.0, &vertices)
      check(own.0, others.1, &vertices)
      check(own.1, others.0, &vertices)
      check(own.1, others.1, &vertices)
    }
  }

  /// The quads that may cross another, ascending, among those whose vertices or neighbours' vertices were moved.
  private func suspectsAround(_ moved: [UInt32], _ run: RunContext) throws(MeshError) -> [UInt32] {
    var quads: Set<UInt32> = []
    var vertices: Set<UInt32> = []
    for v in moved {
      lattice.forEachQuad(aroundCell: cellOf[Int(v)]) { q in
        let corners = self.quads[Int(q)]
        for k in 0..<4 { vertices.insert(corners[k]) }
      }
    }
    for v in vertices { lattice.forEachQuad(aroundCell: cellOf[Int(v)]) { quads.insert($0) } }
    let all = quads.sorted()
    return try run.mapChunks(of: all.count, size: 1 << 11) { _, range in
      range.map { all[$0] }.filter { !isInEnvelope(Int($0)) }
    }.flatMap(\.self)
  }

  private func check(_ t: Triangle, _ vertices: inout [UInt32]) {
    let (a, b, c) = corners(t)
    let u = SIMD3<Double>(b) - SIMD3<Double>(a)
    let v = SIMD3<Double>(c) - SIMD3<Double>(a)
    let n = cross(u, v)
    // A hundred-thousandth of the square over a voxel.
    let least = lattice.voxel * lattice.voxel * 1e-5
    if dot(n, n) < least * least { add([t], &vertices) }
  }

  private func check(_ s: Triangle, _ t: Triangle, _ vertices: inout [UInt32]) {
    if meet(s, t) { add([s, t], &vertices) }
  }

  /// Adds the strays among the corners, or all corners where none is astray.
  private func add(_ triangles: [Triangle], _ vertices: inout [UInt32]) {
    let corners = triangles.flatMap { [$0.a, $0.b, $0.c] }
    let strays = corners.filter(isAstray)
    vertices += strays.isEmpty ? corners : strays
  }

  private func corners(_ t: Triangle) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
  }

  /// Whether two triangles cross or overlap in one plane.
  private func meet(_ s: Triangle, _ t: Triangle) -> Bool {
    let p = corners(s)
    let q = corners(t)
    if any(lesser(lesser(p.0, p.1), p.2) .> greater(greater(q.0, q.1), q.2))
      || any(lesser(lesser(q.0, q.1), q.2) .> greater(greater(p.0, p.1), p.2))
    {
      return false
    }
    return trianglesMeet(s, p, t, q)
  }
}

/// Whether two triangles have more in common than corners and an edge: whether they cross, overlap in one plane, or one
/// ends upon the other; exact, though of triangles in one plane only overlapping counts. And whether, with a common
/// edge, they are folded onto each other but for a degree: rounding of a file or of a viewer makes one plane of that.
func trianglesMeet(
  _ s: Triangle, _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ t: Triangle,
  _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  var common = 0
  var (i, j) = (0, 0)
  // Sums of the places of common corners: what is missing is the place of the other.
  var placesInT = 0
  for k in 0..<3 {
    for l in 0..<3 where s[k] == t[l] {
      common += 1
      (i, j) = (k, l)
      placesInT += l
    }
  }
  switch common {
  case 0: return trianglesTouch(p, q)
  case 1: return trianglesMeet(turned(p, i), turned(q, j))
  case 2:
    let (apex, _, _) = turned(q, 3 - placesInT)
    return areFolded(p, q) || orient3d(p.0, p.1, p.2, apex) == 0 && trianglesOverlapExactly(p, q)
  default: return true
  }
}

/// Whether two triangles that have their first corners in common have more than these in common.
private func trianglesMeet(
  _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  let (q1, q2) = (orient3d(p.0, p.1, p.2, q.1), orient3d(p.0, p.1, p.2, q.2))
  if q1 * q2 > 0 { return false }
  let (p1, p2) = (orient3d(q.0, q.1, q.2, p.1), orient3d(q.0, q.1, q.2, p.2))
  if p1 * p2 > 0 { return false }
  if (q1, q2) == (0, 0) && (p1, p2) == (0, 0) { return trianglesOverlapExactly(p, q) }
  return segmentMeets(q.1, q.2, p, sides: (q1, q2)) || segmentMeets(p.1, p.2, q, sides: (p1, p2))
}

/// Whether two triangles with a common edge, which they run along in opposite ways, face opposite ways nearly.
private func areFolded(
  _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  func normal(_ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)) -> SIMD3<Double> {
    let a = SIMD3<Double>(t.0)
    return cross(SIMD3<Double>(t.1) - a, SIMD3<Double>(t.2) - a)
  }
  let (n, m) = (normal(p), normal(q))
  let turned = dot(n, m)
  return turned < 0 && turned * turned > 0.9997 * dot(n, n) * dot(m, m)
}

/// Whether two triangles have a point in common, or overlap if they lie in one plane.
///
/// Then an edge of the one meets the other. An edge in the other's plane need not be looked at: where it enters the
/// other, an edge of that one meets this, and where it ends in it, so does the next edge.
private func trianglesTouch(
  _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  let q0 = orient3d(p.0, p.1, p.2, q.0)
  let (q1, q2) = (orient3d(p.0, p.1, p.2, q.1), orient3d(p.0, p.1, p.2, q.2))
  if q0 != 0 && q1 == q0 && q2 == q0 { return false }
  let p0 = orient3d(q.0, q.1, q.2, p.0)
  let (p1, p2) = (orient3d(q.0, q.1, q.2, p.1), orient3d(q.0, q.1, q.2, p.2))
  if p0 != 0 && p1 == p0 && p2 == p0 { return false }
  if (q0, q1, q2) == (0, 0, 0) && (p0, p1, p2) == (0, 0, 0) { return trianglesOverlapExactly(p, q) }
  return segmentMeets(p.0, p.1, q, sides: (p0, p1)) || segmentMeets(p.1, p.2, q, sides: (p1, p2))
    || segmentMeets(p.2, p.0, q, sides: (p2, p0)) || segmentMeets(q.0, q.1, p, sides: (q0, q1))
    || segmentMeets(q.1, q.2, p, sides: (q1, q2)) || segmentMeets(q.2, q.0, p, sides: (q2, q0))
}

/// Whether a segment that does not lie in a triangle's plane has a point in common with it.
///
/// - Parameter sides: On which sides of the plane it begins and ends.
private func segmentMeets(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), sides: (Int, Int)
) -> Bool {
  if sides.0 * sides.1 > 0 || sides.0 == 0 && sides.1 == 0 { return false }
  let x = orient3d(a, b, t.0, t.1)
  let y = orient3d(a, b, t.1, t.2)
  if x * y < 0 { return false }
  let z = orient3d(a, b, t.2, t.0)
  return x * z >= 0 && y * z >= 0
}

private func turned(
  _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ corner: Int
) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
  switch corner {
  case 0: t
  case 1: (t.1, t.2, t.0)
  default: (t.2, t.0, t.1)
  }
}
