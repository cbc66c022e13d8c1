extension Mesh {
  /// The part with cavities inside, at least a wall away from all its triangles.
  ///
  /// The part has to be closed. What is inside is told by the winding number, so shells that run into each other, or
  /// cavities that are there already, are no obstacle; the wall is kept to every triangle of the part.
  ///
  /// - Throws: ``MeshError/emptyMesh(operation:)``; ``MeshError/invalidOption(name:value:allowed:)``;
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``; ``MeshError/cancelled``.
  public func hollowed(
    _ options: HollowingOptions, _ run: RunContext = .init()
  ) throws(MeshError) -> HollowingResult {
    try options.check()
    guard !triangles.isEmpty else { throw .emptyMesh(operation: "hollowing") }
    let voxel = try options.voxel(for: bounds)
    let volume = try measured(run).volume
    let unbalanced = try unbalancedEdges(run.slice(0...0.05))
    if unbalanced > 0 {
      return HollowingResult(unchanged: self, .notClosed(badEdges: unbalanced), volume: volume, voxel: voxel)
    }
    if volume <= 0 { return HollowingResult(unchanged: self, .insideOut, volume: volume, voxel: voxel) }
    let bvh = try BVH(self, run.slice(0.05...0.1))
    // A side needs no more than to be told from the other.
    let winding = try WindingNumber(self, bvh, run, reach: 2)
    return try PartScene.with(self, bvh, winding, run) { (scene) throws(MeshError) in
      try Hollowing(part: self, scene: scene, options: options, voxel: voxel, volume: volume)
        .result(run.slice(0.1...1))
    }
  }

  /// Edges with more triangles on one side than on the other.
  private func unbalancedEdges(_ run: RunContext) throws(MeshError) -> Int {
    func count(_ mesh: Mesh) throws(MeshError) -> Int {
      let bad = try Topology(mesh, run).badEdges(of: mesh, run)
      var count = bad.boundary.count
      for edge in 0..<bad.nonManifoldCount {
        let group = bad.nonManifold(edge)
        let from = mesh.corner(Int(group.first!))
        let balance = group.reduce(0) { $0 + (mesh.corner(Int($1)) == from ? 1 : -1) }
        if balance != 0 { count += 1 }
      }
      return count
    }
    let own = try count(self)
    // What is at one place may be closed though vertices are not shared.
    return own == 0 ? 0 : try count(weldingVertices(within: 0, run))
  }
}

/// What hollowing a part takes.
struct Hollowing: Sendable {
  let part: Mesh
  let scene: PartScene
  let options: HollowingOptions
  let voxel: Float
  /// Of the part, mm³.
  let volume: Double

  /// How far flat regions' vertices may be from their planes, mm.
  private var flatness: Float { voxel / 8000 }
  /// What is proven of facets before flat regions are thinned, mm: then they may be nearer by twice the flatness across
  /// the region's axis, √3 times that along its normal.
  private var proven: Float { options.wall + 4 * flatness }
  /// Where the shell is to be: a little deeper, for flatness and for what rounding takes.
  private var level: Float {
    let bounds = part.bounds
    let (low, high) = (bounds.minimum, bounds.maximum)
    let reach = max(
      abs(low.x), abs(low.y), max(abs(low.z), abs(high.x), max(abs(high.y), abs(high.z))))
    return proven * 1.00003 + 2 * flatness + reach * 0x1p-21
  }

  func result(_ run: RunContext) throws(MeshError) -> HollowingResult {
    func unchanged(_ pockets: Int) -> HollowingResult {
      HollowingResult(unchanged: part, .tooThin, volume: volume, voxel: voxel, prunedPockets: pockets)
    }
    let surface = CavitySurface(
      scene: scene, level: level, voxel: voxel,
      lattice: InfillLattice(options.infill, center: SIMD3<Float>(part.bounds.center)))
    if let lattice = surface.lattice { try reserve(for: lattice, run) }
    let field = try OffsetField(surface, part.bounds, run.slice(0...0.25))
    var (labels, pockets) = try field.labels(run)
    run.report(0.3)
    guard let (shell, flat, least) = try settled(field, surface, &labels, run.slice(0.3...0.7)) else {
      return unchanged(pockets)
    }
    var cavity = try shell.mesh(run)
    if surface.lattice == nil {
      try TipDigging.dig(
        &cavity, WallProof(scene: scene, limit: proven), level: level, voxel: voxel, run.slice(0.7...0.72))
    }
    let walls = try shell.walls(surface, cavity.distances, run)
    let dense = Mesh(unchecked: cavity.positions, triangles: cavity.triangles)
    let thin =
      try flat * 3 > shell.contour.vertexCount
      ? thinned(dense, cavity.sources, run.slice(0.72...0.85)) : nil
    let cube = 2 * Double(voxel)
    let all = thin ?? dense
    let shells = try InnerShells(all, run)
    let (wide, dropped) = try shells.dropping(below: cube * cube * cube, from: all, run)
    let (inner, filled) =
      options.smallestCavity > cube * cube * cube
      ? try InnerShells(wide, run).dropping(below: options.smallestCavity, from: wide, run) : (wide, 0)
    if inner.triangles.isEmpty {
      var result = unchanged(pockets + dropped)
      result.filledCavities = filled
      return result
    }
    let cavities = shells.cavities - dropped - filled
    let drained = try drained(inner, dense: dense, run.slice(0.85...1))
    run.report(1)
    return HollowingResult(
      mesh: drained.mesh, plugs: drained.plugs, outcome: .hollowed,
      certifiedWall: least >= proven ? options.wall : min(options.wall, (least - 4 * flatness) * 0.999999),
      meanWall: walls.mean,
      largestWall: walls.largest, volumeBefore: volume, volumeAfter: try drained.mesh.measured(run).volume,
      cavities: cavities, trappedCavities: cavities - drained.opened, missedDrains: drained.missed,
      prunedPockets: pockets + dropped, filledCavities: filled, voxel: voxel)
  }
}

extension Hollowing {
  /// Refuses a lattice that takes too much memory before looking for it: where the cavity is at least, there is lattice.
  private func reserve(for lattice: InfillLattice, _ run: RunContext) throws(MeshError) {
    // What is nearer to the surface than the wall is at most this, but in sharp inner corners.
    let cavity = volume - Double(level) * (try part.measured(run).area)
    guard cavity > 0 else { return }
    let voxel = Double(voxel)
    let quads = 1.5 * cavity * lattice.areaPerVolume / (voxel * voxel)
    // Vertices are about as many.
    try run.reserve(bytes: Int(min(quads * 100, 1e18)), for: "the surface of the lattice")
  }

  /// The shell where it is to be, how many of its vertices lie before flat places, and the least distance that is proven;
  /// nil where there is no cavity.
  ///
  /// Where the shell has no room to be as far from the part as it ought to be, the cavity is filled a little and the
  /// shell made anew.
  private func settled(
    _ field: OffsetField, _ surface: CavitySurface, _ labels: inout LabelBlocks, _ run: RunContext
  ) throws(MeshError) -> (shell: OffsetShell, flat: Int, least: Float)? {
    let tolerable = proven - voxel / 12
    for attempt in 0... {
      let part = run.slice(attempt == 0 ? 0...0.7 : 0.7...1)
      let lattice = try ContourLattice(labels, part)
      if lattice.quadCount == 0 { return nil }
      try run.reserve(
        bytes: lattice.bytes + Contour.bytes(lattice) + OffsetShell.bytes(lattice), for: "the inner shell")
      let shell = OffsetShell(try Contour(lattice, part))
      part.report(0.1)
      let flat = try shell.place(field, surface, part.slice(0.1...0.5))
      let short = try shell.settle(WallProof(scene: scene, limit: proven), part.slice(0.5...1))
      let worst = short.filter { $0.distance < tolerable }
      if worst.isEmpty || attempt == 7 {
        return (shell, flat, short.reduce(proven) { min($0, $1.distance) })
      }
      for shortfall in worst {
        let q = shell.contour.quads[Int(shortfall.quad)]
        for k in 0..<4 { labels.fillCell(lattice.place(shell.contour.cellOf[Int(q[k])])) }
      }
      try field.compose(&labels, run)
    }
    return nil
  }

  /// The shell without most vertices of flat regions, or nil where that is not worth the while.
  private func thinned(_ dense: Mesh, _ sources: [UInt32], _ run: RunContext) throws(MeshError) -> Mesh? {
    try Thinning.thinned(
      dense, input: part, source: sources, voxel: Double(voxel), tolerance: Double(flatness),
      offset: Double(level), run)
  }
}

extension LabelBlocks {
  /// Turns the eight nodes of a cell inside.
  fileprivate mutating func fillCell(_ cell: (block: Int, x: Int, y: Int, z: Int)) {
    for corner in 0..<8 {
      let node = resolve(cell.block, cell.x + corner & 1, cell.y + corner >> 1 & 1, cell.z + corner >> 2)
      if node.block >= 0, !isInside(Int(node.block), node.local) {
        turnInside(Int(node.block), node.local, isSheet: false)
      }
    }
  }
}

extension Mesh {
  /// The mesh with the triangles of another after its own; they get the part's colour.
  func adding(_ other: Mesh) -> Mesh {
    let offset = UInt32(positions.count)
    var colors = colors
    if let own = colors {
      let sources = (0..<UInt32(triangles.count)).map { $0 }
      colors = own.taken(
        from: sources + [UInt32](repeating: FacetColors.noSource, count: other.triangles.count))
    }
    return Mesh(
      unchecked: positions + other.positions,
      triangles: triangles + other.triangles.map { Triangle($0.a + offset, $0.b + offset, $0.c + offset) },
      colors: colors)
  }
}
