extension PointScene {
  /// Shrinks the ball to what the mesh leaves of it; `stack` has room for the tree's ``BVH/stackCapacity``.
  ///
  /// Goes to what is near the point of contact first: there the ball is cut off most often.
  func shrink(_ ball: inout TouchingBall, _ stack: UnsafeMutablePointer<WaitingSlot>) {
    let px = SIMD8(repeating: Float(ball.point.x))
    let py = SIMD8(repeating: Float(ball.point.y))
    let pz = SIMD8(repeating: Float(ball.point.z))
    var sight = BallSight(ball)
    var cx = SIMD8(repeating: sight.center.x)
    var cy = SIMD8(repeating: sight.center.y)
    var cz = SIMD8(repeating: sight.center.z)
    var reach = SIMD8(repeating: sight.reach)
    stack[0] = WaitingSlot(near: 0, child: 0, count: 0)
    var top = 1
    while top > 0 {
      top -= 1
      let slot = stack[top]
      if slot.count > 0 {
        if look(Int(slot.child), Int(slot.count), sight, &ball) {
          sight = BallSight(ball)
          cx = SIMD8(repeating: sight.center.x)
          cy = SIMD8(repeating: sight.center.y)
          cz = SIMD8(repeating: sight.center.z)
          reach = SIMD8(repeating: sight.reach)
        }
        continue
      }
      let node = nodes + Int(slot.child)
      var mask = bits(node.squaredDistances(cx, cy, cz) .<= reach)
      let near = node.squaredDistances(px, py, pz)
      let first = top
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        let distance = near[lane]
        // Empty slots lie at infinity, and so may the reach.
        if distance == .infinity { continue }
        var place = top
        while place > first, stack[place - 1].near < distance {
          stack[place] = stack[place - 1]
          place -= 1
        }
        stack[place] = WaitingSlot(near: distance, child: node.child(lane), count: UInt32(node.count(lane)))
        top += 1
      }
    }
  }

  /// Shrinks the ball by those of a leaf's triangles that come inside; whether any did.
  @inline(never)
  private func look(_ first: Int, _ count: Int, _ sight: BallSight, _ ball: inout TouchingBall) -> Bool {
    // A leaf of fewer than four has its last one in the lanes that are left.
    let t0 = corners[first]
    let t1 = corners[first + min(1, count - 1)]
    let t2 = corners[first + min(2, count - 1)]
    let t3 = corners[first + count - 1]
    let a = Lanes3(t0.a, t1.a, t2.a, t3.a, positions, sight.center)
    let b = Lanes3(t0.b, t1.b, t2.b, t3.b, positions, sight.center)
    let c = Lanes3(t0.c, t1.c, t2.c, t3.c, positions, sight.center)
    let valid = (UInt32(1) << UInt32(count)) - 1
    var candidates = sight.lanesThatMayMeet(a, b, c) & valid
    if candidates == 0 { return false }
    candidates &= sight.lanesMeeting(a, b, c)
    if candidates == 0 { return false }
    let before = ball.radius
    while candidates != 0 {
      let i = first + candidates.trailingZeroBitCount
      candidates &= candidates &- 1
      let t = corners[i]
      ball.shrink(positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)], order[i])
    }
    return ball.radius < before
  }
}

/// A ball as boxes and triangles are compared with it: in single precision, and larger by what that may be off.
struct BallSight {
  let center: SIMD3<Float>
  /// Squared distance from the centre up to which something may be inside.
  let reach: Float

  @inline(__always)
  init(_ ball: TouchingBall) {
    center = SIMD3<Float>(ball.point + ball.radius * ball.normal)
    let farthest = max(abs(center.x), abs(center.y), abs(center.z))
    let reach = Float(ball.radius) * 1.000004 + 0x1p-22 * farthest
    self.reach = reach * reach
  }

  /// A bit for each triangle of which a point may be in reach, told by the corners, which are relative to the
  /// centre: no point is nearer, squared, than the nearest corner by more than a third of the longest edge's
  /// square. What overflows is let through.
  @inline(__always)
  func lanesThatMayMeet(_ a: Lanes3, _ b: Lanes3, _ c: Lanes3) -> UInt32 {
    let longest = greater(greater((b - a).squared, (c - a).squared), (c - b).squared)
    let least = lesser(lesser(a.squared, b.squared), c.squared)
    return ~bits(least .> longest * 0.33334 + reach)
  }

  /// A bit for each triangle of which a point is in reach.
  @inline(__always)
  func lanesMeeting(_ a: Lanes3, _ b: Lanes3, _ c: Lanes3) -> UInt32 {
    let ab = b - a
    let bc = c - b
    let ca = a - c
    let edges = meets(a, ab) | meets(b, bc) | meets(c, ca)
    // The foot of the centre within the triangle, and its plane in reach.
    let normal = ca.cross(ab)
    let height = a.dot(normal)
    let zero = SIMD4<Float>.zero
    let isBeside =
      (a.cross(ab).dot(normal) .< zero) .| (b.cross(bc).dot(normal) .< zero)
      .| (c.cross(ca).dot(normal) .< zero)
    return edges | ~bits(isBeside .| (height * height .> reach * 1.0001 * normal.squared))
  }

  /// A bit for each segment of which a point is in reach.
  @inline(__always)
  private func meets(_ from: Lanes3, _ along: Lanes3) -> UInt32 {
    let squared = along.squared
    let foot = -from.dot(along)
    let over = from.squared * 0.9999 - reach
    let isBetween = (foot .> SIMD4<Float>.zero) .& (foot .< squared)
    return ~bits(over .> SIMD4<Float>.zero) | bits(isBetween .& (over * squared .<= foot * foot))
  }
}
