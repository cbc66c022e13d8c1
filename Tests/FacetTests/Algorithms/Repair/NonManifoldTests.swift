import FacetTestSupport
import Testing

@testable import Facet

@Suite struct NonManifoldTests {
  @Test func twoBoxesThatTouchInAnEdgeComeApart() throws {
    let mesh = Primitive.sharedEdge()
    let result = try mesh.geometricallyRepaired()
    #expect(result.ledger.entries.map(\.stage) == [.nonManifold, .touchingVertices])
    #expect(result.ledger.entries[0].count == 1)
    #expect(result.ledger.entries[1].largestMove < 0.001)
    // Also once a file's reader has welded it.
    let read = try Mesh.welded(result.mesh.soup)
    let analysis = try read.analyzed()
    #expect(analysis.badEdges == 0 && analysis.shells == 2 && analysis.intersectingTriangles == 0)
    #expect(abs(analysis.volume - 16000) < 1)
    #expect(result.mesh.triangles.count == mesh.triangles.count)
  }

  @Test func aWallAcrossTheInsideGoes() throws {
    // A box of two halves, and the wall between them; either way round.
    for isTurned in [false, true] {
      var part = PartBuilder()
      let rim: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(2, 0), SIMD2(2, 2), SIMD2(0, 2)]
      part.face(.z, at: 0, facingUp: false, rim)
      part.wall(.z, from: 0, to: 1, rim)
      part.wall(.z, from: 1, to: 2, rim)
      part.face(.z, at: 2, facingUp: true, rim)
      let sound = part.mesh
      part.face(.z, at: 1, facingUp: isTurned, rim)
      let result = try part.mesh.geometricallyRepaired()
      #expect(result.mesh.triangles == sound.triangles)
      #expect(result.mesh.positions == sound.positions)
      #expect(result.solidity.badEdges == 0)
      #expect(result.ledger.entries.map(\.stage).contains(.noiseShells))
    }
  }

  @Test(arguments: [CleanShape.bracket, .sphere]) func wallsInsideDamagedPartsGo(_ shape: CleanShape) throws {
    let part = Damage(shape, [.internalWalls, .floatingSheets], seed: 7).part()
    let result = try part.mesh.geometricallyRepaired()
    #expect(result.solidity.badEdges == 0)
    #expect(abs(result.solidity.volume / part.volume - 1) < 1e-6)
    // Nothing but what was added is gone.
    #expect(result.mesh.triangles.count == part.clean.triangles.count)
  }

  @Test func cuttingMovesNothing() throws {
    for seed in 0..<40 as Range<UInt64> {
      let soup = Mesh.gridSoup(triangles: 60, side: 3, seed: seed)
      var state = try RepairState(soup, RunContext())
      try state.removeDuplicateTriangles(RunContext())
      let before = state.mesh.soup
      try state.cutAtNonManifoldEdges(RunContext())
      #expect(state.mesh.soup == before)
      // Cuts make edges single, or two that may disagree.
      let left = (0..<state.badEdges.nonManifoldCount).count { state.badEdges.nonManifold($0).count > 2 }
      #expect(left == 0, "seed \(seed)")
    }
  }
}
