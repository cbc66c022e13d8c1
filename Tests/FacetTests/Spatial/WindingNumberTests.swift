import FacetTestSupport
import Testing

@testable import Facet

@Suite struct WindingNumberTests {
  private func exact(_ mesh: Mesh, _ point: SIMD3<Float>) -> Double {
    mesh.triangles.indices.reduce(0.0) { sum, i in
      let (a, b, c) = mesh.corners(i)
      return sum + solidAngle(a, b, c, from: point)
    } / (4 * .pi)
  }

  @Test func isOneInsideAndZeroOutside() throws {
    // An outer and a turned inner sphere, between which the material is.
    let mesh = Primitive.sphereInSphere(outerRadius: 2, innerRadius: 1, subdivisions: 3)
    let winding = try WindingNumber(mesh, BVH(mesh))
    var random = SeededGenerator(seed: 1)
    for _ in 0..<400 {
      let point = SIMD3<Float>.random(in: -1.5...2.5, using: &random)
      let radius = length(point)
      // Between the spheres' corners and the middles of their triangles it depends.
      if abs(radius - 2) < 0.03 || abs(radius - 1) < 0.03 { continue }
      let isInside = radius > 1 && radius < 2
      #expect(abs(winding.at(point) - (isInside ? 1 : 0)) < 0.02)
    }
  }

  @Test func inFlippedMeshesItIsMinusOne() throws {
    let mesh = Primitive.box()
    let flipped = try Mesh(positions: mesh.positions, triangles: mesh.triangles.map(\.flipped))
    let winding = try WindingNumber(flipped, BVH(flipped))
    #expect(abs(winding.at(SIMD3(0.4, 0.5, 0.6)) + 1) < 0.01)
  }

  @Test func approximatesTheExactSumEvenForLooseTriangles() throws {
    let mesh = Mesh.randomSoup(triangles: 2000, size: 0.1, seed: 2)
    let bvh = try BVH(mesh)
    let winding = try WindingNumber(mesh, bvh)
    let closer = try WindingNumber(mesh, bvh, reach: 6)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<40 {
      let point = SIMD3<Float>.random(in: -0.5...1.5, using: &random)
      let expected = exact(mesh, point)
      #expect(abs(winding.at(point) - expected) < 0.02)
      #expect(abs(closer.at(point) - expected) < 0.002)
    }
  }

  /// Each angle between -π and π, but their sum far beyond.
  @Test(arguments: [1, 7, -5]) func surfacesAroundOneAnotherCountEach(_ times: Int) throws {
    let sphere = Primitive.icosphere(radius: 1, subdivisions: 2)
    let all = (0..<abs(times)).flatMap { _ in
      times > 0 ? sphere.triangles : sphere.triangles.map(\.flipped)
    }
    let mesh = Mesh(unchecked: sphere.positions, triangles: all)
    let winding = try WindingNumber(mesh, BVH(mesh), reach: .infinity)
    var random = SeededGenerator(seed: 6)
    for _ in 0..<50 {
      let way = SIMD3<Float>.random(in: -1...1, using: &random).normalized
      #expect(abs(winding.at(way * Float.random(in: 0...0.9, using: &random)) - Double(times)) < 1e-9)
      #expect(abs(winding.at(way * 1.01)) < 1e-9)
    }
  }

  @Test func withoutExpansionsItIsTheExactSum() throws {
    let mesh = Mesh.randomSoup(triangles: 700, size: 0.4, seed: 7)
    let winding = try WindingNumber(mesh, BVH(mesh), reach: .infinity)
    var random = SeededGenerator(seed: 8)
    for n in 0..<200 {
      var point = SIMD3<Float>.random(in: -0.5...1.5, using: &random)
      if n % 3 == 0 {
        // Just beside a triangle, or at its corner.
        let (a, b, c) = mesh.corners(n)
        point = n % 2 == 0 ? a : (a + b + c) / 3 + cross(b - a, c - a).normalized * 1e-5
      }
      #expect(abs(winding.at(point) - exact(mesh, point)) < 1e-9)
    }
  }

  @Test func anyNumberOfThreadsGivesTheSame() throws {
    let mesh = Mesh.randomSoup(triangles: 9000, size: 0.1, seed: 4)
    let bvh = try BVH(mesh)
    let one = try WindingNumber(mesh, bvh, RunContext(threads: 1))
    let three = try WindingNumber(mesh, bvh, RunContext(threads: 3))
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let point = SIMD3<Float>.random(in: 0...1, using: &random)
      #expect(one.at(point) == three.at(point))
    }
  }

  @Test func anEmptyMeshWindsAroundNothing() throws {
    #expect(try WindingNumber(.empty, BVH(.empty)).at(.zero) == 0)
  }

  @Test func aSphereOfDirectionsIsFourPi() {
    // The octant triangle sees an eighth of all directions from the origin.
    let angle = solidAngle(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1), from: .zero)
    #expect(abs(angle - .pi / 2) < 1e-12)
    let away = solidAngle(SIMD3(0, 1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1), from: .zero)
    #expect(abs(away + .pi / 2) < 1e-12)
  }
}
