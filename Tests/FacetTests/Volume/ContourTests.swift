import FacetTestSupport
import Testing

@testable import Facet

@Suite struct ContourTests {
  private func contour(density: Double, seed: UInt64) throws -> Contour {
    let run = RunContext(threads: 2)
    var labels = try LabelBlocks(WellComposedTests.randomLabels(density: density, seed: seed), run)
    _ = try labels.makeWellComposed(run) { Float(($0 * 31 + $1 * 17) % 101) }
    let contour = try Contour(ContourLattice(labels, run), run)
    for v in 0..<contour.vertexCount {
      contour.offsets[v] = .zero
      contour.move(v)
    }
    return contour
  }

  /// Moves each vertex anywhere in its cell.
  private func scatter(_ contour: Contour, reach: Float, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for v in 0..<contour.vertexCount {
      let p = SIMD3<Float>(
        .random(in: -reach...reach, using: &generator), .random(in: -reach...reach, using: &generator),
        .random(in: -reach...reach, using: &generator))
      contour.offsets[v] = p * Float(contour.lattice.voxel)
      contour.move(v)
    }
  }

  @Test(arguments: [0.01, 0.3, 0.7])
  func withVerticesAtTheCentersOfTheirCellsItIsSolid(density: Double) throws {
    let contour = try contour(density: density, seed: 3)
    let mesh = try contour.mesh(RunContext())
    #expect(try mesh.problemWithGuarantees() == nil)
    for quad in 0..<contour.quadCount { #expect(contour.isInEnvelope(quad)) }
  }

  @Test func oneNodeIsACube() throws {
    let grid = SparseGrid(origin: SIMD3(10, 20, 30), voxel: 2, blocks: (0..<27).map { SIMD3(step: $0) })
    var flags = [UInt8](repeating: 0, count: grid.nodeCount)
    flags[grid.index(of: .zero)!] = SolidLabels.inside
    let run = RunContext()
    let contour = try Contour(
      ContourLattice(LabelBlocks(SolidLabels(grid: grid, flags: flags), run), run), run)
    for v in 0..<contour.vertexCount {
      contour.offsets[v] = .zero
      contour.move(v)
    }
    let mesh = try contour.mesh(run)
    #expect(mesh.triangles.count == 12)
    #expect(mesh.bounds == Box(minimum: SIMD3(9, 19, 29), maximum: SIMD3(11, 21, 31)))
    #expect(mesh.plainVolume == 8)
  }

  @Test func quadsInTheirEnvelopesDoNotCross() throws {
    let contour = try contour(density: 0.3, seed: 5)
    scatter(contour, reach: 0.45, seed: 8)
    let sure = (0..<contour.quadCount).filter { contour.isInEnvelope($0) }
    #expect(sure.count > 100)
    #expect(sure.count < contour.quadCount)
    let all = try contour.mesh(RunContext())
    let kept = Set(sure)
    let mesh = all.keeping { kept.contains($0 / 2) }
    #expect(try mesh.selfIntersections(BVH(mesh)).pairCount == 0)
    #expect(try all.selfIntersections(BVH(all)).pairCount > 0)
  }

  @Test(arguments: [0.05, 0.5])
  func heldBackNothingCrosses(density: Double) throws {
    let contour = try contour(density: density, seed: 6)
    scatter(contour, reach: 0.49, seed: 9)
    #expect(try contour.mesh(RunContext()).problemWithGuarantees() != nil)
    let held = try contour.holdBack(RunContext(threads: 2))
    // Few enough faults are mended by cutting quads the other way.
    #expect(held > 0 || density == 0.5)
    #expect(held < contour.vertexCount)
    #expect(try contour.mesh(RunContext()).problemWithGuarantees() == nil)
  }

  @Test(arguments: [0.05, 0.5])
  func whatLeavesItsCellCrossesNothing(density: Double) throws {
    let contour = try contour(density: density, seed: 7)
    scatter(contour, reach: 0.4, seed: 10)
    let lattice = contour.lattice
    var generator = SeededGenerator(seed: 11)
    var candidates: [Stray] = []
    for v in 0..<contour.vertexCount {
      let (block, x, y, z) = lattice.place(contour.cellOf[v])
      for side in 0..<6 {
        var step = SIMD3<Int>.zero
        step[side / 2] = side % 2 == 0 ? -1 : 1
        let cell = lattice.resolve(block, x + step.x, y + step.y, z + step.z)
        guard cell.block >= 0, lattice.vertexIfMixed(cell.block, cell.local) == nil else { continue }
        let within = SIMD3<Float>(
          .random(in: -0.49...0.49, using: &generator), .random(in: -0.49...0.49, using: &generator),
          .random(in: -0.49...0.49, using: &generator))
        candidates.append(
          Stray(
            vertex: UInt32(v), cell: ContourLattice.code(cell.block, cell.local),
            offset: (SIMD3<Float>(step) + within) * Float(lattice.voxel), triangles: .zero))
      }
    }
    contour.letStray(candidates)
    #expect(Set(contour.strays.map(\.cell)).count == contour.strays.count)
    #expect(Set(contour.strays.map(\.vertex)).count == contour.strays.count)
    let held = try contour.holdBack(RunContext(threads: 2))
    let left = contour.strays.count { contour.isAstray($0.vertex) }
    #expect(left > 0 && left < contour.strays.count)
    #expect(held < contour.vertexCount)
    #expect(try contour.mesh(RunContext()).problemWithGuarantees() == nil)
  }

  @Test func verticesStayInTheirCellsWhereverTheyAreToBe() throws {
    let contour = try contour(density: 0.1, seed: 2)
    for v in 0..<contour.vertexCount {
      contour.offsets[v] = SIMD3(100, -100, v % 2 == 0 ? 0.6 : -0.6)
      contour.move(v)
      let cell = contour.lattice.cell(contour.cellOf[v])
      #expect(all(contour.positions[v] .> cell.low) && all(contour.positions[v] .< cell.high))
    }
  }
}
