// Openings closed by their width: a ball as wide as the gap rolls over the part from outside, and where it gets,
// and what is as near to its middle as its radius, is outside.

extension LabelBuilder {
  /// From where the ball's middle has been, makes outside what is within its radius and not behind the mesh.
  mutating func growBack(gap: Float, _ run: RunContext) throws(MeshError) {
    let radius = gap / 2 / grid.voxel
    var wave: [(node: NodePlace, source: SIMD3<Int32>)] = []
    for block in grid.blocks.indices {
      if block & 0xFF == 0 { try run.checkCancellation() }
      let outside = ~inside[block]
      for local in 0..<SparseGrid.nodesPerBlock where outside.contains(local) {
        let index = block * SparseGrid.nodesPerBlock + local
        let place = NodePlace(block: block, local: local)
        // Only where the rest is near can it grow.
        if (0..<6).contains(where: { insideNeighbour(place, $0) != nil }) {
          wave.append((place, grid.node(at: index)))
        }
      }
    }
    // What space without blocks borders on grows from there.
    for block in grid.blocks.indices { growFromSpace(block, &wave) }
    var next = 0
    while next < wave.count {
      if next & 0xFFFF == 0 { try run.checkCancellation() }
      let (place, source) = wave[next]
      next += 1
      for direction in 0..<6 {
        guard let other = insideNeighbour(place, direction) else { continue }
        let node = grid.node(at: other.block * SparseGrid.nodesPerBlock + other.local)
        let away = SIMD3<Float>(node &- source)
        if dot(away, away) > radius * radius { continue }
        inside[other.block][other.local >> 6] &= ~(1 << UInt64(other.local & 63))
        wave.append((other, source))
      }
    }
  }

  /// Nodes at a face towards empty space that is outside, themselves inside: the mesh is not between.
  private mutating func growFromSpace(
    _ block: Int, _ wave: inout [(node: NodePlace, source: SIMD3<Int32>)]
  ) {
    for face in 0..<6 {
      let step: Int32 = face & 1 == 0 ? -1 : 1
      var offset = SIMD3<Int32>.zero
      offset[face >> 1] = step
      let beside = 13 + Int(offset.x) + 3 * Int(offset.y) + 9 * Int(offset.z)
      guard neighbours[block][beside] < 0 else { continue }
      guard !isRunInside[Int(rooms.space.run(at: grid.blocks[block] &+ offset, in: grid))] else { continue }
      for local in 0..<SparseGrid.nodesPerBlock where inside[block].contains(local) {
        let place = NodePlace(block: block, local: local)
        let along = [place.x, place.y, place.z][face >> 1]
        guard along == (step < 0 ? 0 : 7) else { continue }
        inside[block][local >> 6] &= ~(1 << UInt64(local & 63))
        wave.append((place, grid.node(at: block * SparseGrid.nodesPerBlock + local) &+ offset))
      }
    }
  }

  /// The inside node next to this one in one of six directions, when the mesh is not between.
  @inline(__always)
  private func insideNeighbour(_ node: NodePlace, _ direction: Int) -> NodePlace? {
    let axis = direction >> 1
    let by = direction & 1 == 0 ? -1 : 1
    guard
      let other = place(
        node.block, node.x + (axis == 0 ? by : 0), node.y + (axis == 1 ? by : 0),
        node.z + (axis == 2 ? by : 0)), isInside(other), !isWall(by < 0 ? other : node, axis)
    else { return nil }
    return other
  }
}
