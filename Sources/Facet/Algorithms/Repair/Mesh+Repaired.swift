extension Mesh {
  /// Makes the mesh solid: closed, manifold, facing outward, and nowhere running through itself, also after it was
  /// written as STL and read back.
  ///
  /// A mesh that is solid comes back as it is. Others go through the stages of
  /// ``geometricallyRepaired(_:_:)``, with every hole closed; then triangles that cross are cut along the lines
  /// where they do, and the outside is kept. What that leaves to do is done in further rounds. When the part is
  /// not solid then, it is wrapped anew (``shrinkwrapped(_:_:)``, see ``RepairOptions/wrapResolution``), which
  /// always works. Specks that all of this leaves go last, so that a repaired part, repaired again, stays as it is.
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
    var result = RepairResult(mesh: self, ledger: RepairLedger(), solidity: try solidity(run.slice(0...0.1)))
    let rounds = 3
    for round in 0..<rounds where !result.solidity.isSolid {
      let width = 0.5 / Double(rounds)
      let slice = run.slice(0.1 + width * Double(round)...0.1 + width * Double(round + 1))
      let wrong = result.solidity.faults
      try result.mend(options, slice)
      // A soup of crossing sheets gets worse with every round.
      if result.solidity.faults >= wrong { break }
    }
    if !result.solidity.isSolid {
      if options.keepsShells && result.solidity.isClosed { return result }
      try result.wrap(self, options, run.slice(0.6...0.9))
    }
    try result.removeNoise(run.slice(0.9...1))
    run.report(1)
    return result
  }

  /// The voxel with which the mesh is wrapped when nothing else helps and nobody said how finely, mm.
  func wrapVoxel() throws(MeshError) -> Float {
    let finest = try ShrinkwrapOptions(.detailed).voxel(for: bounds)
    let coarsest = try 2 * ShrinkwrapOptions(.rough).voxel(for: bounds)
    var lengths: [Float] = []
    for f in stride(from: 0, to: triangles.count, by: max(1, triangles.count / 50_000)) {
      let (a, b, c) = corners(f)
      for edge in [length(b - a), length(c - b), length(a - c)] where edge > 0 { lengths.append(edge) }
    }
    if lengths.isEmpty { return coarsest }
    lengths.sort()
    return min(max(lengths[lengths.count / 10] / 4, finest), coarsest)
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
      mesh = try state.finish(run.slice(0.3...0.3))
    }
    let resolved = try mesh.withoutSelfIntersections(options, run.slice(0.3...0.8))
    ledger.add(resolved.entry)
    mesh = resolved.mesh
    // Who has cut knows what is left.
    solidity = try mesh.solidity(findingCrossings: !resolved.isClear, run.slice(0.8...1))
    if resolved.isClear { solidity.intersectingTriangles = 0 }
  }

  /// The last resort: all of `original` made anew.
  fileprivate mutating func wrap(
    _ original: Mesh, _ options: RepairOptions, _ run: RunContext
  ) throws(MeshError) {
    let voxel = ShrinkwrapOptions.Resolution.voxel(try original.wrapVoxel())
    let wrapped = try original.shrinkwrapped(
      ShrinkwrapOptions(options.wrapResolution ?? voxel), run.slice(0...0.6)
    ).mesh
    let distance = try original.deviation(from: wrapped, run.slice(0.6...0.8)).hausdorff
    mesh = wrapped
    ledger.add(
      RepairLedger.Entry(
        .shrinkwrap, count: wrapped.triangles.count, largestMove: distance,
        area: try original.measured(run).area))
    hausdorff = distance
    solidity = try wrapped.solidity(run.slice(0.8...1))
  }

  /// Takes the specks out of a mesh that is solid.
  fileprivate mutating func removeNoise(_ run: RunContext) throws(MeshError) {
    let entries = ledger.entries.count
    var state = try RepairState(mesh, ledger: ledger, run)
    try state.removeNoiseShells(run)
    guard state.ledger.entries.count > entries else { return }
    ledger = state.ledger
    mesh = try state.finish(run)
    hausdorff = nil
    solidity = try mesh.solidity(run.slice(0.5...1))
  }
}
