extension QueryScene {
  /// Shrinks the ball to what the mesh leaves of it.
  ///
  /// Goes to what is near the point of contact first: there the ball is cut off most often.
  func shrink(_ ball: inout TouchingBall, _ recent: inout RecentLeaves) {
    let px = SIMD8(repeating: Float(ball.point.x))
    let py = SIMD8(repeating: Float(ball.point.y))
    let pz = SIMD8(repeating: Float(ball.point.z))
    var sight = BallSight(ball)
    var limit: RecentLeaves.Leaf = 0
    recent.forEach { child, count, leaf in
      if look(child, count, sight, &ball) {
        sight = BallSight(ball)
        limit = leaf
      }
    }
    defer { recent.add(limit) }
    stack[0] = WaitingSlot(near: 0, child: 0, count: 0)
    var top = 1
    while top > 0 {
      top -= 1
      let node = nodes + Int(stack[top].child)
      var mask = sight.lanesInReach(node)
      var leaves = mask & node.leaves
      while leaves != 0 {
        let lane = leaves.trailingZeroBitCount >> 3
        leaves &= leaves &- 1
        let count = node.count(lane)
        if !look(node.child(lane), UInt32(count), sight, &ball) { continue }
        limit = UInt64(node.child(lane)) | UInt64(count) << 32
        sight = BallSight(ball)
        mask = sight.lanesInReach(node)
        leaves &= mask
      }
      mask &= ~node.leaves
      if mask == 0 { continue }
      if mask & (mask &- 1) == 0 {
        let lane = mask.trailingZeroBitCount >> 3
        if node.scalar(at: 0, lane) == .infinity { continue }
        stack[top] = WaitingSlot(near: 0, child: node.child(lane), count: 0)
        top += 1
        continue
      }
      let near = node.squaredDistances(px, py, pz)
      let first = top
      while mask != 0 {
        let lane = mask.trailingZeroBitCount >> 3
        mask &= mask &- 1
        let distance = near[lane]
        // Empty slots lie at infinity, and so may the reach.
        if distance == .infinity { continue }
        var place = top
        while place > first, stack[place - 1].near < distance {
          stack[place] = stack[place - 1]
          place -= 1
        }
        stack[place] = WaitingSlot(near: distance, child: node.child(lane), count: 0)
        top += 1
      }
    }
  }

  /// Shrinks the ball by those of a leaf's triangles that come inside; whether any did.
  @inline(never)
  private func look(_ child: UInt32, _ count: UInt32, _ sight: BallSight, _ ball: inout TouchingBall) -> Bool
  {
    let block = leaf(child, Int(count))
    let a = Lanes3(x: block.pointee.ax, y: block.pointee.ay, z: block.pointee.az) - sight.center
    let b = Lanes3(x: block.pointee.bx, y: block.pointee.by, z: block.pointee.bz) - sight.center
    let c = Lanes3(x: block.pointee.cx, y: block.pointee.cy, z: block.pointee.cz) - sight.center
    var candidates = sight.lanesThatMayMeet(a, b, c, block.pointee.depth)
    if candidates == 0 { return false }
    candidates &= sight.lanesMeeting(a, b, c)
    let before = ball.radius
    while candidates != 0 {
      let lane = candidates.trailingZeroBitCount
      candidates &= candidates &- 1
      if block.triangle(lane) == ball.triangle { continue }
      ball.shrink(block.corner(0, lane), block.corner(1, lane), block.corner(2, lane), block.triangle(lane))
    }
    return ball.radius < before
  }
}

/// The leaves that limited the last few balls, the latest first: most often one of them limits the next.
struct RecentLeaves {
  /// Block or place of the first triangle, and number of triangles above bit 32; 0 for none.
  typealias Leaf = UInt64

  private var first: Leaf = 0
  private var second: Leaf = 0
  private var third: Leaf = 0
  private var fourth: Leaf = 0

  @inline(__always)
  func forEach(_ body: (_ child: UInt32, _ count: UInt32, Leaf) -> Void) {
    for i in 0..<4 {
      let leaf = i == 0 ? first : i == 1 ? second : i == 2 ? third : fourth
      if leaf == 0 { return }
      body(UInt32(truncatingIfNeeded: leaf), UInt32(truncatingIfNeeded: leaf >> 32), leaf)
    }
  }

  @inline(__always)
  mutating func add(_ leaf: Leaf) {
    if leaf == 0 || leaf == first { return }
    if leaf != second {
      if leaf != third { fourth = third }
      third = second
    }
    second = first
    first = leaf
  }
}

/// A ball as boxes and triangles are compared with it: in single precision, and larger by what that may be off.
struct BallSight {
  let center: SIMD3<Float>
  /// Squared distance from the centre up to which something may be inside.
  let reach: Float

  @inline(__always)
  init(center: SIMD3<Float>, reach: Float) {
    self.center = center
    self.reach = reach
  }

  @inline(__always)
  init(_ ball: TouchingBall) {
    center = SIMD3<Float>(ball.point + ball.radius * ball.normal)
    let farthest = max(abs(center.x), abs(center.y), abs(center.z))
    let reach = Float(ball.radius) * 1.000004 + 0x1p-22 * farthest
    self.reach = reach * reach
  }

  /// A bit, eight apart, for each of a node's boxes of which a point is in reach.
  @inline(__always)
  func lanesInReach(_ node: UnsafePointer<BVH.Node>) -> UInt64 {
    let squared = node.squaredDistances(
      SIMD8(repeating: center.x), SIMD8(repeating: center.y), SIMD8(repeating: center.z))
    return spreadBits(squared .<= reach)
  }

  /// A bit for each triangle of which a point may be in reach, told by the corners, which are relative to the
  /// centre, and the block's depths. What overflows is let through.
  @inline(__always)
  func lanesThatMayMeet(_ a: Lanes3, _ b: Lanes3, _ c: Lanes3, _ depth: SIMD4<Float>) -> UInt32 {
    let least = lesser(lesser(a.squared, b.squared), c.squared)
    return ~bits(least .> depth + reach) & 15
  }

  /// A bit for each triangle of which a point is in reach.
  @inline(__always)
  func lanesMeeting(_ a: Lanes3, _ b: Lanes3, _ c: Lanes3) -> UInt32 {
    let ab = b - a
    let bc = c - b
    let ca = a - c
    let (aa, abab, caca) = (a.squared, ab.squared, ca.squared)
    let edges = meets(a, aa, ab, abab) | meets(b, b.squared, bc, bc.squared) | meets(c, c.squared, ca, caca)
    // The foot of the centre within the triangle, and its plane in reach.
    let normal = ca.cross(ab)
    let height = a.dot(normal)
    let zero = SIMD4<Float>.zero
    let isBeside =
      (a.cross(ab).dot(normal) .< zero) .| (b.cross(bc).dot(normal) .< zero)
      .| (c.cross(ca).dot(normal) .< zero)
    // The last term is more than rounding does to heights above needles.
    let most = reach * 1.0002 * normal.squared + 6e-10 * aa * abab * caca
    return (edges | ~bits(isBeside .| (height * height .> most))) & 15
  }

  /// A bit for each segment of which a point is in reach.
  @inline(__always)
  private func meets(
    _ from: Lanes3, _ away: SIMD4<Float>, _ along: Lanes3, _ squared: SIMD4<Float>
  ) -> UInt32 {
    let foot = -from.dot(along)
    let over = away * 0.9999 - reach
    let isBetween = (foot .> SIMD4<Float>.zero) .& (foot .< squared)
    return ~bits(over .> SIMD4<Float>.zero) | bits(isBetween .& (over * squared .<= foot * foot))
  }
}
