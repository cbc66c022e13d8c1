import FacetTestSupport
import Testing

@testable import Facet

/// The kernels of the reducer against plain arithmetic.
@Suite struct CollapseKernelTests {
  private func built(_ mesh: Mesh) throws -> Decimation {
    try Decimation(mesh, DecimationOptions(accuracy: 0.1), RunContext(threads: 1))
  }

  @Test func fourEdgesAtOnceWeighAsOneDoes() throws {
    var generator = SeededGenerator(seed: 5)
    let smooth = Primitive.icosphere(radius: 10, subdivisions: 3)
    let state = try built(
      try Mesh(
        positions: smooth.positions.map { $0 * Float.random(in: 0.97...1.03, using: &generator) },
        triangles: smooth.triangles))
    defer { state.deallocate() }
    let mesh = state.mesh
    for v in 0..<mesh.vertexCount { mesh.weighFan(v, isFirstTime: true) }
    var weighed = 0
    for h in 0..<3 * mesh.triangleCount where mesh.cost[h] < .infinity {
      weighed += 1
      let expected = mesh.proposal(h).rank
      #expect(abs(mesh.cost[h] - expected) <= 0.02 * expected)
    }
    #expect(weighed == 3 * mesh.triangleCount / 2)
  }

  @Test func aQuadricIsTheSumOfSquaredDistances() {
    let planes: [(normal: SIMD3<Double>, through: SIMD3<Double>, weight: Double)] = [
      (SIMD3(1, 0, 0), SIMD3(2, 0, 0), 1), (SIMD3(0, 0.6, 0.8), SIMD3(1, 5, 0), 2),
      (SIMD3(0, -0.8, 0.6), SIMD3(0, 1, 1), 0.5),
    ]
    var sum = Quadric(normal: SIMD3(1, 0, 0), weight: 0)
    for p in planes { sum = sum + Quadric(normal: p.normal, weight: p.weight).seen(from: -p.through) }
    for point in [SIMD3(0.0, 0, 0), SIMD3(1, 2, 3), SIMD3(-4, 0.5, 2)] {
      let expected = planes.reduce(0.0) { total, p in
        let d = dot(p.normal, point - p.through)
        return total + p.weight * d * d
      }
      #expect(abs(sum.error(at: point) - expected) < 1e-9)
    }
    let least = sum.minimum(near: SIMD3<Double>(0, 0, 0))
    #expect(sum.error(at: least) < 1e-7)
    #expect(abs(sum.weight - 3.5) < 1e-12)
  }

  @Test func distancesOfFourPointsAreThoseOfOne() {
    var generator = SeededGenerator(seed: 11)
    let random = { SIMD3<Float>.random(in: -3...3, using: &generator) }
    for _ in 0..<2000 {
      let (a, b) = (random(), random())
      let lanes = FaceLanes(a, b, 0)
      let points = [random(), random(), random(), random()]
      let squared = lanes.squaredDistances(
        SIMD4(points[0].x, points[1].x, points[2].x, points[3].x),
        SIMD4(points[0].y, points[1].y, points[2].y, points[3].y),
        SIMD4(points[0].z, points[1].z, points[2].z, points[3].z))
      for (i, p) in points.enumerated() {
        let offset = closestOffset(-p, a - p, b - p)
        #expect(abs(squared[i] - dot(offset, offset)) < 1e-4)
      }
    }
  }

  @Test func theNewOrderIsAPermutation() throws {
    let mesh = Primitive.torus(majorRadius: 20, minorRadius: 7, majorSegments: 60, minorSegments: 30)
    let order = try SpatialOrder(mesh, RunContext())
    #expect(order.triangles.sorted() == mesh.triangles.indices.map { UInt32($0) })
    #expect(order.vertices.sorted() == mesh.positions.indices.map { UInt32($0) })
    for (i, t) in order.corners.enumerated() {
      let original = mesh.triangles[Int(order.triangles[i])]
      for k in 0..<3 { #expect(order.vertices[Int(t[k])] == original[k]) }
    }
    // Neighbours in memory are neighbours in space.
    func way(_ triangles: [UInt32]) -> Float {
      zip(triangles, triangles.dropFirst()).reduce(0) {
        $0 + length(mesh.corners(Int($1.0)).0 - mesh.corners(Int($1.1)).0)
      }
    }
    var generator = SeededGenerator(seed: 2)
    #expect(way(order.triangles) < 0.2 * way(order.triangles.shuffled(using: &generator)))
  }

  @Test func indicesBesidePositionsAreNoSubnormals() {
    for i: UInt32 in [0, 1, 77, 8_388_607, 13_000_000, 300_000_000, CollapseMesh.gone] {
      #expect(index(lane(i)) == i)
      #expect(!lane(i).isSubnormal)
    }
  }
}
