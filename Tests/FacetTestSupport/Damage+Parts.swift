import Facet
import Foundation

// Things that do not belong to the part's surface: another part, shells, walls and sheets.

extension Wreck {
  /// An axis-parallel box about a point of the surface.
  mutating func driveInBox() {
    let diagonal = Float(clean.bounds.diagonal)
    let size = SIMD3(number(0.06...0.15), number(0.06...0.15), number(0.06...0.15)) * diagonal
    let middle = center(facet()) + direction() * (0.02 * diagonal)
    let box = Box(minimum: middle - size, maximum: middle + size)
    let added = Primitive.box(minimum: box.minimum, maximum: box.maximum)
    for facet in facets {
      let (a, b, c) = corners(facet.triangle)
      let own = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
      if own.intersects(box) { take(facet.triangle) }
    }
    volume += added.plainVolume - clean.volume(inside: box)
    append(added)
  }

  /// A small sphere that faces inward: beside the part, or a cavity inside it.
  mutating func addInvertedShell(inside: Bool) {
    let most = Float(cbrt(0.003 * clean.plainVolume * 3 / (4 * .pi)))
    var radius = most * number(0.5...1)
    var middle = SIMD3<Float>.zero
    if inside {
      guard let (point, clearance) = roomInside(atLeast: radius * 0.5) else { return }
      middle = point
      radius = min(radius, 0.7 * clearance)
    } else {
      let bounds = clean.bounds
      // Clear of a box that sticks out of the part, too.
      middle = bounds.center + direction() * (0.8 * Float(bounds.diagonal))
    }
    let shell = Primitive.icosphere(
      radius: Double(radius), subdivisions: 1, center: SIMD3<Double>(middle))
    volume += inside ? -shell.plainVolume : shell.plainVolume
    append(shell.insideOut)
  }

  /// Fans from the rim of a patch of the surface to a point below it: at the rim three triangles meet.
  mutating func addWalls() {
    let facetOf = facetOfEdge()
    let wanted = Int.random(in: 1...3, using: &random)
    var added = 0
    for _ in 0..<100 where added < wanted {
      guard let patch = patch(around: facet(), Int.random(in: 2...20, using: &random), facetOf),
        let rim = rim(of: patch)
      else { continue }
      let middle = rim.reduce(SIMD3<Float>.zero) { $0 + positions[Int($1)] } / Float(rim.count)
      let below = patch.reduce(SIMD3<Float>.zero) { $0 - normal($1) }.normalized
      let reach = rim.reduce(Float(0)) { max($0, length(positions[Int($1)] - middle)) }
      let apex = middle + below * (reach * number(0.2...0.8))
      var wall: [Triangle] = []
      var fan = TriangleSoup()
      for (i, v) in rim.enumerated() {
        let w = rim[(i + 1) % rim.count]
        fan.append(positions[Int(v)], positions[Int(w)], apex)
        wall.append(Triangle(v, w, UInt32(positions.count)))
      }
      guard isFree(fan, of: apex) else { continue }
      _ = add(apex)
      let isTurned = Bool.random(using: &random)
      facets += wall.map { Piece(triangle: isTurned ? $0.flipped : $0, attribute: 0) }
      for f in patch { take(facets[f].triangle) }
      for t in wall { take(t) }
      added += 1
    }
  }

  /// Two triangles that hang inside the part.
  mutating func addSheet() {
    guard let (middle, clearance) = roomInside(atLeast: 0) else { return }
    let (u, w) = (direction(), direction())
    let v = cross(u, w).normalized
    let reach = 0.6 * clearance
    let corners = [u, v, -u, -v].map { add(middle + $0 * reach) }
    facets.append(Piece(triangle: Triangle(corners[0], corners[1], corners[2]), attribute: 0))
    facets.append(Piece(triangle: Triangle(corners[0], corners[2], corners[3]), attribute: 0))
  }

  private mutating func append(_ mesh: Mesh) {
    let offset = UInt32(positions.count)
    for p in mesh.positions { _ = add(p) }
    facets += mesh.triangles.map {
      Piece(triangle: Triangle($0.a + offset, $0.b + offset, $0.c + offset), attribute: 0)
    }
  }

  /// A point in the material with nothing of the whole wreck nearer than its clearance; the roomiest of some.
  private mutating func roomInside(atLeast least: Float) -> (point: SIMD3<Float>, clearance: Float)? {
    let (mesh, bvh) = (self.mesh, try! BVH(self.mesh))
    var best: (point: SIMD3<Float>, clearance: Float)?
    for _ in 0..<60 {
      let f = Int.random(in: clean.triangles.indices, using: &random)
      let (a, b, c) = clean.corners(f)
      let below = -cross(b - a, c - a).normalized
      let start = (a + b + c) / 3
      // From just below the surface to the other side of the material.
      let skin = Float(clean.bounds.diagonal) * 1e-4
      guard let hit = self.bvh.raycast(clean, origin: start + below * skin, direction: below) else {
        continue
      }
      let point = start + below * (skin + hit.distance * number(0.3...0.7))
      guard let nearest = bvh.closestPoint(mesh, to: point) else { continue }
      if nearest.distance > max(least, best?.clearance ?? 0) { best = (point, nearest.distance) }
    }
    return best
  }

  /// Whether a fan crosses nothing and its apex is in the material, clear of the surface.
  private func isFree(_ fan: TriangleSoup, of apex: SIMD3<Float>) -> Bool {
    let skin = Float(clean.bounds.diagonal) * 1e-3
    guard let nearest = bvh.closestPoint(clean, to: apex), nearest.distance > skin else { return false }
    guard try! WindingNumber(clean, bvh).at(apex) > 0.5 else { return false }
    // Only what is near can be crossed.
    var reach = Box.empty
    for p in fan.corners { reach.formUnion(p) }
    var soup = fan
    for facet in facets {
      let (a, b, c) = corners(facet.triangle)
      let own = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
      if own.intersects(reach) { soup.append(a, b, c) }
    }
    let near = try! Mesh.welded(soup)
    let count = fan.facetCount
    let crossing = try! near.selfIntersections(try! BVH(near)).triangles
    return !crossing.contains { $0 < UInt32(count) }
  }
}

extension Mesh {
  /// The volume (mm³) that a closed mesh has inside a box, exact up to rounding.
  ///
  /// Along a line parallel to z, what is inside is the sum over the surface's crossings, downward ones
  /// counting against upward ones, of their heights clamped to the box. Over a piece of triangle inside the
  /// box's x and y that integrates in closed form.
  public func volume(inside box: Box) -> Double {
    let (low, high) = (SIMD3<Double>(box.minimum), SIMD3<Double>(box.maximum))
    var sum = 0.0
    for f in triangles.indices {
      let (a, b, c) = corners(f)
      var polygon = [SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c)]
      for axis in 0..<2 {
        polygon = clipped(polygon, axis, at: low[axis], keepingAbove: true)
        polygon = clipped(polygon, axis, at: high[axis], keepingAbove: false)
      }
      let aboveLow = clipped(polygon, 2, at: low.z, keepingAbove: true)
      sum += heightIntegral(clipped(aboveLow, 2, at: high.z, keepingAbove: false), from: low.z)
      let above = clipped(aboveLow, 2, at: high.z, keepingAbove: true)
      sum += heightIntegral(above.map { SIMD3($0.x, $0.y, high.z) }, from: low.z)
    }
    return sum
  }
}

/// The part of a polygon on one side of an axis-parallel plane.
private func clipped(
  _ polygon: [SIMD3<Double>], _ axis: Int, at limit: Double, keepingAbove: Bool
) -> [SIMD3<Double>] {
  var result: [SIMD3<Double>] = []
  for (i, p) in polygon.enumerated() {
    let q = polygon[(i + 1) % polygon.count]
    let (dp, dq) = keepingAbove ? (p[axis] - limit, q[axis] - limit) : (limit - p[axis], limit - q[axis])
    if dp >= 0 { result.append(p) }
    if (dp > 0 && dq < 0) || (dp < 0 && dq > 0) { result.append(p + (q - p) * (dp / (dp - dq))) }
  }
  return result
}

/// The integral of the height above `base` over a polygon's shadow on the x-y plane, which counts as negative
/// when it runs clockwise.
private func heightIntegral(_ polygon: [SIMD3<Double>], from base: Double) -> Double {
  guard polygon.count >= 3 else { return 0 }
  var sum = 0.0
  for i in 1..<polygon.count - 1 {
    let (p, q, r) = (polygon[0], polygon[i], polygon[i + 1])
    let area = ((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)) / 2
    sum += area * ((p.z + q.z + r.z) / 3 - base)
  }
  return sum
}
