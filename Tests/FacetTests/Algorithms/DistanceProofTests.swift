import FacetTestSupport
import Testing

@testable import Facet

@Suite struct DistanceProofTests {
  /// The largest distance from a grid of points of a triangle to a mesh.
  private func sampled(_ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ mesh: Mesh, _ tree: BVH) -> Float {
    var farthest: Float = 0
    let steps = 24
    for i in 0...steps {
      for j in 0...(steps - i) {
        let (u, v) = (Float(i) / Float(steps), Float(j) / Float(steps))
        let p = t.0 + u * (t.1 - t.0) + v * (t.2 - t.0)
        farthest = max(farthest, tree.closestPoint(mesh, to: p)!.distance)
      }
    }
    return farthest
  }

  @Test func aTriangleBesideAPlaneIsAsFarAsItIs() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let tree = try BVH(box)
    let t = (SIMD3<Float>(1, 1, 10.5), SIMD3<Float>(9, 1, 10.5), SIMD3<Float>(5, 9, 10.5))
    #expect(DistanceProof(target: box, tree: tree, limit: 0.51).outcome(of: t).offending == nil)
    #expect(DistanceProof(target: box, tree: tree, limit: 0.49).outcome(of: t).offending != nil)
  }

  @Test func cornersMayBeNearAndTheMiddleFar() throws {
    // Over a roof: the corners lie on it, the middle is 5 mm above the valley.
    let valley = try Mesh(
      positions: [
        SIMD3(-5, 0, 5), SIMD3(0, 0, 0), SIMD3(5, 0, 5), SIMD3(-5, 10, 5), SIMD3(0, 10, 0), SIMD3(5, 10, 5),
      ],
      triangles: [Triangle(0, 1, 4), Triangle(0, 4, 3), Triangle(1, 2, 5), Triangle(1, 5, 4)])
    let lid = (SIMD3<Float>(-5, 0, 5), SIMD3<Float>(5, 0, 5), SIMD3<Float>(5, 10, 5))
    let tree = try BVH(valley)
    // The middle line is 5 / √2 from either side.
    #expect(DistanceProof(target: valley, tree: tree, limit: 3.5).outcome(of: lid).offending != nil)
    #expect(DistanceProof(target: valley, tree: tree, limit: 3.6).outcome(of: lid).offending == nil)
  }

  @Test(arguments: 0..<12)
  func itAgreesWithManySamples(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let smooth = Primitive.icosphere(radius: 5, subdivisions: 3)
    let mesh = try Mesh(
      positions: smooth.positions.map { $0 * Float.random(in: 0.95...1.05, using: &generator) },
      triangles: smooth.triangles)
    let tree = try BVH(mesh)
    for _ in 0..<10 {
      let a = mesh.positions.randomElement(using: &generator)!
      func near() -> SIMD3<Float> { a + SIMD3<Float>.random(in: -1.5...1.5, using: &generator) }
      let t = (a, near(), near())
      let truth = sampled(t, mesh, tree)
      if truth < 0.01 { continue }
      let over = DistanceProof(target: mesh, tree: tree, limit: truth * 0.95).outcome(of: t)
      #expect(over.offending != nil)
      // A little more than the samples saw.
      let under = DistanceProof(target: mesh, tree: tree, limit: truth * 1.1 + 0.1).outcome(of: t)
      #expect(under.offending == nil)
      #expect(under.largest <= truth * 1.1 + 0.1)
    }
  }

  @Test func aTriangleOfTheTargetIsAtNoDistance() throws {
    let mesh = CleanShape.gear.mesh
    let proof = DistanceProof(target: mesh, tree: try BVH(mesh), limit: 1e-4)
    for i in mesh.triangles.indices {
      let outcome = proof.outcome(of: mesh.corners(i))
      #expect(outcome.offending == nil && outcome.largest < 1e-5)
    }
  }
}
