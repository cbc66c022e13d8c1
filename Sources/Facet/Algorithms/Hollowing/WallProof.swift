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
        let leaf = Leaf(first, count)
        let (a, b, c) = leaf.corners(scene.points.corners, scene.points.positions)
        var lanes = lanes(
          notToldFrom: corners, middle, across, bar, a - origin, b - origin, c - origin,
          scene.planes(leaf))
        while lanes != 0 {
          let lane = lanes.trailingZeroBitCount
          lanes &= lanes &- 1
          // A leaf of fewer than four has its last one again.
          if lane >= count { break }
          let i = first &+ lane
          if !scratch.near.add(scene.points.corners[i], normal: scene.normal(at: i)) { return false }
        }
      }
    }
    return true
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

  /// A bit for each of four triangles, seen from the quad's first corner, that is not certainly the limit away: neither
  /// across the wall, nor along its own normal, nor along the line from its point closest to the quad's middle.
  @inline(__always)
  private func lanes(
    notToldFrom corners: Corners, _ middle: SIMD3<Float>, _ across: SIMD3<Float>, _ bar: Float,
    _ a: Lanes3, _ b: Lanes3, _ c: Lanes3, _ planes: (normals: Lanes3, heights: SIMD4<Float>)
  ) -> UInt32 {
    let far = greater(greater(a.taxicab, b.taxicab), c.taxicab)
    let most = greater(greater(a.dot(across), b.dot(across)), c.dot(across))
    var told = bits(most + far * 1e-6 .< bar)
    if told == 15 { return 0 }
    let (p1, p2, p3) = (corners.p1, corners.p2, corners.p3)
    // The corners as seen from the first are rounded.
    let wanted = limit * (1 + 1e-6) + corners.size * 1e-6
    let normal = planes.normals
    let h0 = normal.dot(corners.origin) - planes.heights
    let (h1, h2, h3) = (h0 + normal.dot(p1), h0 + normal.dot(p2), h0 + normal.dot(p3))
    let lowest = lesser(lesser(h0, h1), lesser(h2, h3))
    let highest = greater(greater(h0, h1), greater(h2, h3))
    told |= bits(greater(lowest, -highest) .> wanted + scene.rounding)
    if told == 15 { return 0 }
    // Any direction would do, the one from the middle to the closest point mostly does.
    let way = closestOffsets(a - middle, b - middle, c - middle, normals: normal)
    let zero = SIMD4<Float>.zero
    // Away from the quad; its corners are at most so far along.
    let nearest = lesser(lesser(a.dot(way), b.dot(way)), c.dot(way))
    let farthest = greater(greater(zero, way.dot(p1)), greater(way.dot(p2), way.dot(p3)))
    let gap = nearest - farthest - (far + 3 * corners.size) * way.taxicab * 5e-7
    told |= bits((gap .> zero) .& (gap * gap .> wanted * wanted * way.squared))
    return ~told & 15
  }
}

/// Points of four triangles that are about the closest to the origin; NaN for some without area.
///
/// - Parameter normals: Of length 1 or zero.
@inline(__always)
private func closestOffsets(_ a: Lanes3, _ b: Lanes3, _ c: Lanes3, normals: Lanes3) -> Lanes3 {
  let zero = SIMD4<Float>.zero
  let (ab, ac, bc) = (b - a, c - a, c - b)
  func onEdge(_ from: Lanes3, _ along: Lanes3) -> Lanes3 {
    let t = lesser(greater(-from.dot(along) / along.squared, zero), SIMD4(repeating: 1))
    return Lanes3(x: from.x + t * along.x, y: from.y + t * along.y, z: from.z + t * along.z)
  }
  var best = onEdge(a, ab)
  func consider(_ other: Lanes3, where isOne: SIMDMask<SIMD4<Int32>>) {
    let isNearer = isOne .& (other.squared .< best.squared)
    best = Lanes3(
      x: best.x.replacing(with: other.x, where: isNearer),
      y: best.y.replacing(with: other.y, where: isNearer),
      z: best.z.replacing(with: other.z, where: isNearer))
  }
  consider(onEdge(a, ac), where: zero .== zero)
  consider(onEdge(b, bc), where: zero .== zero)
  let height = a.dot(normals)
  let isInside =
    (a.cross(ab).dot(normals) .>= zero) .& (b.cross(bc).dot(normals) .>= zero)
    .& (ac.cross(a).dot(normals) .>= zero)
  consider(
    Lanes3(x: normals.x * height, y: normals.y * height, z: normals.z * height), where: isInside)
  return best
}

@inline(__always)
private func magnitude(_ a: SIMD3<Float>) -> SIMD3<Float> { SIMD3(abs(a.x), abs(a.y), abs(a.z)) }
