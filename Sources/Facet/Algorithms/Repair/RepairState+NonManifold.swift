// At an edge with three triangles or more it is first decided which of them belong together, as the surface of a
// solid would have it (``EdgePairs``). Then each vertex there is made as many vertices as there are fans of
// triangles that hold together: so the surface falls into sheets, and nothing has moved.

extension RepairState {
  /// Cuts the surface into sheets at edges with three triangles or more, and at their ends.
  mutating func cutAtNonManifoldEdges(_ run: RunContext) throws(MeshError) {
    var count = 0
    // Where the surface is twisted a cut may leave another edge of three triangles; mostly one round does.
    for round in 0..<3 {
      let edges = (0..<badEdges.nonManifoldCount).filter { badEdges.nonManifold($0).count > 2 }
      if edges.isEmpty { break }
      let pairs = try EdgePairs(self, edges, run)
      let before = edges.count
      try splitVertices(of: edges, pairs, run)
      let after = (0..<badEdges.nonManifoldCount).count { badEdges.nonManifold($0).count > 2 }
      count += before - min(before, after)
      if after >= before && round > 0 { break }
    }
    ledger.add(.init(.nonManifold, count: count))
  }

  /// Gives each fan of triangles at the ends of the edges a vertex of its own; the fan of the first triangle
  /// keeps the one that was there.
  private mutating func splitVertices(
    of edges: [Int], _ pairs: EdgePairs, _ run: RunContext
  ) throws(MeshError) {
    var bits = [UInt64](repeating: 0, count: positions.count / 64 + 1)
    for edge in edges {
      let h = Int(badEdges.nonManifold(edge).first!)
      for v in [mesh.corner(h), mesh.corner(Topology.next(h))] { bits[Int(v / 64)] |= 1 << UInt64(v % 64) }
    }
    let corners = try mesh.corners(at: bits, run)
    try run.reserve(bytes: corners.count * 24, for: "cutting non-manifold edges")
    var number: [UInt32: UInt32] = [:]
    number.reserveCapacity(corners.count)
    for (i, corner) in corners.enumerated() { number[corner] = UInt32(i) }
    var fans = DisjointSets(count: corners.count)
    for (i, corner) in corners.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      let v = mesh.corner(Int(corner))
      for h in [Int(corner), Topology.previous(Int(corner))] {
        guard let other = pairs.partner(of: h, self) else { continue }
        let there = mesh.corner(Int(other)) == v ? other : UInt32(Topology.next(Int(other)))
        if let j = number[there] { fans.join(UInt32(i), j) }
      }
    }
    // The first corner of a vertex is the root of its first fan.
    var firstFan: [UInt32: UInt32] = [:]
    var copies: [UInt32: UInt32] = [:]
    var renamed: [Int: Triangle] = [:]
    for (i, corner) in corners.enumerated() {
      let v = mesh.corner(Int(corner))
      let fan = fans.root(UInt32(i))
      let first = firstFan[v] ?? fan
      firstFan[v] = first
      if fan == first { continue }
      let copy = copies[fan] ?? addVertex(positions[Int(v)])
      copies[fan] = copy
      let f = Int(corner / 3)
      var t = renamed[f] ?? triangles[f]
      t = t.with(copy, at: Int(corner % 3))
      renamed[f] = t
    }
    for f in renamed.keys.sorted() { replace(f, with: renamed[f]!) }
    try matchEdges(run)
  }
}

extension Triangle {
  func with(_ vertex: UInt32, at corner: Int) -> Triangle {
    Triangle(corner == 0 ? vertex : a, corner == 1 ? vertex : b, corner == 2 ? vertex : c)
  }
}
