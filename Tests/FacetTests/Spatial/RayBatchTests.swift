import FacetTestSupport
import Testing

@testable import Facet

@Suite struct RayBatchTests {
  private func rays(_ count: Int) -> (origins: [SIMD3<Float>], directions: [SIMD3<Float>]) {
    var random = SeededGenerator(seed: 3)
    var origins = (0..<count).map { _ in SIMD3<Float>.random(in: -0.2...1.2, using: &random) }
    var directions = (0..<count).map { _ in SIMD3<Float>.random(in: -1...1, using: &random) }
    // Along axes, without a direction, and from nowhere.
    for i in stride(from: 0, to: count, by: 5) { directions[i] = SIMD3(0, i % 2 == 0 ? 1 : -1, 0) }
    directions[1] = .zero
    origins[2].y = .infinity
    return (origins, directions)
  }

  private func expectEqual(_ hits: RayHits, _ single: [RayHit?]) {
    for (i, hit) in single.enumerated() {
      #expect(hits.triangles[i] == hit.map { UInt32($0.triangle) } ?? RayHits.none)
      #expect(hits.distances[i] == hit?.distance ?? .infinity)
    }
  }

  @Test func manyRaysHitWhatEachAloneHits() throws {
    let (origins, directions) = rays(700)
    // Fewer triangles than eight to a ray, so that leaves are laid out, and in the third mesh more.
    for mesh in [
      Mesh.randomSoup(triangles: 1500, size: 0.05, seed: 1), .gridSoup(triangles: 50, side: 3, seed: 2),
      .randomSoup(triangles: 7000, size: 0.02, seed: 4), .randomSoup(triangles: 1, seed: 5), .empty,
    ] {
      let bvh = try BVH(mesh)
      for range in [0...Float.infinity, 0.1...0.3] {
        let single = origins.indices.map {
          bvh.raycast(mesh, origin: origins[$0], direction: directions[$0], range: range)
        }
        let one = try bvh.raycast(
          mesh, origins: origins, directions: directions, range: range, RunContext(threads: 1))
        expectEqual(one, single)
        let two = try bvh.raycast(
          mesh, origins: origins, directions: directions, range: range, RunContext(threads: 2))
        #expect(one == two)
        // Without memory for more than the hits.
        let lean = try bvh.raycast(
          mesh, origins: origins, directions: directions, range: range,
          RunContext(memoryBudget: origins.count * 28))
        #expect(one == lean)
      }
    }
  }

  @Test func manyRaysStopWhenCancelledOrOverTheBudget() throws {
    let mesh = Mesh.randomSoup(triangles: 100, seed: 1)
    let bvh = try BVH(mesh)
    let (origins, directions) = rays(100)
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try bvh.raycast(
        mesh, origins: origins, directions: directions, RunContext(cancellation: cancellation))
    }
    #expect(throws: MeshError.self) {
      try bvh.raycast(mesh, origins: origins, directions: directions, RunContext(memoryBudget: 1000))
    }
    #expect(try bvh.raycast(mesh, origins: [], directions: []).distances.isEmpty)
  }

  @Test func blocksHoldTheLeavesTriangles() throws {
    for (name, mesh) in try TreeShapes.all() {
      let bvh = try BVH(mesh)
      let laidOut = try LeafBlocks(bvh, mesh, RunContext(threads: 2))
      #expect(laidOut.nodes.count == bvh.nodes.count, "\(name)")
      var next: UInt32 = 0
      var isRight = true
      for (node, copy) in zip(bvh.nodes, laidOut.nodes) {
        for lane in 0..<8 where node.count[lane] > 0 {
          isRight = isRight && copy.child[lane] == next && copy.count[lane] == node.count[lane]
          let block = laidOut.blocks[Int(next)]
          next += 1
          for k in 0..<4 {
            let triangle = bvh.order[Int(node.child[lane]) + min(k, Int(node.count[lane]) - 1)]
            let (a, b, c) = mesh.corners(Int(triangle))
            isRight = isRight && block.triangles[k] == triangle
            isRight = isRight && SIMD3(block.ax[k], block.ay[k], block.az[k]) == a
            isRight = isRight && SIMD3(block.bx[k], block.by[k], block.bz[k]) == b
            isRight = isRight && SIMD3(block.cx[k], block.cy[k], block.cz[k]) == c
            isRight = withUnsafePointer(to: block) {
              isRight && $0.corner(1, k) == b && $0.triangle(k) == triangle
            }
          }
        }
      }
      #expect(isRight, "\(name)")
      #expect(Int(next) == laidOut.blocks.count, "\(name)")
    }
  }
}
