extension Mesh {
  /// The mesh with fewer triangles.
  ///
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)``, ``MeshError/cancelled`` or
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func decimated(
    _ options: DecimationOptions = DecimationOptions(), _ run: RunContext = .init()
  ) throws(MeshError) -> DecimationResult {
    try options.check(self)
    let goal = options.goal(of: self)
    var state = try Decimation(self, .init(), run)
    defer { state.deallocate() }
    let passes = try state.run(to: goal, .init(), run)
    let result = state.result()
    return DecimationResult(
      mesh: result, trianglesBefore: triangles.count, deviation: Deviation(forward: 0, backward: 0), largestTurn: 0,
      stopped: result.triangles.count <= goal ? .target : .shape, passes: passes, untouchedTriangles: 0)
  }
}
