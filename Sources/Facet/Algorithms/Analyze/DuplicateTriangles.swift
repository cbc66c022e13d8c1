extension Topology {
  /// Triangles with the same three vertices as an earlier one, whichever way round; ascending.
  ///
  /// - Throws: ``MeshError/cancelled``.
  package func duplicateTriangles(in mesh: Mesh, _ run: RunContext = .init()) throws(MeshError) -> [UInt32] {
    // Duplicates share all edges. Where two of them are alone and face opposite ways they are twins, else the
    // edge is bad. So an edge of one triangle, or twins in two other triangles, rule a triangle out.
    let candidates = try twin.withUnsafeBufferPointer { (twin) throws(MeshError) in
      let twin = SharedTwins(base: twin)
      return try run.mapChunks(of: mesh.triangles.count, size: 1 << 16) { _, range in
        var candidates: [Int] = []
        for f in range where mayBeDuplicate(f, twin.base.baseAddress!) { candidates.append(f) }
        return candidates
      }
    }
    var keyed = candidates.joined().map { f in
      let t = mesh.triangles[f]
      let low = min(t.a, t.b, t.c)
      let high = max(t.a, t.b, t.c)
      return DuplicateKey(low: low, middle: t.a ^ t.b ^ t.c ^ low ^ high, high: high, triangle: UInt32(f))
    }
    keyed.sort()
    let duplicates = keyed.indices.dropFirst().filter { keyed[$0].isSame(as: keyed[$0 - 1]) }
    return duplicates.map { keyed[$0].triangle }.sorted()
  }
}

/// Whether the triangle's edges are not manifold, but for those that it shares with one other triangle.
@inline(__always)
private func mayBeDuplicate(_ f: Int, _ twin: UnsafePointer<UInt32>) -> Bool {
  let (t0, t1, t2) = (twin[3 &* f], twin[3 &* f &+ 1], twin[3 &* f &+ 2])
  // Mostly told by two edges.
  if t0 < Topology.degenerate && t1 < Topology.degenerate && t0 / 3 != t1 / 3 { return false }
  var neighbour = UInt32.max
  for t in [t0, t1, t2] {
    if t == Topology.boundary || t == Topology.degenerate { return false }
    if t == Topology.nonManifold { continue }
    if neighbour != .max && neighbour != t / 3 { return false }
    neighbour = t / 3
  }
  return true
}

private struct DuplicateKey: Comparable, BitwiseCopyable {
  var low: UInt32
  var middle: UInt32
  var high: UInt32
  var triangle: UInt32

  func isSame(as other: DuplicateKey) -> Bool {
    low == other.low && middle == other.middle && high == other.high
  }

  static func < (a: DuplicateKey, b: DuplicateKey) -> Bool {
    (a.low, a.middle, a.high, a.triangle) < (b.low, b.middle, b.high, b.triangle)
  }
}
