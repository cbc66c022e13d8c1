/// A plane: the points `p` for which `dot(normal, p) == offset`.
public struct Plane: Sendable, Equatable {
  /// Of length 1.
  public var normal: SIMD3<Double>
  /// The signed distance of the origin to the plane against the normal, mm.
  public var offset: Double

  public init(normal: SIMD3<Double>, offset: Double) {
    self.normal = normal
    self.offset = offset
  }

  /// The signed distance of a point, mm; positive on the normal's side.
  public func distance(to point: SIMD3<Float>) -> Double { dot(normal, SIMD3<Double>(point)) - offset }

  /// The plane through the points' centroid with the least sum of squared distances. Its normal is the
  /// direction in which the points spread least, to either side; any normal fits points on a line.
  package static func fitted(to points: [SIMD3<Float>]) -> Plane {
    guard !points.isEmpty else { return Plane(normal: SIMD3(0, 0, 1), offset: 0) }
    var center = SIMD3<Double>.zero
    for p in points { center += SIMD3<Double>(p) }
    center /= Double(points.count)
    var covariance = [[Double]](repeating: [0, 0, 0], count: 3)
    for p in points {
      let d = SIMD3<Double>(p) - center
      for i in 0..<3 { for j in 0..<3 { covariance[i][j] += d[i] * d[j] } }
    }
    let normal = leastEigenvector(covariance)
    return Plane(normal: normal, offset: dot(normal, center))
  }
}

/// The eigenvector of the least eigenvalue of a symmetric matrix, by Jacobi rotations.
private func leastEigenvector(_ matrix: [[Double]]) -> SIMD3<Double> {
  var a = matrix
  var vectors: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
  // Converges quadratically: a handful of sweeps gives all digits.
  for _ in 0..<16 {
    for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
      let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
      let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
      let c = 1 / (t * t + 1).squareRoot()
      let s = t * c
      for k in 0..<3 {
        let (kp, kq) = (a[k][p], a[k][q])
        a[k][p] = c * kp - s * kq
        a[k][q] = s * kp + c * kq
      }
      for k in 0..<3 {
        let (pk, qk) = (a[p][k], a[q][k])
        a[p][k] = c * pk - s * qk
        a[q][k] = s * pk + c * qk
        let (vp, vq) = (vectors[k][p], vectors[k][q])
        vectors[k][p] = c * vp - s * vq
        vectors[k][q] = s * vp + c * vq
      }
    }
  }
  let least = [0, 1, 2].min { a[$0][$0] < a[$1][$1] }!
  return SIMD3(vectors[0][least], vectors[1][least], vectors[2][least]).normalized
}
