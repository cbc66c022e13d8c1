extension Contour {
  /// Calls `body` with the vertices that a vertex has edges of quads to: those of the cells beyond its mixed
  /// sides.
  @inline(__always)
  private func forEachNeighbour(_ vertex: Int, _ body: (Int) -> Void) {
    let (block, x, y, z) = lattice.place(cellOf[vertex])
    @inline(__always)
    func visit(_ dx: Int, _ dy: Int, _ dz: Int) {
      // The side's corners: the cell's own, where the step's axis is at the step's end.
      let low = (dx > 0 ? 1 : 0, dy > 0 ? 1 : 0, dz > 0 ? 1 : 0)
      let (u, v): ((Int, Int, Int), (Int, Int, Int)) =
        dx != 0 ? ((0, 1, 0), (0, 0, 1)) : dy != 0 ? ((1, 0, 0), (0, 0, 1)) : ((1, 0, 0), (0, 1, 0))
      let (i, j, k) = (x &+ low.0, y &+ low.1, z &+ low.2)
      let first = lattice.isInside(block, i, j, k)
      let isMixed =
        lattice.isInside(block, i &+ u.0, j &+ u.1, k &+ u.2) != first
        || lattice.isInside(block, i &+ v.0, j &+ v.1, k &+ v.2) != first
        || lattice.isInside(block, i &+ u.0 &+ v.0, j &+ u.1 &+ v.1, k &+ u.2 &+ v.2) != first
      if isMixed, let other = lattice.vertexIfMixed(block, x &+ dx, y &+ dy, z &+ dz) {
        body(Int(other))
      }
    }
    visit(-1, 0, 0)
    visit(1, 0, 0)
    visit(0, -1, 0)
    visit(0, 1, 0)
    visit(0, 0, -1)
    visit(0, 0, 1)
  }

  /// Moves vertices toward the middle of their neighbours, or away from it, all at once, within their cells.
  ///
  /// - Parameters:
  ///   - vertices: Those that move.
  ///   - steps: For each round the share of the way; below 0 away. Steps there and back by turns smooth without
  ///     shrinking the part (Taubin, "A signal processing approach to fair surface design", 1995).
  ///   - farthest: How far one may end from where it began, mm.
  func relax(
    _ vertices: [UInt32], steps: [Float], farthest: Float, _ run: RunContext
  ) throws(MeshError) {
    if vertices.isEmpty { return }
    let start = vertices.map { positions[Int($0)] }
    let reach = Float(lattice.voxel) * CellPlacer.reach
    var wanted = [SIMD3<Float>](repeating: .zero, count: vertices.count)
    for step in steps {
      try wanted.withSharedElements { (wanted) throws(MeshError) in
        try run.forEachChunk(of: vertices.count, size: 1 << 12) { _, range in
          for i in range {
            let vertex = Int(vertices[i])
            var sum = SIMD3<Float>.zero
            var count: Float = 0
            forEachNeighbour(vertex) {
              sum += positions[$0] - positions[vertex]
              count += 1
            }
            var p = positions[vertex] + sum * (step / max(count, 1))
            let way = p - start[i]
            let far = length(way)
            if far > farthest { p = start[i] + way * (farthest / far) }
            let limit = SIMD3(repeating: reach)
            let offset = p - lattice.cell(cellOf[vertex]).center
            wanted[i] = lesser(greater(offset, SIMD3<Float>.zero - limit), limit)
          }
        }
      }
      try run.forEachChunk(of: vertices.count, size: 1 << 14) { _, range in
        for i in range {
          offsets[Int(vertices[i])] = wanted[i]
          move(Int(vertices[i]))
        }
      }
    }
  }
}
