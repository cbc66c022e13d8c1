// Ear clipping; holes are joined to the outline by bridges first (D. Eberly, "Triangulation by Ear
// Clipping"). For the outlines of primitives: hundreds of corners, no two loops touching.

/// The triangles, counter-clockwise, that fill a counter-clockwise outline without its holes (of any
/// direction). Uses the loops' corners only, so neighbours along the loops meet them exactly.
package func triangulated(
  outline: [SIMD2<Float>], holes: [[SIMD2<Float>]] = []
) -> [(SIMD2<Float>, SIMD2<Float>, SIMD2<Float>)] {
  var polygon = outline
  let clockwise = holes.map { enclosedArea($0) > 0 ? $0.reversed() : $0 }
  let order = clockwise.indices.sorted { i, j in
    let (a, b) = (rightmost(clockwise[i]).x, rightmost(clockwise[j]).x)
    return a != b ? a > b : i < j
  }
  for i in order { join(clockwise[i], to: &polygon) }
  return clipped(polygon)
}

private func rightmost(_ loop: [SIMD2<Float>]) -> SIMD2<Float> {
  loop.max { ($0.x, $0.y) < ($1.x, $1.y) }!
}

/// Twice the area of a triangle, positive when counter-clockwise. Exact enough for coordinates of a part:
/// products of two floats are exact in double precision.
private func orient(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>) -> Double {
  let (a, b, c) = (SIMD2<Double>(a), SIMD2<Double>(b), SIMD2<Double>(c))
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Whether the segments cross or touch other than in a shared end.
private func crosses(
  _ a: SIMD2<Float>, _ b: SIMD2<Float>, _ p: SIMD2<Float>, _ q: SIMD2<Float>
) -> Bool {
  if a == p || a == q || b == p || b == q { return false }
  let (d1, d2) = (orient(a, b, p), orient(a, b, q))
  let (d3, d4) = (orient(p, q, a), orient(p, q, b))
  if d1 == 0 && d2 == 0 {
    func overlap(_ l1: Float, _ h1: Float, _ l2: Float, _ h2: Float) -> Bool {
      max(min(l1, h1), min(l2, h2)) <= min(max(l1, h1), max(l2, h2))
    }
    return overlap(a.x, b.x, p.x, q.x) && overlap(a.y, b.y, p.y, q.y)
  }
  return (d1 >= 0) != (d2 > 0) && (d3 >= 0) != (d4 > 0) || (d1 <= 0) != (d2 < 0) && (d3 <= 0) != (d4 < 0)
}

/// Splices a clockwise hole into the polygon along the shortest bridge that crosses nothing.
private func join(_ hole: [SIMD2<Float>], to polygon: inout [SIMD2<Float>]) {
  let start = hole.indices.max { (hole[$0].x, hole[$0].y) < (hole[$1].x, hole[$1].y) }!
  let from = hole[start]
  let candidates = polygon.indices.sorted { i, j in
    let (a, b) = (SIMD2<Double>(polygon[i] - from), SIMD2<Double>(polygon[j] - from))
    let (da, db) = ((a * a).sum(), (b * b).sum())
    return da != db ? da < db : i < j
  }
  let n = polygon.count
  for i in candidates {
    let to = polygon[i]
    let (previous, next) = (polygon[(i + n - 1) % n], polygon[(i + 1) % n])
    guard isInside(from, corner: to, previous: previous, next: next) else { continue }
    let free =
      !polygon.indices.contains { crosses(from, to, polygon[$0], polygon[($0 + 1) % n]) }
      && !hole.indices.contains { crosses(from, to, hole[$0], hole[($0 + 1) % hole.count]) }
    guard free else { continue }
    polygon.insert(contentsOf: hole[start...] + hole[...start] + [to], at: i + 1)
    return
  }
  preconditionFailure("a hole lies outside its outline")
}

/// Whether `point` lies in the inner angle of a polygon's corner.
private func isInside(
  _ point: SIMD2<Float>, corner: SIMD2<Float>, previous: SIMD2<Float>, next: SIMD2<Float>
) -> Bool {
  let (left, right) = (orient(corner, next, point) > 0, orient(previous, corner, point) > 0)
  return orient(previous, corner, next) > 0 ? left && right : left || right
}

private func clipped(
  _ polygon: [SIMD2<Float>]
) -> [(SIMD2<Float>, SIMD2<Float>, SIMD2<Float>)] {
  var ring = polygon
  var result: [(SIMD2<Float>, SIMD2<Float>, SIMD2<Float>)] = []

  /// How good an ear the corner is: its triangle's least height over its longest side, or below zero.
  func quality(_ i: Int) -> Double {
    let n = ring.count
    let (a, b, c) = (ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n])
    let area = orient(a, b, c)
    guard area > 0 else { return -1 }
    for p in ring where p != a && p != b && p != c {
      if orient(a, b, p) >= 0 && orient(b, c, p) >= 0 && orient(c, a, p) >= 0 { return -1 }
    }
    var longest = 0.0
    for side in [b - a, c - b, a - c] {
      let side = SIMD2<Double>(side)
      longest = max(longest, (side * side).sum())
    }
    return area / longest
  }

  var qualities = ring.indices.map(quality)
  while ring.count > 3 {
    var best = qualities.indices.max { qualities[$0] < qualities[$1] }!
    if qualities[best] <= 0 {
      qualities = ring.indices.map(quality)
      best = qualities.indices.max { qualities[$0] < qualities[$1] }!
      precondition(qualities[best] > 0, "the outline crosses itself")
    }
    let n = ring.count
    result.append((ring[(best + n - 1) % n], ring[best], ring[(best + 1) % n]))
    ring.remove(at: best)
    qualities.remove(at: best)
    let m = ring.count
    qualities[best % m] = quality(best % m)
    qualities[(best + m - 1) % m] = quality((best + m - 1) % m)
  }
  if orient(ring[0], ring[1], ring[2]) > 0 { result.append((ring[0], ring[1], ring[2])) }
  return result
}
