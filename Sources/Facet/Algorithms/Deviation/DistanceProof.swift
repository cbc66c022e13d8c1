/// Proves that a triangle is nowhere farther than a limit from the surface of a mesh, at every one of its points.
///
/// The distance to one triangle is a convex function: a polygon whose corners are all within the limit of *one*
/// target triangle is so everywhere. So the part of the triangle that lies above the nearest target triangle is cut
/// out and decided by its corners, and what is left over goes on with the target triangles nearest to it. Where a
/// cut does not help, at ridges, a polygon is halved; a small one is decided by its middle, since a distance
/// changes no faster than the point moves.
struct DistanceProof: Sendable {
  let target: Mesh
  let tree: BVH
  /// In mm, above 0.
  let limit: Float

  struct Outcome {
    /// The largest distance met, mm.
    var largest: Float = 0
    /// The target triangle nearest to a point that is too far away; nil when the limit holds.
    var offending: Int?
  }

  /// Polygons looked at for one triangle at most: one that needs more counts as offending.
  private static let patience = 4096

  /// - Parameter hint: A target triangle that may be near everywhere; saves searches when it is.
  func outcome(of triangle: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), hint: Int? = nil) -> Outcome {
    var outcome = Outcome()
    // Everything relative to a corner: coordinates far from the origin would cost precision.
    let origin = triangle.0
    let whole = Polygon(.zero, triangle.1 - origin, triangle.2 - origin)
    if let hint {
      let farthest = whole.farthest(from: corners(hint, origin))
      if farthest <= limit { return Outcome(largest: farthest) }
    }
    var waiting = [whole]
    var looked = 0
    while let polygon = waiting.popLast() {
      looked += 1
      let (middle, reach) = polygon.middleAndReach
      let place = middle + origin
      guard
        let closest = tree.closestPoint(target, to: place, within: limit)
          ?? tree.closestPoint(target, to: place)
      else { return outcome }
      outcome.largest = max(outcome.largest, closest.distance)
      if closest.distance > limit || looked > DistanceProof.patience {
        outcome.offending = closest.triangle
        return outcome
      }
      if closest.distance + reach <= limit { continue }
      let near = corners(closest.triangle, origin)
      let farthest = polygon.farthest(from: near)
      if farthest <= limit {
        outcome.largest = max(outcome.largest, farthest)
        continue
      }
      if cut(polygon, above: near, into: &waiting, &outcome) { continue }
      if reach < limit * 0.01 {
        // Too small to halve on, and its middle is just within the limit.
        outcome.offending = closest.triangle
        return outcome
      }
      let (first, second) = polygon.halves
      waiting.append(first)
      waiting.append(second)
    }
    return outcome
  }

  @inline(__always)
  private func corners(_ triangle: Int, _ origin: SIMD3<Float>) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  {
    let t = target.corners(triangle)
    return (t.0 - origin, t.1 - origin, t.2 - origin)
  }

  /// Cuts out what lies above a target triangle, give or take a margin, and lets the rest wait. False when that is
  /// nothing, or not within the limit.
  private func cut(
    _ polygon: Polygon, above t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), into waiting: inout [Polygon],
    _ outcome: inout Outcome
  ) -> Bool {
    let normal = cross(t.1 - t.0, t.2 - t.0)
    guard dot(normal, normal) > 0 else { return false }
    for margin in [0.4 * limit, 0.05 * limit] {
      var inside = polygon
      let before = waiting.count
      var isCut = true
      for (a, b) in [(t.0, t.1), (t.1, t.2), (t.2, t.0)] {
        let outward = cross(b - a, normal)
        let size = length(outward)
        guard size > 0 else {
          isCut = false
          break
        }
        let direction = outward / size
        guard let outside = inside.split(direction, at: dot(direction, a) + margin) else {
          isCut = false
          break
        }
        if outside.count >= 3 { waiting.append(outside) }
        if inside.count < 3 { break }
      }
      if isCut && inside.count >= 3 {
        let farthest = inside.farthest(from: t)
        if farthest <= limit {
          outcome.largest = max(outcome.largest, farthest)
          return true
        }
      }
      waiting.removeLast(waiting.count - before)
    }
    return false
  }
}

/// A convex polygon of few corners, in place.
private struct Polygon {
  private static var capacity: Int { 12 }
  private var corners = InlineArray<12, SIMD3<Float>>(repeating: .zero)
  private(set) var count = 0

  init() {}

  init(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    corners[0] = a
    corners[1] = b
    corners[2] = c
    count = 3
  }

  private mutating func append(_ p: SIMD3<Float>) {
    corners[count] = p
    count += 1
  }

  /// The mean of the corners, and how far the farthest corner is from it.
  var middleAndReach: (SIMD3<Float>, Float) {
    var sum = SIMD3<Float>.zero
    for i in 0..<count { sum += corners[i] }
    let middle = sum / Float(count)
    var reach: Float = 0
    for i in 0..<count {
      let d = corners[i] - middle
      reach = max(reach, dot(d, d))
    }
    return (middle, reach.squareRoot())
  }

  /// The distance of the farthest corner from a triangle.
  func farthest(from t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)) -> Float {
    var farthest: Float = 0
    for i in 0..<count {
      let p = corners[i]
      let offset = closestOffset(t.0 - p, t.1 - p, t.2 - p)
      farthest = max(farthest, dot(offset, offset))
    }
    return farthest.squareRoot()
  }

  /// Keeps what is below `level` along `direction` and returns the rest; nil when that takes too many corners.
  mutating func split(_ direction: SIMD3<Float>, at level: Float) -> Polygon? {
    if count + 2 > Polygon.capacity { return nil }
    var (below, above) = (Polygon(), Polygon())
    var previous = corners[count - 1]
    var height = dot(direction, previous) - level
    for i in 0..<count {
      let p = corners[i]
      let h = dot(direction, p) - level
      if (h > 0) != (height > 0) {
        let crossing = previous + (p - previous) * (height / (height - h))
        below.append(crossing)
        above.append(crossing)
      }
      if h > 0 { above.append(p) } else { below.append(p) }
      previous = p
      height = h
    }
    self = below
    return above
  }

  /// Two parts, cut across the longest way from one corner to another.
  var halves: (Polygon, Polygon) {
    var (from, to) = (corners[0], corners[1])
    var longest: Float = -1
    for i in 0..<count {
      for j in 0..<i {
        let d = corners[i] - corners[j]
        if dot(d, d) > longest {
          longest = dot(d, d)
          from = corners[i]
          to = corners[j]
        }
      }
    }
    var half = self
    let direction = (to - from) / max(longest.squareRoot(), .leastNormalMagnitude)
    if let rest = half.split(direction, at: dot(direction, (from + to) * 0.5)), rest.count >= 3,
      half.count >= 3
    {
      return (half, rest)
    }
    // Full: a triangle, and the others.
    let triangle = Polygon(corners[0], corners[1], corners[2])
    var rest = Polygon()
    rest.append(corners[0])
    for i in 2..<count { rest.append(corners[i]) }
    return (triangle, rest)
  }
}
