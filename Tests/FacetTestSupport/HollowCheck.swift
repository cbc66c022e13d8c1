import Facet

/// What must hold for any closed part that is hollowed: by seeds, for fuzzing and for tests.
public struct HollowCheck {
  private let run: RunContext

  public init(run: RunContext) { self.run = run }

  /// What is wrong with the outcome, or nil.
  public func problem(with seed: UInt64) -> String? {
    var random = SeededGenerator(seed: seed ^ 0x401)
    do throws(MeshError) {
      guard let part = try HollowCheck.part(&random, run) else { return nil }
      let options = HollowCheck.options(for: part, &random)
      if let problem = try problem(with: part, options, seed, &random) {
        return "\(part.triangles.count) triangles, wall \(options.wall), voxel \(options.voxel!), "
          + "\(options.infill): \(problem)"
      }
      return nil
    } catch {
      return "error: \(error)"
    }
  }

  private func problem(
    with part: Mesh, _ options: HollowingOptions, _ seed: UInt64, _ random: inout SeededGenerator
  ) throws(MeshError) -> String? {
    var closed = options
    closed.drains = .none
    let result = try part.hollowed(closed, run)
    switch result.outcome {
    case .hollowed: break
    case .tooThin: return result.mesh == part ? nil : "too thin, and changed"
    default: return "a solid part, and yet \(result.outcome)"
    }
    if Array(result.mesh.triangles.prefix(part.triangles.count)) != part.triangles
      || Array(result.mesh.positions.prefix(part.positions.count)) != part.positions
    {
      return "the outside has changed"
    }
    if let problem = try HollowCheck.problemAsAFile(result.mesh, run) { return problem }
    // A twelfth of a voxel may be missing.
    if result.certifiedWall < min(0.975 * options.wall, options.wall - 0.0834 * options.voxel!) {
      return "only \(result.certifiedWall) mm is certain"
    }
    let wall = try HollowCheck.wall(result.mesh, part, options.wall)
    if wall < Double(result.certifiedWall) * (1 - 1e-7) {
      return "a wall of \(wall) mm, \(result.certifiedWall) certified"
    }
    if result.volumeAfter >= result.volumeBefore { return "nothing saved" }
    if seed % 4 == 0, try part.hollowed(closed, RunContext(threads: 2)).mesh != result.mesh {
      return "other bytes with two threads"
    }
    if options.drains == .none { return nil }
    let drained = try part.hollowed(options, run)
    if let problem = try HollowCheck.problemAsAFile(drained.mesh, run) { return "drained: " + problem }
    if let plugs = drained.plugs, let problem = try HollowCheck.problemAsAFile(plugs, run) {
      return "plugs: " + problem
    }
    if drained.cavities != result.cavities || drained.trappedCavities > result.cavities {
      return "drained: \(drained.cavities) cavities of \(result.cavities), \(drained.trappedCavities) trapped"
    }
    return nil
  }

  // MARK: What is hollowed

  /// One to three shapes, turned and stretched, run into one; nil where that is not solid.
  public static func part(_ random: inout SeededGenerator, _ run: RunContext) throws(MeshError) -> Mesh? {
    var whole = Mesh.empty
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let shape = shape(&random)
      let middle = whole.triangles.isEmpty ? SIMD3<Float>.zero : SIMD3.random(in: -9...9, using: &random)
      let moved = shape.placed(&random, at: middle)
      whole = try Mesh(
        positions: whole.positions + moved.positions,
        triangles: whole.triangles
          + moved.triangles.map {
            let first = UInt32(whole.positions.count)
            return Triangle($0.a + first, $0.b + first, $0.c + first)
          })
    }
    let part = try whole.repaired(.init(), run).mesh
    return try part.solidity(run).isSolid ? part : nil
  }

  private static func shape(_ random: inout SeededGenerator) -> Mesh {
    func number(_ range: ClosedRange<Float>) -> Float { Float.random(in: range, using: &random) }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      let corner = SIMD3(number(2...9), number(2...9), number(2...9))
      return Primitive.box(minimum: SIMD3<Float>.zero - corner, maximum: corner)
    case 2: return Primitive.icosphere(radius: Double(number(3...9)), subdivisions: 2)
    case 3: return Primitive.uvSphere(radius: Double(number(3...9)), segments: 20, rings: 10)
    case 4:
      return Primitive.torus(
        majorRadius: Double(number(6...9)), minorRadius: Double(number(1.5...4.5)), majorSegments: 24,
        minorSegments: 14)
    case 5:
      let radius = number(4...9)
      return Primitive.tube(
        outerRadius: Double(radius), innerRadius: Double(radius * number(0.2...0.7)),
        height: Double(number(4...18)),
        segments: 28)
    case 6:
      // A plate.
      return Primitive.box(minimum: SIMD3(-9, -9, number(-3 ... -0.6)), maximum: SIMD3(9, 9, number(0.6...3)))
    default:
      let box = Primitive.box(minimum: SIMD3(repeating: -7), maximum: SIMD3(repeating: 7))
      // With a hole inside.
      let hole = Primitive.box(
        minimum: SIMD3(repeating: -number(0.5...2)), maximum: SIMD3(repeating: number(0.5...2)))
      let first = UInt32(box.positions.count)
      return try! Mesh(
        positions: box.positions + hole.positions,
        triangles: box.triangles + hole.triangles.map { Triangle($0.a + first, $0.c + first, $0.b + first) })
    }
  }

  public static func options(for part: Mesh, _ random: inout SeededGenerator) -> HollowingOptions {
    func number(_ range: ClosedRange<Float>) -> Float { Float.random(in: range, using: &random) }
    let wall = number(0.5...2.5)
    let voxel = max(wall * number(0.2...0.9), Float(part.bounds.diagonal) / number(30...90))
    var options = HollowingOptions(wall: wall, voxel: voxel)
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      let thickness = voxel * number(2...4)
      options.infill = .gyroid(cell: (thickness + 2 * voxel) * number(3.06...6), wall: thickness)
    case 1:
      let thickness = voxel * number(3...5)
      options.infill = .cubic(cell: thickness + voxel * number(2.1...9), wall: thickness)
    default: break
    }
    let diameter = voxel * number(1...6)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: options.drains = .automatic(count: Int.random(in: 1...3, using: &random), diameter: diameter)
    case 1:
      options.drains = .placed(
        (0..<3).map { _ in
          let away = SIMD3<Float>.random(in: -1...1, using: &random)
          return DrainHole(
            position: part.bounds.center + away * 30, direction: SIMD3<Float>.zero - away, diameter: diameter)
        })
    default: break
    }
    options.makesPlugs = Bool.random(using: &random)
    return options
  }

  // MARK: What comes of it

  /// What is not solid after writing and reading, or nil.
  private static func problemAsAFile(_ mesh: Mesh, _ run: RunContext) throws(MeshError) -> String? {
    if mesh.triangles.isEmpty { return nil }
    let file = try mesh.encoded(ExportOptions(format: .stl), run)
    let solidity = try Mesh.read(ByteSource(file), ImportOptions(format: .stl), run).mesh.solidity(run)
    return solidity.isSolid ? nil : "not solid: \(solidity)"
  }

  /// The least distance between the inner triangles and the part's, in double precision, if it is below a limit.
  public static func wall(_ hollow: Mesh, _ part: Mesh, _ limit: Float) throws(MeshError) -> Double {
    let tree = try BVH(part)
    var least = Double(limit)
    for i in part.triangles.count..<hollow.triangles.count {
      let (a, b, c) = hollow.corners(i)
      let low = SIMD3(min(a.x, b.x, c.x), min(a.y, b.y, c.y), min(a.z, b.z, c.z)) - limit
      let high = SIMD3(max(a.x, b.x, c.x), max(a.y, b.y, c.y), max(a.z, b.z, c.z)) + limit
      let inner = [SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c)]
      for j in tree.triangles(part, overlapping: Box(minimum: low, maximum: high)) {
        let (p, q, r) = part.corners(Int(j))
        least = min(
          least, distance(inner, [SIMD3<Double>(p), SIMD3<Double>(q), SIMD3<Double>(r)], below: least))
      }
    }
    return least
  }

  /// The distance of two triangles that do not cross: from a corner to the other, or between two edges.
  private static func distance(
    _ s: [SIMD3<Double>], _ t: [SIMD3<Double>], below limit: Double
  ) -> Double {
    // Apart along one's normal.
    for (own, other) in [(s, t), (t, s)] {
      let normal = cross(own[1] - own[0], own[2] - own[0])
      let heights = other.map { dot(normal, $0 - own[0]) }
      let reach = limit * dot(normal, normal).squareRoot()
      if heights.min()! >= reach || heights.max()! <= -reach { return limit }
    }
    var least = limit * limit
    for k in 0..<3 {
      least = min(least, squaredDistance(s[k], t), squaredDistance(t[k], s))
      for l in 0..<3 {
        least = min(least, squaredDistance(s[k], s[(k + 1) % 3], t[l], t[(l + 1) % 3]))
      }
    }
    return least.squareRoot()
  }

  /// From a point to a triangle, where that is above its inside.
  private static func squaredDistance(_ p: SIMD3<Double>, _ t: [SIMD3<Double>]) -> Double {
    let normal = cross(t[1] - t[0], t[2] - t[0])
    for k in 0..<3 where dot(cross(t[(k + 1) % 3] - t[k], p - t[k]), normal) < 0 { return .infinity }
    let height = dot(normal, p - t[0])
    if normal == .zero { return .infinity }
    return height * height / dot(normal, normal)
  }

  /// Of two segments.
  private static func squaredDistance(
    _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>, _ d: SIMD3<Double>
  ) -> Double {
    let (u, v, w) = (b - a, d - c, a - c)
    let (uu, uv, vv, uw, vw) = (dot(u, u), dot(u, v), dot(v, v), dot(u, w), dot(v, w))
    let determinant = uu * vv - uv * uv
    var x = determinant > 1e-12 * uu * vv ? (uv * vw - vv * uw) / determinant : 0
    x = min(max(x, 0), 1)
    let y = min(max(vv > 0 ? (uv * x + vw) / vv : 0, 0), 1)
    x = min(max(uu > 0 ? (uv * y - uw) / uu : 0, 0), 1)
    let gap = w + u * x - v * y
    return dot(gap, gap)
  }

  private static func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}

extension Mesh {
  /// Turned at random, stretched a little along the axes, and moved.
  fileprivate func placed(_ random: inout SeededGenerator, at middle: SIMD3<Float>) -> Mesh {
    var q = SIMD4<Float>.random(in: -1...1, using: &random)
    // One of four stays along the axes.
    if Int.random(in: 0..<4, using: &random) == 0 { q = SIMD4(0, 0, 0, 1) }
    q /= max((q * q).sum().squareRoot(), 1e-3)
    let stretch = SIMD3<Float>.random(in: 0.5...1.3, using: &random)
    let axis = SIMD3(q.x, q.y, q.z)
    func cross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let placed = positions.map { p in
      let s = p * stretch
      let t = cross(axis, s) * 2
      return s + t * q.w + cross(axis, t) + middle
    }
    return try! Mesh(positions: placed, triangles: triangles)
  }
}
