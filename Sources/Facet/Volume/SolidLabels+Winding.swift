// What is behind a cover or in a cavity: where the surface winds around it less than half, it is outside.

extension LabelBuilder {
  /// The winding number of the mesh with its triangles turned to agree about the outside.
  ///
  /// - Parameter bvh: The mesh's tree, if there is one already.
  func surroundings(_ bvh: BVH?, _ run: RunContext) throws(MeshError) -> WindingNumber {
    let bvh = if let bvh { bvh } else { try BVH(mesh, run.slice(0...0.4)) }
    return try WindingNumber(turned(bvh, run.slice(0.4...0.9)), bvh, run.slice(0.9...1))
  }

  /// The mesh, closed where it is cracked, with its triangles turned to agree.
  private func turned(_ bvh: BVH, _ run: RunContext) throws(MeshError) -> Mesh {
    let joined = closure?.joined ?? mesh
    var topology = try Topology(joined, run.slice(0...0.1))
    var badEdges = try topology.badEdges(of: joined, run.slice(0.1...0.1))
    let scraps = try scraps(of: joined, topology, badEdges, run.slice(0.1...0.3))
    var whole = joined
    if scraps.contains(true) {
      // A triangle without area has no side, and no topology; the tree's boxes still hold it.
      whole = Mesh(
        unchecked: joined.positions,
        triangles: zip(joined.triangles, scraps).map { $1 ? Triangle($0.a, $0.a, $0.a) : $0 })
      topology = try Topology(whole, run.slice(0.3...0.4))
      badEdges = try topology.badEdges(of: whole, run.slice(0.4...0.4))
    }
    // Joining has moved vertices by less than a voxel: the tree's boxes are as good as before for what is far.
    let isInverted = try topology.inverted(in: whole, badEdges, bvh, run.slice(0.4...1))
    guard isInverted.contains(true) else { return whole }
    return Mesh(
      unchecked: whole.positions,
      triangles: zip(whole.triangles, isInverted).map { $1 ? $0.flipped : $0 })
  }

  /// For each triangle whether it is of the least patches that together have a hundredth of the area: which way
  /// each of them faces takes long to find out and changes nothing.
  private func scraps(
    of joined: Mesh, _ topology: Topology, _ badEdges: BadEdges, _ run: RunContext
  ) throws(MeshError) -> [Bool] {
    let patches = try OrientedPatches(joined, topology, badEdges, run)
    guard patches.count > 32 else { return [] }
    var areas = [Double](repeating: 0, count: patches.count)
    for (f, patch) in patches.ofTriangle.enumerated() where patch != Shells.none {
      let (a, b, c) = joined.corners(f)
      areas[Int(patch)] += Double(length(cross(b - a, c - a)))
    }
    var isScrap = [Bool](repeating: false, count: patches.count)
    var rest = areas.reduce(0, +) / 100
    for patch in areas.indices.sorted(by: { (areas[$0], $0) < (areas[$1], $1) }) {
      rest -= areas[patch]
      if rest < 0 { break }
      isScrap[patch] = true
    }
    return patches.ofTriangle.map { $0 != Shells.none && isScrap[Int($0)] }
  }

  /// Makes outside what the surface does not wind around: behind covers, and cavities if they are to be kept.
  mutating func open(
    _ winding: WindingNumber, keepsCavities: Bool, _ run: RunContext
  ) throws(MeshError) {
    // Behind a cover is what the surface alone does not part from the outside.
    let isBehindCover = closure == nil ? [] : try setsBehindCovers(run.slice(0...0.3))
    var places: [Int: SetPlaces] = [:]
    for empty in 1..<max(1, rooms.space.count) {
      let set = rooms.set(ofRun: empty)
      if set != 0 && (keepsCavities || isBehindCover.contains(set)) {
        places[set, default: SetPlaces()].runs.append(empty)
      }
    }
    for block in grid.blocks.indices {
      if block & 0xFFF == 0 { try run.checkCancellation() }
      for room in rooms.rooms(of: block) {
        let set = rooms.set(of: room)
        if set != 0 && (keepsCavities || isBehindCover.contains(set)) {
          places[set, default: SetPlaces()].rooms.append((block, room))
        }
      }
    }
    var isOpened: Set<Int> = []
    for (set, found) in places {
      try run.checkCancellation()
      if !isWoundAround(samples(found), winding) { isOpened.insert(set) }
    }
    if !isOpened.isEmpty { label { $0 != 0 && !isOpened.contains($0) } }
  }

  /// Where a set is.
  private struct SetPlaces {
    var runs: [Int] = []
    var rooms: [(block: Int, room: Int)] = []
  }

  /// Some nodes of a set from everywhere in it.
  private func samples(_ places: SetPlaces) -> [Sample] {
    let runs = some(64, of: places.runs).map {
      Sample(node: rooms.space.middle(of: $0) &* 8 &+ 4, weight: .infinity)
    }
    return runs + some(64, of: places.rooms).map { deepest($0.block, rooms.masks[$0.room]) }
  }

  private func some<Element>(_ count: Int, of all: [Element]) -> [Element] {
    all.count <= count ? all : (0..<count).map { all[$0 * all.count / count] }
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

  /// By most of some places, those far from the surface. What is nowhere away from the surface is taken for a
  /// part of it.
  private func isWoundAround(_ samples: [Sample], _ winding: WindingNumber) -> Bool {
    let deepest = samples.indices.sorted { (samples[$1].weight, $0) < (samples[$0].weight, $1) }
    guard samples[deepest[0]].weight > grid.voxel / 4 else { return true }
    // Of places as deep as any, some from everywhere.
    let half = deepest.prefix(max(15, samples.count / 2))
    let asked = some(15, of: half.sorted())
    let turns = asked.map { abs(winding.at(grid.position(of: samples[$0].node))) }.sorted()
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
