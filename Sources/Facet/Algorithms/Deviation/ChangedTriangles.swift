/// Which triangles two versions of a mesh do not have in common.
public struct ChangedTriangles: Sendable, Equatable {
  /// For each triangle of the one, whether the other lacks it: the same corners, the same way round.
  public var before: [Bool]
  public var after: [Bool]

  /// Whether both have the same triangles, in whatever order.
  public var isEmpty: Bool { !before.contains(true) && !after.contains(true) }
}

extension Mesh {
  /// Compares the mesh with what it became. Corners are the same when their coordinates are.
  ///
  /// - Throws: ``MeshError/cancelled``, ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)`` or
  ///   ``MeshError/tooManyTriangles(count:limit:)``.
  public func changedTriangles(
    into after: Mesh, _ run: RunContext = .init()
  ) throws(MeshError) -> ChangedTriangles {
    let total = triangles.count + after.triangles.count
    guard total <= Mesh.maximumTriangleCount else {
      throw .tooManyTriangles(count: total, limit: Mesh.maximumTriangleCount)
    }
    try run.reserve(bytes: total * 60, for: "comparing two meshes")
    let offset = UInt32(positions.count)
    // One numbering of the vertices of both.
    let both = try Mesh(
      unchecked: positions + after.positions,
      triangles: triangles
        + after.triangles.map { Triangle($0.a + offset, $0.b + offset, $0.c + offset) }
    ).weldingVertices(within: 0, run.slice(0...0.6))
    let keys = both.triangles.map(\.leastCornerFirst)
    let split = triangles.count
    let (old, new) = (Set(keys[..<split]), Set(keys[split...]))
    try run.checkCancellation()
    let changed = ChangedTriangles(
      before: keys[..<split].map { !new.contains($0) }, after: keys[split...].map { !old.contains($0) })
    run.report(1)
    return changed
  }
}

extension Triangle {
  /// The same triangle, the same way round, named from its lowest vertex on.
  fileprivate var leastCornerFirst: Triangle {
    if a <= b && a <= c { return self }
    return b <= c ? Triangle(b, c, a) : Triangle(c, a, b)
  }
}
