/// A triangle with its first corner in the origin, ready for distances of four points at a time; or four triangles,
/// each with its first corner in an origin of its own, for one point.
struct FaceLanes: BitwiseCopyable {
  private var ax, ay, az, bx, by, bz, ex, ey, ez, nx, ny, nz: SIMD4<Float>
  private var perA, perB, perE, perN: SIMD4<Float>
  let triangle: UInt32

  @inline(__always)
  init(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ triangle: UInt32) {
    func all(_ x: Float) -> SIMD4<Float> { SIMD4(repeating: x) }
    func inverse(_ v: SIMD3<Float>) -> SIMD4<Float> {
      let squared = dot(v, v)
      return all(squared > 0 ? 1 / squared : 0)
    }
    let e = b - a
    let n = cross(a, b)
    (ax, ay, az) = (all(a.x), all(a.y), all(a.z))
    (bx, by, bz) = (all(b.x), all(b.y), all(b.z))
    (ex, ey, ez) = (all(e.x), all(e.y), all(e.z))
    (nx, ny, nz) = (all(n.x), all(n.y), all(n.z))
    (perA, perB, perE, perN) = (inverse(a), inverse(b), inverse(e), inverse(n))
    self.triangle = triangle
  }

  /// Four triangles, by their second and third corners.
  ///
  /// - Parameter normals: Of length 1 or zero.
  @inline(__always)
  init(_ a: Lanes3, _ b: Lanes3, normals: Lanes3) {
    func inverse(_ squared: SIMD4<Float>) -> SIMD4<Float> {
      (1 / squared).replacing(with: 0, where: squared .== 0)
    }
    let e = b - a
    (ax, ay, az) = (a.x, a.y, a.z)
    (bx, by, bz) = (b.x, b.y, b.z)
    (ex, ey, ez) = (e.x, e.y, e.z)
    (nx, ny, nz) = (normals.x, normals.y, normals.z)
    (perA, perB, perE) = (inverse(a.squared), inverse(b.squared), inverse(e.squared))
    perN = inverse(normals.squared)
    triangle = .max
  }

  /// The second and third corner.
  var corners: (SIMD3<Float>, SIMD3<Float>) { (SIMD3(ax[0], ay[0], az[0]), SIMD3(bx[0], by[0], bz[0])) }

  var normal: SIMD3<Float> { SIMD3(nx[0], ny[0], nz[0]) }

  /// Squared distances of four points to the triangle.
  @inline(__always)
  func squaredDistances(_ x: SIMD4<Float>, _ y: SIMD4<Float>, _ z: SIMD4<Float>) -> SIMD4<Float> {
    let zero = SIMD4<Float>()
    let one = SIMD4<Float>(repeating: 1)
    // To the three edges: the foot, held between the ends.
    var t = (x * ax + y * ay + z * az) * perA
    t = t.replacing(with: zero, where: t .< zero)
    t = t.replacing(with: one, where: t .> one)
    var (dx, dy, dz) = (x - t * ax, y - t * ay, z - t * az)
    var least = dx * dx + dy * dy + dz * dz
    t = (x * bx + y * by + z * bz) * perB
    t = t.replacing(with: zero, where: t .< zero)
    t = t.replacing(with: one, where: t .> one)
    (dx, dy, dz) = (x - t * bx, y - t * by, z - t * bz)
    var squared = dx * dx + dy * dy + dz * dz
    least = least.replacing(with: squared, where: squared .< least)
    let (px, py, pz) = (x - ax, y - ay, z - az)
    t = (px * ex + py * ey + pz * ez) * perE
    t = t.replacing(with: zero, where: t .< zero)
    t = t.replacing(with: one, where: t .> one)
    (dx, dy, dz) = (px - t * ex, py - t * ey, pz - t * ez)
    squared = dx * dx + dy * dy + dz * dz
    least = least.replacing(with: squared, where: squared .< least)
    // To the plane, where the foot is inside: it is left of all three edges.
    let u = (ny * az - nz * ay) * x + (nz * ax - nx * az) * y + (nx * ay - ny * ax) * z
    let v = (by * nz - bz * ny) * x + (bz * nx - bx * nz) * y + (bx * ny - by * nx) * z
    let w = (ny * ez - nz * ey) * px + (nz * ex - nx * ez) * py + (nx * ey - ny * ex) * pz
    let height = x * nx + y * ny + z * nz
    squared = height * height * perN
    let isInside = (u .>= zero) .& (v .>= zero) .& (w .>= zero) .& (perN .> zero)
    return least.replacing(with: squared, where: isInside .& (squared .< least))
  }
}

/// The cosine of the angle between two directions of any length; 1 when one has no direction.
@inline(__always)
func cosineBetween(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float {
  let squared = dot(a, a) * dot(b, b)
  return squared > 0 ? dot(a, b) / squared.squareRoot() : 1
}
