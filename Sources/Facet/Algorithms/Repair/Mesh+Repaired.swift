extension Mesh {
  /// Makes the mesh solid: closed, manifold, facing outward, and nowhere running through itself, also after it was
  /// written as STL and read back.
  ///
  /// A mesh that is solid comes back as it is. Others go through the stages of
  /// ``geometricallyRepaired(_:_:)``, with every hole closed; then triangles that cross are cut along the lines
  /// where they do, and the outside is kept. What that leaves to do is done in further rounds. When the part is
  /// not solid then, it is wrapped anew (``shrinkwrapped(_:_:)``, detailed), which always works.
  ///
  /// With ``RepairOptions/keepsShells`` shells may go on running into each other; the result is then not solid in
  /// the strict sense, and is not wrapped.
  ///
  /// - Throws: ``MeshError/emptyMesh(operation:)`` without a triangle,
  ///   ``MeshError/invalidOption(name:value:allowed:)``, ``MeshError/cancelled`` or
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func repaired(
    _ options: RepairOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> RepairResult {
    try options.check()
    guard !triangles.isEmpty else { throw .emptyMesh(operation: "repair") }
    let before = try solidity(run.slice(0...0.1))
    if before.isSolid { return try withoutNoise(before, run) }

    var result = RepairResult(mesh: self, ledger: RepairLedger(), solidity: before)
    let rounds = 3
    for round in 0..<rounds {
      let width = 0.6 / Double(rounds)
      let slice = run.slice(0.1 + width * Double(round)...0.1 + width * Double(round + 1))
      let wrong = result.solidity.faults
      try result.mend(options, slice)
      // A soup of crossing sheets gets worse with every round.
      if result.solidity.isSolid || result.solidity.faults >= wrong { break }
    }
    if result.solidity.isSolid || options.keepsShells && result.solidity.isClosed { return result }

    let wrapped = try shrinkwrapped(ShrinkwrapOptions(.detailed), run.slice(0.7...0.9))
    result.mesh = wrapped.mesh
    result.ledger.add(
      RepairLedger.Entry(
        .shrinkwrap, count: wrapped.mesh.triangles.count,
        largestMove: try deviation(from: wrapped.mesh, run.slice(0.9...0.95)).hausdorff,
        area: try measured(run).area))
    result.solidity = try wrapped.mesh.solidity(run.slice(0.95...1))
    return result
  }
}

extension Mesh {
  /// A solid mesh without its specks.
  private func withoutNoise(_ solidity: Solidity, _ run: RunContext) throws(MeshError) -> RepairResult {
    var state = try RepairState(self, run.slice(0.1...0.5))
    try state.removeNoiseShells(run.slice(0.5...0.9))
    var result = RepairResult(mesh: self, ledger: state.ledger, solidity: solidity)
    if !result.isUnchanged {
      result.mesh = state.finish()
      result.solidity = try result.mesh.solidity(run.slice(0.9...1))
    }
    return result
  }
}

extension Solidity {
  /// Whether it encloses a volume, whatever crosses.
  fileprivate var isClosed: Bool {
    badEdges == 0 && badContours == 0 && degenerateTriangles == 0 && volume > 0
  }

  /// How much there is to mend.
  fileprivate var faults: Int {
    badEdges + degenerateTriangles + (intersectingTriangles ?? 0) + (volume > 0 ? 0 : 1)
  }
}

extension RepairResult {
  /// One round of all stages but the last resort.
  fileprivate mutating func mend(_ options: RepairOptions, _ run: RunContext) throws(MeshError) {
    let entries = ledger.entries.count
    let state = try mesh.repairState(
      options, HoleFillingOptions(allowsCrossing: true), ledger, run.slice(0...0.3))
    if state.ledger.entries.count > entries {
      ledger = state.ledger
      mesh = state.finish()
    }
    let resolved = try mesh.withoutSelfIntersections(options, run.slice(0.3...0.8))
    ledger.add(resolved.entry)
    mesh = resolved.mesh
    // Who has cut knows what is left.
    solidity = try mesh.solidity(findingCrossings: !resolved.isClear, run.slice(0.8...1))
    if resolved.isClear { solidity.intersectingTriangles = 0 }
  }
}
