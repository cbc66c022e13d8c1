// Tells most pairs of triangles apart, one against four at a time, in single precision with bounds on the
// rounding error, so that what it calls apart is certain. The rest is for the exact test.
//
// Two ways of being apart, each tried from both triangles:
// - All corners of one lie strictly on one side of the other's plane.
// - Seen along an axis, one lies strictly outside the line through an edge of the other.
// In both a common corner that lies on that plane or line is no obstacle: it is then all they share.

/// 16 units of rounding, 2^-24 each: twice what the two expressions below can lose.
private let roundingFactor: Float = 0x1p-20
/// Far above anything that underflow can take from a product, far below what matters.
private let underflowGuard: Float = 0x1p-120

/// One triangle, prepared to be held against others.
struct SeparationFilter {
  let corners: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  let indices: Triangle
  private let normal: SIMD3<Float>
  /// The sum of magnitudes of each component's products, times the rounding factor.
  private let spread: SIMD3<Float>
  /// The two axes that remain when seen along the normal's longest component.
  private let u: Int
  private let v: Int
  /// 1 if the triangle is counter-clockwise on those axes, -1 if clockwise, 0 if that is not certain.
  private let turn: Float

  @inline(__always)
  init(_ t: LaneTriangle) {
    corners = (t.a, t.b, t.c)
    indices = t.indices
    let p = t.b - t.a
    let q = t.c - t.a
    let n = cross(p, q)
    normal = n
    let s = SIMD3(
      abs(p.y * q.z) + abs(p.z * q.y), abs(p.z * q.x) + abs(p.x * q.z),
      abs(p.x * q.y) + abs(p.y * q.x))
    spread = s * roundingFactor + underflowGuard
    let x = abs(n.x)
    let y = abs(n.y)
    let z = abs(n.z)
    if x > y && x > z {
      (u, v) = (1, 2)
      turn = x > spread.x ? (n.x > 0 ? 1 : -1) : 0
    } else if y > z {
      (u, v) = (2, 0)
      turn = y > spread.y ? (n.y > 0 ? 1 : -1) : 0
    } else {
      (u, v) = (0, 1)
      turn = z > spread.z ? (n.z > 0 ? 1 : -1) : 0
    }
  }

  typealias Mask = SIMDMask<SIMD4<Int32>>

  /// Which corners of the lanes are corners of this triangle: by lane corner, then by own corner.
  struct Shared {
    let aa, ab, ac, ba, bb, bc, ca, cb, cc: Mask

    @inline(__always)
    init(_ lanes: UnsafeMutablePointer<TriangleLanes>, _ t: Triangle) {
      let a = lanes.pointee.a
      let b = lanes.pointee.b
      let c = lanes.pointee.c
      aa = a .== t.a
      ab = a .== t.b
      ac = a .== t.c
      ba = b .== t.a
      bb = b .== t.b
      bc = b .== t.c
      ca = c .== t.a
      cb = c .== t.b
      cc = c .== t.c
    }

    /// The lane's corner is one of this triangle's.
    @inline(__always) var a: Mask { aa .| ab .| ac }
    @inline(__always) var b: Mask { ba .| bb .| bc }
    @inline(__always) var c: Mask { ca .| cb .| cc }
  }

  /// The lanes among `candidates` that may cross this triangle.
  @inline(__always)
  func undecided(_ candidates: UInt32, _ lanes: UnsafeMutablePointer<TriangleLanes>) -> UInt32 {
    let shared = Shared(lanes, indices)
    let sa = shared.a
    let sb = shared.b
    let sc = shared.c
    // With two common corners, all that is common lies in one plane or on their edge.
    let neighbours = (sa .& sb) .| (sb .& sc) .| (sc .& sa)
    var rest = candidates & ~bits(neighbours .| besidePlane(lanes, sa, sb, sc))
    if rest == 0 { return 0 }
    rest &= ~bits(besideEdge(lanes, shared))
    if rest == 0 { return 0 }
    rest &= ~bits(besideTheirEdge(lanes, shared))
    if rest == 0 { return 0 }
    return rest & ~bits(besideTheirPlane(lanes, shared))
  }

  /// The lanes among `candidates` that may share more with this triangle than common corners and a common edge.
  @inline(__always)
  func notApart(_ candidates: UInt32, _ lanes: UnsafeMutablePointer<TriangleLanes>) -> UInt32 {
    let shared = Shared(lanes, indices)
    // Of the same triangle, no corner is an obstacle.
    let same = candidates & bits(shared.a .& shared.b .& shared.c)
    var rest = candidates & ~bits(besidePlane(lanes, shared.a, shared.b, shared.c))
    if rest == 0 { return same }
    rest &= ~bits(besideEdge(lanes, shared))
    if rest == 0 { return same }
    rest &= ~bits(besideTheirEdge(lanes, shared))
    if rest == 0 { return same }
    return same | rest & ~bits(besideTheirPlane(lanes, shared))
  }

  /// The lanes among `candidates` that may share area with this triangle, seen along its axis.
  @inline(__always)
  func notBesideEdges(_ candidates: UInt32, _ lanes: UnsafeMutablePointer<TriangleLanes>) -> UInt32 {
    let shared = Shared(lanes, indices)
    let rest = candidates & ~bits(besideEdge(lanes, shared))
    if rest == 0 { return 0 }
    return rest & ~bits(besideTheirEdge(lanes, shared))
  }

  // MARK: Planes

  @inline(__always)
  private func besidePlane(
    _ lanes: UnsafeMutablePointer<TriangleLanes>, _ sa: Mask, _ sb: Mask, _ sc: Mask
  ) -> Mask {
    let a = height(lanes, 0)
    let b = height(lanes, 1)
    let c = height(lanes, 2)
    return ((a.above .| sa) .& (b.above .| sb) .& (c.above .| sc))
      .| ((a.below .| sa) .& (b.below .| sb) .& (c.below .| sc))
  }

  /// Whether a corner of the lanes is certainly above or below this triangle's plane.
  @inline(__always)
  private func height(
    _ lanes: UnsafeMutablePointer<TriangleLanes>, _ corner: Int
  ) -> (above: Mask, below: Mask) {
    let x = lanes.coordinates(corner, 0) - corners.0.x
    let y = lanes.coordinates(corner, 1) - corners.0.y
    let z = lanes.coordinates(corner, 2) - corners.0.z
    let value = x * normal.x + y * normal.y + z * normal.z
    let bound =
      magnitude(x) * spread.x + magnitude(y) * spread.y + magnitude(z) * spread.z + underflowGuard
    return (value .> bound, value .< -bound)
  }

  @inline(__always)
  private func besideTheirPlane(
    _ lanes: UnsafeMutablePointer<TriangleLanes>, _ shared: Shared
  ) -> Mask {
    let t = lanes.pointee
    let px = t.bx - t.ax
    let py = t.by - t.ay
    let pz = t.bz - t.az
    let qx = t.cx - t.ax
    let qy = t.cy - t.ay
    let qz = t.cz - t.az
    let yz = py * qz
    let zy = pz * qy
    let zx = pz * qx
    let xz = px * qz
    let xy = px * qy
    let yx = py * qx
    let nx = yz - zy
    let ny = zx - xz
    let nz = xy - yx
    let mx = (magnitude(yz) + magnitude(zy)) * roundingFactor + underflowGuard
    let my = (magnitude(zx) + magnitude(xz)) * roundingFactor + underflowGuard
    let mz = (magnitude(xy) + magnitude(yx)) * roundingFactor + underflowGuard
    @inline(__always) func sides(_ corner: SIMD3<Float>) -> (above: Mask, below: Mask) {
      let x = corner.x - t.ax
      let y = corner.y - t.ay
      let z = corner.z - t.az
      let value = x * nx + y * ny + z * nz
      let bound = magnitude(x) * mx + magnitude(y) * my + magnitude(z) * mz + underflowGuard
      return (value .> bound, value .< -bound)
    }
    let a = sides(corners.0)
    let b = sides(corners.1)
    let c = sides(corners.2)
    let sa = shared.aa .| shared.ba .| shared.ca
    let sb = shared.ab .| shared.bb .| shared.cb
    let sc = shared.ac .| shared.bc .| shared.cc
    return ((a.above .| sa) .& (b.above .| sb) .& (c.above .| sc))
      .| ((a.below .| sa) .& (b.below .| sb) .& (c.below .| sc))
  }

  // MARK: Edges, seen along an axis

  /// Lanes that lie outside an edge of this triangle; a corner they share must be one of that edge's.
  @inline(__always)
  private func besideEdge(_ lanes: UnsafeMutablePointer<TriangleLanes>, _ shared: Shared) -> Mask {
    let au = lanes.coordinates(0, u)
    let av = lanes.coordinates(0, v)
    let bu = lanes.coordinates(1, u)
    let bv = lanes.coordinates(1, v)
    let cu = lanes.coordinates(2, u)
    let cv = lanes.coordinates(2, v)
    @inline(__always) func outside(
      _ from: SIMD3<Float>, _ to: SIMD3<Float>, _ sa: Mask, _ sb: Mask, _ sc: Mask
    ) -> Mask {
      let fu = from[u]
      let fv = from[v]
      // Turned so that outside is positive for either sense of rotation.
      let du = (to[u] - fu) * -turn
      let dv = (to[v] - fv) * -turn
      let a = isLeft(au - fu, av - fv, du, dv) .| sa
      let b = isLeft(bu - fu, bv - fv, du, dv) .| sb
      let c = isLeft(cu - fu, cv - fv, du, dv) .| sc
      return a .& b .& c
    }
    return outside(
      corners.0, corners.1, shared.aa .| shared.ab, shared.ba .| shared.bb, shared.ca .| shared.cb)
      .| outside(
        corners.1, corners.2, shared.ab .| shared.ac, shared.bb .| shared.bc, shared.cb .| shared.cc)
      .| outside(
        corners.2, corners.0, shared.ac .| shared.aa, shared.bc .| shared.ba, shared.cc .| shared.ca)
  }

  @inline(__always)
  private func isLeft(
    _ u: SIMD4<Float>, _ v: SIMD4<Float>, _ du: Float, _ dv: Float
  ) -> Mask {
    let left = v * du
    let right = u * dv
    let bound = (magnitude(left) + magnitude(right)) * roundingFactor + underflowGuard
    return (left - right) .> bound
  }

  @inline(__always)
  private func isLeft(
    _ u: SIMD4<Float>, _ v: SIMD4<Float>, _ du: SIMD4<Float>, _ dv: SIMD4<Float>
  ) -> Mask {
    let left = v * du
    let right = u * dv
    let bound = (magnitude(left) + magnitude(right)) * roundingFactor + underflowGuard
    return (left - right) .> bound
  }

  /// Lanes that have this triangle outside one of their edges.
  @inline(__always)
  private func besideTheirEdge(
    _ lanes: UnsafeMutablePointer<TriangleLanes>, _ shared: Shared
  ) -> Mask {
    let au = lanes.coordinates(0, u)
    let av = lanes.coordinates(0, v)
    let bu = lanes.coordinates(1, u)
    let bv = lanes.coordinates(1, v)
    let cu = lanes.coordinates(2, u)
    let cv = lanes.coordinates(2, v)
    let left = (bu - au) * (cv - av)
    let right = (bv - av) * (cu - au)
    let area = left - right
    let bound = (magnitude(left) + magnitude(right)) * roundingFactor + underflowGuard
    // -1, 1 or 0 a lane: outside becomes positive, or never if the lane's own sense is uncertain.
    let zero = SIMD4<Float>.zero
    let turn = zero.replacing(with: SIMD4(repeating: -1), where: area .> bound)
      .replacing(with: SIMD4(repeating: 1), where: area .< -bound)
    @inline(__always) func outside(
      _ fu: SIMD4<Float>, _ fv: SIMD4<Float>, _ tu: SIMD4<Float>, _ tv: SIMD4<Float>,
      _ sa: Mask, _ sb: Mask, _ sc: Mask
    ) -> Mask {
      let du = (tu - fu) * turn
      let dv = (tv - fv) * turn
      let a = isLeft(corners.0[u] - fu, corners.0[v] - fv, du, dv) .| sa
      let b = isLeft(corners.1[u] - fu, corners.1[v] - fv, du, dv) .| sb
      let c = isLeft(corners.2[u] - fu, corners.2[v] - fv, du, dv) .| sc
      return a .& b .& c
    }
    return outside(
      au, av, bu, bv, shared.aa .| shared.ba, shared.ab .| shared.bb, shared.ac .| shared.bc)
      .| outside(
        bu, bv, cu, cv, shared.ba .| shared.ca, shared.bb .| shared.cb, shared.bc .| shared.cc)
      .| outside(
        cu, cv, au, av, shared.ca .| shared.aa, shared.cb .| shared.ab, shared.cc .| shared.ac)
  }
}
