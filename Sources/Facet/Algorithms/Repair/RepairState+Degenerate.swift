extension RepairState {
  /// Removes triangles that name a vertex twice. They bound nothing: their neighbours meet as if they were not
  /// there.
  mutating func removeDegenerateTriangles() {
    // Nothing refers to them, and the finished mesh is made without them.
    let count = topology.degenerateTriangles - removedTriangles
    removedTriangles += count
    ledger.add(.init(.degenerateTriangles, count: count))
  }
}
