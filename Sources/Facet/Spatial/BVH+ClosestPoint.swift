/// The point of a mesh that is closest to another.
public struct ClosestPoint: Sendable, Equatable {
  public var triangle: Int
  public var point: SIMD3<Float>
  /// In millimetres.
  public var distance: Float
}

extension BVH {
  /// The point of the mesh closest to `point`, or nil when nothing is within `limit` millimetres. Of several
  /// triangles at the same distance, the one with the lowest index.
  public func closestPoint(
    _ mesh: Mesh, to point: SIMD3<Float>, within limit: Float = .infinity
  ) -> ClosestPoint? {
    guard point.isFinite, limit >= 0 else { return nil }
    var nearest = NearestPoint(limit: limit)
    withUnsafeTemporaryAllocation(of: WaitingSlot.self, capacity: stackCapacity) { stack in
      nodes.withUnsafeBufferPointer { nodes in
        order.withUnsafeBufferPointer { order in
          mesh.positions.withUnsafeBufferPointer { positions in
            corners.withUnsafeBufferPointer { corners in
              let scene = PointScene(
                nodes: nodes.baseAddress!, order: order, positions: positions, corners: corners)
              scene.search(point, &nearest, stack.baseAddress!)
            }
          }
        }
      }
    }
    guard nearest.triangle != .max else { return nil }
    return ClosestPoint(
      triangle: Int(nearest.triangle), point: point + nearest.offset,
      distance: nearest.squared.squareRoot())
  }
}

struct NearestPoint {
  var squared: Float
  var triangle = UInt32.max
  /// From the query point to the closest one.
  var offset = SIMD3<Float>.zero

  init(limit: Float) { squared = limit * limit }
}

struct PointScene {
  let nodes: UnsafePointer<BVH.Node>
  let order: UnsafeBufferPointer<UInt32>
  let positions: UnsafeBufferPointer<SIMD3<Float>>
  let corners: UnsafeBufferPointer<Triangle>

  func search(
    _ point: SIMD3<Float>, _ nearest: inout NearestPoint, _ stack: UnsafeMutablePointer<WaitingSlot>
  ) {
    let px = SIMD8(repeating: point.x)
    let py = SIMD8(repeating: point.y)
    let pz = SIMD8(repeating: point.z)
    let zero = SIMD8<Float>.zero
    stack[0] = WaitingSlot(near: 0, child: 0, count: 0)
    var top = 1
    while top > 0 {
      top -= 1
      let slot = stack[top]
      if slot.near > nearest.squared { continue }
      if slot.count > 0 {
        _ = look(Int(slot.child), Int(slot.count), point, &nearest)
        continue
      }
      let node = nodes + Int(slot.child)
      let x = greater(greater(zero, node.lanes(at: 0) - px), px - node.lanes(at: 96))
      let y = greater(greater(zero, node.lanes(at: 32) - py), py - node.lanes(at: 128))
      let z = greater(greater(zero, node.lanes(at: 64) - pz), pz - node.lanes(at: 160))
      // A little less than computed, so that rounding never hides the closest triangle.
      let near = (x * x + y * y + z * z) * 0.999999
      var mask = bits(near .<= nearest.squared)
      let first = top
      while mask != 0 {
        let lane = mask.trailingZeroBitCount
        mask &= mask &- 1
        let distance = near[lane]
        // Empty slots lie at infinity, and so may the limit.
        if distance == .infinity { continue }
        var place = top
        while place > first, stack[place - 1].near < distance {
          stack[place] = stack[place - 1]
          place -= 1
        }
        stack[place] = WaitingSlot(
          near: distance, child: node.child(lane), count: UInt32(node.count(lane)))
        top += 1
      }
    }
  }

  /// Looks at a leaf's triangles; whether one of them is the nearest so far.
  @inline(__always)
  func look(_ first: Int, _ count: Int, _ point: SIMD3<Float>, _ nearest: inout NearestPoint) -> Bool {
    let (a, b, c) = Leaf(first, count).corners(corners, positions)
    // A little farther than known, so that rounding never hides the closest triangle.
    let sight = BallSight(center: point, reach: nearest.squared * 1.00001)
    var lanes = sight.lanesMeeting(a - point, b - point, c - point)
    var isNearer = false
    while lanes != 0 {
      let lane = lanes.trailingZeroBitCount
      lanes &= lanes &- 1
      // A leaf of fewer than four has its last one again.
      if lane >= count { break }
      let id = order[first &+ lane]
      if id == nearest.triangle { continue }
      let t = corners[first &+ lane]
      let offset = closestOffset(
        positions[Int(t.a)] - point, positions[Int(t.b)] - point, positions[Int(t.c)] - point)
      let squared = dot(offset, offset)
      if squared < nearest.squared || squared == nearest.squared && id < nearest.triangle {
        nearest.squared = squared
        nearest.triangle = id
        nearest.offset = offset
        isNearer = true
      }
    }
    return isNearer
  }
}

/// The point of the triangle `a`, `b`, `c` that is closest to the origin. Always a point of the triangle, also
/// of one without area.
///
/// Tells the regions of space that are closest to a corner, an edge or the inside: Ericson, Real-Time Collision
/// Detection (2005), 5.1.5.
func closestOffset(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> SIMD3<Float> {
  let ab = b - a
  let ac = c - a
  // How far the origin is from a, b and c along ab and along ac, times the lengths of these.
  let (x, y, z) = (SIMD3(a.x, b.x, c.x), SIMD3(a.y, b.y, c.y), SIMD3(a.z, b.z, c.z))
  let u = SIMD3<Float>.zero - (x * ab.x + y * ab.y + z * ab.z)
  let v = SIMD3<Float>.zero - (x * ac.x + y * ac.y + z * ac.z)
  let (bb, cc, bc) = (u.x - u.y, v.x - v.z, u.x - u.z)
  // A needle's regions lose their digits.
  guard bb * cc - bc * bc > 0.01 * (bb * cc) else { return closestOffsetOfNeedle(a, b, c) }
  // On which side of ab, bc and ca the origin is.
  let beside = u * SIMD3(v.y, v.z, v.x) - SIMD3(u.y, u.z, u.x) * v
  if beside.x > 0 && beside.y > 0 && beside.z > 0 {
    let normal = cross(ab, ac)
    let squared = dot(normal, normal)
    let wb = dot(cross(ac, a), normal) / squared
    let wc = dot(cross(a, ab), normal) / squared
    if wb >= 0, wc >= 0, wb + wc <= 1 { return a + wb * ab + wc * ac }
  }
  if u.x <= 0 && v.x <= 0 { return a }
  if u.y >= 0 && v.y <= u.y { return b }
  if v.z >= 0 && u.z <= v.z { return c }
  if beside.x <= 0 && u.x >= 0 && u.y <= 0 { return a + clamped(u.x / bb) * ab }
  if beside.z <= 0 && v.x >= 0 && v.z <= 0 { return a + clamped(v.x / cc) * ac }
  let (fromB, fromC) = (v.y - u.y, u.z - v.z)
  return b + clamped(fromB / (fromB + fromC)) * (c - b)
}

@inline(__always)
private func clamped(_ share: Float) -> Float { share > 0 ? (share < 1 ? share : 1) : 0 }

private func closestOffsetOfNeedle(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>
) -> SIMD3<Float> {
  let t = (SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
  let (ab, ac) = (t.1 - t.0, t.2 - t.0)
  let (bb, cc, bc) = (dot(ab, ab), dot(ac, ac), dot(ab, ac))
  if bb * cc - bc * bc > 1e-8 * (bb * cc) { return SIMD3<Float>(closestPoint(t, to: .zero)) }
  // Where even that is not enough, a foot inside counts only when it is nearer than the edges.
  let (first, second, third) = (closestOnSegment(a, b), closestOnSegment(b, c), closestOnSegment(c, a))
  let nearer = dot(second, second) < dot(first, first) ? second : first
  let best = dot(third, third) < dot(nearer, nearer) ? third : nearer
  let normal = cross(ab, ac)
  let squared = dot(normal, normal)
  guard squared > 0 else { return best }
  let wb = dot(cross(ac, t.0), normal) / squared
  let wc = dot(cross(t.0, ab), normal) / squared
  guard wb >= 0, wc >= 0, wb + wc <= 1 else { return best }
  let foot = SIMD3<Float>(t.0 + wb * ab + wc * ac)
  return dot(foot, foot) < dot(best, best) ? foot : best
}

@inline(__always)
private func closestOnSegment(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  let ab = b - a
  let squared = dot(ab, ab)
  let along = -dot(a, ab)
  if along <= 0 || squared == 0 { return a }
  if along >= squared { return b }
  return a + (along / squared) * ab
}

/// The point of a triangle that is closest to another point; see ``closestOffset(_:_:_:)``.
func closestPoint(
  _ t: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>), to p: SIMD3<Double>
) -> SIMD3<Double> {
  let (ab, ac, ap) = (t.1 - t.0, t.2 - t.0, p - t.0)
  let (d1, d2) = (dot(ab, ap), dot(ac, ap))
  if d1 <= 0 && d2 <= 0 { return t.0 }
  let bp = p - t.1
  let (d3, d4) = (dot(ab, bp), dot(ac, bp))
  if d3 >= 0 && d4 <= d3 { return t.1 }
  let vc = d1 * d4 - d3 * d2
  if vc <= 0 && d1 >= 0 && d3 <= 0 && d1 - d3 > 0 { return t.0 + ab * (d1 / (d1 - d3)) }
  let cp = p - t.2
  let (d5, d6) = (dot(ab, cp), dot(ac, cp))
  if d6 >= 0 && d5 <= d6 { return t.2 }
  let vb = d5 * d2 - d1 * d6
  if vb <= 0 && d2 >= 0 && d6 <= 0 && d2 - d6 > 0 { return t.0 + ac * (d2 / (d2 - d6)) }
  let va = d3 * d6 - d5 * d4
  if va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0 && (d4 - d3) + (d5 - d6) > 0 {
    return t.1 + (t.2 - t.1) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)))
  }
  let sum = va + vb + vc
  return sum > 0 ? t.0 + ab * (vb / sum) + ac * (vc / sum) : t.0
}
