import Facet

/// A triangle in the picture: exact edge functions on the snapped vertices, and the plane of its depth.
struct ScreenTriangle {
  /// Edge k holds for the points with a[k] x + b[k] y + c[k] ≥ 0, in vertex coordinates. The fill rule is
  /// in c: points on a left or top edge are in, on the others out, so a point on an edge that two triangles
  /// share is in exactly one of them.
  var a: (Int32, Int32, Int32)
  var b: (Int32, Int32, Int32)
  var c: (Int64, Int64, Int64)
  /// The depth at (x, y) is z + (x − anchorX) gx + (y − anchorY) gy.
  var anchorX: Int32
  var anchorY: Int32
  var z: Float
  var gx: Float
  var gy: Float
  var nearest: Float
  var farthest: Float

  /// Surfaces closer together than this share of the depth range count as one, and the triangle that comes
  /// first in the mesh shows: coplanar ones do not flicker.
  static let depthTolerance: Float = 1 / 32768
  /// Back faces are drawn this much farther away, so that the fronts they share edges with win there.
  static let backFaceOffset: Float = 2 * depthTolerance

  /// - Parameters:
  ///   - v0, v1, v2: Lanes x, y, depth bits; in the order of their vertex numbers, so that two triangles of the
  ///     same vertices get bit for bit the same depth.
  ///   - area: ``doubleArea(_:_:_:)``, not 0.
  @inline(__always)
  init(_ v0: SIMD4<Int32>, _ v1: SIMD4<Int32>, _ v2: SIMD4<Int32>, area: Int64, isBack: Bool) {
    let first = area > 0 ? v1 : v2
    let second = area > 0 ? v2 : v1
    let e0 = ScreenTriangle.edge(v0, first)
    let e1 = ScreenTriangle.edge(first, second)
    let e2 = ScreenTriangle.edge(second, v0)
    a = (e0.a, e1.a, e2.a)
    b = (e0.b, e1.b, e2.b)
    c = (e0.c, e1.c, e2.c)

    let z0 = Float(bitPattern: UInt32(bitPattern: v0.z))
    let z1 = Float(bitPattern: UInt32(bitPattern: v1.z))
    let z2 = Float(bitPattern: UInt32(bitPattern: v2.z))
    let d1 = z1 - z0
    let d2 = z2 - z0
    let scale = 1 / Double(area)
    let x1 = Double(v1.x &- v0.x)
    let y1 = Double(v1.y &- v0.y)
    let x2 = Double(v2.x &- v0.x)
    let y2 = Double(v2.y &- v0.y)
    gx = Float((Double(d1) * y2 - Double(d2) * y1) * scale)
    gy = Float((Double(d2) * x1 - Double(d1) * x2) * scale)
    let offset = isBack ? ScreenTriangle.backFaceOffset : 0
    z = z0 + offset
    anchorX = v0.x
    anchorY = v0.y
    // Depths are kept between the corners', so that a triangle seen edge-on cannot reach out of itself.
    let low = z0 < z1 ? z0 : z1
    let high = z0 < z1 ? z1 : z0
    nearest = (low < z2 ? low : z2) + offset
    farthest = (high > z2 ? high : z2) + offset
  }

  @inline(__always)
  static func doubleArea(_ v0: SIMD4<Int32>, _ v1: SIMD4<Int32>, _ v2: SIMD4<Int32>) -> Int64 {
    let x1 = Int64(v1.x &- v0.x)
    let y1 = Int64(v1.y &- v0.y)
    let x2 = Int64(v2.x &- v0.x)
    let y2 = Int64(v2.y &- v0.y)
    return x1 &* y2 &- y1 &* x2
  }

  @inline(__always)
  static func edge(_ p: SIMD4<Int32>, _ q: SIMD4<Int32>) -> (a: Int32, b: Int32, c: Int64) {
    let a = p.y &- q.y
    let b = q.x &- p.x
    let c = -(Int64(a) &* Int64(p.x) &+ Int64(b) &* Int64(p.y))
    let owned = a > 0 || (a == 0 && b > 0)
    return (a, b, owned ? c : c &- 1)
  }

  /// The depth at a point in vertex coordinates; every way of drawing a triangle computes it like this, to
  /// the bit.
  @inline(__always)
  func depth(_ x: Int32, _ y: Int32) -> Float {
    let value = (z + Float(y &- anchorY) * gy) + Float(x &- anchorX) * gx
    let low = value > nearest ? value : nearest
    return low < farthest ? low : farthest
  }
}

extension ScreenTriangle {
  /// The triangle whose corners are at `p`, `q` and `r`; nil when it has no area in the picture.
  @inline(__always)
  init?(_ triangle: Triangle, _ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>) {
    let sorted = SortedPlaces(triangle, p, q, r)
    let area = ScreenTriangle.doubleArea(sorted.v0, sorted.v1, sorted.v2)
    if area == 0 { return nil }
    // Counter-clockwise from outside is a negative area where y points down.
    self.init(sorted.v0, sorted.v1, sorted.v2, area: area, isBack: (area > 0) != sorted.isFlipped)
  }
}

/// The places of a triangle's corners, in the order of their vertex numbers.
private struct SortedPlaces {
  var v0: SIMD4<Int32>
  var v1: SIMD4<Int32>
  var v2: SIMD4<Int32>
  /// Whether the sorting turned the triangle over.
  var isFlipped = false

  @inline(__always)
  init(_ triangle: Triangle, _ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>) {
    var (a, b, c) = (triangle.a, triangle.b, triangle.c)
    (v0, v1, v2) = (p, q, r)
    if b < a {
      (a, b) = (b, a)
      (v0, v1) = (v1, v0)
      isFlipped.toggle()
    }
    if c < b {
      (b, c) = (c, b)
      (v1, v2) = (v2, v1)
      isFlipped.toggle()
    }
    if b < a {
      (v0, v1) = (v1, v0)
      isFlipped.toggle()
    }
  }
}
