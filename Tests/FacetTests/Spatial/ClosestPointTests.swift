import FacetTestSupport
import Foundation
import Testing

@testable import Facet

@Suite struct ClosestPointTests {
  /// By minimising over the edges and the inside in double precision.
  private func distance(_ p: SIMD3<Float>, _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)) -> Double {
    let p = SIMD3<Double>(p)
    let corners = [SIMD3<Double>(t.0), SIMD3<Double>(t.1), SIMD3<Double>(t.2)]
    var least = Double.infinity
    for i in 0..<3 {
      let a = corners[i]
      let edge = corners[(i + 1) % 3] - a
      let squared = dot(edge, edge)
      let along = squared > 0 ? min(1, max(0, dot(p - a, edge) / squared)) : 0
      least = min(least, length(p - (a + edge * along)))
    }
    let n = cross(corners[1] - corners[0], corners[2] - corners[0])
    let squared = dot(n, n)
    if squared == 0 { return least }
    let isInside = (0..<3).allSatisfy { i in
      dot(cross(corners[(i + 1) % 3] - corners[i], p - corners[i]), n) >= 0
    }
    return isInside ? min(least, abs(dot(n, p - corners[0])) / squared.squareRoot()) : least
  }

  @Test func distancesEqualBruteForce() throws {
    var random = SeededGenerator(seed: 1)
    for mesh in [
      Mesh.randomSoup(triangles: 300, seed: 2), .randomSoup(triangles: 2, seed: 3),
      .gridSoup(triangles: 80, side: 3, seed: 4, allowingDegenerate: true),
    ] {
      let bvh = try BVH(mesh)
      for _ in 0..<150 {
        let point = SIMD3<Float>.random(in: -1...3, using: &random)
        let expected = mesh.triangles.indices.map { distance(point, mesh.corners($0)) }.min()!
        let found = try #require(bvh.closestPoint(mesh, to: point))
        #expect(abs(Double(found.distance) - expected) < 1e-5)
        // What is said holds: the point is on the triangle, and that far away.
        #expect(distance(found.point, mesh.corners(found.triangle)) < 1e-5)
        #expect(abs(length(found.point - point) - found.distance) < 1e-5)
      }
    }
  }

  @Test func pointsOnTheSurfaceAreAtDistanceZero() throws {
    let mesh = Mesh.randomSoup(triangles: 100, seed: 5)
    let bvh = try BVH(mesh)
    for i in mesh.triangles.indices {
      #expect(bvh.closestPoint(mesh, to: mesh.corners(i).0)?.distance == 0)
    }
  }

  @Test func onlyWhatIsWithinTheLimitIsFound() throws {
    let mesh = try Mesh(
      positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)], triangles: [Triangle(0, 1, 2)])
    let bvh = try BVH(mesh)
    let point = SIMD3<Float>(0.25, 0.25, 2)
    #expect(bvh.closestPoint(mesh, to: point, within: 1.99) == nil)
    #expect(bvh.closestPoint(mesh, to: point, within: 2)?.point == SIMD3(0.25, 0.25, 0))
    #expect(bvh.closestPoint(mesh, to: point, within: -1) == nil)
    #expect(try BVH(.empty).closestPoint(.empty, to: point) == nil)
  }

  @Test func ofEquallyCloseTrianglesTheLowestIndexIsFound() throws {
    let corners: [SIMD3<Float>] = [SIMD3(-1, -1, 0), SIMD3(1, -1, 0), SIMD3(0, 1, 0)]
    let mesh = try Mesh(positions: corners, triangles: [Triangle](repeating: Triangle(2, 0, 1), count: 100))
    #expect(try BVH(mesh).closestPoint(mesh, to: SIMD3(0.1, 0.1, 4))?.triangle == 0)
  }

  @Test func triangleWithoutAreaCountsAsItsSegment() throws {
    let found = closestOffset(SIMD3(-1, 2, 0), SIMD3(3, 2, 0), SIMD3(1, 2, 0))
    #expect(found == SIMD3(0, 2, 0))
    #expect(closestOffset(SIMD3(1, 2, 3), SIMD3(1, 2, 3), SIMD3(1, 2, 3)) == SIMD3(1, 2, 3))
  }

  /// Sides of 0.001 to 100 mm, angles down to a millionth, seen from 0 to 1,000 sides away.
  private func anyTriangle(_ random: inout SeededGenerator) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    func direction() -> SIMD3<Float> { SIMD3.random(in: -1...1, using: &random).normalized }
    let side = pow(10, Float.random(in: -3...2, using: &random))
    let ab = direction() * side
    let lean = pow(10, Float.random(in: -6...0, using: &random))
    let ac = (ab * Float.random(in: -1...1, using: &random) + direction() * (side * lean))
    let inside =
      ab * Float.random(in: -0.5...1.5, using: &random) + ac * Float.random(in: -0.5...1.5, using: &random)
    let away = direction() * (side * pow(10, Float.random(in: -5...3, using: &random)))
    let a = SIMD3<Float>.zero - inside - away
    return (a, a + ab, a + ac)
  }

  @Test func theClosestPointIsRightForAnyShapeAndDistance() {
    var random = SeededGenerator(seed: 6)
    var worst = (distance: 0.0, place: 0.0)
    for _ in 0..<200_000 {
      let t = anyTriangle(&random)
      let found = closestOffset(t.0, t.1, t.2)
      let expected = distance(.zero, t)
      let scale = Double(max(length(t.0), length(t.1), length(t.2)))
      worst.distance = max(worst.distance, abs(Double(length(found)) - expected) / scale)
      worst.place = max(worst.place, distance(found, t) / scale)
    }
    // In units of the farthest corner's distance, which has 24 bits.
    #expect(worst.distance < 3e-7, "\(worst)")
    #expect(worst.place < 3e-7, "\(worst)")
  }

  @Test func noTriangleInReachIsPassedOver() {
    var random = SeededGenerator(seed: 7)
    var (missed, passed, far) = (0, 0, 0)
    for _ in 0..<200_000 {
      let t = anyTriangle(&random)
      func isSeen(_ reach: Double) -> Bool {
        let sight = BallSight(center: .zero, reach: Float(reach * reach * 1.00001))
        let lanes = sight.lanesMeeting(
          Lanes3(t.0, t.0, t.0, t.0), Lanes3(t.1, t.1, t.1, t.1), Lanes3(t.2, t.2, t.2, t.2))
        return lanes == 15
      }
      let expected = distance(.zero, t)
      let scale = Double(max(length(t.0), length(t.1), length(t.2)))
      // What the closest point of another triangle may be off.
      if !isSeen(expected + 3e-7 * scale) { missed += 1 }
      if expected > 0.3 * scale {
        far += 1
        if isSeen(0.95 * expected) { passed += 1 }
      }
    }
    #expect(missed == 0)
    #expect(far > 20_000 && passed < far / 1000, "\(passed) of \(far)")
  }
}
