// Whether two triangles cross, decided exactly.
//
// Two triangles *cross* when their interiors share a point and they do not lie in one plane. So touching is
// not crossing: a corner or an edge that ends on the other triangle, edges that cross, a common edge or
// corner; nor is lying in one plane, which overlapping is about. It needs no exception for neighbours:
// triangles with a common edge cannot cross, and those with one common corner do when they also cross
// beyond it. A triangle without area counts as the segment it is: it crosses a triangle that it pierces.
//
// For two triangles with area this is the test of Guigue and Devillers ("Fast and robust triangle-triangle
// overlap test using orientation predicates", 2003) with open intervals.

/// Whether triangles `p` and `q` cross.
func trianglesCross(
  _ p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ q: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  let qSides = Sides(of: q, ofPlane: p)
  if !qSides.areBoth && !qSides.areNone { return false }
  let pSides = Sides(of: p, ofPlane: q)
  if !pSides.areBoth {
    // `q` is a segment if `p` has area and corners of `q` on both sides; else they lie in one plane.
    guard pSides.areNone, qSides.areBoth else { return false }
    return pierces(q, qSides, p)
  }
  if qSides.areNone { return pierces(p, pSides, q) }

  // Each turned so that its first corner is alone on the positive side of the other's plane. Then both meet
  // the line common to the planes in intervals, and two orientations compare their ends.
  var p = pSides.turned(p)
  var q = qSides.turned(q)
  if pSides.alone < 0 { q = (q.0, q.2, q.1) }
  if qSides.alone < 0 { p = (p.0, p.2, p.1) }
  return orient3d(p.0, p.1, q.0, q.1) < 0 && orient3d(p.0, p.2, q.2, q.0) < 0
}

/// As ``trianglesCross(_:_:)`` for triangles that have the corner `v` in common and no other.
///
/// Both meet the line common to their planes in intervals that begin at `v`; they cross when these run the same
/// way, which the four orientations already say.
func trianglesCross(
  sharing v: SIMD3<Float>, _ p: (SIMD3<Float>, SIMD3<Float>), _ q: (SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  let q0 = orient3d(v, p.0, p.1, q.0)
  if q0 == 0 { return false }
  let q1 = orient3d(v, p.0, p.1, q.1)
  if q0 * q1 >= 0 { return false }
  let p1 = orient3d(v, q.0, q.1, p.1)
  if p1 * q1 >= 0 { return false }
  return orient3d(v, q.0, q.1, p.0) * p1 < 0
}

/// On which sides of a plane three corners lie.
private struct Sides {
  let a: Int
  let b: Int
  let c: Int

  init(
    of t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>),
    ofPlane p: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  ) {
    a = orient3d(p.0, p.1, p.2, t.0)
    b = orient3d(p.0, p.1, p.2, t.1)
    c = orient3d(p.0, p.1, p.2, t.2)
  }

  var areBoth: Bool { min(a, b, c) < 0 && max(a, b, c) > 0 }
  var areNone: Bool { a == 0 && b == 0 && c == 0 }

  /// The side that has only one of the corners, where one lies on either; 1 if both have one.
  var alone: Int { (a > 0 ? 1 : 0) + (b > 0 ? 1 : 0) + (c > 0 ? 1 : 0) == 1 ? 1 : -1 }

  /// The triangle turned so that its first corner is the one alone.
  func turned(
    _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  ) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    if a == alone { return t }
    if b == alone { return (t.1, t.2, t.0) }
    return (t.2, t.0, t.1)
  }

  /// Corners on the negative and on the positive side.
  func ends(
    _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  ) -> (SIMD3<Float>, SIMD3<Float>) {
    (a < 0 ? t.0 : b < 0 ? t.1 : t.2, a > 0 ? t.0 : b > 0 ? t.1 : t.2)
  }
}

/// Whether a triangle that is only a segment, with ends on both sides of the plane of `t`, goes through the
/// interior of `t`.
private func pierces(
  _ segment: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ sides: Sides,
  _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
) -> Bool {
  let (low, high) = sides.ends(segment)
  let side = orient3d(low, high, t.0, t.1)
  return side != 0 && orient3d(low, high, t.1, t.2) == side && orient3d(low, high, t.2, t.0) == side
}
