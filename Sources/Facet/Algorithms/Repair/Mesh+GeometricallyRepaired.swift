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
    let state = try repairState(options, HoleFillingOptions(), RepairLedger(), run.slice(0...0.9))
    let solidity = try state.solidity(run.slice(0.9...0.9))
    let ledger = state.ledger
    let mesh = ledger.entries.isEmpty ? self : try state.finish(run.slice(0.9...0.9))
    run.report(1)
    return RepairResult(mesh: mesh, ledger: ledger, solidity: solidity)
  }

  /// The mesh after all stages of geometrical repair.
  ///
  /// - Parameter ledger: What was done before.
  func repairState(
    _ options: RepairOptions, _ holes: HoleFillingOptions, _ ledger: RepairLedger, _ run: RunContext
  ) throws(MeshError) -> RepairState {
    // Stages tell nothing of how far they are: where there is little to do they take little time.
    func at(_ fraction: Double) -> RunContext {
      run.report(fraction)
      return run.slice(fraction...fraction)
    }
    var state = try RepairState(self, ledger: ledger, at(0))
    state.removeDegenerateTriangles()
    try state.removeDuplicateTriangles(at(0.15))
    try state.stitch(tolerance: options.stitchTolerance, at(0.2))
    try state.cutAtNonManifoldEdges(at(0.25))
    try state.orient(at(0.35))
    try state.removeNoiseShells(at(0.45))
    if try state.fillHoles(holes, at(0.5)) { try state.orient(at(0.85)) }
    // A needle is no reason to touch a surface that is closed and right side out.
    if !state.ledger.entries.isEmpty { try state.removeNeedles(at(0.87)) }
    try state.pullApart(at(0.9))
    run.report(1)
    return state
  }
}
