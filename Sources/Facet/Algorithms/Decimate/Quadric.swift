/// A quadric error (Garland and Heckbert 1997): the weighted sum of squared distances from a point to planes,
/// `pᵀAp + 2b·p + c` for `p` relative to the vertex that carries it. In mm² times the weight; the trace of `A` is
/// the weight of all planes, as their normals have length 1.
///
/// Relative to its own vertex, because far from it the terms would cancel each other. Computed on in double
/// precision, kept in single: what is lost is one part in 10⁷ of the squared distance that a vertex moves.
struct Quadric {
  /// How strongly a point is drawn to the middle of its edge where the planes leave it free, as a share of their
  /// weight.
  static let looseness: Float = 1e-5
  /// Squared distances under this share of the squared length of an edge are not told from none: the rounding of
  /// quadrics in single precision. Also what makes shorter edges go first among equals.
  static let preference: Float = 2e-7
  /// How much sooner, among equals, edges go that lie along a crease: their vertices can go two ways only, which is
  /// easier while the flat places beside them still have many triangles.
  static let creaseFirst: Float = 300

  var xx = 0.0
  var xy = 0.0
  var xz = 0.0
  var yy = 0.0
  var yz = 0.0
  var zz = 0.0
  var b = SIMD3<Double>.zero
  var c = 0.0

  /// The total weight of the planes: their unit normals' squared lengths sum up in the diagonal.
  @inline(__always)
  var weight: Double { xx + yy + zz }

  /// The planes of weight `weight · |n|²` through the carrying vertex, with normals along `n`.
  @inline(__always)
  init(normal n: SIMD3<Double>, weight: Double) {
    let w = n * weight
    xx = w.x * n.x
    xy = w.x * n.y
    xz = w.x * n.z
    yy = w.y * n.y
    yz = w.y * n.z
    zz = w.z * n.z
  }

  /// 1 where all planes are one, less where they form an edge (``creaseFirst``).
  @inline(__always)
  var ease: Double {
    let minors = (xx * yy - xy * xy) + (xx * zz - xz * xz) + (yy * zz - yz * yz)
    let squared = weight * weight
    return squared > 0 ? squared / (squared + max(0, minors) * Double(Quadric.creaseFirst)) : 1
  }

  /// What collapses are ordered by: the fourth power of the distance, by area, rather than the square. It keeps the
  /// largest deviation down, and measured with it the mean as well.
  @inline(__always)
  func rank(_ error: Double) -> Float { Float(error * error / (weight + 1e-300)) }

  /// The plane of a triangle, weighed by its area, for a vertex in it; nil when it has no area.
  @inline(__always)
  init?(triangle a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) {
    let p = SIMD3<Double>(a)
    let n = cross(SIMD3<Double>(b) - p, SIMD3<Double>(c) - p)
    let doubleArea = length(n)
    guard doubleArea > 0 else { return nil }
    self.init(normal: n, weight: 0.5 / doubleArea)
  }

  @inline(__always)
  func times(_ p: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(
      xx * p.x + xy * p.y + xz * p.z,
      xy * p.x + yy * p.y + yz * p.z,
      xz * p.x + yz * p.y + zz * p.z)
  }

  /// The error at `p`, relative to the carrying vertex.
  @inline(__always)
  func error(at p: SIMD3<Double>) -> Double {
    let ap = times(p)
    return dot(p, ap) + 2 * dot(b, p) + c
  }

  /// The same error seen from a vertex that lies `step` from this quadric's own.
  @inline(__always)
  func seen(from step: SIMD3<Double>) -> Quadric {
    var q = self
    let a = times(step)
    q.b = b + a
    q.c = dot(step, a) + 2 * dot(b, step) + c
    return q
  }

  @inline(__always)
  static func + (p: Quadric, q: Quadric) -> Quadric {
    var sum = p
    sum.xx += q.xx
    sum.xy += q.xy
    sum.xz += q.xz
    sum.yy += q.yy
    sum.yz += q.yz
    sum.zz += q.zz
    sum.b = p.b + q.b
    sum.c += q.c
    return sum
  }

  /// The point of least error, held near `anchor` along directions that the planes leave free.
  ///
  /// Solves `(A + λ)p = λ·anchor − b` by Cramer's rule; λ is small beside the weight.
  @inline(__always)
  func minimum(near anchor: SIMD3<Double>) -> SIMD3<Double> {
    let l = weight * Double(Quadric.looseness) + 1e-300
    let (mxx, myy, mzz) = (xx + l, yy + l, zz + l)
    let r = anchor * l - b
    let cxx = myy * mzz - yz * yz
    let cxy = xz * yz - xy * mzz
    let cxz = xy * yz - xz * myy
    let determinant = mxx * cxx + xy * cxy + xz * cxz
    guard determinant > 0 else { return anchor }
    let cyy = mxx * mzz - xz * xz
    let cyz = xy * xz - mxx * yz
    let czz = mxx * myy - xy * xy
    let scale = 1 / determinant
    return SIMD3(
      (cxx * r.x + cxy * r.y + cxz * r.z) * scale,
      (cxy * r.x + cyy * r.y + cyz * r.z) * scale,
      (cxz * r.x + cyz * r.y + czz * r.z) * scale)
  }
}

extension Quadric {
  /// Ten numbers of single precision.
  struct Stored: BitwiseCopyable {
    var xx: Float = 0
    var xy: Float = 0
    var xz: Float = 0
    var yy: Float = 0
    var yz: Float = 0
    var zz: Float = 0
    var bx: Float = 0
    var by: Float = 0
    var bz: Float = 0
    var c: Float = 0

    /// Adds planes through the carrying vertex itself.
    @inline(__always)
    mutating func add(planes q: Stored) {
      xx += q.xx
      xy += q.xy
      xz += q.xz
      yy += q.yy
      yz += q.yz
      zz += q.zz
    }

    /// Of planes through the carrying vertex.
    mutating func scale(by weight: Float) {
      xx *= weight
      xy *= weight
      xz *= weight
      yy *= weight
      yz *= weight
      zz *= weight
    }
  }

  @inline(__always)
  init(_ s: Stored) {
    xx = Double(s.xx)
    xy = Double(s.xy)
    xz = Double(s.xz)
    yy = Double(s.yy)
    yz = Double(s.yz)
    zz = Double(s.zz)
    b = SIMD3(Double(s.bx), Double(s.by), Double(s.bz))
    c = Double(s.c)
  }

  @inline(__always)
  var stored: Stored {
    Stored(
      xx: Float(xx), xy: Float(xy), xz: Float(xz), yy: Float(yy), yz: Float(yz), zz: Float(zz),
      bx: Float(b.x), by: Float(b.y), bz: Float(b.z), c: Float(c))
  }
}
