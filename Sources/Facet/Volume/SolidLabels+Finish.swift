extension LabelBuilder {
  /// The labels, on a grid with the blocks that their interface touches.
  func finish(_ run: RunContext) throws(MeshError) -> SolidLabels {
    let missing = try run.mapChunks(of: grid.blocks.count, size: 256) { _, range in
      var found: [SIMD3<Int32>] = []
      for block in range { findMissing(block, &found) }
      return found
    }
    let ring = missing.flatMap { $0 }
    let whole =
      ring.isEmpty
      ? grid : SparseGrid(origin: grid.origin, voxel: grid.voxel, blocks: grid.blocks + ring)
    try run.reserve(bytes: grid.nodeCount * 3 + whole.nodeCount, for: "the labels of the distance field")
    let flags = try [UInt8](filling: whole.nodeCount) { (flags) throws(MeshError) in
      try run.forEachChunk(of: whole.blocks.count, size: 64) { _, range in
        for block in range {
          let at = flags.base + block * SparseGrid.nodesPerBlock
          guard let source = grid.block(whole.blocks[block]) else {
            let isInside = isRunInside[Int(rooms.space.run(at: whole.blocks[block], in: grid))]
            at.update(repeating: isInside ? SolidLabels.inside : 0, count: SparseGrid.nodesPerBlock)
            continue
          }
          for z in 0..<8 {
            let (solid, thin) = (inside[source][z], sheet[source][z])
            for i in 0..<64 {
              let flag = solid >> UInt64(i) & 1 | (thin >> UInt64(i) & 1) << 1
              at[z * 64 + i] = UInt8(truncatingIfNeeded: flag)
            }
          }
        }
      }
    }
    run.report(1)
    return SolidLabels(grid: whole, flags: flags)
  }

  /// Appends the blocks beside this one that are not there although nodes at the interface have neighbours in them.
  private func findMissing(_ block: Int, _ found: inout [SIMD3<Int32>]) {
    var isComplete = true
    for n in 0..<27 where neighbours[block][n] < 0 { isComplete = false }
    if isComplete { return }
    let rim = interface(block)
    if rim == .zero { return }
    for dz in -1...1 {
      for dy in -1...1 {
        for dx in -1...1 where neighbours[block][13 + dx + 3 * dy + 9 * dz] < 0 {
          var rows: UInt64 = .max
          if dx < 0 { rows &= 0x0101_0101_0101_0101 }
          if dx > 0 { rows &= 0x8080_8080_8080_8080 }
          if dy < 0 { rows &= 0xFF }
          if dy > 0 { rows &= 0xFF00_0000_0000_0000 }
          let layers = dz < 0 ? 0...0 : dz > 0 ? 7...7 : 0...7
          if layers.contains(where: { rim[$0] & rows != 0 }) {
            found.append(grid.blocks[block] &+ SIMD3(Int32(dx), Int32(dy), Int32(dz)))
          }
        }
      }
    }
  }

  /// The block's nodes that have a neighbour of another label.
  private func interface(_ block: Int) -> BlockMask {
    let own = inside[block]
    func side(_ n: Int, _ offset: SIMD3<Int32>) -> BlockMask {
      let b = neighbours[block][n]
      if b >= 0 { return inside[Int(b)] }
      let run = rooms.space.run(at: grid.blocks[block] &+ offset, in: grid)
      return isRunInside[Int(run)] ? .everything : .zero
    }
    let (left, right) = (side(12, SIMD3(-1, 0, 0)), side(14, SIMD3(1, 0, 0)))
    let (front, back) = (side(10, SIMD3(0, -1, 0)), side(16, SIMD3(0, 1, 0)))
    let (below, above) = (side(4, SIMD3(0, 0, -1)), side(22, SIMD3(0, 0, 1)))
    let first: UInt64 = 0x0101_0101_0101_0101
    var rim = BlockMask.zero
    for z in 0..<8 {
      let n = own[z]
      let next = n >> 1 & ~(first << 7) | (right[z] & first) << 7
      let previous = (n & ~(first << 7)) << 1 | left[z] >> 7 & first
      let up = n >> 8 | back[z] << 56
      let down = n << 8 | front[z] >> 56
      let over = z < 7 ? own[z + 1] : above[0]
      let under = z > 0 ? own[z - 1] : below[7]
      rim[z] = (n ^ next) | (n ^ previous) | (n ^ up) | (n ^ down) | (n ^ over) | (n ^ under)
    }
    return rim
  }
}
