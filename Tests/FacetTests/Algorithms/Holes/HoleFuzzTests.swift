import FacetTestSupport
import Testing

@testable import Facet

/// Random damage to sound parts.
@Suite struct HoleFuzzTests {
  private static let parts: [Mesh] = [
    Primitive.icosphere(radius: 10, subdivisions: 2),
    Primitive.torus(majorRadius: 8, minorRadius: 3, majorSegments: 20, minorSegments: 12),
    Primitive.tube(outerRadius: 6, innerRadius: 4, height: 5, segments: 16),
    Primitive.bracket(segments: 12),
    Primitive.box(),
  ]

  /// A part without some of its triangles: scattered ones, balls, or both.
  private func damaged(_ mesh: Mesh, _ generator: inout SeededGenerator) -> Mesh {
    let share = Int.random(in: 12...80, using: &generator)
    let size = mesh.bounds.diagonal
    var balls: [(SIMD3<Float>, Float)] = []
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      let center = mesh.corners(.random(in: 0..<mesh.triangles.count, using: &generator)).0
      balls.append((center, Float(size) * .random(in: 0.02...0.15, using: &generator)))
    }
    return mesh.without { i, _ in
      let (a, b, c) = mesh.corners(i)
      let middle = (a + b + c) / 3
      return Int.random(in: 0..<share, using: &generator) == 0
        || balls.contains { length($0.0 - middle) < $0.1 }
    }
  }

  @Test func whatWasCutOutIsClosedWithoutCrossing() throws {
    var (filled, left) = (0, 0)
    for seed in 0..<30 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let mesh = damaged(HoleFuzzTests.parts[seed % HoleFuzzTests.parts.count], &generator)
      let topology = try Topology(mesh)
      let badEdges = try topology.badEdges(of: mesh)
      let result = FilledMesh(mesh, try mesh.withHolesFilled(.init(), topology, badEdges, .init()))
      #expect(result.mesh.triangles.count >= mesh.triangles.count)
      filled += result.filled
      left += result.left
      // No edge of three triangles, nothing that crosses, and what is left open is what is said to be.
      #expect(try result.mesh.selfIntersections(try BVH(result.mesh)).pairCount == 0, "seed \(seed)")
      #expect(
        try result.mesh.overlappingTriangles(try BVH(result.mesh), tolerance: 0).isEmpty, "seed \(seed)")
      let after = try Topology(result.mesh)
      let badAfter = try after.badEdges(of: result.mesh)
      #expect(badAfter.nonManifoldCount == 0, "seed \(seed)")
      #expect((badAfter.boundary.isEmpty) == (result.left == 0), "seed \(seed)")

      let lenient = FilledMesh(
        mesh,
        try mesh.withHolesFilled(HoleFillingOptions(allowsCrossing: true), topology, badEdges, .init()))
      #expect(lenient.left <= result.left, "seed \(seed)")
      #expect(try Topology(lenient.mesh).badEdges(of: lenient.mesh).nonManifoldCount == 0, "seed \(seed)")
    }
    // Scraps that float in a hole are in the way of its patch, and single triangles have nothing to close.
    #expect(filled > 200)
    #expect(left * 25 < filled)
  }
}
