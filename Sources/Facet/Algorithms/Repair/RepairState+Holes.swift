extension RepairState {
  /// Fills the holes. Returns whether there was one that could be filled.
  mutating func fillHoles(_ options: HoleFillingOptions, _ run: RunContext) throws(MeshError) -> Bool {
    if badEdges.boundary.isEmpty { return false }
    let filling = try mesh.withHolesFilled(options, topology, badEdges, run)
    if filling.filled == 0 { return false }
    add(filling)
    try matchEdges(run.slice(1...1))
    ledger.add(filling.entry)
    return true
  }
}
