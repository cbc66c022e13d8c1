/// The least distance between two triangles that do not cross: between two of their edges, or a corner of one and the
/// inside of the other.
func distance(
  _ p: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>), _ q: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
) -> Double {
  var least = Double.infinity
  for (a, b) in [(p.0, p.1), (p.1, p.2), (p.2, p.0)] {
    for (c, d) in [(q.0, q.1), (q.1, q.2), (q.2, q.0)] {
      least = min(least, squaredDistance(a, b, c, d))
    }
  }
  for corner in [p.0, p.1, p.2] { least = min(least, squaredHeight(corner, q)) }
  for corner in [q.0, q.1, q.2] { least = min(least, squaredHeight(corner, p)) }
  return least.squareRoot()
}

/// The squared distance of two segments. After C. Ericson, "Real-Time Collision Detection", 2005, section 5.1.9: the
/// closest points of the lines, one parameter clamped, then the other.
private func squaredDistance(
  _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, _ d: SIMD3<Double>
) -> Double {
  let (u, v, w) = (b - a, d - c, a - c)
  let (uu, vv, uv, uw, vw) = (dot(u, u), dot(v, v), dot(u, v), dot(u, w), dot(v, w))
  func clamped(_ x: Double) -> Double { x > 0 ? min(x, 1) : 0 }
  if uu == 0 && vv == 0 { return dot(w, w) }
  var s = 0.0
  var t = 0.0
  if vv == 0 {
    s = clamped(-uw / uu)
  } else if uu == 0 {
    t = clamped(vw / vv)
  } else {
    let determinant = uu * vv - uv * uv
    s = determinant > 0 ? clamped((uv * vw - uw * vv) / determinant) : 0
    t = (uv * s + vw) / vv
    if t < 0 {
      t = 0
      s = clamped(-uw / uu)
    } else if t > 1 {
      t = 1
      s = clamped((uv - uw) / uu)
    }
  }
  let apart = w + s * u - t * v
  return dot(apart, apart)
}

/// The squared distance of a point from a triangle's plane where its foot is within the triangle; else infinite.
private func squaredHeight(
  _ p: SIMD3<Double>, _ t: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
) -> Double {
  let (ab, ac, ap) = (t.1 - t.0, t.2 - t.0, p - t.0)
  let normal = cross(ab, ac)
  let squared = dot(normal, normal)
  guard squared > 0 else { return .infinity }
  let wb = dot(cross(ap, ac), normal)
  let wc = dot(cross(ab, ap), normal)
  guard wb >= 0, wc >= 0, wb + wc <= squared else { return .infinity }
  let height = dot(ap, normal)
  return height * height / squared
}
