extension Mesh {
  /// The pairs of triangles that may have more in common than corners and an edge: all that cross, overlap or
  /// touch, and a few of which only the exact test can tell that they do not. Lower index first, ascending; nil
  /// when there are more than `limit`.
  ///
  /// - Parameter isWanted: Of which pairs to keep; the corner of a fan alone makes pairs of all its triangles.
  func contactPairs(
    _ bvh: BVH, limit: Int, _ run: RunContext,
    where isWanted: (_ lower: UInt32, _ higher: UInt32) -> Bool = { _, _ in true }
  ) throws(MeshError) -> [SIMD2<UInt32>]? {
    if triangles.count < 2 { return [] }
    let starts = LeafPairWalk.starts(bvh.nodes, .within(0), atLeast: 4096)
    let found = Lock(0)
    var pairs = try withScene(bvh) { (scene) throws(MeshError) in
      let walk = LeafPairWalk(scene, .within(0))
      return try run.mapChunks(of: starts.count, size: 8) { (_, range) throws(MeshError) in
        var pairs: [SIMD2<UInt32>] = []
        if found.withLock({ $0 > limit }) { return pairs }
        var stack: [LeafPairWalk.Pair] = []
        for start in range {
          walk.leafPairs(below: starts[start], &stack) { pair in
            if pairs.count > limit { return }
            withLanes(of: pair, scene) { first, lane, second, among in
              let triangle = first.triangle(lane)
              var candidates = second.lanesTouching(triangle.low, triangle.high) & among
              if candidates == 0 { return }
              candidates = SeparationFilter(triangle).notApart(candidates, second)
              while candidates != 0 {
                let other = second.triangle(candidates.trailingZeroBitCount)
                candidates &= candidates &- 1
                let (i, j) = (scene.order[triangle.place], scene.order[other.place])
                let (lower, higher) = (min(i, j), max(i, j))
                if isWanted(lower, higher) { pairs.append(SIMD2(lower, higher)) }
              }
            }
          }
        }
        found.withLock { $0 += pairs.count }
        return pairs
      }
    }.flatMap { $0 }
    if pairs.count > limit { return nil }
    pairs.sort { ($0.x, $0.y) < ($1.x, $1.y) }
    return pairs
  }

  /// Of some pairs of triangles how many cross, and how many triangles are in such a pair.
  func crossings(
    among pairs: [SIMD2<UInt32>], _ run: RunContext
  ) throws(MeshError) -> (pairs: Int, triangles: Int) {
    let found = try run.mapChunks(of: pairs.count, size: 1 << 12) { _, range in
      pairs[range].filter { pair in
        let (i, j) = (Int(pair.x), Int(pair.y))
        return trianglesCross(corners(i), triangles[i], corners(j), triangles[j])
      }
    }
    var crossing = Set<UInt32>()
    for pair in found.joined() {
      crossing.insert(pair.x)
      crossing.insert(pair.y)
    }
    return (found.reduce(0) { $0 + $1.count }, crossing.count)
  }
}
