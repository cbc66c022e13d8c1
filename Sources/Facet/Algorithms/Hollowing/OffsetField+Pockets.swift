extension OffsetField {
  /// Labels with material inside, so that the surface faces into the cavities, made well-composed by filling.
  ///
  /// Pockets nowhere as thick as a voxel are filled first: components of the cavity of which no node is half a voxel
  /// farther from the part than the level.
  func labels(_ run: RunContext) throws(MeshError) -> (labels: LabelBlocks, prunedPockets: Int) {
    var labels = try LabelBlocks(grid, inside: material, run)
    let pockets = try pockets(labels, run)
    for node in pockets.nodes { labels.turnInside(node >> 9, node & 511, isSheet: false) }
    try compose(&labels, run)
    return (labels, pockets.count)
  }

  /// Makes labels well-composed by filling.
  func compose(_ labels: inout LabelBlocks, _ run: RunContext) throws(MeshError) {
    _ = try labels.makeWellComposed(run) { block, local in
      block * 512 + local < distances.count ? distances[block * 512 + local] : .infinity
    }
  }

  /// Cavity nodes that are not connected to any deep one, and how many components they form.
  private func pockets(_ labels: LabelBlocks, _ run: RunContext) throws(MeshError) -> (
    nodes: [Int], count: Int
  ) {
    let deepest = level + grid.voxel / 2
    let count = grid.blocks.count
    var reached = try [UInt64](filling: count * 8) { (reached) throws(MeshError) in
      try run.forEachChunk(of: count * 8, size: 4096) { _, range in
        for plane in range {
          var bits: UInt64 = 0
          if material[plane] != ~0 {
            for i in 0..<64 where distances[plane * 64 + i] >= deepest { bits |= 1 << UInt64(i) }
          }
          reached[plane] = bits & ~material[plane]
        }
      }
    }
    // From deep nodes on through the cavity, a block at a time.
    var waiting = Array(0..<count)
    var isWaiting = [Bool](repeating: true, count: count)
    var steps = 0
    while let block = waiting.popLast() {
      isWaiting[block] = false
      steps += 1
      if steps & 0xFFF == 0 { try run.checkCancellation() }
      if !spread(block, labels, &reached) { continue }
      for direction in LabelBlocks.faces {
        let other = Int(labels.neighbours[block * 27 + direction])
        if other >= 0 && !isWaiting[other] {
          isWaiting[other] = true
          waiting.append(other)
        }
      }
    }
    var nodes: [Int] = []
    for plane in 0..<count * 8 {
      var bits = ~material[plane] & ~reached[plane]
      while bits != 0 {
        nodes.append(plane * 64 + bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
    }
    return (nodes, components(of: nodes, labels))
  }

  /// Takes what is connected to reached nodes, in the block and beyond its sides, into those of the block; whether
  /// that was anything.
  private func spread(_ block: Int, _ labels: LabelBlocks, _ reached: inout [UInt64]) -> Bool {
    let first = block * 8
    let before = (0..<8).map { reached[first + $0] }
    func neighbour(_ direction: Int, _ plane: Int) -> UInt64 {
      let other = labels.neighbours[block * 27 + direction]
      // What is not there and in the cavity is wide.
      return other >= 0 ? reached[Int(other) * 8 + plane] : other == LabelBlocks.absentOutside ? ~0 : 0
    }
    let (left, right): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    for z in 0..<8 {
      let open = ~material[first + z]
      var own = reached[first + z]
      own |= (neighbour(12, z) >> 7) & left | (neighbour(14, z) << 7) & right
      own |= neighbour(10, z) >> 56 | neighbour(16, z) << 56
      if z == 0 { own |= neighbour(4, 7) }
      if z == 7 { own |= neighbour(22, 0) }
      reached[first + z] = own & open
    }
    var isStable = false
    while !isStable {
      isStable = true
      for z in 0..<8 {
        let open = ~material[first + z]
        var own = reached[first + z]
        if z > 0 { own |= reached[first + z - 1] & open }
        if z < 7 { own |= reached[first + z + 1] & open }
        while true {
          let wider =
            (own | (own << 1) & ~left | (own >> 1) & ~right | own << 8 | own >> 8) & open
          if wider == own { break }
          own = wider
        }
        if own != reached[first + z] {
          reached[first + z] = own
          isStable = false
        }
      }
    }
    for z in 0..<8 where reached[first + z] != before[z] { return true }
    return false
  }

  private func components(of nodes: [Int], _ labels: LabelBlocks) -> Int {
    if nodes.isEmpty { return 0 }
    var place: [Int: UInt32] = [:]
    for (i, node) in nodes.enumerated() { place[node] = UInt32(i) }
    var sets = DisjointSets(count: nodes.count)
    for (i, node) in nodes.enumerated() {
      let (x, y, z) = (node & 7, node >> 3 & 7, node >> 6 & 7)
      for step in [(1, 0, 0), (0, 1, 0), (0, 0, 1)] {
        let other = labels.resolve(node >> 9, x + step.0, y + step.1, z + step.2)
        if other.block >= 0, let j = place[Int(other.block) << 9 | other.local] { sets.join(UInt32(i), j) }
      }
    }
    return nodes.indices.count { sets.root(UInt32($0)) == $0 }
  }
}
