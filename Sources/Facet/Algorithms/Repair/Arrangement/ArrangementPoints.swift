/// The points of an arrangement of triangles: the mesh's own vertices, by their indices, and after them the exact
/// points in which an edge meets a plane or three planes meet each other.
///
/// No coordinate is ever rounded to decide something. A new point is a quotient of whole numbers (multiples of
/// the finest last place of any coordinate there is), with an approximation good to the last places of a Double; a
/// predicate is answered from approximations when the result is beyond their error, in whole numbers else. Equal
/// points have one index, whatever they were made of (points as intersections of input planes: Attene, "Indirect
/// predicates for geometric constructions", 2020).
struct ArrangementPoints {
  private let positions: [SIMD3<Float>]
  private let triangles: [Triangle]
  /// Coordinates times 2^shift are whole.
  private let shift: Int
  private var exact: [Exact] = []
  private var approximations: [SIMD3<Double>] = []
  private var known: [SIMD3<UInt64>: UInt32] = [:]
  private var planes: [UInt32: ExactPlane] = [:]

  /// A point times its denominator, which is positive.
  private struct Exact {
    var x: ExactInteger
    var y: ExactInteger
    var z: ExactInteger
    var w: ExactInteger

    subscript(axis: Int) -> ExactInteger { axis == 0 ? x : axis == 1 ? y : z }
  }

  /// x · n = offset.
  private struct ExactPlane {
    var x: ExactInteger
    var y: ExactInteger
    var z: ExactInteger
    var offset: ExactInteger
  }

  /// - Parameter vertices: Those that new points may coincide with, or be made of.
  init(_ mesh: Mesh, vertices: [UInt32]) {
    positions = mesh.positions
    triangles = mesh.triangles
    var shift = 0
    for v in vertices {
      let p = mesh.positions[Int(v)]
      for axis in 0..<3 where p[axis] != 0 {
        shift = max(shift, p[axis].significandWidth - Int(p[axis].exponent))
      }
    }
    self.shift = shift
    for v in vertices {
      let point = exactVertex(v)
      known[residues(point)] = v
    }
  }

  /// Vertices and points.
  var count: Int { positions.count + exact.count }
  var vertexCount: Int { positions.count }

  @inline(__always)
  func isVertex(_ i: UInt32) -> Bool { Int(i) < positions.count }

  /// Where a point is, to the last places of a Double.
  @inline(__always)
  func approximation(_ i: UInt32) -> SIMD3<Double> {
    Int(i) < positions.count ? SIMD3(positions[Int(i)]) : approximations[Int(i) - positions.count]
  }

  /// The nearest position that a mesh can hold.
  func rounded(_ i: UInt32) -> SIMD3<Float> {
    if isVertex(i) { return positions[Int(i)] }
    let p = approximation(i)
    // −0 would be another vertex than +0 to whoever compares bits.
    return SIMD3(Float(p.x) + 0, Float(p.y) + 0, Float(p.z) + 0)
  }

  /// The corners of a triangle of the mesh.
  func corners(ofTriangle i: UInt32) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    let t = triangles[Int(i)]
    return (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
  }

  // MARK: Making points

  /// Where the line through two vertices meets the plane of a triangle; nil when it does not.
  mutating func point(ofLine p: UInt32, _ q: UInt32, plane: UInt32) -> UInt32? {
    point(ofLine: p, q, exactPlane(plane))
  }

  /// Where two lines of one plane meet, each through two vertices, seen along an axis from which both can be
  /// told.
  mutating func point(ofLine p: UInt32, _ q: UInt32, line a: UInt32, _ b: UInt32, along axis: Int) -> UInt32?
  {
    let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
    let a = exactVertex(a)
    let b = exactVertex(b)
    // The plane through the second line along the axis.
    var normal = [ExactInteger](repeating: .zero, count: 3)
    normal[u] = b[v] - a[v]
    normal[v] = a[u] - b[u]
    return point(
      ofLine: p, q,
      ExactPlane(
        x: normal[0], y: normal[1], z: normal[2], offset: normal[u] * a[u] + normal[v] * a[v]))
  }

  private mutating func point(ofLine p: UInt32, _ q: UInt32, _ plane: ExactPlane) -> UInt32? {
    let a = exactVertex(p)
    let b = exactVertex(q)
    let aSide = plane.x * a.x + plane.y * a.y + plane.z * a.z - plane.offset
    let bSide = plane.x * b.x + plane.y * b.y + plane.z * b.z - plane.offset
    return index(
      Exact(
        x: b.x * aSide - a.x * bSide, y: b.y * aSide - a.y * bSide, z: b.z * aSide - a.z * bSide,
        w: aSide - bSide))
  }

  /// The point common to the planes of three triangles; nil when there is not just one.
  mutating func point(ofPlanes i: UInt32, _ j: UInt32, _ k: UInt32) -> UInt32? {
    let p = exactPlane(i)
    let q = exactPlane(j)
    let r = exactPlane(k)
    let qr = cross(q, r)
    let rp = cross(r, p)
    let pq = cross(p, q)
    return index(
      Exact(
        x: p.offset * qr.x + q.offset * rp.x + r.offset * pq.x,
        y: p.offset * qr.y + q.offset * rp.y + r.offset * pq.y,
        z: p.offset * qr.z + q.offset * rp.z + r.offset * pq.z,
        w: p.x * qr.x + p.y * qr.y + p.z * qr.z))
  }

  /// A point at a place that need not be a vertex's; never equal to another one.
  mutating func append(_ position: SIMD3<Float>) -> UInt32 {
    exact.append(exactPoint(position))
    approximations.append(SIMD3(position))
    return UInt32(count - 1)
  }

  private mutating func index(_ point: Exact) -> UInt32? {
    var point = point
    if point.w.sign == 0 { return nil }
    if point.w.sign < 0 { point = Exact(x: -point.x, y: -point.y, z: -point.z, w: -point.w) }
    // Equal quotients have equal residues modulo a prime, and by three of 61 bits no others have.
    let key = residues(point)
    if let i = known[key] { return i }
    let i = UInt32(count)
    known[key] = i
    exact.append(point)
    approximations.append(
      SIMD3(
        point.x.quotient(point.w, shiftedBy: shift), point.y.quotient(point.w, shiftedBy: shift),
        point.z.quotient(point.w, shiftedBy: shift)))
    return i
  }

  private func residues(_ point: Exact) -> SIMD3<UInt64> {
    let inverse = ExactInteger.inverse(point.w.residue)
    return SIMD3(
      ExactInteger.product(point.x.residue, inverse), ExactInteger.product(point.y.residue, inverse),
      ExactInteger.product(point.z.residue, inverse))
  }

  private func exactPoint(_ p: SIMD3<Float>) -> Exact {
    Exact(
      x: ExactInteger(p.x, shiftedBy: shift), y: ExactInteger(p.y, shiftedBy: shift),
      z: ExactInteger(p.z, shiftedBy: shift), w: .one)
  }

  private func exactVertex(_ v: UInt32) -> Exact { exactPoint(positions[Int(v)]) }

  private func exact(_ i: UInt32) -> Exact {
    isVertex(i) ? exactVertex(i) : exact[Int(i) - positions.count]
  }

  private mutating func exactPlane(_ triangle: UInt32) -> ExactPlane {
    if let plane = planes[triangle] { return plane }
    let plane = madePlane(triangle)
    planes[triangle] = plane
    return plane
  }

  private func madePlane(_ triangle: UInt32) -> ExactPlane {
    let t = triangles[Int(triangle)]
    let a = exactVertex(t.a)
    let b = exactVertex(t.b)
    let c = exactVertex(t.c)
    let normal = cross(
      ExactPlane(x: b.x - a.x, y: b.y - a.y, z: b.z - a.z, offset: .zero),
      ExactPlane(x: c.x - a.x, y: c.y - a.y, z: c.z - a.z, offset: .zero))
    return ExactPlane(
      x: normal.x, y: normal.y, z: normal.z,
      offset: normal.x * a.x + normal.y * a.y + normal.z * a.z)
  }

  private func cross(_ a: ExactPlane, _ b: ExactPlane) -> ExactPlane {
    ExactPlane(
      x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x, offset: .zero)
  }
}

// MARK: Predicates

extension ArrangementPoints {
  /// Seen along an axis, where `c` lies as seen along the line from `a` to `b`: 1 to its left, -1 to its right, 0
  /// on it.
  func orient2d(_ a: UInt32, _ b: UInt32, _ c: UInt32, along axis: Int) -> Int {
    let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
    if isVertex(a) && isVertex(b) && isVertex(c) {
      let (a, b, c) = (positions[Int(a)], positions[Int(b)], positions[Int(c)])
      return Facet.orient2d(SIMD2(a[u], a[v]), SIMD2(b[u], b[v]), SIMD2(c[u], c[v]))
    }
    let p = approximation(a)
    let q = approximation(b)
    let r = approximation(c)
    if let sign = certainOrientation(SIMD2(p[u], p[v]), SIMD2(q[u], q[v]), SIMD2(r[u], r[v])) {
      return sign
    }
    let (x, y, z) = (exact(a), exact(b), exact(c))
    let determinant =
      x.w * (y[u] * z[v] - y[v] * z[u]) + y.w * (z[u] * x[v] - z[v] * x[u])
      + z.w * (x[u] * y[v] - x[v] * y[u])
    return determinant.sign
  }

  /// On which side of a triangle's plane a point lies: 1 where the normal points to, -1 behind, 0 in the plane.
  func side(of point: UInt32, ofPlane triangle: UInt32) -> Int {
    let t = triangles[Int(triangle)]
    let (a, b, c) = (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
    if isVertex(point) { return orient3d(a, b, c, positions[Int(point)]) }
    let origin = SIMD3<Double>(a)
    let p = SIMD3<Double>(b) - origin
    let q = SIMD3<Double>(c) - origin
    let approximate = approximation(point)
    let r = approximate - origin
    let (yz, zy) = (p.y * q.z, p.z * q.y)
    let (zx, xz) = (p.z * q.x, p.x * q.z)
    let (xy, yx) = (p.x * q.y, p.y * q.x)
    let value = r.x * (yz - zy) + r.y * (zx - xz) + r.z * (xy - yx)
    let (sx, sy, sz) = (abs(yz) + abs(zy), abs(zx) + abs(xz), abs(xy) + abs(yx))
    let magnitude = abs(r.x) * sx + abs(r.y) * sy + abs(r.z) * sz
    // What rounding takes from the determinant, and what the point's approximation is off by, 2^-51 of it.
    let bound =
      magnitude * 0x1p-48
      + (abs(approximate.x) * sx + abs(approximate.y) * sy + abs(approximate.z) * sz) * 0x1p-50
    if value > bound { return 1 }
    if value < -bound { return -1 }
    let plane = planes[triangle] ?? madePlane(triangle)
    let e = exact(point)
    return (plane.x * e.x + plane.y * e.y + plane.z * e.z - plane.offset * e.w).sign
  }
}

/// The orientation of three points that are known to the last places of a Double, if that settles it.
@inline(__always)
func certainOrientation(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>) -> Int? {
  let ux = b.x - a.x
  let uy = b.y - a.y
  let vx = c.x - a.x
  let vy = c.y - a.y
  let left = ux * vy
  let right = uy * vx
  let determinant = left - right
  let largest = max(max(abs(a.x), abs(a.y)), max(max(abs(b.x), abs(b.y)), max(abs(c.x), abs(c.y))))
  // Each coordinate is off by 2^-51 of itself at most, a difference by thrice that.
  let error = largest * 0x1p-49
  let bound =
    error * (abs(ux) + abs(uy) + abs(vx) + abs(vy) + 2 * error) + (abs(left) + abs(right)) * 0x1p-51
  if determinant > bound { return 1 }
  if determinant < -bound { return -1 }
  return nil
}
