import FacetTestSupport
import Testing

@testable import Facet

@Suite struct OrientationTests {
  private func turned(_ mesh: Mesh, _ isTurned: (Int) -> Bool) -> Mesh {
    Mesh(
      unchecked: mesh.positions,
      triangles: mesh.triangles.enumerated().map { isTurned($0) ? $1.flipped : $1 })
  }

  @Test func flippedTrianglesAreTurnedBack() throws {
    let flipped = Primitive.partlyFlipped()
    let result = try flipped.geometricallyRepaired()
    #expect(result.solidity.badEdges == 0)
    #expect(result.ledger.entries.map(\.stage) == [.orientation] && result.ledger.entries[0].count == 5)
    #expect(result.mesh.positions == flipped.positions)
  }

  @Test func aPartInsideOutIsTurned() throws {
    let gear = Primitive.gear(segments: 16)
    let result = try gear.insideOut.geometricallyRepaired()
    #expect(
      result.ledger.entries == [
        .init(.orientation, count: gear.triangles.count, area: result.ledger.entries[0].area)
      ])
    #expect(abs(result.ledger.entries[0].area / gear.plainArea - 1) < 1e-9)
    #expect(result.solidity.volume > 0)
  }

  @Test func aCavityStaysACavityWhicheverWayTheFileHasIt() throws {
    let outer = Primitive.icosphere(radius: 10, subdivisions: 2)
    let inner = Primitive.icosphere(radius: 6, subdivisions: 2)
    let hollow = outer.merged(with: inner.insideOut)
    #expect(try hollow.geometricallyRepaired().ledger.entries.isEmpty)
    for wrong in [
      hollow.insideOut, outer.merged(with: inner), outer.insideOut.merged(with: inner.insideOut),
    ] {
      let result = try wrong.geometricallyRepaired()
      #expect(abs(result.solidity.volume - hollow.plainVolume) < 1e-9)
    }
    // And a solid ball inside the cavity faces outward again.
    let core = Primitive.icosphere(radius: 3, subdivisions: 1)
    let nested = try hollow.merged(with: core.insideOut).geometricallyRepaired()
    #expect(abs(nested.solidity.volume - hollow.plainVolume - core.plainVolume) < 1e-9)
  }

  @Test func shellsThatRunIntoEachOtherAllFaceOutward() throws {
    let parts = Primitive.interpenetrating()
    #expect(try parts.geometricallyRepaired().ledger.entries.isEmpty)
    let count = parts.triangles.count / 2
    let result = try turned(parts) { $0 >= count }.geometricallyRepaired()
    #expect(result.mesh == parts)
  }

  @Test func anOpenPartFacesOutward() throws {
    let punctured = Primitive.punctured()
    var state = try RepairState(punctured.insideOut, RunContext())
    try state.orient(RunContext())
    #expect(state.mesh.triangles == punctured.triangles)
    // Also beside others.
    let parts = punctured.merged(with: Primitive.box(minimum: SIMD3(50, 0, 0), maximum: SIMD3(60, 10, 10)))
    let count = punctured.triangles.count
    var both = try RepairState(turned(parts) { $0 < count }, RunContext())
    try both.orient(RunContext())
    #expect(both.mesh.triangles == parts.triangles)
  }
}
