/// A piece of a facet: the facet's plane with the piece's corners in it, and the prism inward.
struct WallPrism {
  /// Of the facet that the piece is of.
  let source: UInt32
  let origin: SIMD3<Double>
  /// Outward.
  let normal: SIMD3<Double>
  private let u: SIMD3<Double>
  private let v: SIMD3<Double>
  /// The piece's corners in the plane, counter-clockwise.
  let corners: (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>)
  let area: Double
  /// The prism's sides, positive inside: a hair inside of the piece, so that what only touches its prism is not in it.
  let sides: (SIMD4<Double>, SIMD4<Double>, SIMD4<Double>)
  /// What is left of ``area`` within those sides, about.
  let innerArea: Double
  let sight: PrismSight
  /// Around the prism.
  let low: SIMD3<Float>
  let high: SIMD3<Float>

  /// Nil for a piece without area.
  init?(
    _ piece: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), of source: UInt32,
    _ facet: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), depth: Double, rounding: Double
  ) {
    self.source = source
    origin = SIMD3<Double>(facet.0)
    let e = SIMD3<Double>(facet.1) - origin
    let f = SIMD3<Double>(facet.2) - origin
    normal = cross(e, f).normalized
    guard normal != .zero else { return nil }
    u = (dot(e, e) >= dot(f, f) ? e : f).normalized
    v = cross(normal, u)
    let (o, u, v) = (origin, u, v)
    func flat(_ p: SIMD3<Float>) -> SIMD2<Double> {
      let d = SIMD3<Double>(p) - o
      return SIMD2(dot(d, u), dot(d, v))
    }
    corners = (flat(piece.0), flat(piece.1), flat(piece.2))
    area = 0.5 * crossed(corners.1 - corners.0, corners.2 - corners.0)
    guard area > 0 else { return nil }
    func side(_ from: SIMD2<Double>, _ to: SIMD2<Double>) -> SIMD4<Double> {
      let along = to - from
      let inward = SIMD2(-along.y, along.x) / (along.x * along.x + along.y * along.y).squareRoot()
      return SIMD4(inward.x, inward.y, 0, -inward.x * from.x - inward.y * from.y - rounding)
    }
    sides = (side(corners.0, corners.1), side(corners.1, corners.2), side(corners.2, corners.0))
    let (ab, bc, ca) = (corners.1 - corners.0, corners.2 - corners.1, corners.0 - corners.2)
    let around = [ab, bc, ca].reduce(0) { $0 + ($1.x * $1.x + $1.y * $1.y).squareRoot() }
    innerArea = max(0.01 * area, area - rounding * around)
    let us = (corners.0.x, corners.1.x, corners.2.x)
    let vs = (corners.0.y, corners.1.y, corners.2.y)
    sight = PrismSight(
      origin, rounding,
      u: (u, min(us.0, us.1, us.2), max(us.0, us.1, us.2)),
      v: (v, min(vs.0, vs.1, vs.2), max(vs.0, vs.1, vs.2)),
      normal: (normal, -depth, 0))
    let inward = SIMD3<Float>(-depth * normal)
    var box = Box.empty
    for p in [piece.0, piece.1, piece.2] {
      box.formUnion(p)
      box.formUnion(p + inward)
    }
    low = box.minimum - Float(rounding)
    high = box.maximum + Float(rounding)
  }

  /// A point as the prism sees it: in the plane, and how deep below it.
  @inline(__always)
  func local(_ p: SIMD3<Float>) -> SIMD3<Double> {
    let d = SIMD3<Double>(p) - origin
    return SIMD3(dot(d, u), dot(d, v), -dot(d, normal))
  }

  /// Whether a triangle is on the outer side of one of the prism's.
  @inline(__always)
  func hasBeside(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Bool {
    @inline(__always) func isBeside(_ s: SIMD4<Double>) -> Bool {
      a.x * s.x + a.y * s.y + s.w < 0 && b.x * s.x + b.y * s.y + s.w < 0 && c.x * s.x + c.y * s.y + s.w < 0
    }
    return isBeside(sides.0) || isBeside(sides.1) || isBeside(sides.2)
  }

  /// The highest point of a segment within the prism's sides or a hair outside, so that one upon the border of two
  /// pieces is in both; nil when it misses them.
  ///
  /// - Parameter rounding: What the prism was made with.
  func clipped(_ from: SIMD3<Double>, _ to: SIMD3<Double>, _ rounding: Double) -> SIMD3<Double>? {
    var (first, last) = (0.0, 1.0)
    for s in [sides.0, sides.1, sides.2] {
      let before = from.x * s.x + from.y * s.y + s.w + 2 * rounding
      let after = to.x * s.x + to.y * s.y + s.w + 2 * rounding
      if before < 0 && after < 0 { return nil }
      if before < 0 { first = max(first, before / (before - after)) }
      if after < 0 { last = min(last, before / (before - after)) }
    }
    guard first <= last else { return nil }
    let (p, q) = (from + (to - from) * first, from + (to - from) * last)
    return p.z <= q.z ? p : q
  }

  /// The point of the surface above a place in the plane.
  func place(_ at: SIMD2<Double>) -> SIMD3<Double> { origin + at.x * u + at.y * v }

  var center: SIMD2<Double> { (corners.0 + corners.1 + corners.2) / 3 }
}

@inline(__always)
func crossed(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }

/// A convex polygon of few corners, in place: x and y in a plane, z below it.
struct ClippedPolygon {
  private static var capacity: Int { 10 }
  private var corners = InlineArray<10, SIMD3<Double>>(repeating: .zero)
  private(set) var count = 3

  init(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
    corners[0] = a
    corners[1] = b
    corners[2] = c
  }

  subscript(i: Int) -> SIMD3<Double> { corners[i] }

  /// Keeps where the plane (x, y, z and what is added) is not negative. A plane adds one corner at most.
  @inline(__always)
  mutating func clip(_ plane: SIMD4<Double>) {
    if count == 0 { return }
    func side(_ p: SIMD3<Double>) -> Double { p.x * plane.x + p.y * plane.y + p.z * plane.z + plane.w }
    var kept = 0
    let last = corners[count - 1]
    let first = corners[0]
    var previous = last
    var before = side(previous)
    // Corners are read ahead of where they are written: the first one may be gone when it is needed.
    var corner = first
    for i in 0..<count {
      let next = i + 1 < count ? corners[i + 1] : first
      let here = side(corner)
      if (here >= 0) != (before >= 0) && kept < ClippedPolygon.capacity {
        corners[kept] = previous + (corner - previous) * (before / (before - here))
        kept += 1
      }
      if here >= 0 && kept < ClippedPolygon.capacity {
        corners[kept] = corner
        kept += 1
      }
      previous = corner
      before = here
      corner = next
    }
    count = kept
  }

  var lowestAndHighest: (Int, Int) {
    var (lowest, highest) = (0, 0)
    for i in 1..<count {
      if corners[i].z < corners[lowest].z { lowest = i }
      if corners[i].z > corners[highest].z { highest = i }
    }
    return (lowest, highest)
  }

  var middle: SIMD2<Double> {
    var sum = SIMD2<Double>.zero
    for i in 0..<count { sum += SIMD2(corners[i].x, corners[i].y) }
    return sum / Double(count)
  }

  /// Seen along z.
  var flatArea: Double {
    var twice = 0.0
    if count < 3 { return 0 }
    let o = SIMD2(corners[0].x, corners[0].y)
    for i in 1..<count - 1 {
      twice += crossed(SIMD2(corners[i].x, corners[i].y) - o, SIMD2(corners[i + 1].x, corners[i + 1].y) - o)
    }
    return abs(twice) / 2
  }
}

/// The box along its own axes that holds a prism, as nodes are compared with it: the one along the coordinate axes is
/// much larger where the prism leans.
struct PrismSight {
  private typealias Slab = (axis: SIMD3<Float>, low: Float, high: Float)
  private let u: Slab
  private let v: Slab
  private let normal: Slab

  typealias Range = (axis: SIMD3<Double>, low: Double, high: Double)

  init(_ origin: SIMD3<Double>, _ rounding: Double, u: Range, v: Range, normal: Range) {
    func slab(_ range: Range) -> Slab {
      let at = dot(origin, range.axis)
      // Sums of single precision lose some last places.
      return (
        SIMD3<Float>(range.axis), Float(at + range.low - 8 * rounding), Float(at + range.high + 8 * rounding)
      )
    }
    self.u = slab(u)
    self.v = slab(v)
    self.normal = slab(normal)
  }

  /// A bit for each lane whose box may meet the prism's.
  @inline(__always)
  func lanes(_ node: UnsafePointer<BVH.Node>) -> UInt32 {
    lanes(node, u) & lanes(node, v) & lanes(node, normal)
  }

  @inline(__always)
  private func lanes(_ node: UnsafePointer<BVH.Node>, _ slab: Slab) -> UInt32 {
    let (x, y, z) = (slab.axis.x, slab.axis.y, slab.axis.z)
    var low = node.lanes(at: x > 0 ? 0 : 96) * x
    low += node.lanes(at: y > 0 ? 32 : 128) * y
    low += node.lanes(at: z > 0 ? 64 : 160) * z
    var high = node.lanes(at: x > 0 ? 96 : 0) * x
    high += node.lanes(at: y > 0 ? 128 : 32) * y
    high += node.lanes(at: z > 0 ? 160 : 64) * z
    return bits((low .<= slab.high) .& (high .>= slab.low))
  }
}
