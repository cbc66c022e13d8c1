/// Where a drain hole is drilled: from outside the part to within a cavity.
struct DrainDrill: Sendable {
  /// The axis' end outside.
  var start: SIMD3<Float>
  /// Of length 1, into the part.
  var direction: SIMD3<Float>
  /// Along the axis, mm.
  var length: Float
  var radius: Float
  /// The inner triangle, numbered as in the hollowed mesh, through which it enters the cavity.
  var entry: Int

  /// A circle's corners.
  private static let segments = 48
  /// A plug is this much slimmer than its hole, as a share of the diameter and at most in mm.
  private static let play: (share: Float, most: Float) = (0.05, 0.1)

  /// - Parameters:
  ///   - hollow: The part's triangles, then the inner shells; `tree` is its own.
  ///   - partCount: Of the part's triangles.
  /// - Returns: nil where the hole's axis meets no cavity.
  init?(_ hole: DrainHole, _ hollow: Mesh, _ tree: BVH, partCount: Int, voxel: Float) {
    let way = hole.direction.normalized
    let radius = hole.diameter / 2
    // A position on the surface may be rounded into it.
    let origin = hole.position - way * radius
    var walk = RayWalk(hollow, tree, origin, way)
    var (outside, entered): (Float?, Float?)
    while let hit = walk.next() {
      if hit.triangle < partCount {
        if hit.isInward { entered = hit.distance } else { outside = hit.distance }
        continue
      }
      // Inner shells face into the cavity.
      guard !hit.isInward, let surface = entered else { continue }
      // As deep as rounded or sloping walls need, but not into what is opposite.
      let room = (walk.next()?.distance ?? .infinity) - hit.distance
      let end = hit.distance + min(radius + voxel, room / 2)
      let free = outside.map { $0 < surface ? (surface - $0) / 2 : .infinity } ?? .infinity
      let first = surface - min(hole.diameter + voxel, free)
      start = origin + way * first
      direction = way
      length = end - first
      self.radius = radius
      entry = hit.triangle
      return
    }
    return nil
  }

  /// The box around the hole.
  var bounds: Box {
    let end = start + direction * length
    let margin = SIMD3<Float>(repeating: radius)
    return Box(minimum: lesser(start, end) - margin, maximum: greater(start, end) + margin)
  }

  /// Whether a point is clearly inside the hole.
  func contains(_ point: SIMD3<Float>) -> Bool {
    let away = point - start
    let along = dot(away, direction)
    let aside = away - direction * along
    return along > 0 && along < length * 0.99 && dot(aside, aside) < 0.98 * radius * radius
  }

  /// The hole's cylinder, facing outward.
  var cylinder: Mesh { cylinder(radius: radius) }

  /// The plug's.
  var slimCylinder: Mesh {
    cylinder(radius: radius - min(DrainDrill.play.share * radius * 2, DrainDrill.play.most) / 2)
  }

  private func cylinder(radius: Float) -> Mesh {
    let axis = SIMD3<Double>(direction)
    let size = SIMD3(abs(axis.x), abs(axis.y), abs(axis.z))
    let other: SIMD3<Double> =
      size.x <= size.y && size.x <= size.z
      ? SIMD3(1, 0, 0) : size.y <= size.z ? SIMD3(0, 1, 0) : SIMD3(0, 0, 1)
    let u = cross(axis, other).normalized
    let v = cross(axis, u)
    let circle = circleOutline(center: .zero, radius: Double(radius), segments: DrainDrill.segments)
    let count = UInt32(circle.count)
    var positions: [SIMD3<Float>] = []
    for end in [SIMD3<Double>(start), SIMD3<Double>(start) + axis * Double(length)] {
      for p in circle { positions.append(SIMD3<Float>(end + u * Double(p.x) + v * Double(p.y))) }
    }
    var triangles: [Triangle] = []
    for i in 0..<count {
      let j = (i + 1) % count
      triangles.append(Triangle(i, j, count + i))
      triangles.append(Triangle(j, count + j, count + i))
      if i > 0 && i + 1 < count {
        triangles.append(Triangle(0, i + 1, i))
        triangles.append(Triangle(count, count + i, count + i + 1))
      }
    }
    return Mesh(unchecked: positions, triangles: triangles)
  }
}

/// The hits of a ray, one after the other.
struct RayWalk {
  let mesh: Mesh
  let tree: BVH
  let origin: SIMD3<Float>
  let way: SIMD3<Float>
  private var from: Float = 0
  private var left: Int

  init(_ mesh: Mesh, _ tree: BVH, _ origin: SIMD3<Float>, _ way: SIMD3<Float>, atMost limit: Int = 256) {
    left = limit
    self.mesh = mesh
    self.tree = tree
    self.origin = origin
    self.way = way
  }

  mutating func next() -> (triangle: Int, distance: Float, isInward: Bool)? {
    guard left > 0,
      let hit = tree.raycast(mesh, origin: origin, direction: way, range: from ... .infinity)
    else { return nil }
    left -= 1
    from = (hit.distance * 1.000001).nextUp
    let (a, b, c) = mesh.corners(hit.triangle)
    return (hit.triangle, hit.distance, dot(cross(b - a, c - a), way) < 0)
  }
}
