/// Tells from distances at a few points that a triangle keeps a wall.
///
/// The squared distance to a surface, less the square of the place itself, is a concave function: the least of linear
/// ones, one for each point of the surface. So between points it is at least what lies linearly between its values
/// there. Between corners l apart at the same distance d, that is l² / 8d less than d; where it is not enough,
/// triangles are halved and the distance is asked for in the middle.
struct SampledWall {
  /// In mm.
  let limit: Float

  struct Corners {
    var a: SIMD3<Float>
    var b: SIMD3<Float>
    var c: SIMD3<Float>
    /// Of the corners' distances, mm².
    var squares: SIMD3<Float>
    var depth = 0
  }

  /// Halvings one after the other, at most.
  private static let deepest = 6

  private var limitSquared: Float { limit * limit * 1.000004 }

  /// Whether the corners alone tell.
  func holds(_ t: Corners) -> Bool { least(t) >= limitSquared }

  /// A square of a distance that the triangle certainly keeps.
  private func least(_ t: Corners) -> Float {
    let (u, v, w) = (t.b - t.a, t.c - t.a, t.c - t.b)
    let (uu, vv, uv) = (dot(u, u), dot(v, v), dot(u, v))
    let (da, db, dc) = (t.squares.x, t.squares.y, t.squares.z)
    func edge(_ p: Float, _ q: Float, _ square: Float) -> Float {
      guard square > 0 else { return min(p, q) }
      let x = min(max((square - (q - p)) / (2 * square), 0), 1)
      return p + x * (q - p) - x * (1 - x) * square
    }
    var least = min(edge(da, db, uu), min(edge(da, dc, vv), edge(db, dc, dot(w, w))))
    let determinant = uu * vv - uv * uv
    if determinant > 1e-6 * uu * vv {
      let (r, s) = ((uu - (db - da)) / 2, (vv - (dc - da)) / 2)
      let (x, y) = ((r * vv - s * uv) / determinant, (s * uu - r * uv) / determinant)
      if x > 0, y > 0, x + y < 1 { least = min(least, da - (x * r + y * s)) }
    }
    return least
  }

  /// The halves of a triangle whose edge from `a` to `b` has been looked at in the middle.
  private func halves(_ t: Corners, _ middle: SIMD3<Float>, _ square: Float) -> (Corners, Corners) {
    (
      Corners(
        a: t.a, b: middle, c: t.c, squares: SIMD3(t.squares.x, square, t.squares.z), depth: t.depth + 1),
      Corners(
        a: middle, b: t.b, c: t.c, squares: SIMD3(square, t.squares.y, t.squares.z), depth: t.depth + 1)
    )
  }

  /// The least distance that is certain, if that is below the limit, and about where it is so little.
  ///
  /// - Parameter squaredDistance: Of a point to the part, or to those of its triangles that may be nearer than the limit.
  @inline(__always)
  func worst(
    of whole: Corners, _ squaredDistance: (SIMD3<Float>) -> Float
  ) -> (distance: Float, place: SIMD3<Float>)? {
    var waiting = InlineArray<8, Corners>(repeating: whole)
    var count = 1
    // The nearest place found, and the least square that is certain.
    var (nearest, certain) = (limitSquared, limitSquared)
    var place: SIMD3<Float>?
    while count > 0 {
      count -= 1
      let t = waiting[count]
      let least = least(t)
      // Hardly worse than what is known already.
      if least >= nearest * (nearest < limitSquared ? 0.9998 : 1) || t.depth == SampledWall.deepest {
        if least < certain {
          certain = least
          if nearest >= limitSquared { place = (t.a + t.b + t.c) / 3 }
        }
        continue
      }
      let (ab, bc, ca) = (t.b - t.a, t.c - t.b, t.a - t.c)
      let (x, y, z) = (dot(ab, ab), dot(bc, bc), dot(ca, ca))
      // Turned so that the longest edge comes first.
      var turned = t
      if y > x && y >= z {
        turned = Corners(
          a: t.b, b: t.c, c: t.a, squares: SIMD3(t.squares.y, t.squares.z, t.squares.x), depth: t.depth)
      } else if z > x {
        turned = Corners(
          a: t.c, b: t.a, c: t.b, squares: SIMD3(t.squares.z, t.squares.x, t.squares.y), depth: t.depth)
      }
      let middle = (turned.a + turned.b) * 0.5
      let squared = squaredDistance(middle)
      if squared < nearest { (nearest, place) = (squared, middle) }
      let (first, second) = halves(turned, middle, squared)
      waiting[count] = first
      waiting[count + 1] = second
      count += 2
    }
    certain = min(certain, nearest)
    guard certain < limitSquared, let place else { return nil }
    return (max(0, certain).squareRoot() * 0.999999, place)
  }
}
