import Facet
import FacetTestSupport

/// What must hold for any triangles whatever that are given to the reducer.
struct ReduceCheck {
  let run: RunContext

  /// What is wrong with the outcome, or nil.
  func problem(with input: FuzzInput) -> String? {
    var random = SeededGenerator(seed: 0x2ED)
    switch input {
    case .soup(let seed): return problem(with: ReduceCheck.soup(seed), lengths: 0.3, &random)
    case .damage(let damage):
      let mesh = damage.part().mesh
      return problem(with: mesh, lengths: Float(mesh.bounds.diagonal / 200), &random)
    case .part: return nil
    }
  }

  /// Four to two hundred triangles on a grid of two to eight points a side, and a sheet among them, flat or rough, of
  /// which something can go.
  static func soup(_ seed: UInt64) -> Mesh {
    var random = SeededGenerator(seed: seed ^ 0x2ED)
    let loose = Mesh.gridSoup(
      triangles: Int.random(in: 4...203, using: &random), side: Int.random(in: 2...8, using: &random),
      seed: seed, allowingDegenerate: Bool.random(using: &random))
    let n = Int.random(in: 3...10, using: &random)
    let steps = Int.random(in: 0...2, using: &random)
    var points: [SIMD3<Float>] = []
    for y in 0...n {
      for x in 0...n {
        points.append(SIMD3(Float(2 * x), Float(2 * y), Float(Int.random(in: 0...steps, using: &random))))
      }
    }
    var corners = loose.soup.corners
    for y in 0..<n {
      for x in 0..<n {
        let i = y * (n + 1) + x
        corners += [i, i + 1, i + n + 1, i + 1, i + n + 2, i + n + 1].map { points[$0] }
      }
    }
    return try! Mesh.welded(TriangleSoup(corners: corners))
  }

  private func problem(
    with mesh: Mesh, lengths: Float, _ random: inout SeededGenerator
  ) -> String? {
    do throws(MeshError) {
      let before = try Faults(mesh, run)
      for options in [
        DecimationOptions(accuracy: 0), DecimationOptions(accuracy: lengths),
        DecimationOptions(target: .ratio(0.2)), DecimationOptions(maximumAngle: 20),
        DecimationOptions(accuracy: lengths / 3, maximumAngle: 45, target: .ratio(0.5)),
      ] {
        if let problem = try problem(with: mesh, before, options, &random) {
          return "accuracy \(options.accuracy as Any), angle \(options.maximumAngle as Any), "
            + "target \(options.target as Any): \(problem)"
        }
      }
      return nil
    } catch {
      return "error: \(error)"
    }
  }

  private func problem(
    with mesh: Mesh, _ before: Faults, _ options: DecimationOptions, _ random: inout SeededGenerator
  ) throws(MeshError) -> String? {
    let result = try mesh.decimated(options, RunContext(threads: 1))
    let again = try mesh.decimated(options, RunContext(threads: 2))
    if again.mesh != result.mesh { return "other triangles with two threads" }
    if result.trianglesAfter > mesh.triangles.count { return "more triangles than before" }
    // As a file holds it: vertices at one place are one.
    let reduced = try Mesh.welded(result.mesh.soup, run)
    let after = try Faults(reduced, run)
    if after.crossingPairs > before.crossingPairs {
      return "\(after.crossingPairs) crossing pairs, \(before.crossingPairs) before"
    }
    if !after.nonManifold.isSubset(of: before.nonManifold) { return "a new edge that is not manifold" }
    if !after.flat.isSubset(of: before.flat) { return "a new triangle without area" }
    if let accuracy = options.accuracy {
      let bounds = mesh.bounds
      let largest = [bounds.minimum, bounds.maximum].flatMap { [abs($0.x), abs($0.y), abs($0.z)] }.max()!
      // Eight last places are the least accuracy there is; one more for measuring.
      let limit = max(accuracy * 1.00001, 8 * largest.ulp) + largest.ulp
      let far = max(
        farthest(mesh, from: reduced, try BVH(reduced, run), &random),
        farthest(reduced, from: mesh, try BVH(mesh, run), &random))
      if far > limit { return "\(far) mm off" }
      if accuracy == 0, isTurnedOver(reduced, mesh, try BVH(mesh, run), limit) {
        return "a triangle is turned over"
      }
    }
    if let angle = options.maximumAngle, let turn = result.largestTurn, turn > angle + 0.1 {
      return "turned by \(turn) degrees"
    }
    return nil
  }

  /// The largest distance from the corners, the middles and random points of triangles to another surface.
  private func farthest(
    _ mesh: Mesh, from other: Mesh, _ tree: BVH, _ random: inout SeededGenerator
  ) -> Float {
    var farthest: Float = 0
    for i in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(i)
      var points = [a, b, c, (a + b + c) / 3]
      for _ in 0..<4 {
        let r = Float.random(in: 0...1, using: &random).squareRoot()
        let s = Float.random(in: 0...1, using: &random)
        points.append(a * (1 - r) + b * (r * (1 - s)) + c * (r * s))
      }
      for p in points { farthest = max(farthest, tree.closestPoint(other, to: p)?.distance ?? .infinity) }
    }
    return farthest
  }

  /// Whether a triangle's middle is on none of the source that faces the same way. For what only flat places lost.
  private func isTurnedOver(_ reduced: Mesh, _ mesh: Mesh, _ tree: BVH, _ limit: Float) -> Bool {
    reduced.triangles.indices.contains { i in
      let (a, b, c) = reduced.corners(i)
      let normal = ReduceCheck.normal(a, b, c)
      let middle = (a + b + c) / 3
      let around = Box(minimum: middle - limit, maximum: middle + limit)
      return !tree.triangles(mesh, overlapping: around).contains { j in
        let (p, q, r) = mesh.corners(Int(j))
        let other = ReduceCheck.normal(p, q, r)
        return (normal * other).sum() > 0 || normal == .zero
      }
    }
  }

  static func normal(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> SIMD3<Double> {
    let (u, v) = (SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))
    return SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x)
  }
}

/// What is wrong with a mesh to begin with.
private struct Faults {
  let crossingPairs: Int
  /// The ends of each edge, and the corners of each triangle, in any one order.
  let nonManifold: Set<Set<SIMD3<Float>>>
  let flat: Set<Set<SIMD3<Float>>>

  init(_ mesh: Mesh, _ run: RunContext) throws(MeshError) {
    crossingPairs =
      mesh.triangles.isEmpty ? 0 : try mesh.selfIntersections(BVH(mesh, run), run).pairCount
    var (edges, triangles) = (Set<Set<SIMD3<Float>>>(), Set<Set<SIMD3<Float>>>())
    let topology = try Topology(mesh, run)
    for (h, twin) in topology.twin.enumerated() where twin == Topology.nonManifold {
      let t = mesh.triangles[h / 3]
      edges.insert([mesh.positions[Int(t[h % 3])], mesh.positions[Int(t[(h + 1) % 3])]])
    }
    for i in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(i)
      if ReduceCheck.normal(a, b, c) == .zero { triangles.insert([a, b, c]) }
    }
    (nonManifold, flat) = (edges, triangles)
  }
}
