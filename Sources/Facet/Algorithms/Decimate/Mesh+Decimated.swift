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
    var tries = DecimationTry.all(tracked: state.tracker != nil)[...]
    try state.collapse(tries.removeFirst(), run.slice(0.2...0.6))
    // Where the source crosses itself already.
    var tolerated: Set<Int> = []
    var done = 0.6
    while true {
      // Nobody knows how many rounds there will be: each gets half of what is left.
      let stage = run.slice(done...(done + 0.9) / 2)
      let (result, slots) = state.result()
      let findings = try state.examine(
        result, slots, sourceTree: sourceTree, tolerated: tolerated, stage.slice(0...0.5))
      if findings.bad.isEmpty {
        let measures = try options.measures ? state.measures(of: result, findings, run.slice(0.9...1)) : nil
        return DecimationResult(
          mesh: result, trianglesBefore: triangles.count,
          deviation: findings.deviation ?? measures?.deviation, largestTurn: measures?.largestTurn,
          stopped: state.stopReason(result.triangles.count), passes: state.passes,
          untouchedTriangles: state.untouchedTriangles)
      }
      guard let back = try state.undo(findings.bad, stage.slice(0.5...0.6)) else {
        return DecimationResult(unchanged: self, state.stopReason(triangles.count))
      }
      tolerated.formUnion(try state.crossingOriginals(among: findings.crossing, stage.slice(0.6...0.7)))
      if let next = tries.popFirst() {
        // Towards a target anywhere may go on; without one the rest has gone as far as it may.
        try state.collapse(next, from: options.target == nil ? back : nil, stage.slice(0.7...1))
      }
      done = (done + 0.9) / 2
    }
  }
}
