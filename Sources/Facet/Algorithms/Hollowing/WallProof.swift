/// Tells which triangles of a part may be nearer to a quad than a limit: mostly none.
///
/// Two convex things are at least as far apart as their shadows on any line are. Across the wall, that tells whole
/// boxes of the part's tree at once from the quad, where the part's surface is flat or bends away; a triangle of the
/// part that bends towards it is told by its own plane, or by the line from its point closest to the quad's middle.
struct WallProof: Sendable {
  let scene: PartScene
  /// In mm, above 0.
  let limit: Float

  /// Three or four corners, seen from the first.
  struct Corners {
    let origin: SIMD3<Float>
    let p1: SIMD3<Float>
    let p2: SIMD3<Float>
    /// The second again for a triangle.
    let p3: SIMD3<Float>

    init(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ d: SIMD3<Float>) {
      origin = a
      p1 = b - a
      p2 = c - a
      p3 = d - a
    }

    @inline(__always)
    func lowest(along n: SIMD3<Float>) -> Float {
      min(min(0, dot(p1, n)), min(dot(p2, n), dot(p3, n)))
    }

    /// From a point, seen from the first, to the farthest.
    @inline(__always)
    func radius(about m: SIMD3<Float>) -> Float {
      let (u, v, w) = (p1 - m, p2 - m, p3 - m)
      return max(max(dot(m, m), dot(u, u)), max(dot(v, v), dot(w, w))).squareRoot() * 1.00001
    }

    /// The largest of their coordinates.
    @inline(__always)
    var size: Float {
      let most = greater(greater(magnitude(p1), magnitude(p2)), magnitude(p3))
      return max(most.x, max(most.y, most.z))
    }
  }

  private typealias Far = (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  /// Finds the triangles of the part that are not certainly at least the limit away from a quad, however it is cut.
  ///
  /// - Parameter across: Of length 1 or zero, about from the part to the quad.
  /// - Returns: Whether these are all; false when there are too many.
  func findNear(
    _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ d: SIMD3<Float>, across: SIMD3<Float>,
    _ scratch: PartScene.Scratch
  ) -> Bool {
    let corners = Corners(a, b, c, d)
    scratch.near.removeAll()
    return forEachNear(corners, across, scratch) { i, t in
      isTold(corners, fromPlaneOf: t) || isTold(corners, from: t)
        || scratch.near.add(scene.points.corners[i], normal: scene.normal(at: i))
    }
  }

  /// Whether a triangle that faces away from the part certainly keeps the limit.
  func keeps(_ t: SampledWall.Corners, _ scratch: PartScene.Scratch) -> Bool {
    let sampled = SampledWall(limit: limit)
    if sampled.holds(t) { return true }
    let across = cross(t.b - t.a, t.c - t.a).normalized
    let near = scratch.near
    guard findNear(t.a, t.b, t.c, t.c, across: across, scratch) else {
      return sampled.worst(of: t) { scene.nearest(to: $0, hint: .max, scratch).squared } == nil
    }
    if near.count == 0 { return true }
    near.arrange(scene.points.positions, from: t.a)
    return sampled.worst(of: t) { near.squaredDistance(to: $0) } == nil
  }

  /// Calls `body` with the triangles of the part that are not told apart across the wall, by their places in the tree
  /// and seen from the first corner, until it says false.
  @inline(__always)
  private func forEachNear(
    _ corners: Corners, _ across: SIMD3<Float>, _ scratch: PartScene.Scratch, _ body: (Int, Far) -> Bool
  ) -> Bool {
    let origin = corners.origin
    let zero = SIMD3<Float>.zero
    let low = lesser(lesser(zero, corners.p1), lesser(corners.p2, corners.p3)) + origin
    let high = greater(greater(zero, corners.p1), greater(corners.p2, corners.p3)) + origin
    // Many times what rounding can do to numbers of this size; what is larger has its own share added.
    let bar = corners.lowest(along: across) - limit - (limit + corners.size) * 4e-6
    let reachSquared = limit * limit * 1.00001
    let middle = (corners.p1 + corners.p2 + corners.p3) * 0.25
    let radius = corners.radius(about: middle)
    let center = SIMD4(origin + middle, 0)
    let discReach = (limit + radius) * 1.00001 + scene.rounding
    let nodes = scene.points.nodes
    let stack = scratch.places
    stack[0] = 0
    var top = 1
    let none = SIMD8<Float>.zero
    while top > 0 {
      top -= 1
      let discs = scene.discs + Int(stack[top]) &* 8
      let node = nodes + Int(stack[top])
      let (minX, minY, minZ) = (node.lanes(at: 0), node.lanes(at: 32), node.lanes(at: 64))
      let (maxX, maxY, maxZ) = (node.lanes(at: 96), node.lanes(at: 128), node.lanes(at: 160))
      let x = greater(greater(none, minX - high.x), low.x - maxX)
      let y = greater(greater(none, minY - high.y), low.y - maxY)
      let z = greater(greater(none, minZ - high.z), low.z - maxZ)
      let near = x * x + y * y + z * z
      var mask = bits(near .<= reachSquared)
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        if discs[lane].isBeyond(center, discReach * discReach) || discs[lane].isBelow(bar, across, origin) {
          continue
        }
        let count = node.count(lane)
        let first = Int(node.child(lane))
        if count == 0 {
          stack[top] = UInt32(truncatingIfNeeded: first)
          top += 1
          continue
        }
        for i in first..<first &+ count {
          let t = scene.points.corners[i]
          let (a, b, c) = (
            scene.points.positions[Int(t.a)], scene.points.positions[Int(t.b)],
            scene.points.positions[Int(t.c)]
          )
          let (u, v, w) = (a - origin, b - origin, c - origin)
          let size = magnitude(u) + magnitude(v) + magnitude(w)
          let most = max(dot(u, across), max(dot(v, across), dot(w, across)))
          if most + (size.x + size.y + size.z) * 1e-6 < bar { continue }
          let from = SIMD3<Double>(origin)
          if !body(i, (SIMD3<Double>(a) - from, SIMD3<Double>(b) - from, SIMD3<Double>(c) - from)) {
            return false
          }
        }
      }
    }
    return true
  }

  /// Whether the corners are all on one side of a triangle's plane and at least the limit away from it.
  @inline(__always)
  private func isTold(_ corners: Corners, fromPlaneOf t: Far) -> Bool {
    let normal = cross(t.1 - t.0, t.2 - t.0)
    let h0 = -dot(normal, t.0)
    let h1 = h0 + dot(normal, SIMD3<Double>(corners.p1))
    let h2 = h0 + dot(normal, SIMD3<Double>(corners.p2))
    let h3 = h0 + dot(normal, SIMD3<Double>(corners.p3))
    let height = max(min(min(h0, h1), min(h2, h3)), -max(max(h0, h1), max(h2, h3)))
    guard height > 0 else { return false }
    // The corners as seen from the first are rounded.
    let wanted = Double(limit) * (1 + 1e-6) + Double(corners.size) * 1e-6
    return height * height > wanted * wanted * dot(normal, normal)
  }

  /// Whether the line from a triangle's point closest to the corners' middle tells that they are the limit away.
  @inline(never)
  private func isTold(_ corners: Corners, from t: Far) -> Bool {
    let (p1, p2, p3) = (SIMD3<Double>(corners.p1), SIMD3<Double>(corners.p2), SIMD3<Double>(corners.p3))
    let middle = (p1 + p2 + p3) / 4
    let way = middle - closestPoint(t, to: middle)
    let away = length(way)
    let low = min(min(0, dot(p1, way)), min(dot(p2, way), dot(p3, way)))
    let high = max(dot(t.0, way), max(dot(t.1, way), dot(t.2, way)))
    return low - high > (Double(limit) * (1 + 1e-6) + Double(corners.size) * 1e-6) * away
  }
}

@inline(__always)
private func magnitude(_ a: SIMD3<Float>) -> SIMD3<Float> { SIMD3(abs(a.x), abs(a.y), abs(a.z)) }
