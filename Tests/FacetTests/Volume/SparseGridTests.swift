import FacetTestSupport
import Testing

@testable import Facet

@Suite struct SparseGridTests {
  @Test func blocksAreSortedAndTakenOnce() {
    let blocks: [SIMD3<Int32>] = [
      SIMD3(1, 0, 0), SIMD3(0, 0, 1), SIMD3(-1, 5, -1), SIMD3(1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 0),
    ]
    let grid = SparseGrid(origin: .zero, voxel: 1, blocks: blocks)
    #expect(
      grid.blocks == [
        SIMD3(-1, 5, -1), SIMD3(0, -1, 0), SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1),
      ])
    #expect(grid.nodeCount == 5 * 512)
    for (i, b) in grid.blocks.enumerated() { #expect(grid.block(b) == i) }
    #expect(grid.block(SIMD3(2, 0, 0)) == nil)
  }

  @Test func everyBlockOfManyIsFoundAndNoOther() {
    var random = SeededGenerator(seed: 1)
    var present: Set<SIMD3<Int32>> = []
    while present.count < 3000 {
      present.insert(SIMD3<Int32>.random(in: -9...9, using: &random) &* SIMD3(1, 1000, 100_000))
    }
    let grid = SparseGrid(origin: .zero, voxel: 1, blocks: Array(present))
    #expect(Set(grid.blocks) == present)
    for (i, b) in grid.blocks.enumerated() {
      #expect(grid.block(b) == i)
      let near = grid.neighbours(of: i)
      for n in 0..<27 {
        let at = b &+ SIMD3(Int32(n % 3 - 1), Int32(n / 3 % 3 - 1), Int32(n / 9 - 1))
        #expect(near[n] == (grid.block(at).map(Int32.init) ?? -1))
      }
    }
    #expect(grid.block(SIMD3(repeating: SparseGrid.coordinateLimit)) == nil)
    #expect(grid.block(SIMD3(repeating: .min)) == nil)
  }

  @Test func nodesAndIndicesAreInverse() throws {
    let grid = SparseGrid(
      origin: SIMD3(1, 2, 3), voxel: 0.5, blocks: [SIMD3(-1, 0, 2), SIMD3(0, 0, 0), SIMD3(3, -2, 0)])
    for i in 0..<grid.nodeCount { #expect(grid.index(of: grid.node(at: i)) == i) }
    #expect(grid.index(of: SIMD3(0, 0, 8)) == nil)
    #expect(grid.node(at: grid.index(of: SIMD3(-8, 7, 16))!) == SIMD3(-8, 7, 16))
    #expect(grid.position(of: SIMD3(-8, 7, 16)) == SIMD3(-3, 5.5, 11))
  }
}
