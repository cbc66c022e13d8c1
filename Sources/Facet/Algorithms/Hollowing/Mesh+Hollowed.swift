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
    guard options.drains == .none, options.infill == nil else {
      throw .invalidOption(name: "drains and infill", value: "set", allowed: "left out for now")
    }
    guard !triangles.isEmpty else { throw .emptyMesh(operation: "hollowing") }
    let voxel = try options.voxel(for: bounds)
    let volume = try measured(run).volume
    let unbalanced = try unbalancedEdges(run.slice(0...0.05))
    if unbalanced > 0 {
      return HollowingResult(unchanged: self, .notClosed(badEdges: unbalanced), volume: volume, voxel: voxel)
    }
    if volume <= 0 { return HollowingResult(unchanged: self, .insideOut, volume: volume, voxel: voxel) }
    let bvh = try BVH(self, run.slice(0.05...0.1))
    let winding = try WindingNumber(self, bvh, run)
    return try PartScene.with(self, bvh, winding) { (scene) throws(MeshError) in
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
  private var flatness: Float { voxel / 4000 }
  /// Where the shell is to be: a little deeper than the wall, for flatness and for what rounding takes.
  private var level: Float {
    let bounds = part.bounds
    let (low, high) = (bounds.minimum, bounds.maximum)
    let reach = max(
      abs(low.x), abs(low.y), max(abs(low.z), abs(high.x), max(abs(high.y), abs(high.z))))
    return options.wall * 1.00002 + 2 * flatness + reach * 0x1p-21
  }

  func result(_ run: RunContext) throws(MeshError) -> HollowingResult {
    let field = try OffsetField(scene, part.bounds, level: level, voxel: voxel, run.slice(0...0.3))
    let (labels, prunedPockets) = try field.labels(run)
    run.report(0.35)
    let lattice = try ContourLattice(labels, run)
    guard lattice.quadCount > 0 else {
      return HollowingResult(
        unchanged: part, .tooThin, volume: volume, voxel: voxel, prunedPockets: prunedPockets)
    }
    try run.reserve(
      bytes: lattice.bytes + Contour.bytes(lattice) + OffsetShell.bytes(lattice), for: "the inner shell")
    let shell = OffsetShell(try Contour(lattice, run))
    run.report(0.4)
    try shell.place(field, scene, run.slice(0.4...0.6))
    let proof = WallProof(scene: scene, limit: options.wall)
    var short = try shell.deepen(proof, run)
    let held = try shell.contour.holdBack(run)
    if held > 0 { short = try shell.shortfalls(proof, run) }
    let whole = try shell.contour.mesh(run)
    let shells = try InnerShells(whole, run)
    let cube = 2 * Double(voxel)
    let (inner, dropped) = shells.dropping(below: cube * cube * cube, from: whole)
    if inner.triangles.isEmpty {
      return HollowingResult(
        unchanged: part, .tooThin, volume: volume, voxel: voxel, prunedPockets: prunedPockets + dropped)
    }
    let walls = try shell.walls(run)
    let cavities = shells.cavities - dropped
    return HollowingResult(
      mesh: part.adding(inner), plugs: nil, outcome: .hollowed,
      certifiedWall: short.reduce(options.wall) { min($0, $1.distance) }, meanWall: walls.mean,
      largestWall: walls.largest, volumeBefore: volume,
      volumeAfter: volume + (try inner.measured(run).volume),
      cavities: cavities, trappedCavities: cavities, prunedPockets: prunedPockets + dropped, voxel: voxel)
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
