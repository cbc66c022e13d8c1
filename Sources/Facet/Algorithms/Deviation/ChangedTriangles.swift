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
    try changedTriangles(into: after, turningCounts: true, run)
  }

  /// The same, where a triangle that was only turned over may count as the same one: its surface is.
  func changedTriangles(
    into after: Mesh, turningCounts: Bool, _ run: RunContext
  ) throws(MeshError) -> ChangedTriangles {
    let total = triangles.count + after.triangles.count
    guard total <= Mesh.maximumTriangleCount else {
      throw .tooManyTriangles(count: total, limit: Mesh.maximumTriangleCount)
    }
    try run.reserve(bytes: total * (3 * MemoryLayout<SIMD3<Float>>.stride + 60), for: "comparing two meshes")
    // One numbering of the vertices of both: equal coordinates have equal numbers.
    let both = try Mesh.welded(
      TriangleSoup(corners: soup.corners + after.soup.corners), run.slice(0...0.5)
    ).triangles
    let split = triangles.count
    let old = TriangleTable(both, 0..<split, turningCounts)
    try run.checkCancellation()
    let new = TriangleTable(both, split..<total, turningCounts)
    try run.checkCancellation()
    let changed = ChangedTriangles(
      before: (0..<split).map { !new.contains(both[$0]) },
      after: (split..<total).map { !old.contains(both[$0]) })
    run.report(1)
    return changed
  }
}

/// A set of triangles by their corners, whichever comes first, and by the way round if that counts.
private struct TriangleTable {
  private let triangles: [Triangle]
  /// Open addressing: a triangle's index, or `UInt32.max`.
  private var slots: [UInt32]
  private let mask: Int
  private let turningCounts: Bool

  init(_ triangles: [Triangle], _ range: Range<Int>, _ turningCounts: Bool) {
    self.triangles = triangles
    self.turningCounts = turningCounts
    var capacity = 16
    while capacity < 2 * range.count { capacity *= 2 }
    mask = capacity - 1
    slots = [UInt32](repeating: .max, count: capacity)
    for i in range {
      let (slot, isThere) = find(triangles[i])
      if !isThere { slots[slot] = UInt32(i) }
    }
  }

  func contains(_ triangle: Triangle) -> Bool { find(triangle).isThere }

  private func find(_ triangle: Triangle) -> (slot: Int, isThere: Bool) {
    let key = self.key(triangle)
    var slot = Int(truncatingIfNeeded: key.hash) & mask
    while slots[slot] != .max {
      if self.key(triangles[Int(slots[slot])]) == key { return (slot, true) }
      slot = (slot + 1) & mask
    }
    return (slot, false)
  }

  private func key(_ triangle: Triangle) -> Triangle {
    let same = triangle.leastCornerFirst
    return turningCounts || same.b <= same.c ? same : Triangle(same.a, same.c, same.b)
  }
}

extension Triangle {
  /// The same triangle, the same way round, named from its lowest vertex on.
  fileprivate var leastCornerFirst: Triangle {
    if a <= b && a <= c { return self }
    return b <= c ? Triangle(b, c, a) : Triangle(c, a, b)
  }

  /// Multiplicative hashing (Knuth, volume 3, 6.4) of all three corners; the high half is the mixed one.
  fileprivate var hash: UInt64 {
    var h = (UInt64(a) << 32 | UInt64(b)) &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 29 ^ UInt64(c)) &* 0xBF58_476D_1CE4_E5B9
    return h >> 32
  }
}
