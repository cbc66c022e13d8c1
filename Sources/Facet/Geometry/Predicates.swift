// Which side of a line or a plane a point lies on, decided exactly for every finite Float.
//
// Each predicate first evaluates its determinant in Double and trusts the sign when it is larger than a
// proven bound on the rounding error (Shewchuk, "Adaptive precision floating-point arithmetic and fast
// robust geometric predicates", 1997: the bounds of his first stages). Otherwise it is evaluated exactly.
//
// Float inputs make this simpler than it is for Double. Every Float is a multiple of 2^-149 below 2^128, so
// a product of three differences is a multiple of 2^-447 below 2^387: nothing here can overflow or
// underflow in Double, and the bounds hold for subnormal and for huge coordinates alike.

/// Where `c` lies as seen along the line from `a` to `b`: 1 to its left, -1 to its right, 0 on it.
package func orient2d(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>) -> Int {
  let ux = Double(b.x) - Double(a.x)
  let uy = Double(b.y) - Double(a.y)
  let vx = Double(c.x) - Double(a.x)
  let vy = Double(c.y) - Double(a.y)
  let left = ux * vy
  let right = uy * vx
  let determinant = left - right
  // (3 + 16 ε) ε of the sum of magnitudes, ε = 2^-53.
  let bound = (abs(left) + abs(right)) * 3.3306690738754716e-16
  if determinant > bound { return 1 }
  if determinant < -bound { return -1 }
  if bound == 0 { return 0 }
  return orient2dExactly(a, b, c)
}

/// Where `d` lies as seen from the plane through `a`, `b` and `c`: 1 on the side that the normal
/// `(b - a) × (c - a)` points to (from there `a`, `b`, `c` run counter-clockwise), -1 on the other, 0 in the
/// plane, also when `a`, `b` and `c` lie on one line.
package func orient3d(
  _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ d: SIMD3<Float>
) -> Int {
  let ux = Double(b.x) - Double(a.x)
  let uy = Double(b.y) - Double(a.y)
  let uz = Double(b.z) - Double(a.z)
  let vx = Double(c.x) - Double(a.x)
  let vy = Double(c.y) - Double(a.y)
  let vz = Double(c.z) - Double(a.z)
  let wx = Double(d.x) - Double(a.x)
  let wy = Double(d.y) - Double(a.y)
  let wz = Double(d.z) - Double(a.z)
  let uyvz = uy * vz
  let uzvy = uz * vy
  let uzvx = uz * vx
  let uxvz = ux * vz
  let uxvy = ux * vy
  let uyvx = uy * vx
  let determinant = wx * (uyvz - uzvy) + wy * (uzvx - uxvz) + wz * (uxvy - uyvx)
  let magnitude =
    abs(wx) * (abs(uyvz) + abs(uzvy)) + abs(wy) * (abs(uzvx) + abs(uxvz))
    + abs(wz) * (abs(uxvy) + abs(uyvx))
  // (7 + 56 ε) ε of the sum of magnitudes, ε = 2^-53.
  let bound = magnitude * 7.7715611723761027e-16
  if determinant > bound { return 1 }
  if determinant < -bound { return -1 }
  if bound == 0 { return 0 }
  return orient3dExactly(a, b, c, d)
}
