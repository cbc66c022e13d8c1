/// A straight line through a point.
struct FittedLine: Sendable {
  var point: SIMD2<Double>
  /// Of length 1, the way the points run.
  var direction: SIMD2<Double>

  func distance(_ other: SIMD2<Double>) -> Double { cross(direction, other - point) }

  func foot(_ other: SIMD2<Double>) -> SIMD2<Double> { point + direction * dot(direction, other - point) }
}

struct FittedCircle: Sendable, Hashable {
  var center: SIMD2<Double>
  var radius: Double

  func distance(_ other: SIMD2<Double>) -> Double { length(other - center) - radius }

  func foot(_ other: SIMD2<Double>) -> SIMD2<Double> {
    let spoke = other - center
    let distance = length(spoke)
    return distance > 0 ? center + spoke * (radius / distance) : center + SIMD2(radius, 0)
  }
}

/// Sums over points, from which the line and the circle of least squares through them follow at once.
///
/// Coordinates are best counted from one of the points: the sums are of up to the fourth power.
struct PointSums: Sendable {
  private(set) var count = 0.0
  private var x = 0.0
  private var y = 0.0
  private var xx = 0.0
  private var xy = 0.0
  private var yy = 0.0
  private var xz = 0.0
  private var yz = 0.0
  private var zz = 0.0

  mutating func add(_ point: SIMD2<Double>) {
    let z = dot(point, point)
    count += 1
    x += point.x
    y += point.y
    xx += point.x * point.x
    xy += point.x * point.y
    yy += point.y * point.y
    xz += point.x * z
    yz += point.y * z
    zz += z * z
  }

  /// The line with the least sum of squared distances, and that sum.
  /// - Parameter chord: Which way the line is to run.
  func line(along chord: SIMD2<Double>) -> (line: FittedLine, squares: Double) {
    let mean = SIMD2(x, y) / count
    let a = xx - count * mean.x * mean.x
    let b = xy - count * mean.x * mean.y
    let c = yy - count * mean.y * mean.y
    let spread = ((a - c) * (a - c) / 4 + b * b).squareRoot()
    let greater = (a + c) / 2 + spread
    // The longer of the two ways to write the eigenvector.
    var direction = a > c ? SIMD2(greater - c, b) : SIMD2(b, greater - a)
    let size = length(direction)
    direction = size > 0 ? direction / size : SIMD2(1, 0)
    if dot(direction, chord) < 0 { direction = -direction }
    return (FittedLine(point: mean, direction: direction), max(0, (a + c) / 2 - spread))
  }

  /// The circle x² + y² + a x + b y + c = 0 with the least sum of squares (Kåsa, 1976), and about the sum of squared
  /// distances. Nil for points on a line.
  func circle() -> (circle: FittedCircle, squares: Double)? {
    let mean = SIMD2(x, y) / count
    let z = xx + yy
    let sxx = xx - count * mean.x * mean.x
    let sxy = xy - count * mean.x * mean.y
    let syy = yy - count * mean.y * mean.y
    let sxz = xz - mean.x * z
    let syz = yz - mean.y * z
    let determinant = sxx * syy - sxy * sxy
    guard determinant > 1e-9 * (sxx + syy) * (sxx + syy) else { return nil }
    let a = (sxy * syz - syy * sxz) / determinant
    let b = (sxy * sxz - sxx * syz) / determinant
    let c = -(z + a * x + b * y) / count
    let center = SIMD2(-a / 2, -b / 2)
    let square = dot(center, center) - c
    guard square > 0, square.isFinite else { return nil }
    let residual = max(0, zz + a * xz + b * yz + c * z)
    return (FittedCircle(center: center, radius: square.squareRoot()), residual / (4 * square))
  }
}

/// Sums over points counted from the first of them.
private func sums(_ points: some Collection<SIMD2<Double>>) -> PointSums {
  var sums = PointSums()
  guard let origin = points.first else { return sums }
  for point in points { sums.add(point - origin) }
  return sums
}

/// The line with the least sum of squared distances.
func fitLine(_ points: some BidirectionalCollection<SIMD2<Double>>) -> FittedLine? {
  guard points.count >= 2, let first = points.first, let last = points.last else { return nil }
  var line = sums(points).line(along: last - first).line
  line.point += first
  return line
}

/// The circle with the least sum of squared distances: Kåsa's, which is too small for short arcs, made better by
/// Gauss and Newton's steps.
func fitCircle(_ points: some BidirectionalCollection<SIMD2<Double>>) -> FittedCircle? {
  guard points.count >= 3, let first = points.first, var circle = sums(points).circle()?.circle else {
    return nil
  }
  circle.center += first
  for _ in 0..<12 {
    // Unknown are the shifts of the centre and the change of the radius.
    var (uu, uv, vv, u, v) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (ud, vd, d) = (0.0, 0.0, 0.0)
    for point in points {
      let spoke = point - circle.center
      let size = length(spoke)
      guard size > 0 else { continue }
      let unit = spoke / size
      let distance = size - circle.radius
      uu += unit.x * unit.x
      uv += unit.x * unit.y
      vv += unit.y * unit.y
      u += unit.x
      v += unit.y
      ud += unit.x * distance
      vd += unit.y * distance
      d += distance
    }
    let n = Double(points.count)
    // The radius eliminated, two equations are left.
    let a = uu - u * u / n
    let b = uv - u * v / n
    let c = vv - v * v / n
    let determinant = a * c - b * b
    guard determinant > 1e-12 * (a + c) * (a + c) else { break }
    let p = ud - u * d / n
    let q = vd - v * d / n
    let shift = SIMD2((p * c - q * b) / determinant, (q * a - p * b) / determinant)
    let growth = (d - u * shift.x - v * shift.y) / n
    guard circle.radius + growth > 0, (shift.x + shift.y + growth).isFinite else { break }
    circle.center += shift
    circle.radius += growth
    if abs(shift.x) + abs(shift.y) + abs(growth) < 1e-7 { break }
  }
  return circle
}
