/// How far two surfaces are from each other, measured both ways.
public struct Deviation: Sendable, Equatable {
  /// The farthest that a point of the one mesh is from the surface of the other, mm.
  public var forward: Float
  /// The farthest that a point of the other is from the surface of the one, mm.
  public var backward: Float

  /// The two-sided (Hausdorff) distance, mm.
  public var hausdorff: Float { max(forward, backward) }
}

extension Mesh {
  /// Measures how far the mesh and `other` are from each other.
  ///
  /// Exact distances (to the closest point of the other surface), taken at the vertices, the edges' middles and
  /// the middle of the triangles that the other mesh does not have too, whichever way round: between these points the
  /// surfaces may be a little farther apart. Of more than 300,000 such triangles, that many or fewer are taken, evenly by their
  /// numbers. A mesh without triangles is infinitely far from one that has any.
  ///
  /// - Throws: ``MeshError/cancelled``, ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)`` or
  ///   ``MeshError/tooManyTriangles(count:limit:)``.
  public func deviation(from other: Mesh, _ run: RunContext = .init()) throws(MeshError) -> Deviation {
    let changed = try changedTriangles(into: other, turningCounts: false, run.slice(0...0.3))
    return Deviation(
      forward: try farthest(of: changed.before, from: other, run.slice(0.3...0.65)),
      backward: try other.farthest(of: changed.after, from: self, run.slice(0.65...1)))
  }

  /// The largest distance from the surface of `target` at the sample points of the chosen triangles.
  private func farthest(
    of isChosen: [Bool], from target: Mesh, _ run: RunContext
  ) throws(MeshError) -> Float {
    var chosen = isChosen.indices.filter { isChosen[$0] }
    if chosen.isEmpty { return 0 }
    let step = (chosen.count + 299_999) / 300_000
    if step > 1 { chosen = stride(from: 0, to: chosen.count, by: step).map { chosen[$0] } }
    if target.triangles.isEmpty { return .infinity }
    let tree = try BVH(target, run.slice(0...0.3))
    let measuring = run.slice(0.3...1)
    let parts = try run.mapChunks(of: chosen.count, size: 1024) { (_, range) throws(MeshError) -> Float in
      var farthest: Float = 0
      for i in range {
        let (a, b, c) = corners(chosen[i])
        for point in [a, b, c, (a + b) * 0.5, (b + c) * 0.5, (c + a) * 0.5, (a + b + c) / 3] {
          farthest = max(farthest, tree.closestPoint(target, to: point)?.distance ?? 0)
        }
      }
      measuring.report(Double(range.upperBound) / Double(chosen.count))
      return farthest
    }
    return parts.max() ?? 0
  }
}
