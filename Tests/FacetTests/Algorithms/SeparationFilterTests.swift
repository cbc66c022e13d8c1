import FacetTestSupport
import Testing

@testable import Facet

/// The filter against the exact test, one triangle at a time.
@Suite struct SeparationFilterTests {
  /// Holds each triangle against all leaves; returns how often the filter could decide.
  private func check(_ mesh: Mesh) throws -> (decided: Int, near: Int) {
    let bvh = try BVH(mesh)
    var decided = 0
    var near = 0
    try mesh.withScene(bvh) { (scene) throws(MeshError) in
      withUnsafeTemporaryAllocation(of: TriangleLanes.self, capacity: 2) { lanes in
        let own = lanes.baseAddress!
        let other = own + 1
        for place in mesh.triangles.indices {
          own.load(place, 1, scene)
          let triangle = own.triangle(0)
          let t = Int(bvh.order[place])
          #expect(triangle.a == mesh.corners(t).0 && triangle.c == mesh.corners(t).2)
          let filter = SeparationFilter(triangle)
          for (first, count) in bvh.leaves {
            other.load(first, count, scene)
            let undecided = filter.undecided(~0, other)
            let notBeside = filter.notBesideEdges(~0, other)
            let crossing = other.lanesCrossing(triangle.low, triangle.high)
            let touching = other.lanesTouching(triangle.low, triangle.high)
            #expect(crossing >> UInt32(count) == 0 && touching >> UInt32(count) == 0)
            for lane in 0..<count where first + lane != place {
              let u = Int(bvh.order[first + lane])
              let bit = UInt32(1) << UInt32(lane)
              let (p, q) = (mesh.corners(t), mesh.corners(u))
              if trianglesCross(p, q) {
                #expect(undecided & bit != 0 && crossing & bit != 0, "\(p) crosses \(q)")
              }
              if trianglesOverlapExactly(p, q) {
                #expect(notBeside & bit != 0 && touching & bit != 0, "\(p) overlaps \(q)")
              }
              let (pBox, qBox) = (mesh.box(t), mesh.box(u))
              #expect((touching & bit != 0) == pBox.intersects(qBox))
              #expect(
                (crossing & bit != 0)
                  == (all(pBox.minimum .< qBox.maximum) && all(qBox.minimum .< pBox.maximum)))
              if pBox.intersects(qBox) {
                near += 1
                if undecided & bit == 0 { decided += 1 }
              }
            }
          }
        }
      }
    }
    return (decided, near)
  }

  @Test func whatIsCalledApartIsApart() throws {
    var random = SeededGenerator(seed: 1)
    for size in [1, 2, 4] {
      for _ in 0..<4 { _ = try check(GridSoup(count: 50, size: size, flat: false, &random).mesh()) }
    }
    _ = try check(GridSoup(count: 50, size: 4, flat: true, &random).mesh())
    // Where products underflow and where they overflow nothing may be called apart that is not.
    for exponent in [-149, -60, 60, 120] {
      _ = try check(GridSoup(count: 40, size: 3, flat: false, &random).mesh(exponent: exponent))
    }
  }

  @Test func onASoundSurfaceNearlyAllNeighboursAreCalledApart() throws {
    let (decided, near) = try check(Primitive.uvSphere(radius: 10, segments: 16, rings: 10))
    #expect(near > 2000)
    #expect(Double(decided) > 0.99 * Double(near))
  }
}

extension Mesh {
  fileprivate func box(_ triangle: Int) -> Box {
    var box = Box.empty
    box.formUnion(corners(triangle).0)
    box.formUnion(corners(triangle).1)
    box.formUnion(corners(triangle).2)
    return box
  }
}

extension BVH {
  fileprivate var leaves: [(first: Int, count: Int)] {
    nodes.flatMap { node in
      (0..<8).filter { node.count[$0] > 0 }.map { (Int(node.child[$0]), Int(node.count[$0])) }
    }
  }
}
