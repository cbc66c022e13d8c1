/// What many rays hit, in the rays' order.
public struct RayHits: Sendable, Equatable {
  /// How far along each ray, in lengths of its direction; infinity where it hits nothing.
  public var distances: [Float]
  /// The triangle that each ray hits, or ``none``.
  public var triangles: [UInt32]

  /// In place of a triangle where a ray hits nothing.
  public static let none = UInt32.max
}

extension BVH {
  /// The nearest triangle that each of many rays hits, as ``raycast(_:origin:direction:range:)`` finds it: the same
  /// hits, sooner. The rays may come in any order and are cast in that of their origins in space; on a tree of
  /// which they visit a good part, leaves are laid out for them first.
  ///
  /// - Parameters:
  ///   - directions: One for each origin. A ray without a direction hits nothing.
  ///   - range: Distances that count as hits. Rays end at its upper bound: a near one saves time.
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func raycast(
    _ mesh: Mesh, origins: [SIMD3<Float>], directions: [SIMD3<Float>],
    range: ClosedRange<Float> = 0 ... .infinity, _ run: RunContext = .init()
  ) throws(MeshError) -> RayHits {
    precondition(origins.count == directions.count, "a direction for each origin")
    let own = origins.count * 28
    try run.reserve(bytes: own, for: "ray hits")
    let sequence = try mortonOrder(origins, run)
    let laidOut = try leafBlocks(mesh, queries: origins.count, bytes: own, run)
    var distances: [Float] = []
    let triangles = try [UInt32](filling: origins.count) { (triangles) throws(MeshError) in
      distances = try [Float](filling: origins.count) { (distances) throws(MeshError) in
        try run.forEachChunk(of: origins.count, size: 2048) { _, chunk in
          withScene(mesh, laidOut) { scene in
            for next in chunk {
              let i = Int(sequence[next])
              let ray = PreparedRay(origin: origins[i], direction: directions[i])
              var hit = NearestHit(range)
              if ray.isUsable { scene.cast(ray, &hit) }
              triangles[i] = hit.triangle
              distances[i] = hit.triangle == .max ? .infinity : hit.distance
            }
          }
        }
      }
    }
    return RayHits(distances: distances, triangles: triangles)
  }
}
