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
    let found = try forEachLeafPair(bvh, .crossing, run) { scene, found, pair in
      CrossingScan(scene, found).visit(pair)
    }
    return SelfIntersections(pairCount: found.pairCount, triangles: found.triangles)
  }
}

/// Crossing pairs among leaves.
struct CrossingScan {
  private let scene: TriangleScene
  private let found: FoundTriangles

  @inline(__always)
  init(_ scene: TriangleScene, _ found: FoundTriangles) {
    self.scene = scene
    self.found = found
  }

  @inline(__always)
  func visit(_ pair: LeafPairWalk.Pair) {
    withLanes(of: pair, scene) { first, lane, second, among in
      let triangle = first.triangle(lane)
      var candidates = second.lanesCrossing(triangle.low, triangle.high) & among
      if candidates == 0 { return }
      candidates = SeparationFilter(triangle).undecided(candidates, second)
      while candidates != 0 {
        let other = second.triangle(candidates.trailingZeroBitCount)
        candidates &= candidates &- 1
        if cross(triangle, other) {
          found.add(scene.order[triangle.place], scene.order[other.place])
        }
      }
    }
  }

  @inline(never)
  private func cross(_ p: LaneTriangle, _ q: LaneTriangle) -> Bool {
    trianglesCross((p.a, p.b, p.c), p.indices, (q.a, q.b, q.c), q.indices)
  }
}

/// Whether two triangles of one mesh cross.
func trianglesCross(
  _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ pIndices: Triangle,
  _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ qIndices: Triangle
) -> Bool {
  func turned(
    _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ corner: Int
  ) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    switch corner {
    case 0: t
    case 1: (t.1, t.2, t.0)
    default: (t.2, t.0, t.1)
    }
  }
  if !pIndices.isDegenerate && !qIndices.isDegenerate {
    for i in 0..<3 {
      for j in 0..<3 where pIndices[i] == qIndices[j] {
        let (v, p0, p1) = turned(p, i)
        let (_, q0, q1) = turned(q, j)
        return trianglesCross(sharing: v, (p0, p1), (q0, q1))
      }
    }
  }
  return trianglesCross(p, q)
}
