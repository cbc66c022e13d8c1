/// A ball that touches a surface from one side: at `point`, with its centre along `inward`.
///
/// Of all balls that touch there, the one through another point `q` has the radius |q − p|² / (2 (q − p)·n), and
/// smaller ones leave `q` outside: so a ball without any surface in it is one whose radius is at most the least of
/// that over the surface (Ma, Bae and Choi, "3D medial axis point approximation using nearest neighbors and the
/// normal field", 2012, go from nearest point to nearest point; here each triangle gives its least at once).
struct TouchingBall {
  /// The point of contact, which all else is relative to.
  let point: SIMD3<Double>
  /// The inward normal, of length 1.
  let normal: SIMD3<Double>
  /// Points no higher than this above the plane of contact are on it, as far as rounding lets one tell.
  let clearance: Double
  var radius: Double
  var triangle = UInt32.max
  /// Where the other triangle touches, relative to ``point``.
  var contact = SIMD3<Double>.zero

  /// Shrinks the ball so that nothing of the triangle is inside; of several triangles that leave the same
  /// radius, the one with the lowest index stays.
  mutating func shrink(
    _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ triangle: UInt32
  ) {
    let a = SIMD3<Double>(a) - point
    let b = SIMD3<Double>(b) - point
    let c = SIMD3<Double>(c) - point
    guard let (radius, contact) = leastBall(a, b, c), radius <= self.radius,
      radius < self.radius || triangle < self.triangle
    else { return }
    self.radius = radius
    self.triangle = triangle
    self.contact = contact
  }

  /// The least ball that touches the triangle, and where. Nil when it does so no higher than the clearance: the
  /// triangle goes through the point of contact, or continues the surface there in its own plane.
  private func leastBall(
    _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
  ) -> (radius: Double, contact: SIMD3<Double>)? {
    if dot(a, normal) <= clearance, dot(b, normal) <= clearance, dot(c, normal) <= clearance { return nil }
    // The ball that touches the triangle's plane is the least one of all when it does so within the triangle.
    let ab = b - a
    let ac = c - a
    let across = cross(ab, ac)
    let squared = dot(across, across)
    var isBeyond = (ab: true, bc: true, ca: true)
    if squared > 0 {
      // A ball that does not reach the plane is no larger than any that touches the triangle.
      let reach = dot(a, across) - radius * dot(normal, across)
      if reach * reach > 1.000_000_000_001 * radius * radius * squared { return nil }
      var away = across / squared.squareRoot()
      var height = dot(a, away)
      if height < 0 {
        away = -away
        height = -height
      }
      // 1 + n·m without cancellation: a plane that turns only a little from the plane of contact.
      let middle = normal + away
      let cosine = 0.5 * dot(middle, middle)
      if cosine * 1e12 > height {
        let radius = height / cosine
        let contact = radius * middle
        let offset = contact - a
        let wb = dot(cross(offset, ac), across)
        let wc = dot(cross(ab, offset), across)
        // The contact is as high above the plane of contact as that point is from the triangle's plane.
        if wb >= 0, wc >= 0, wb + wc <= squared { return height > clearance ? (radius, contact) : nil }
        // The balls that reach no farther than some size cut discs out of the plane: between the contact and a touch on
        // any edge there is one as good on an edge beyond which the contact is. With what rounding may hide.
        let slack = 1e-16 * dot(offset, offset) * squared
        func isPast(_ weight: Double, _ edge: Double) -> Bool { weight < 0 || weight * weight < slack * edge }
        let (bb, cc) = (dot(ab, ab), dot(ac, ac))
        isBeyond = (isPast(wc, bb), isPast(squared - wb - wc, bb + cc), isPast(wb, cc))
      }
    }
    var least = Double.infinity
    var contact = SIMD3<Double>.zero
    @inline(__always) func touch(_ from: SIMD3<Double>, _ to: SIMD3<Double>) {
      guard let (own, point) = leastBall(from, to), own < least else { return }
      least = own
      contact = point
    }
    if isBeyond.ab { touch(a, b) }
    if isBeyond.bc { touch(b, c) }
    if isBeyond.ca { touch(c, a) }
    return least < .infinity && dot(contact, normal) > clearance ? (least, contact) : nil
  }

  /// The least ball that touches a segment, and where: 0 for one that goes through the point of contact, nil when
  /// the segment is outside this ball or below the plane of contact.
  private func leastBall(
    _ from: SIMD3<Double>, _ to: SIMD3<Double>
  ) -> (radius: Double, contact: SIMD3<Double>)? {
    let along = to - from
    let squared = dot(along, along)
    let alpha = dot(from, normal)
    let beta = dot(along, normal)
    let ends = dot(from, from)
    let slope = dot(from, along)
    // Squared distances from the centre less that of the surface, at the ends and, if it is between them, at the
    // nearest point; a little less, so that rounding hides nothing.
    let start = ends - 2 * radius * alpha
    let fall = slope - radius * beta
    let end = start + 2 * fall + squared
    let slack = 1e-12 * (ends + squared + radius * radius)
    if start > slack, end > slack,
      fall >= 0 || fall <= -squared || (start - slack) * squared > fall * fall
    {
      return nil
    }
    let point = leastContact(from, along, squared, slope)
    let height = dot(point, normal)
    let distance = dot(point, point)
    if distance <= clearance * clearance { return (0, point) }
    return height > 0 ? (distance / (2 * height), point) : nil
  }

  /// Where the least ball that touches a segment does so.
  private func leastContact(
    _ from: SIMD3<Double>, _ along: SIMD3<Double>, _ squared: Double, _ slope: Double
  ) -> SIMD3<Double> {
    if squared == 0 { return from }
    // The segment's line is foot + t · along; the ball's curvature there is 2 (α + t β) / (w² + t² l²).
    let start = -slope / squared
    let foot = from + start * along
    let alpha = dot(foot, normal)
    let beta = dot(along, normal)
    let w = dot(foot, foot)
    let root = (alpha * alpha + beta * beta * w / squared).squareRoot()
    // Greatest where β l² t² + 2 α l² t − β w² = 0, at the root at which it is positive.
    let t: Double
    if alpha >= 0 {
      let divisor = (alpha + root) * squared
      t = divisor > 0 ? beta * w / divisor : 0
    } else {
      t = beta == 0 ? 0 : (root - alpha) / beta
    }
    // Nowhere else does it have a greatest value, so that from there it falls to both ends.
    if t <= -start { return from }
    if t >= 1 - start { return from + along }
    return foot + t * along
  }
}
