import Facet

/// The exact arithmetic of triangles in the picture, on snapped vertices.
enum ScreenTriangle {
  /// Twice the area in vertex coordinates: positive for a triangle seen from behind, as y points down.
  @inline(__always)
  static func doubleArea(_ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>) -> Int64 {
    let x1 = Int64(q.x &- p.x)
    let y1 = Int64(q.y &- p.y)
    let x2 = Int64(r.x &- p.x)
    let y2 = Int64(r.y &- p.y)
    return x1 &* y2 &- y1 &* x2
  }

  /// The edge function from `p` to `q`: a x + b y + c ≥ 0 for the points that it does not exclude, when the
  /// triangle's area is positive.
  ///
  /// The fill rule is in c: points on a left or top edge are in, on the others out, so a point on an edge
  /// that two triangles share is in exactly one of them.
  @inline(__always)
  static func edge(_ p: SIMD4<Int32>, _ q: SIMD4<Int32>) -> (a: Int32, b: Int32, c: Int64) {
    let a = p.y &- q.y
    let b = q.x &- p.x
    let c = 0 &- (Int64(a) &* Int64(p.x) &+ Int64(b) &* Int64(p.y))
    let isOwned = a > 0 || (a == 0 && b > 0)
    return (a, b, isOwned ? c : c &- 1)
  }

  @inline(__always)
  static func depth(_ vertex: SIMD4<Int32>) -> Float { Float(bitPattern: UInt32(bitPattern: vertex.z)) }
}

/// The plane of a triangle's depth over the picture.
struct DepthPlane {
  /// The depth at (x, y) is depth + (y − anchorY) gy + (x − anchorX) gx, in vertex coordinates.
  var anchorX: Int32
  var anchorY: Int32
  var depth: Float
  var gx: Float
  var gy: Float
  var nearest: Float
  var farthest: Float

  /// Surfaces closer together than this share of the depth range count as one, and the triangle that comes
  /// first in the mesh shows: coplanar ones do not flicker.
  static let tolerance: Float = 1 / 32768
  /// Back faces are drawn this much farther away, so that the fronts they share edges with win there.
  static let backFaceOffset: Float = 2 * tolerance

  /// - Parameter area: ``ScreenTriangle/doubleArea(_:_:_:)``, not 0.
  @inline(__always)
  init(_ p: SIMD4<Int32>, _ q: SIMD4<Int32>, _ r: SIMD4<Int32>, area: Int64) {
    let zp = ScreenTriangle.depth(p)
    let zq = ScreenTriangle.depth(q)
    let zr = ScreenTriangle.depth(r)
    // Double: thin triangles leave a Float nothing.
    let dq = Double(zq - zp)
    let dr = Double(zr - zp)
    let scale = 1 / Double(area)
    let xq = Double(q.x &- p.x)
    let yq = Double(q.y &- p.y)
    let xr = Double(r.x &- p.x)
    let yr = Double(r.y &- p.y)
    gx = Float((dq * yr - dr * yq) * scale)
    gy = Float((dr * xq - dq * xr) * scale)
    let offset = area > 0 ? DepthPlane.backFaceOffset : 0
    depth = zp + offset
    anchorX = p.x
    anchorY = p.y
    // Depths are kept between the corners', so that a triangle seen edge-on cannot reach out of itself.
    let low = zp < zq ? zp : zq
    let high = zp < zq ? zq : zp
    nearest = (low < zr ? low : zr) + offset
    farthest = (high > zr ? high : zr) + offset
  }

  /// The depth at a point in vertex coordinates; every way of drawing a triangle computes it like this, to
  /// the bit.
  @inline(__always)
  func depth(_ x: Int32, _ y: Int32) -> Float {
    let value = (depth + Float(y &- anchorY) * gy) + Float(x &- anchorX) * gx
    let low = value > nearest ? value : nearest
    return low < farthest ? low : farthest
  }
}
