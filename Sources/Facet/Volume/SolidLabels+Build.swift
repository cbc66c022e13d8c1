extension DistanceField {
  /// Which of the field's nodes are inside the solid that the mesh stands for.
  ///
  /// What can be reached from far away without crossing the surface is outside. Where the mesh is not closed,
  /// its holes are covered first, however the triangles face; behind a cover is inside where the surface winds more
  /// than half around (Jacobson, Kavan and Sorkine-Hornung, "Robust inside-outside segmentation using generalized
  /// winding numbers", 2013). Surface with outside on both sides is a sheet: the nodes nearest to it are inside.
  ///
  /// - Parameters:
  ///   - mesh: The mesh of the field.
  ///   - bvh: Its tree, which is built where it is needed and none is given.
  ///   - gap: When given, openings up to this many mm are closed and no others, whatever winds around what; at most
  ///     twice the band.
  ///   - keepsCavities: Whether closed cavities are outside; they are filled otherwise.
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)`` for a gap wider than the band allows,
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)`` or ``MeshError/cancelled``.
  package func labels(
    of mesh: Mesh, bvh: BVH? = nil, gap: Float? = nil, keepsCavities: Bool = false,
    _ run: RunContext = .init()
  ) throws(MeshError) -> SolidLabels {
    if let gap, !(gap >= 0 && gap <= 2 * band) {
      throw .invalidOption(name: "gap", value: "\(gap)", allowed: "0 to \(2 * band) mm, twice the band")
    }
    guard band > grid.voxel * 1.01 else {
      throw .invalidOption(name: "band", value: "\(band)", allowed: "more than a voxel of \(grid.voxel) mm")
    }
    try run.reserve(bytes: grid.nodeCount * 3, for: "the labels of the distance field")
    let lattice = try Lattice(mesh, voxel: grid.voxel, origin: grid.origin)
    let closure =
      gap == nil
      ? try Closure(
        mesh, Topology(mesh, run.slice(0...0.1)), crack: grid.voxel / 4, run.slice(0.1...0.1)) : nil
    var builder = try LabelBuilder(self, mesh, lattice, closure, run.slice(0.1...0.5))
    try builder.flood(gap: gap, run.slice(0.5...0.6))
    if closure != nil || keepsCavities {
      let winding = try builder.surroundings(bvh, run.slice(0.6...0.7))
      try builder.open(winding, keepsCavities: keepsCavities, run.slice(0.7...0.8))
    }
    if let gap { try builder.growBack(gap: gap, run) }
    try builder.thickenSheets(run.slice(0.8...0.9))
    return try builder.finish(run.slice(0.9...1))
  }
}

/// What the stages of labelling work on.
struct LabelBuilder {
  let field: DistanceField
  let mesh: Mesh
  let lattice: Lattice
  let closure: Closure?
  /// The field's blocks and those near patches.
  let grid: SparseGrid
  let neighbours: [InlineArray<27, Int32>]
  /// Where the mesh itself is, and where it or a patch is.
  let surface: Walls
  let walls: Walls
  /// For each block the same block of the field, or -1.
  let fieldBlocks: [Int32]
  /// For each block its inside nodes, and those of them that are inside only for a sheet.
  var inside: [BlockMask]
  var sheet: [BlockMask]
  /// Runs of empty blocks that are inside.
  var isRunInside: [Bool] = []
  var rooms = Rooms()

  init(
    _ field: DistanceField, _ mesh: Mesh, _ lattice: Lattice, _ closure: Closure?, _ run: RunContext
  ) throws(MeshError) {
    self.field = field
    self.mesh = mesh
    self.lattice = lattice
    self.closure = closure
    if let closure, !closure.patches.triangles.isEmpty {
      let bins = try BlockBins(closure.patches, lattice, band: 1.01, run.slice(0...0.2))
      let extra = bins.grid.blocks.filter { field.grid.block($0) == nil }
      grid =
        extra.isEmpty
        ? field.grid
        : SparseGrid(origin: lattice.origin, voxel: lattice.voxel, blocks: field.grid.blocks + extra)
      try run.reserve(bytes: grid.nodeCount * 3, for: "the labels of the distance field")
      surface = try Walls(of: mesh, field.bins, in: grid, lattice, run.slice(0.2...0.7))
      var both = try Walls(of: closure.patches, bins, in: grid, lattice, run.slice(0.7...0.9))
      both.formUnion(surface)
      walls = both
    } else {
      grid = field.grid
      surface = try Walls(of: mesh, field.bins, in: grid, lattice, run.slice(0...0.9))
      walls = surface
    }
    let grid = grid
    neighbours = try [InlineArray<27, Int32>](filling: grid.blocks.count) { (all) throws(MeshError) in
      try run.forEachChunk(of: grid.blocks.count, size: 512) { _, range in
        for block in range { all[block] = grid.neighbours(of: block) }
      }
    }
    fieldBlocks = grid.blocks.map { Int32(field.grid.block($0) ?? -1) }
    inside = [BlockMask](repeating: .zero, count: grid.blocks.count)
    sheet = inside
  }

  /// Makes everything inside that is not reached from the outside; with a gap, not reached by a ball as large.
  mutating func flood(gap: Float?, _ run: RunContext) throws(MeshError) {
    var open: [BlockMask]?
    if let gap {
      open = try [BlockMask](filling: grid.blocks.count) { (open) throws(MeshError) in
        try run.forEachChunk(of: grid.blocks.count, size: 64) { _, range in
          for block in range {
            var mask = BlockMask.zero
            for local in 0..<SparseGrid.nodesPerBlock where distance(block, local) >= gap / 2 {
              mask[local >> 6] |= 1 << UInt64(local & 63)
            }
            open[block] = mask
          }
        }
      }
    }
    rooms = try Rooms(grid, neighbours, walls, open: open, run)
    label { $0 != 0 }
  }

  /// Sets what is inside by the sets of rooms and runs. Nodes of no room are inside.
  mutating func label(_ isInside: (Int) -> Bool) {
    for block in grid.blocks.indices {
      var mask = BlockMask.everything
      for room in rooms.rooms(of: block) where !isInside(rooms.set(of: room)) {
        mask &= ~rooms.masks[room]
      }
      inside[block] = mask
    }
    isRunInside = (0..<rooms.space.count).map { isInside(rooms.set(ofRun: $0)) }
  }

  /// A node's distance to the mesh, mm; infinity beyond the band.
  @inline(__always)
  func distance(_ block: Int, _ local: Int) -> Float {
    let b = Int(fieldBlocks[block])
    return b < 0 ? .infinity : field.distances[b * SparseGrid.nodesPerBlock + local]
  }

  /// A node by a block and coordinates from -8 to 15 in it; nil where there is no block.
  @inline(__always)
  func place(_ block: Int, _ x: Int, _ y: Int, _ z: Int) -> NodePlace? {
    let b = neighbours[block][13 &+ (x >> 3) &+ 3 &* (y >> 3) &+ 9 &* (z >> 3)]
    return b < 0 ? nil : NodePlace(block: Int(b), local: (z & 7) &* 64 &+ (y & 7) &* 8 &+ (x & 7))
  }

  @inline(__always)
  func isInside(_ node: NodePlace) -> Bool { inside[node.block].contains(node.local) }

  /// Whether the mesh crosses the edge from a node along an axis.
  @inline(__always)
  func isWall(_ node: NodePlace, _ axis: Int) -> Bool {
    surface.words[node.block * Walls.perBlock + axis * 8 + node.local >> 6] >> UInt64(node.local & 63) & 1
      != 0
  }
}

struct NodePlace: Sendable {
  var block: Int
  var local: Int

  var x: Int { local & 7 }
  var y: Int { local >> 3 & 7 }
  var z: Int { local >> 6 }
}
