extension Mesh {
  /// The mesh with fewer triangles.
  ///
  /// Edges collapse by quadric errors (Garland and Heckbert 1997), flat places first. What was manifold stays so;
  /// borders and sharp edges stay; no triangle turns over, and none crosses another that did not before. Triangles
  /// keep their order and their colours. Edges that are not manifold, and vertices where several fans meet, are left
  /// alone.
  ///
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)``, ``MeshError/cancelled`` or
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func decimated(
    _ options: DecimationOptions = DecimationOptions(), _ run: RunContext = .init()
  ) throws(MeshError) -> DecimationResult {
    try options.check(self)
    if triangles.isEmpty { return DecimationResult(unchanged: self, .target) }
    var state = try Decimation(self, options, run.slice(0...0.1))
    defer { state.deallocate() }
    let sourceTree = options.accuracy == nil ? nil : try BVH(self, run.slice(0.1...0.2))
    var tries = DecimationTry.all(tracked: state.tracker != nil, toTarget: options.target != nil)[...]
    try state.collapse(tries.removeFirst(), run.slice(0.2...0.6))
    // Where the source crosses itself already.
    var tolerated: Set<Int> = []
    var done = 0.6
    while true {
      // Nobody knows how many rounds there will be: each gets half of what is left.
      let stage = run.slice(done...(done + 0.9) / 2)
      let findings = try state.examine(sourceTree: sourceTree, tolerated: tolerated, stage.slice(0...0.5))
      if findings.bad.isEmpty {
        let (result, measures) = try state.finished(run.slice(0.9...1))
        return DecimationResult(
          mesh: result, trianglesBefore: triangles.count, deviation: measures?.deviation,
          largestTurn: options.measures ? measures?.largestTurn : nil,
          stopped: state.stopReason(result.triangles.count), passes: state.passes,
          untouchedTriangles: state.untouchedTriangles)
      }
      guard let near = try state.undo(findings.bad, stage.slice(0.5...0.6)) else {
        return DecimationResult(unchanged: self, state.stopReason(triangles.count))
      }
      if !findings.crossing.isEmpty {
        tolerated.formUnion(try state.crossingOriginals(stage.slice(0.6...0.7)))
      }
      if let next = tries.popFirst() {
        if next.isElsewhere { state.lock(near) }
        try state.collapse(next, from: near, stage.slice(0.7...1))
      }
      done = (done + 0.9) / 2
    }
  }
}
