// When a quad cannot cross any other, told from the quad alone.
//
// Each vertex lies strictly inside its own cell. When the line between the vertices of two neighbouring cells
// goes through the cells' common side, the tetrahedra between that line and the side's four edges lie in the two
// cells, and all of them together fill space without overlap. So each edge of the lattice has an envelope of
// its own, the four tetrahedra around it, and a quad whose triangles stay in its edge's envelope meets others
// on common edges only (Ju and Udeshi, "Intersection-free contouring on an octree grid", 2006).

/// The envelope test of one quad, in double precision with a margin far above rounding: "yes" is certain.
struct ContourEnvelope {
  /// The vertices around the edge, from its lower end and in voxels; x along the edge.
  let p0: SIMD3<Double>
  let p1: SIMD3<Double>
  let p2: SIMD3<Double>
  let p3: SIMD3<Double>
  /// The edge's upper end, and the lattice before and after it across the edge: 1 and ∓1 up to rounding.
  let length: Double
  let low: SIMD2<Double>
  let high: SIMD2<Double>

  private static let margin = 1e-6

  /// - Parameter isCutAcross: Whether the quad is cut from the second to the fourth vertex.
  func holds(isCutAcross: Bool) -> Bool {
    // The common sides, one after the other: at y = 0, z = 0, y = 0, z = 0.
    guard passes(p0.x, p0.y, p0.z, p1.x, p1.y, p1.z, low.y, 0),
      passes(p1.x, p1.z, p1.y, p2.x, p2.z, p2.y, 0, high.x),
      passes(p3.x, p3.y, p3.z, p2.x, p2.y, p2.z, 0, high.y),
      passes(p0.x, p0.z, p0.y, p3.x, p3.z, p3.y, low.x, 0)
    else { return false }
    return isCutAcross ? isCutInside(p1, p2, p3, p0) : isCutInside(p0, p1, p2, p3)
  }

  /// Whether the line from (a, s, t) to (b, u, v), s < 0 < u, is within (0, length) × (least, most) where its
  /// second coordinate is 0.
  @inline(__always)
  private func passes(
    _ a: Double, _ s: Double, _ t: Double, _ b: Double, _ u: Double, _ v: Double, _ least: Double,
    _ most: Double
  ) -> Bool {
    let span = u - s
    let x = a * u - b * s
    let y = t * u - v * s
    let margin = ContourEnvelope.margin
    return x > margin && length * span - x > margin && y - least * span > margin
      && most * span - y > margin
  }

  /// Whether both triangles of the cut from `a` to `c` are in the envelope.
  @inline(__always)
  private func isCutInside(
    _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, _ d: SIMD3<Double>
  ) -> Bool {
    let margin = ContourEnvelope.margin
    let turn = across(a, c)
    // The cut goes past the edge on the side of one of the other two.
    let (near, far) = turn > 0 ? (b, d) : (d, b)
    // It has to go between the edge and `near`: through the triangle of those.
    let toA = across(near, a)
    let toC = across(near, c)
    let t = toA / (toA - toC)
    let crossing = a + (c - a) * t
    let square = near.y * near.y + near.z * near.z
    let r = (crossing.y * near.y + crossing.z * near.z) / square
    guard r < 1 - margin, crossing.x > r * near.x + margin,
      crossing.x < length + r * (near.x - length) - margin
    else { return false }
    // The other triangle has to meet the edge between its ends.
    let (wa, wc, wf) = (across(c, far), across(far, a), across(a, c))
    let sum = wa + wc + wf
    let x = (wa * a.x + wc * c.x + wf * far.x) / sum
    guard x > margin && x < length - margin else { return false }
    return hasArea(a, b, c) && hasArea(a, c, d)
  }

  @inline(__always)
  private func across(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { a.y * b.z - a.z * b.y }

  @inline(__always)
  private func hasArea(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Bool {
    let n = cross(b - a, c - a)
    return dot(n, n) > 1e-10
  }
}

extension Contour {
  /// Whether a quad is certain to cross no other, and its triangles have area.
  func isInEnvelope(_ quad: Int) -> Bool {
    if hasStray(quad) { return false }
    let q = quads[quad]
    let code = edgeOf[quad]
    let (block, x, y, z) = lattice.place(code >> 2)
    let base = lattice.coordinates[block]
    let i = 2 * (Int(base.x) * 8 + x)
    let j = 2 * (Int(base.y) * 8 + y)
    let k = 2 * (Int(base.z) * 8 + z)
    switch code & 3 {
    case 0:
      return isInEnvelope(q, cuts[quad], (0, i), (1, j), (2, k)) { SIMD3($0.x, $0.y, $0.z) }
    case 1:
      return isInEnvelope(q, cuts[quad], (1, j), (2, k), (0, i)) { SIMD3($0.y, $0.z, $0.x) }
    default:
      return isInEnvelope(q, cuts[quad], (2, k), (0, i), (1, j)) { SIMD3($0.z, $0.x, $0.y) }
    }
  }

  /// The axes in cyclic order, the edge's first, with the lower end's half steps along each.
  @inline(__always)
  private func isInEnvelope(
    _ q: SIMD4<UInt32>, _ cut: UInt8, _ x: (Int, Int), _ y: (Int, Int), _ z: (Int, Int),
    _ turned: (SIMD3<Float>) -> SIMD3<Float>
  ) -> Bool {
    let scale = 1 / lattice.voxel
    @inline(__always)
    func at(_ axis: (Int, Int), _ steps: Int) -> Double {
      Double(lattice.coordinate(axis.0, halfSteps: axis.1 + steps))
    }
    let lower = SIMD3(at(x, 0), at(y, 0), at(z, 0))
    @inline(__always)
    func vertex(_ v: UInt32) -> SIMD3<Double> {
      (SIMD3<Double>(turned(positions[Int(v)])) - lower) * scale
    }
    let envelope = ContourEnvelope(
      p0: vertex(q.x), p1: vertex(q.y), p2: vertex(q.z), p3: vertex(q.w),
      length: (at(x, 2) - lower.x) * scale,
      low: SIMD2((at(y, -2) - lower.y) * scale, (at(z, -2) - lower.z) * scale),
      high: SIMD2((at(y, 2) - lower.y) * scale, (at(z, 2) - lower.z) * scale))
    return envelope.holds(isCutAcross: cut & Contour.isCutAcross != 0)
  }
}
