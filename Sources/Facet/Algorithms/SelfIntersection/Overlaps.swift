extension Mesh {
  /// Finds all triangles that lie upon another one: within one plane and sharing area, facing the same way or
  /// opposite ways. Duplicates are included; neighbours are found when they are folded flat onto each other.
  ///
  /// - Parameters:
  ///   - bvh: The tree of this mesh.
  ///   - tolerance: In millimetres, at least 0. How far the corners of the smaller triangle may be from the
  ///     larger one's plane, and how wide their common area must be to count. With 0 both are decided
  ///     exactly: precisely one plane, any area.
  /// - Returns: The triangles, lowest index first.
  /// - Throws: ``MeshError/cancelled``, or ``MeshError/invalidOption(name:value:allowed:)`` for a tolerance that
  ///   is negative or not finite.
  public func overlappingTriangles(
    _ bvh: BVH, tolerance: Float, _ run: RunContext = .init()
  ) throws(MeshError) -> [UInt32] {
    guard tolerance >= 0, tolerance.isFinite else {
      throw .invalidOption(name: "tolerance", value: "\(tolerance)", allowed: "0 mm or more")
    }
    if triangles.count < 2 { return [] }
    let found = try forEachLeafPair(bvh, .within(tolerance), run) { scene, found, pair in
      OverlapScan(scene, found, tolerance).visit(pair)
    }
    return found.triangles
  }
}

/// Overlapping pairs among leaves.
struct OverlapScan {
  private let scene: TriangleScene
  private let found: FoundTriangles
  private let tolerance: Float

  @inline(__always)
  init(_ scene: TriangleScene, _ found: FoundTriangles, _ tolerance: Float) {
    self.scene = scene
    self.found = found
    self.tolerance = tolerance
  }

  @inline(__always)
  func visit(_ pair: LeafPairWalk.Pair) {
    withLanes(of: pair, scene) { first, lane, second, among in
      let triangle = first.triangle(lane)
      var candidates = second.lanesTouching(triangle.low - tolerance, triangle.high + tolerance) & among
      if candidates == 0 { return }
      candidates = SeparationFilter(triangle).notBesideEdges(candidates, second)
      while candidates != 0 {
        let other = second.triangle(candidates.trailingZeroBitCount)
        candidates &= candidates &- 1
        if overlap(triangle, other) {
          found.add(scene.order[triangle.place], scene.order[other.place])
        }
      }
    }
  }

  @inline(never)
  private func overlap(_ p: LaneTriangle, _ q: LaneTriangle) -> Bool {
    if p.indices.isDegenerate || q.indices.isDegenerate { return false }
    if p.indices.hasCorners(of: q.indices) { return true }
    return tolerance == 0
      ? trianglesOverlapExactly((p.a, p.b, p.c), (q.a, q.b, q.c))
      : trianglesOverlap((p.a, p.b, p.c), (q.a, q.b, q.c), Double(tolerance))
  }
}

extension Triangle {
  /// Whether both have the same three corners, in any order. Neither is degenerate.
  func hasCorners(of other: Triangle) -> Bool {
    func has(_ v: UInt32) -> Bool { v == other.a || v == other.b || v == other.c }
    return has(a) && has(b) && has(c)
  }
}

/// Whether two triangles lie in precisely one plane and share area.
func trianglesOverlapExactly(
  _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  guard orient3d(p.0, p.1, p.2, q.0) == 0, orient3d(p.0, p.1, p.2, q.1) == 0,
    orient3d(p.0, p.1, p.2, q.2) == 0
  else { return false }
  // Along an axis that shows `p` as a triangle; in one plane, the same then holds for `q` if it has area.
  for axis in 0..<3 {
    func seen(_ a: SIMD3<Float>) -> SIMD2<Float> {
      axis == 0 ? SIMD2(a.y, a.z) : axis == 1 ? SIMD2(a.z, a.x) : SIMD2(a.x, a.y)
    }
    let p = (seen(p.0), seen(p.1), seen(p.2))
    let q = (seen(q.0), seen(q.1), seen(q.2))
    let pTurn = orient2d(p.0, p.1, p.2)
    if pTurn == 0 { continue }
    let qTurn = orient2d(q.0, q.1, q.2)
    if qTurn == 0 { return false }
    return hasNoneOutside(p, pTurn, q) && hasNoneOutside(q, qTurn, p)
  }
  return false
}

/// Whether no edge of `p` has all of `q` on its outer side.
private func hasNoneOutside(
  _ p: (SIMD2<Float>, SIMD2<Float>, SIMD2<Float>), _ turn: Int,
  _ q: (SIMD2<Float>, SIMD2<Float>, SIMD2<Float>)
) -> Bool {
  func reachesInside(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Bool {
    orient2d(a, b, q.0) == turn || orient2d(a, b, q.1) == turn || orient2d(a, b, q.2) == turn
  }
  return reachesInside(p.0, p.1) && reachesInside(p.1, p.2) && reachesInside(p.2, p.0)
}

/// Whether two triangles lie in one plane within a tolerance and share an area wider than it.
func trianglesOverlap(
  _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>),
  _ tolerance: Double
) -> Bool {
  func normal(_ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)) -> SIMD3<Double> {
    let a = SIMD3<Double>(t.0)
    return cross(SIMD3<Double>(t.1) - a, SIMD3<Double>(t.2) - a)
  }
  let pNormal = normal(p)
  let qNormal = normal(q)
  let pArea = length(pNormal)
  let qArea = length(qNormal)
  guard pArea > 0, qArea > 0 else { return false }
  let (large, small, unit) = pArea >= qArea ? (p, q, pNormal / pArea) : (q, p, qNormal / qArea)
  let origin = SIMD3<Double>(large.0)
  for corner in [small.0, small.1, small.2] {
    if abs(dot(SIMD3<Double>(corner) - origin, unit)) > tolerance { return false }
  }
  let x = (SIMD3<Double>(large.1) - origin).normalized
  let y = cross(unit, x)
  func seen(_ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)) -> [SIMD2<Double>] {
    let corners = [t.0, t.1, t.2].map { (corner: SIMD3<Float>) -> SIMD2<Double> in
      let d = SIMD3<Double>(corner) - origin
      return SIMD2(dot(d, x), dot(d, y))
    }
    return area(corners[0], corners[1], corners[2]) < 0 ? corners.reversed() : corners
  }
  let first = seen(large)
  let second = seen(small)
  return reachesInside(first, second, tolerance) && reachesInside(second, first, tolerance)
}

private func area(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>) -> Double {
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Whether `q` reaches further than `depth` inside each edge of `p`; both counter-clockwise.
private func reachesInside(_ p: [SIMD2<Double>], _ q: [SIMD2<Double>], _ depth: Double) -> Bool {
  for i in 0..<3 {
    let a = p[i]
    let b = p[(i + 1) % 3]
    let edge = b - a
    let limit = depth * (edge.x * edge.x + edge.y * edge.y).squareRoot()
    if area(a, b, q[0]) <= limit && area(a, b, q[1]) <= limit && area(a, b, q[2]) <= limit { return false }
  }
  return true
}
