// What is behind a cover or in a cavity: where the surface winds around it less than half, it is outside.

extension LabelBuilder {
  /// The winding number of the mesh with its triangles turned to agree about the outside.
  func surroundings(_ bvh: BVH, _ run: RunContext) throws(MeshError) -> WindingNumber {
    let joined = closure?.joined ?? mesh
    let tree = joined == mesh ? bvh : try BVH(joined, run)
    let topology = try Topology(joined, run)
    let badEdges = try topology.badEdges(of: joined, run)
    let isInverted = try topology.inverted(in: joined, badEdges, tree, run)
    guard isInverted.contains(true) else { return try WindingNumber(joined, tree, run) }
    let turned = Mesh(
      unchecked: joined.positions,
      triangles: zip(joined.triangles, isInverted).map { $1 ? $0.flipped : $0 })
    return try WindingNumber(turned, tree, run)
  }

  /// Makes outside what the surface does not wind around: behind covers, and cavities if they are to be kept.
  mutating func open(
    _ winding: WindingNumber, keepsCavities: Bool, _ run: RunContext
  ) throws(MeshError) {
    var samples: [Int: [Sample]] = [:]
    for empty in 1..<max(1, rooms.space.count) {
      let set = rooms.set(ofRun: empty)
      if set != 0 {
        let node = rooms.space.middle(of: empty) &* 8 &+ 4
        samples[set, default: []].append(Sample(node: node, weight: .infinity))
      }
    }
    for block in grid.blocks.indices {
      for room in rooms.rooms(of: block) {
        let set = rooms.set(of: room)
        if set != 0 { samples[set, default: []].append(deepest(block, rooms.masks[room])) }
      }
    }
    // Behind a cover is what the surface alone does not part from the outside.
    let isBehindCover = closure == nil ? [] : try setsBehindCovers(run)
    var isOpened: Set<Int> = []
    for (set, found) in samples {
      let mayOpen = keepsCavities || isBehindCover.contains(set)
      if mayOpen, !isWoundAround(found, winding) { isOpened.insert(set) }
    }
    if !isOpened.isEmpty { label { $0 != 0 && !isOpened.contains($0) } }
  }

  private struct Sample {
    var node: SIMD3<Int32>
    /// How good a place it is to ask: its distance to the surface, mm.
    var weight: Float
  }

  /// The node of a room that is farthest from the surface.
  private func deepest(_ block: Int, _ room: BlockMask) -> Sample {
    var best = Sample(node: .zero, weight: -1)
    for z in 0..<8 {
      var bits = room[z]
      while bits != 0 {
        let local = z * 64 + bits.trailingZeroBitCount
        bits &= bits &- 1
        let d = distance(block, local)
        if d > best.weight {
          best = Sample(node: grid.node(at: block * SparseGrid.nodesPerBlock + local), weight: d)
        }
      }
    }
    return best
  }

  /// By most of some places, those far from the surface.
  private func isWoundAround(_ samples: [Sample], _ winding: WindingNumber) -> Bool {
    let count = 15
    var asked = samples
    if samples.count > count {
      // Of places as deep as any, some from everywhere.
      let deepest = samples.indices.sorted { samples[$0].weight > samples[$1].weight }
      let half = deepest.prefix(max(count, samples.count / 2))
      asked = stride(from: 0, to: count, by: 1).map { samples[half[$0 * half.count / count]] }
    }
    let turns = asked.map { abs(winding.at(grid.position(of: $0.node))) }.sorted()
    return turns[turns.count / 2] > 0.5
  }

  /// The sets of rooms that one comes to from the outside through covers.
  private mutating func setsBehindCovers(_ run: RunContext) throws(MeshError) -> Set<Int> {
    var plain = try Rooms(grid, neighbours, surface, run)
    var found: Set<Int> = []
    for empty in 1..<max(1, plain.space.count) where plain.set(ofRun: empty) == 0 {
      found.insert(rooms.set(ofRun: empty))
    }
    for block in grid.blocks.indices {
      var reached = BlockMask.zero
      for room in plain.rooms(of: block) where plain.set(of: room) == 0 { reached |= plain.masks[room] }
      for room in rooms.rooms(of: block) where rooms.masks[room] & reached != .zero {
        found.insert(rooms.set(of: room))
      }
    }
    found.remove(0)
    return found
  }
}
