// Vertices whose triangles cross others are held back, step by step, toward their cells' centers, where
// nothing crosses.
//
// A quad lies in the box of its four cells, and boxes of quads without a common vertex share no cell: so only
// quads with a common vertex can cross. Those that stay in their envelopes do not cross one another; the exact
// tests are left for the rest and its neighbours.

extension Contour {
  /// Holds vertices back until no two triangles cross, overlap in one plane or are without area.
  ///
  /// - Returns: How many vertices are not where they were to be.
  func holdBack(_ run: RunContext) throws(MeshError) -> Int {
    var suspects = try run.mapChunks(of: quadCount, size: 1 << 13) { _, range in
      range.filter { !isInEnvelope($0) }.map { UInt32($0) }
    }.flatMap(\.self)
    var held: Set<UInt32> = []
    while !suspects.isEmpty {
      let moving = try verticesToHold(suspects, run)
      if moving.isEmpty { break }
      for v in moving {
        levels[Int(v)] += 1
        move(Int(v))
        held.insert(v)
      }
      suspects = try suspectsAround(moving, run)
    }
    return held.count
  }

  /// The vertices, ascending, of triangles that have no area or cross another, as far as they can be held back.
  private func verticesToHold(_ suspects: [UInt32], _ run: RunContext) throws(MeshError) -> [UInt32] {
    let found = try run.mapChunks(of: suspects.count, size: 256) { _, range in
      var vertices: [UInt32] = []
      var around: [UInt32] = []
      for i in range {
        let quad = suspects[i]
        around.removeAll(keepingCapacity: true)
        let corners = quads[Int(quad)]
        for k in 0..<4 {
          lattice.forEachQuad(aroundCell: cellOf[Int(corners[k])]) { other in
            if !around.contains(other) { around.append(other) }
          }
        }
        let own = triangles(Int(quad))
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
      return vertices
    }
    return Set(found.joined()).filter { levels[Int($0)] < Contour.lastLevel }.sorted()
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
    if dot(n, n) < least * least { add(t, &vertices) }
  }

  private func check(_ s: Triangle, _ t: Triangle, _ vertices: inout [UInt32]) {
    if meet(s, t) {
      add(s, &vertices)
      add(t, &vertices)
    }
  }

  private func add(_ t: Triangle, _ vertices: inout [UInt32]) {
    vertices.append(t.a)
    vertices.append(t.b)
    vertices.append(t.c)
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

/// Whether two triangles, which may have corners in common, cross or overlap in one plane. Exact.
func trianglesMeet(
  _ s: Triangle, _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ t: Triangle,
  _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  var common = 0
  var (i, j) = (0, 0)
  for k in 0..<3 {
    for l in 0..<3 where s[k] == t[l] {
      common += 1
      (i, j) = (k, l)
    }
  }
  switch common {
  case 0:
    return trianglesCross(p, q) || trianglesOverlapExactly(p, q)
  case 1:
    let (v, p0, p1) = turned(p, i)
    let (_, q0, q1) = turned(q, j)
    return trianglesCross(sharing: v, (p0, p1), (q0, q1)) || trianglesOverlapExactly(p, q)
  default:
    return trianglesOverlapExactly(p, q)
  }
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
