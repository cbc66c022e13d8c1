/// Which nodes of a lattice are in the cavity: inside the part, at least a distance from all its triangles, and not in
/// what the cavity is filled with. Only near the cavity's surface.
///
/// The distance to a surface changes no faster than one moves. So the middle of a cube of nodes mostly tells that all
/// of them are nearer or all are farther; only other cubes are divided, down to single nodes. Distances are asked of
/// the part's tree where they matter, and nowhere else: time and memory are in proportion to the cavity's surface.
struct OffsetField: Sendable {
  let grid: SparseGrid
  /// Nodes are in the cavity at this distance, mm.
  let level: Float
  /// Bits of the nodes that are not in the cavity, eight planes a block.
  let material: [UInt64]
  /// For each node its distance, mm; infinity where only the cavity is near, 0 where only material is. In a lattice the
  /// level and how deep it is in the cavity.
  let distances: [Float]
  /// For each node the closest triangle, or, far from the cavity's surface, one about as close; `.max` where none is
  /// known.
  let nearest: [UInt32]
  /// For each block a distance, mm, that everything in its cells certainly has from the part, if that is more than
  /// facets need; else 0. Only with a lattice.
  let clearances: [Float]

  /// What a block of 512 nodes takes.
  static let blockBytes = 512 * 8 + 64 + 64 + 4

  init(
    _ surface: CavitySurface, _ bounds: Box, _ run: RunContext
  ) throws(MeshError) {
    let (scene, level, voxel) = (surface.scene, surface.level, surface.voxel)
    // Nodes half a voxel from the part's lowest corner: where walls are whole voxels thick, flat ones lie in the
    // middle of cells.
    let origin = bounds.minimum - SIMD3(repeating: voxel / 2)
    let size = SIMD3<Double>(bounds.maximum) - SIMD3<Double>(origin)
    let widest = max(size.x, max(size.y, size.z)) / Double(voxel)
    guard widest < Double(SparseGrid.coordinateLimit) * 8 else {
      throw .invalidOption(
        name: "voxel", value: "\(voxel)",
        allowed:
          "\(Float(widest / Double(SparseGrid.coordinateLimit) / 8) * voxel) mm or more for such a part")
    }
    let refinement = OffsetRefinement(
      scene: scene, origin: origin, voxel: voxel, level: level, lattice: surface.lattice)
    let keys = try refinement.blocks(size: size, run.slice(0...0.3))
    let grid = SparseGrid(origin: origin, voxel: voxel, keys: keys)
    self.grid = grid
    self.level = level
    let count = grid.blocks.count
    var (nearest, distances): ([UInt32], [Float]) = ([], [])
    var clearances = [Float](repeating: 0, count: surface.lattice == nil ? 0 : count)
    let fill = run.slice(0.3...1)
    material = try [UInt64](filling: count * 8) { (material) throws(MeshError) in
      distances = try [Float](filling: count * 512) { (distances) throws(MeshError) in
        nearest = try [UInt32](filling: count * 512) { (nearest) throws(MeshError) in
          try clearances.withSharedElements { (found) throws(MeshError) in
            try fill.forEachChunk(of: count, size: 16, scratch: { PartScene.Scratch(scene) }) {
              (scratch, chunk, range) throws(MeshError) in
              var sides = refinement.sides
              for block in range {
                let own = BlockFill(
                  material: material.base + block * 8, distances: distances.base + block * 512,
                  nearest: nearest.base + block * 512)
                let clearance = refinement.fill(grid.blocks[block] &* 8, own, &sides, scratch)
                if surface.lattice != nil { found[block] = clearance }
              }
              if chunk & 31 == 0 { fill.report(Double(range.lowerBound) / Double(count)) }
            }
          }
        }
      }
    }
    self.nearest = nearest
    self.distances = distances
    self.clearances = clearances
    run.report(1)
  }
}

/// Finds the blocks near the cavity's surface and labels their nodes.
struct OffsetRefinement: Sendable {
  let scene: PartScene
  let origin: SIMD3<Float>
  let voxel: Float
  let level: Float
  let lattice: InfillLattice?

  /// The cubes looked at first are at least this many nodes wide.
  private static let coarse: Int32 = 32

  /// To be asked by one thread.
  var sides: SideFinder { SideFinder(scene, step: level / 2) }

  /// The keys of the blocks in which nodes, or nodes beside them, may be on both sides of the cavity's surface.
  func blocks(size: SIMD3<Double>, _ run: RunContext) throws(MeshError) -> [UInt64] {
    func cubes(_ side: Int32) -> SIMD3<Int> {
      func along(_ extent: Double) -> Int { Int(extent / Double(voxel) / Double(side)) + 1 }
      return SIMD3(along(size.x), along(size.y), along(size.z))
    }
    var side = OffsetRefinement.coarse
    func count(_ c: SIMD3<Int>) -> Double { Double(c.x) * Double(c.y) * Double(c.z) }
    while count(cubes(side)) > 1e5 { side *= 2 }
    let all = cubes(side)
    let found = Lock<Int>(0)
    return try run.mapChunks(of: all.x * all.y * all.z, size: 2) { (_, range) throws(MeshError) in
      let scratch = PartScene.Scratch(scene)
      var keys: [UInt64] = []
      var sides = sides
      for i in range {
        let base = SIMD3(
          Int32(i % all.x), Int32(i / all.x % all.y), Int32(i / (all.x * all.y)))
        try visit(base &* side, side, .max, &keys, &sides, scratch, found, run)
      }
      return keys
    }.flatMap(\.self)
  }

  /// Blocks are counted while they are found, so that what would take too much memory is refused before it takes time.
  private func reserve(_ count: Int, _ found: Lock<Int>, _ run: RunContext) throws(MeshError) {
    let total = found.withLock { sum in
      sum += count
      return sum
    }
    try run.reserve(bytes: total * OffsetField.blockBytes, for: "distances in the part")
  }

  private func visit(
    _ base: SIMD3<Int32>, _ side: Int32, _ hint: UInt32, _ keys: inout [UInt64], _ sides: inout SideFinder,
    _ scratch: PartScene.Scratch, _ found: Lock<Int>, _ run: RunContext
  ) throws(MeshError) {
    // All nodes and those beside them.
    let cube = look(base, side, margin: 1.7321, hint, scratch)
    if cube.nearer { return }
    if cube.farther {
      guard let lattice, sides.isInside(cube.middle, cube.found, scratch),
        !lattice.isAlike(cube.middle, reach: cube.reach)
      else { return }
    }
    if side > 8 {
      if side >= OffsetRefinement.coarse { try run.checkCancellation() }
      for i in Int32(0)..<8 {
        let step = SIMD3(i & 1, i >> 1 & 1, i >> 2) &* (side / 2)
        try visit(base &+ step, side / 2, cube.found.triangle, &keys, &sides, scratch, found, run)
      }
      return
    }
    if cube.farther {
      keys.append(BlockNumbers.key(base &>> 3))
      return try reserve(1, found, run)
    }
    if isMaterial(cube, &sides, scratch) { return }
    for i in Int32(0)..<8 {
      let part = look(
        base &+ SIMD3(i & 1, i >> 1 & 1, i >> 2) &* 4, 4, margin: 1.7321, cube.found.triangle, scratch)
      if part.nearer || isMaterial(part, &sides, scratch) { continue }
      keys.append(BlockNumbers.key(base &>> 3))
      try reserve(1, found, run)
      return
    }
  }

  /// What the middle of a cube of nodes says of them.
  private struct Cube {
    var middle: SIMD3<Float>
    var reach: Float
    /// What of the part's surface is nearest to the middle, and how far away it is.
    var found: NearestPoint
    var distance: Float
    /// All are nearer to the part's surface than the level.
    var nearer: Bool
    /// All are farther.
    var farther: Bool
  }

  @inline(__always)
  private func look(
    _ base: SIMD3<Int32>, _ side: Int32, margin: Float, _ hint: UInt32, _ scratch: PartScene.Scratch
  ) -> Cube {
    let half = Float(side - 1) * 0.5
    let middle = origin + voxel * (SIMD3<Float>(base) + half)
    let found = scene.nearest(to: middle, hint: hint, scratch)
    let distance = found.squared.squareRoot()
    let reach = (half * 1.7321 + margin) * voxel * 1.0001
    return Cube(
      middle: middle, reach: reach, found: found, distance: distance,
      nearer: (distance + reach) * 1.00001 < level, farther: (distance - reach) * 0.99999 >= level)
  }

  /// Whether no node of a cube can be in the cavity because its middle is outside: around a node in the cavity there
  /// is no surface within the level, and around the middle none within its distance.
  @inline(__always)
  private func isMaterial(
    _ cube: Cube, _ sides: inout SideFinder, _ scratch: PartScene.Scratch
  ) -> Bool {
    (cube.distance + level) * 0.9999 > cube.reach && !sides.isInside(cube.middle, cube.found, scratch)
  }

  /// Labels the nodes of a block, and asks for the distances of those near the cavity's surface.
  ///
  /// - Parameter base: Its first node.
  /// - Returns: See ``OffsetField/clearances``.
  func fill(
    _ base: SIMD3<Int32>, _ block: BlockFill, _ sides: inout SideFinder, _ scratch: PartScene.Scratch
  ) -> Float {
    for z in 0..<8 { block.material[z] = ~0 }
    block.distances.initialize(repeating: 0, count: 512)
    block.nearest.initialize(repeating: .max, count: 512)
    if let lattice {
      // With what vertices may be outside of their cells.
      let all = look(base, 8, margin: 3.4, .max, scratch)
      let clearance = (all.distance - all.reach) * 0.9999
      if clearance >= level + voxel, sides.isInside(all.middle, all.found, scratch) {
        fillBeside(lattice, base, .zero, 8, .max, block)
        return clearance
      }
    }
    for i in Int32(0)..<8 {
      let start = SIMD3(i & 1, i >> 1 & 1, i >> 2) &* 4
      let quarter = look(base &+ start, 4, margin: 0, .max, scratch)
      if quarter.nearer || isMaterial(quarter, &sides, scratch) { continue }
      if quarter.farther, sides.isInside(quarter.middle, quarter.found, scratch) {
        dig(base, start, 4, quarter.found.triangle, block)
        continue
      }
      for j in Int32(0)..<8 {
        let corner = start &+ SIMD3(j & 1, j >> 1 & 1, j >> 2) &* 2
        let few = look(base &+ corner, 2, margin: 0, quarter.found.triangle, scratch)
        if few.nearer || isMaterial(few, &sides, scratch) { continue }
        if few.farther, sides.isInside(few.middle, few.found, scratch) {
          dig(base, corner, 2, few.found.triangle, block)
          continue
        }
        fillNodes(base, corner, few, block, &sides, scratch)
      }
    }
    return 0
  }

  /// Labels a cube of nodes that are all far enough from the part.
  private func dig(
    _ base: SIMD3<Int32>, _ start: SIMD3<Int32>, _ side: Int32, _ triangle: UInt32, _ block: BlockFill
  ) {
    if let lattice {
      fillBeside(lattice, base, start, side, triangle, block)
    } else {
      block.dig(start, side)
    }
  }

  /// Labels such a cube in a lattice.
  private func fillBeside(
    _ lattice: InfillLattice, _ base: SIMD3<Int32>, _ start: SIMD3<Int32>, _ side: Int32, _ triangle: UInt32,
    _ block: BlockFill
  ) {
    for z in start.z..<start.z + side {
      for y in start.y..<start.y + side {
        for x in start.x..<start.x + side {
          let node = SIMD3(x, y, z)
          let depth = depth(lattice, origin + voxel * SIMD3<Float>(base &+ node))
          block.set(node, isDug: depth >= 0, level + depth, triangle)
        }
      }
    }
  }

  /// How far outside of a lattice's walls a point is.
  @inline(__always)
  private func depth(_ lattice: InfillLattice, _ point: SIMD3<Float>) -> Float {
    length(lattice.offset(from: point, within: lattice.half + 2 * voxel)) - lattice.half
  }

  /// Labels the eight nodes of a cube, one by one.
  private func fillNodes(
    _ base: SIMD3<Int32>, _ corner: SIMD3<Int32>, _ cube: Cube, _ block: BlockFill, _ sides: inout SideFinder,
    _ scratch: PartScene.Scratch
  ) {
    var sights = InlineArray<8, NearestPoint>(repeating: NearestPoint(limit: .infinity))
    for k in 0..<8 {
      let node = corner &+ SIMD3(Int32(k) & 1, Int32(k) >> 1 & 1, Int32(k) >> 2 & 1)
      let point = origin + voxel * SIMD3<Float>(base &+ node)
      sights[k] = scene.nearest(to: point, hint: cube.found.triangle, scratch)
    }
    let deeper = level + sag(sights)
    for k in 0..<8 {
      let node = corner &+ SIMD3(Int32(k) & 1, Int32(k) >> 1 & 1, Int32(k) >> 2 & 1)
      let point = origin + voxel * SIMD3<Float>(base &+ node)
      let distance = length(sights[k].offset)
      var isDug = distance >= deeper && sides.isInside(point, sights[k], scratch)
      var least = distance
      if isDug, let lattice {
        let depth = depth(lattice, point)
        isDug = depth >= 0
        least = min(least, level + depth)
      }
      block.set(node, isDug: isDug, least, sights[k].triangle)
    }
  }

  /// How much deeper than the level the surface is to be near a cube of nodes, told from how the ways from them to the
  /// part spread.
  private func sag(_ sights: InlineArray<8, NearestPoint>) -> Float {
    var bend: Float = 0
    var isFlat = true
    let first = sights[0].offset.normalized
    for axis in 0..<3 {
      var spread: Float = 0
      for k in 0..<8 where k &>> axis & 1 == 0 {
        let (low, high) = (sights[k].offset.normalized, sights[k | 1 &<< axis].offset.normalized)
        spread += low[axis] - high[axis]
        if dot(low, first) < OffsetRefinement.flat || dot(high, first) < OffsetRefinement.flat {
          isFlat = false
        }
      }
      bend = max(bend, spread / (4 * voxel))
    }
    return isFlat ? 0 : OffsetRefinement.sag(bend, voxel: voxel, level: level)
  }

  private var mostSag: Float { voxel * voxel / (4 * level) }

  /// Directions that differ by less come from one plane: cos 0.1°.
  static let flat: Float = 0.9999985

  /// How much deeper than the level vertices have to be for facets between them to keep it, where the part is not flat,
  /// mm: what the middle of an edge of √2 voxels is nearer to the part than its ends are, and what the proof of it
  /// leaves open, for most facets. The others are moved afterwards, which takes far more time than to be a few µm deeper.
  ///
  /// - Parameter bend: The curvature of the surface, 1/mm: where the part bends away from the cavity above 0, and at
  ///   most that of a fillet.
  static func sag(_ bend: Float, voxel: Float, level: Float) -> Float {
    let open = voxel * voxel / (9 * level)
    return max(open, max(0, min(bend, 1 / level)) * voxel * voxel / 4.5)
  }
}

/// A block's share of the field's arrays.
struct BlockFill {
  let material: UnsafeMutablePointer<UInt64>
  let distances: UnsafeMutablePointer<Float>
  let nearest: UnsafeMutablePointer<UInt32>

  /// All nodes of a cube are in the cavity.
  func dig(_ start: SIMD3<Int32>, _ side: Int32) {
    let row: UInt64 = (1 << UInt64(side) - 1) << UInt64(start.x)
    for z in start.z..<start.z + side {
      for y in start.y..<start.y + side {
        material[Int(z)] &= ~(row << UInt64(y * 8))
        let first = Int(z * 64 + y * 8 + start.x)
        for i in first..<first + Int(side) { distances[i] = .infinity }
      }
    }
  }

  @inline(__always)
  func set(_ node: SIMD3<Int32>, isDug: Bool, _ distance: Float, _ triangle: UInt32) {
    let plane = Int(node.y &* 8 &+ node.x)
    if isDug { material[Int(node.z)] &= ~(1 << UInt64(plane)) }
    distances[Int(node.z) &* 64 &+ plane] = distance
    nearest[Int(node.z) &* 64 &+ plane] = triangle
  }
}
