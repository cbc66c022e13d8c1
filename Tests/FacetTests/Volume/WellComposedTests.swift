import FacetTestSupport
import Testing

@testable import Facet

@Suite struct WellComposedTests {
  /// Labels of eight blocks by chance, with nothing inside around them.
  static func randomLabels(density: Double, seed: UInt64) -> SolidLabels {
    var generator = SeededGenerator(seed: seed)
    var blocks: [SIMD3<Int32>] = []
    for z in Int32(-1)...2 {
      for y in Int32(-1)...2 { for x in Int32(-1)...2 { blocks.append(SIMD3(x, y, z)) } }
    }
    let grid = SparseGrid(origin: SIMD3(-1, 2, 3), voxel: 0.5, blocks: blocks)
    var flags = [UInt8](repeating: 0, count: grid.nodeCount)
    for i in flags.indices where all(grid.node(at: i) .>= 0) && all(grid.node(at: i) .< 16) {
      if Double.random(in: 0..<1, using: &generator) < density { flags[i] = SolidLabels.inside }
    }
    return SolidLabels(grid: grid, flags: flags)
  }

  /// The inside nodes, by the coordinates of their blocks.
  private func nodes(_ labels: LabelBlocks) -> Set<SIMD3<Int32>> {
    var found: Set<SIMD3<Int32>> = []
    for block in 0..<labels.count {
      for local in 0..<512 where labels.isInside(block, local) {
        found.insert(
          labels.coordinates[block] &* 8 &+ SIMD3(Int32(local & 7), Int32(local >> 3 & 7), Int32(local >> 6)))
      }
    }
    return found
  }

  /// Squares and cubes whose inside nodes meet across a diagonal only, the slow and obvious way.
  private func criticalCount(_ nodes: Set<SIMD3<Int32>>) -> Int {
    var count = 0
    var cells: Set<SIMD3<Int32>> = []
    for node in nodes {
      for i in Int32(0)..<8 { cells.insert(node &- SIMD3(i & 1, i >> 1 & 1, i >> 2)) }
    }
    for cell in cells {
      let labels = (Int32(0)..<8).map { nodes.contains(cell &+ SIMD3($0 & 1, $0 >> 1 & 1, $0 >> 2)) }
      for (u, v, w) in [(1, 2, 4), (2, 4, 1), (4, 1, 2)] {
        for base in [0, w] {
          let (a, b, c, d) = (labels[base], labels[base + u], labels[base + v], labels[base + u + v])
          if a == d && b == c && a != b { count += 1 }
        }
      }
      for i in 0..<4 where labels[i] == labels[7 - i] {
        if labels.count(where: { $0 == labels[i] }) == 2 { count += 1 }
      }
    }
    return count
  }

  @Test(arguments: [0.02, 0.2, 0.5, 0.8])
  func randomLabelsBecomeWellComposedAndOnlyGrow(density: Double) throws {
    let run = RunContext(threads: 2)
    var labels = try LabelBlocks(WellComposedTests.randomLabels(density: density, seed: 7), run)
    let before = nodes(labels)
    #expect(criticalCount(before) > 0)
    let turned = try labels.makeWellComposed(run) { Float(($0 * 31 + $1 * 17) % 101) }
    let after = nodes(labels)
    #expect(criticalCount(after) == 0)
    #expect(after.isSuperset(of: before))
    #expect(after.count == before.count + turned)
    let again = try labels.makeWellComposed(run) { _, _ in 0 }
    #expect(again == 0)
  }

  @Test func theNodeNearestToTheSurfaceIsTurned() throws {
    let grid = SparseGrid(origin: .zero, voxel: 1, blocks: (0..<27).map { SIMD3(step: $0) })
    var flags = [UInt8](repeating: 0, count: grid.nodeCount)
    flags[grid.index(of: SIMD3(3, 3, 3))!] = SolidLabels.inside
    flags[grid.index(of: SIMD3(4, 4, 3))!] = SolidLabels.inside | SolidLabels.sheet
    var labels = try LabelBlocks(SolidLabels(grid: grid, flags: flags), RunContext())
    let near = grid.index(of: SIMD3(4, 3, 3))!
    let turned = try labels.makeWellComposed(RunContext()) { $0 * 512 + $1 == near ? 0.5 : 1 }
    #expect(turned == 1)
    #expect(labels.isInside(near >> 9, near & 511))
    #expect(labels.isSheet(near >> 9, near & 511), "what joins a sheet is of the sheet")
  }

  @Test func turnedNodesAtTheEdgeOfTheBlocksGetBlocksAroundThem() throws {
    let grid = SparseGrid(origin: .zero, voxel: 1, blocks: [.zero])
    var labels = try LabelBlocks(
      SolidLabels(grid: grid, flags: [UInt8](repeating: 0, count: 512)), RunContext())
    labels.turnInside(0, 0, isSheet: false)
    #expect(labels.count == 8)
    #expect(Set(labels.coordinates) == Set((Int32(0)..<8).map { 0 &- SIMD3($0 & 1, $0 >> 1 & 1, $0 >> 2) }))
    let lattice = try ContourLattice(labels, RunContext())
    #expect(lattice.vertexCount == 8)
    #expect(lattice.quadCount == 6)
  }

  @Test func absentBlocksAreAsTheNodesThatTheyTouch() throws {
    // All inside: then there is no surface, whatever is around the block.
    let grid = SparseGrid(origin: .zero, voxel: 1, blocks: [.zero])
    let labels = try LabelBlocks(
      SolidLabels(grid: grid, flags: [UInt8](repeating: SolidLabels.inside, count: 512)), RunContext())
    let lattice = try ContourLattice(labels, RunContext())
    #expect(lattice.vertexCount == 0)
    #expect(lattice.isInside(0, 8, -1, 3))
  }
}
