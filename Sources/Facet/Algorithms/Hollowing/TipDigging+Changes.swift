extension TipDigging {
  /// Some triangles for others.
  struct Change {
    /// Number of the vertex that a change makes.
    static let new = UInt32.max

    var removed: [UInt32]
    /// As many or more.
    var added: [Triangle]
    /// The one that is new or moved, and where it will be.
    var vertex: UInt32 = 0
    var point: Point?
  }

  struct Point: BitwiseCopyable {
    var position: SIMD3<Float>
    var source: UInt32
    var distance: Float
    /// From the part, of length 1.
    var way: SIMD3<Float>
  }

  /// Triangles keep at least this height, in voxels.
  private static let leastHeight: Float = 0.01
  /// What is tried: to go to where fronts meet, or straight out, and to leave a share of what is too much.
  private static let tries: [(isStraight: Bool, left: Float)] = [
    (false, 0), (true, 0), (true, 0.25), (true, 0.5),
  ]

  /// A change that takes the surface nearer to where it is to be and keeps the wall, or nil.
  func proposal(_ spot: Spot, _ scratch: PartScene.Scratch) -> Change? {
    spot.a == spot.b ? moving(spot.a, scratch) : digging(spot.a, spot.b, scratch)
  }

  // MARK: Vertices

  private func moving(_ v: UInt32, _ scratch: PartScene.Scratch) -> Change? {
    let start = mesh.positions[Int(v)]
    let around = bins.triangles(near: Box(start, start, start)) { contains(mesh.triangles[Int($0)], v) }
    guard let ring = around else { return nil }
    let excess = mesh.distances[Int(v)] - level
    let out = outward(ring)
    for attempt in TipDigging.tries {
      let found =
        attempt.isStraight
        ? point(from: start, along: out, mesh.sources[Int(v)], attempt.left, excess, scratch)
        : point(near: start - ways[Int(v)] * excess, mesh.sources[Int(v)], excess, scratch)
      guard let point = found else { continue }
      let change = Change(
        removed: ring, added: ring.map { mesh.triangles[Int($0)] }, vertex: v, point: point)
      let volume = ring.reduce(0.0) { $0 + swept(mesh.triangles[Int($1)], point.position) }
      if volume > 0 && isSound(change) && keepsWall(change, scratch) { return change }
    }
    return nil
  }

  /// Six times the volume between a triangle and a point that lies behind it, mm³; negative before it.
  private func swept(_ t: Triangle, _ point: SIMD3<Float>) -> Double {
    let (a, b, c) = corners(t)
    let p = SIMD3<Double>(point)
    return dot(cross(SIMD3<Double>(a) - p, SIMD3<Double>(b) - p), SIMD3<Double>(c) - p)
  }

  // MARK: Edges

  private func digging(_ u: UInt32, _ v: UInt32, _ scratch: PartScene.Scratch) -> Change? {
    let (from, to) = (mesh.positions[Int(u)], mesh.positions[Int(v)])
    let middle = (from + to) * 0.5
    let beside = bins.triangles(near: Box(middle, middle, middle)) {
      contains(mesh.triangles[Int($0)], u) && contains(mesh.triangles[Int($0)], v)
    }
    guard let both = beside, both.count == 2 else { return nil }
    let (first, second) = runs(mesh.triangles[Int(both[0])], u, v) ? (both[0], both[1]) : (both[1], both[0])
    let (a, b) = (
      apex(mesh.triangles[Int(first)], u, v), apex(mesh.triangles[Int(second)], u, v)
    )
    let found = proof.scene.nearest(to: middle, hint: mesh.sources[Int(u)], scratch)
    let excess = found.squared.squareRoot() - level
    guard excess > TipDigging.tolerance * voxel, a != b else { return nil }
    if estimate(a, b) <= TipDigging.tolerance * voxel {
      let turned = Change(removed: [first, second], added: [Triangle(u, b, a), Triangle(v, a, b)])
      if isBehind(first, mesh.positions[Int(b)]), isSound(turned), keepsWall(turned, scratch) {
        return turned
      }
    }
    let meeting = wayToMeeting(u, v)
    let out = outward([first, second])
    for attempt in TipDigging.tries {
      let place =
        attempt.isStraight
        ? point(from: middle, along: out, found.triangle, attempt.left, excess, scratch)
        : point(near: middle + meeting, found.triangle, excess, scratch)
      guard let point = place, isBehind(first, point.position), isBehind(second, point.position) else {
        continue
      }
      let m = Change.new
      let change = Change(
        removed: [first, second],
        added: [Triangle(u, m, a), Triangle(m, v, a), Triangle(v, m, b), Triangle(m, u, b)],
        vertex: m, point: point)
      if isSound(change) && keepsWall(change, scratch) { return change }
    }
    return nil
  }

  /// How much too deep the middle of an edge is, as told from the planes before which its ends lie, mm.
  private func estimate(_ a: UInt32, _ b: UInt32) -> Float {
    let way = mesh.positions[Int(b)] - mesh.positions[Int(a)]
    return min(
      mesh.distances[Int(a)] + dot(ways[Int(a)], way) * 0.5,
      mesh.distances[Int(b)] - dot(ways[Int(b)], way) * 0.5) - level
  }

  /// From the middle of an edge to where the fronts before which its ends lie meet; at most the reach.
  private func wayToMeeting(_ u: UInt32, _ v: UInt32) -> SIMD3<Float> {
    let way = mesh.positions[Int(v)] - mesh.positions[Int(u)]
    let (n, m) = (ways[Int(u)], ways[Int(v)])
    let first = mesh.distances[Int(u)] + dot(n, way) * 0.5 - level
    let second = mesh.distances[Int(v)] - dot(m, way) * 0.5 - level
    let cosine = dot(n, m)
    if cosine > 0.9 { return (n + m).normalized * -min(first, second) }
    let scale = 1 / max(1 - cosine * cosine, 1e-4)
    let meeting = n * ((cosine * second - first) * scale) + m * ((cosine * first - second) * scale)
    let size = length(meeting)
    let most = 0.9 * TipDigging.reach * voxel
    return size > most ? meeting * (most / size) : meeting
  }

  // MARK: Points

  /// The place nearest to a point that is as far from the part as it is to be, if there is one near enough.
  private func point(
    near wanted: SIMD3<Float>, _ hint: UInt32, _ excess: Float, _ scratch: PartScene.Scratch
  ) -> Point? {
    var demands = HalfSpaces()
    var position = wanted
    var found = proof.scene.nearest(to: position, hint: hint, scratch)
    for _ in 0..<6 {
      let distance = found.squared.squareRoot()
      if distance >= level || distance == 0 { break }
      let way = found.offset * (-1 / distance)
      demands.add(way, dot(way, position - wanted) + (level - distance) * 1.01 + level * 1e-6)
      position = wanted + demands.nearest
      found = proof.scene.nearest(to: position, hint: found.triangle, scratch)
    }
    return checked(position, from: wanted, found, excess)
  }

  /// The first place along a direction that is as far from the part as it is to be, and a share of the excess more.
  private func point(
    from start: SIMD3<Float>, along direction: SIMD3<Float>, _ hint: UInt32, _ left: Float, _ excess: Float,
    _ scratch: PartScene.Scratch
  ) -> Point? {
    let goal = level + left * excess
    var position = start
    var found = proof.scene.nearest(to: position, hint: hint, scratch)
    var way: Float = 0
    for _ in 0..<16 {
      // So far there is nothing nearer than the goal.
      let step = found.squared.squareRoot() - goal
      if step < 0.02 * excess { break }
      way += step
      if way > TipDigging.reach * voxel * 0.9 { break }
      position += direction * step
      found = proof.scene.nearest(to: position, hint: found.triangle, scratch)
    }
    return checked(position, from: start, found, excess)
  }

  /// A place that is better than what it is for, and within reach of where it was looked for.
  private func checked(
    _ position: SIMD3<Float>, from start: SIMD3<Float>, _ found: NearestPoint, _ excess: Float
  ) -> Point? {
    let distance = found.squared.squareRoot()
    guard distance >= level, distance - level < 0.65 * excess,
      length(position - start) <= TipDigging.reach * voxel
    else { return nil }
    return Point(
      position: position, source: found.triangle, distance: distance, way: found.offset * (-1 / distance))
  }

  /// Away from the cavity at some triangles, of length 1.
  private func outward(_ triangles: [UInt32]) -> SIMD3<Float> {
    var sum = SIMD3<Float>.zero
    for t in triangles {
      let (a, b, c) = corners(mesh.triangles[Int(t)])
      sum -= cross(b - a, c - a)
    }
    return sum.normalized
  }

  // MARK: Triangles

  func contains(_ t: Triangle, _ v: UInt32) -> Bool { t.a == v || t.b == v || t.c == v }

  /// Whether a triangle has an edge from one vertex to the other.
  private func runs(_ t: Triangle, _ u: UInt32, _ v: UInt32) -> Bool {
    t.a == u && t.b == v || t.b == u && t.c == v || t.c == u && t.a == v
  }

  private func apex(_ t: Triangle, _ u: UInt32, _ v: UInt32) -> UInt32 {
    t.a != u && t.a != v ? t.a : t.b != u && t.b != v ? t.b : t.c
  }

  func corners(_ t: Triangle) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    (mesh.positions[Int(t.a)], mesh.positions[Int(t.b)], mesh.positions[Int(t.c)])
  }

  /// The corners once a change is made.
  func corners(_ t: Triangle, _ change: Change) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    func corner(_ v: UInt32) -> SIMD3<Float> {
      if let point = change.point, v == change.vertex { return point.position }
      return mesh.positions[Int(v)]
    }
    return (corner(t.a), corner(t.b), corner(t.c))
  }

  /// Whether a point is on that side of a triangle on which the part is.
  private func isBehind(_ triangle: UInt32, _ point: SIMD3<Float>) -> Bool {
    let (a, b, c) = corners(mesh.triangles[Int(triangle)])
    return orient3d(a, b, c, point) < 0
  }

  /// Whether no triangle is lower than triangles are to be, or than one was.
  private func isSound(_ change: Change) -> Bool {
    let before = change.removed.reduce(Float.infinity) {
      min($0, height(corners(mesh.triangles[Int($1)])))
    }
    let least = min(TipDigging.leastHeight * voxel, before)
    return change.added.allSatisfy { height(corners($0, change)) >= least }
  }

  private func height(_ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)) -> Float {
    let (u, v, w) = (t.1 - t.0, t.2 - t.0, t.2 - t.1)
    let n = cross(u, v)
    return (dot(n, n) / max(max(dot(u, u), dot(v, v)), max(dot(w, w), .leastNormalMagnitude))).squareRoot()
  }

  private func keepsWall(_ change: Change, _ scratch: PartScene.Scratch) -> Bool {
    func distance(_ v: UInt32) -> Float {
      if let point = change.point, v == change.vertex { return point.distance }
      return mesh.distances[Int(v)]
    }
    return change.added.allSatisfy { t in
      let (a, b, c) = corners(t, change)
      let (p, q, r) = (distance(t.a), distance(t.b), distance(t.c))
      return proof.keeps(SampledWall.Corners(a: a, b: b, c: c, squares: SIMD3(p * p, q * q, r * r)), scratch)
    }
  }
}
