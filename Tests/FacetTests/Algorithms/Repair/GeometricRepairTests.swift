import FacetTestSupport
import Testing

@testable import Facet

@Suite struct GeometricRepairTests {
  @Test(arguments: CleanShape.allCases) func soundPartsComeBackAsTheyWere(_ shape: CleanShape) throws {
    let result = try shape.mesh.geometricallyRepaired()
    #expect(result.isUnchanged && result.mesh == shape.mesh)
    #expect(result.solidity == (try shape.mesh.solidity(findingCrossings: false)))
  }

  @Test func emptyMeshStaysEmpty() throws {
    #expect(try Mesh.empty.geometricallyRepaired().isUnchanged)
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func damageIsMendedButWhereSurfaceIsMissing(_ seed: UInt64) throws
  {
    let damage = Damage.random(seed: seed)
    let part = damage.part()
    let run = RunContext(threads: 2)
    let state = try part.mesh.repairState(.init(), HoleFillingOptions(), RepairLedger(), run)
    let mesh = try Mesh.welded(state.finish().soup)
    let topology = try Topology(mesh)
    let badEdges = try topology.badEdges(of: mesh)
    #expect(badEdges.nonManifoldCount == 0, "\(damage)")
    // Every bad edge is on the rim of a hole.
    #expect(try topology.boundaryLoops(badEdges).halfEdges.count == badEdges.boundary.count, "\(damage)")
    if !damage.kinds.contains(.overlappingPart) {
      let volume = try state.solidity(run).volume
      #expect(abs(volume / part.volume - 1) < 0.01, "\(damage)")
    }
    #expect((mesh.colors != nil) == (part.clean.colors != nil))
  }

  @Test func anySoupComesThroughOnAnyNumberOfThreads() throws {
    for seed in 0..<60 as Range<UInt64> {
      let soup =
        seed % 3 == 0
        ? Mesh.randomSoup(triangles: 30, seed: seed)
        : Mesh.gridSoup(
          triangles: Int(seed % 50) + 1, side: seed % 2 == 0 ? 2 : 3, seed: seed, allowingDegenerate: true)
      // Coordinates as far out as Floats go, some of the time.
      let scale: Float = seed % 7 == 0 ? 3e37 : seed % 7 == 1 ? 1e-38 : 1
      let scaled = Mesh(unchecked: soup.positions.map { $0 * scale }, triangles: soup.triangles)
      let options = RepairOptions(stitchTolerance: seed % 4 == 0 ? 1 : 0.01)
      let result = try scaled.geometricallyRepaired(options, RunContext(threads: 1))
      let again = try scaled.geometricallyRepaired(options, RunContext(threads: 3))
      #expect(result.mesh == again.mesh && result.ledger == again.ledger)
      var read = try result.mesh.solidity(findingCrossings: false)
      // Sums over the triangles in another order.
      if scale == 1 { #expect(abs(read.volume - result.solidity.volume) < 1e-9) }
      read.volume = result.solidity.volume
      #expect(result.solidity == read)
    }
  }

  @Test func progressNeverFalls() throws {
    let mesh = Damage(.torus, [.internalWalls, .flippedPatch, .tJunctions, .largeHole], seed: 4).part().mesh
    let told = Lock([Double]())
    _ = try mesh.geometricallyRepaired(
      .init(), RunContext(threads: 1, progress: { fraction in told.withLock { $0.append(fraction) } }))
    let fractions = told.withLock { $0 }
    #expect(fractions == fractions.sorted())
    #expect(fractions.last == 1)
  }

  @Test func cancelsAndMindsTheBudget() throws {
    let mesh = Damage(.torus, [.internalWalls, .cracks], seed: 2).part().mesh
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try mesh.geometricallyRepaired(.init(), RunContext(cancellation: cancellation))
    }
    #expect(throws: MeshError.self) {
      try mesh.geometricallyRepaired(.init(), RunContext(memoryBudget: 1000))
    }
    #expect(throws: MeshError.self) { try mesh.geometricallyRepaired(.init(stitchTolerance: -1)) }
  }
}
