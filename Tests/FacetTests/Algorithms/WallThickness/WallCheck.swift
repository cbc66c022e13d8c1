import FacetTestSupport
import Testing

@testable import Facet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures and checks what must hold of any result.
func checkedThickness(
  _ mesh: Mesh, _ minimum: Float, _ accuracy: WallThicknessOptions.Accuracy = .normal,
  _ location: SourceLocation = #_sourceLocation
) throws -> WallThicknessResult {
  let result = try mesh.wallThickness(WallThicknessOptions(minimum: minimum, accuracy: accuracy))
  func expect(_ condition: Bool, _ what: Comment) { #expect(condition, what, sourceLocation: location) }
  expect(result.surface.triangles.count == result.thickness.count, "a thickness a triangle")
  expect(EdgeOracle(result.surface).badEdges == EdgeOracle(mesh).badEdges, "divided conformingly")
  let area = result.histogram.reduce(0) { $0 + $1.area } + result.unmeasuredArea
  expect(abs(area / mesh.plainArea - 1) < 1e-5, "the histogram's areas")
  expect(result.hasThinWalls == result.regions.contains { $0.isCertain }, "thin")
  expect(result.hasPossibleThinWalls == !result.regions.isEmpty, "possibly thin")
  expect(result.leastThickness == result.thickness.min().flatMap { $0 < .infinity ? $0 : nil }, "the least")
  for region in result.regions {
    expect(region.lowerBound <= region.leastThickness, "lower bound")
    expect(region.leastThickness <= region.upperBound, "upper bound")
    expect(region.lowerBound < minimum, "below the minimum")
    expect(!region.isCertain || region.upperBound < minimum, "certain")
    expect(region.bounds.contains(region.place), "the place")
  }
  expect(
    zip(result.regions, result.regions.dropFirst()).allSatisfy {
      $0.isCertain && !$1.isCertain || $0.isCertain == $1.isCertain && $0.leastThickness <= $1.leastThickness
    }, "worst first")
  return result
}

extension Mesh {
  /// Turned about a random axis and moved by up to `reach` mm along each.
  func placedAtRandom(_ random: inout SeededGenerator, reach: Double = 100) -> Mesh {
    func pick() -> Double { .random(in: -1...1, using: &random) }
    let axis = SIMD3(pick(), pick(), pick() + 1e-9).normalized
    let angle = Double.pi * pick()
    let shift = SIMD3(pick(), pick(), pick()) * reach
    let (c, s) = (cos(angle), sin(angle))
    return Mesh(
      unchecked: positions.map { p in
        let p = SIMD3<Double>(p)
        let turned = p * c + cross(axis, p) * s + axis * (dot(axis, p) * (1 - c))
        return SIMD3<Float>(turned + shift)
      }, triangles: triangles)
  }
}

/// Thickness by looking at every triangle, in double precision.
struct ThicknessOracle {
  let mesh: Mesh
  let triangles: [(SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)]
  let normals: [SIMD3<Double>]

  init(_ mesh: Mesh) {
    self.mesh = mesh
    triangles = mesh.triangles.indices.map {
      let (a, b, c) = mesh.corners($0)
      return (SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
    }
    normals = triangles.map { cross($0.1 - $0.0, $0.2 - $0.0).normalized }
  }

  /// The thickness at a point of a facet, and how deep its line leaves the material; nil when another side that is not
  /// opposed comes first, or none.
  func thickness(at p: SIMD3<Double>, of facet: Int) -> (thickness: Double, depth: Double)? {
    let n = normals[facet]
    var crossings: [(depth: Double, facet: Int)] = []
    for (i, t) in triangles.enumerated() where i != facet {
      let u = t.1 - t.0
      let v = t.2 - t.0
      let w = p - t.0
      let determinant = -dot(cross(u, v), n)
      if abs(determinant) < 1e-14 { continue }
      let depth = -dot(cross(u, v), w) / determinant
      let beta = -dot(cross(w, v), n) / determinant
      let gamma = -dot(cross(u, w), n) / determinant
      if depth > 1e-9, beta >= 0, gamma >= 0, beta + gamma <= 1 { crossings.append((depth, i)) }
    }
    crossings.sort { $0.depth < $1.depth }
    var inside = 1
    for crossing in crossings {
      inside += dot(normals[crossing.facet], n) > 0 ? 1 : -1
      if inside > 0 { continue }
      guard isOpposed(crossing.facet, n) else { return nil }
      var least = crossing.depth
      for i in triangles.indices where i != facet && isOpposed(i, n) {
        least = min(least, ball(p, n, triangles[i]))
      }
      let facing = -dot(normals[crossing.facet], n)
      return (max(least, crossing.depth * 2 * facing / (1 + facing)), crossing.depth)
    }
    return nil
  }

  private func isOpposed(_ i: Int, _ n: SIMD3<Double>) -> Bool {
    -dot(normals[i], n) >= cos(Tolerances.wedgeAngle * .pi / 180)
  }

  /// The diameter of the least ball that touches the surface at `p` from within and the triangle: |q − p|² over q's
  /// depth, which has no local minimum but the least one on any convex set.
  private func ball(
    _ p: SIMD3<Double>, _ n: SIMD3<Double>, _ t: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
  ) -> Double {
    func value(_ q: SIMD3<Double>) -> Double {
      let depth = dot(p - q, n)
      return depth > 0 ? dot(q - p, q - p) / depth : .infinity
    }
    func leastAlong(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
      // What is above the piece's plane cannot be touched.
      var (a, b) = (a, b)
      let (da, db) = (dot(p - a, n), dot(p - b, n))
      if da <= 0 && db <= 0 { return .infinity }
      if da <= 0 { a = a + (b - a) * (da / (da - db)) }
      if db <= 0 { b = a + (b - a) * (da / (da - db)) }
      var (low, high) = (0.0, 1.0)
      for _ in 0..<60 {
        let (x, y) = (low + (high - low) / 3, high - (high - low) / 3)
        if value(a + (b - a) * x) <= value(a + (b - a) * y) { high = y } else { low = x }
      }
      return value(a + (b - a) * (low + high) / 2)
    }
    // Where it touches the triangle's plane, if that is within.
    let (u, v) = (t.1 - t.0, t.2 - t.0)
    let away = cross(u, v).normalized
    let radius = dot(away, t.0 - p) / (1 - dot(away, n))
    let offset = p - radius * n + radius * away - t.0
    let (uu, uv, vv, ou, ov) = (dot(u, u), dot(u, v), dot(v, v), dot(offset, u), dot(offset, v))
    let determinant = uu * vv - uv * uv
    let (x, y) = ((ou * vv - ov * uv) / determinant, (ov * uu - ou * uv) / determinant)
    if radius > 0, x >= 0, y >= 0, x + y <= 1 { return 2 * radius }
    return min(leastAlong(t.0, t.1), leastAlong(t.1, t.2), leastAlong(t.2, t.0))
  }

  /// A random point of a triangle.
  static func point(
    in t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ random: inout SeededGenerator
  ) -> SIMD3<Double> {
    var (x, y) = (
      Double.random(in: 0.001...0.998, using: &random), Double.random(in: 0.001...0.998, using: &random)
    )
    if x + y > 0.999 { (x, y) = (0.999 - x, 0.999 - y) }
    let (a, b, c) = (SIMD3<Double>(t.0), SIMD3<Double>(t.1), SIMD3<Double>(t.2))
    return a + (b - a) * max(x, 0.0005) + (c - a) * max(y, 0.0005)
  }
}
