/// Where a mesh runs through itself.
public struct SelfIntersections: Sendable, Equatable {
  /// Pairs of triangles that cross.
  public var pairCount: Int
  /// The triangles in at least one such pair, lowest index first.
  public var triangles: [UInt32]
}

extension Mesh {
  /// Finds all triangles that cross another one, exactly.
  ///
  /// Two triangles cross when their interiors share a point and they do not lie in one plane. Touching is not
  /// crossing: corners and edges that lie on the other triangle, edges that cross each other, common edges
  /// and corners. Triangles that overlap within one plane are found by
  /// ``overlappingTriangles(_:tolerance:_:)``. A triangle without area counts as the segment that it is.
  ///
  /// - Parameter bvh: The tree of this mesh.
  /// - Throws: ``MeshError/cancelled``.
  public func selfIntersections(_ bvh: BVH, _ run: RunContext = .init()) throws(MeshError)
    -> SelfIntersections
  {
    if triangles.count < 2 { return SelfIntersections(pairCount: 0, triangles: []) }
    let found = try forEachLeafPair(bvh, .crossing, run, makeScan: { CrossingScan($0) }) {
      scan, pair in scan.visit(pair)
    }
    return SelfIntersections(
      pairCount: found.reduce(0) { $0 + $1.pairCount },
      triangles: sortedUnion(found.map(\.triangles), count: triangles.count))
  }

  /// Runs a scan over all pairs of near leaves: one scan value a task, in task order.
  func forEachLeafPair<Scan>(
    _ bvh: BVH, _ meeting: BoxMeeting, _ run: RunContext, makeScan: (TriangleScene) -> Scan,
    _ visit: (inout Scan, LeafPairWalk.Pair) -> Void
  ) throws(MeshError) -> [Scan] {
    try withScene(bvh) { (scene) throws(MeshError) in
      // Many more tasks than threads, so that a crowded corner of the part does not keep one thread late.
      let starts = LeafPairWalk.starts(bvh.nodes, meeting, atLeast: 4096)
      let walk = LeafPairWalk(scene.nodes, meeting)
      return try run.mapChunks(of: starts.count, size: 8) { (_, range) throws(MeshError) in
        var scan = makeScan(scene)
        var stack: [LeafPairWalk.Pair] = []
        for start in range {
          walk.leafPairs(below: starts[start], &stack) { visit(&scan, $0) }
        }
        return scan
      }
    }
  }
}

/// The triangles of all lists, each once, sorted.
func sortedUnion(_ lists: [[UInt32]], count: Int) -> [UInt32] {
  if lists.allSatisfy(\.isEmpty) { return [] }
  var isFound = [Bool](repeating: false, count: count)
  for list in lists {
    for triangle in list { isFound[Int(triangle)] = true }
  }
  return isFound.indices.filter { isFound[$0] }.map { UInt32($0) }
}

/// Crossing pairs among leaves.
struct CrossingScan {
  private let scene: TriangleScene
  var pairCount = 0
  var triangles: [UInt32] = []

  init(_ scene: TriangleScene) { self.scene = scene }

  @inline(__always)
  mutating func visit(_ pair: LeafPairWalk.Pair) {
    withLanes(of: pair, scene) { first, lane, second, among in
      let triangle = first.triangle(lane)
      var candidates = second.lanesCrossing(triangle.low, triangle.high) & among
      if candidates == 0 { return }
      candidates = SeparationFilter(triangle).undecided(candidates, second)
      while candidates != 0 {
        let other = second.triangle(candidates.trailingZeroBitCount)
        candidates &= candidates &- 1
        if cross(triangle, other) {
          pairCount += 1
          triangles.append(scene.order[triangle.place])
          triangles.append(scene.order[other.place])
        }
      }
    }
  }

  @inline(never)
  private func cross(_ p: LaneTriangle, _ q: LaneTriangle) -> Bool {
    if !p.indices.isDegenerate && !q.indices.isDegenerate {
      for i in 0..<3 {
        for j in 0..<3 where p.indices[i] == q.indices[j] {
          let (v, p0, p1) = turned((p.a, p.b, p.c), i)
          let (_, q0, q1) = turned((q.a, q.b, q.c), j)
          return trianglesCross(sharing: v, (p0, p1), (q0, q1))
        }
      }
    }
    return trianglesCross((p.a, p.b, p.c), (q.a, q.b, q.c))
  }

  private func turned(
    _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ corner: Int
  ) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    switch corner {
    case 0: t
    case 1: (t.1, t.2, t.0)
    default: (t.2, t.0, t.1)
    }
  }
}

/// Calls `body` with each triangle of the first leaf, as lanes and a lane of them, and the lanes to hold it
/// against: those of the second leaf that `among` has a bit for.
@inline(__always)
func withLanes(
  of pair: LeafPairWalk.Pair, _ scene: TriangleScene,
  _ body: (
    _ first: UnsafeMutablePointer<TriangleLanes>, _ lane: Int,
    _ second: UnsafeMutablePointer<TriangleLanes>, _ among: UInt32
  ) -> Void
) {
  withUnsafeTemporaryAllocation(of: TriangleLanes.self, capacity: 2) { lanes in
    let first = lanes.baseAddress!
    let second = first + 1
    let firstNode = scene.nodes + Int(pair.first.node)
    let firstLane = Int(pair.first.lane)
    let firstCount = firstNode.count(firstLane)
    first.load(Int(firstNode.child(firstLane)), firstCount, scene)
    if pair.first.node == pair.second.node && pair.first.lane == pair.second.lane {
      for lane in 0..<firstCount - 1 { body(first, lane, first, ~0 << UInt32(lane + 1)) }
      return
    }
    let secondNode = scene.nodes + Int(pair.second.node)
    let secondLane = Int(pair.second.lane)
    second.load(Int(secondNode.child(secondLane)), secondNode.count(secondLane), scene)
    for lane in 0..<firstCount { body(first, lane, second, ~0) }
  }
}
