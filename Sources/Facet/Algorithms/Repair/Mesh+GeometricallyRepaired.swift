extension Mesh {
  /// Mends what can be mended without making the surface anew: degenerate and duplicate triangles, gaps,
  /// non-manifold edges, orientation, noise shells, holes, needles, pieces that touch. Where the mesh was sound
  /// it stays as it was, vertex for vertex.
  ///
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)``, ``MeshError/cancelled`` or
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func geometricallyRepaired(
    _ options: RepairOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> RepairResult {
    try options.check()
    let state = try repairState(options, run.slice(0...0.9))
    return RepairResult(
      mesh: state.ledger.entries.isEmpty ? self : state.finish(), ledger: state.ledger,
      solidity: try state.solidity(run.slice(0.9...1)))
  }

  /// The mesh after all stages of geometrical repair.
  func repairState(_ options: RepairOptions, _ run: RunContext) throws(MeshError) -> RepairState {
    var state = try RepairState(self, run.slice(0...0.1))
    state.removeDegenerateTriangles()
    try state.removeDuplicateTriangles(run)
    run.report(0.15)
    try state.stitch(tolerance: options.stitchTolerance, run)
    run.report(0.25)
    try state.cutAtNonManifoldEdges(run.slice(0.25...0.4))
    try state.orient(run.slice(0.4...0.5))
    try state.removeNoiseShells(run)
    run.report(0.6)
    try state.removeNeedles(run)
    run.report(0.9)
    try state.pullApart(run)
    run.report(1)
    return state
  }
}
