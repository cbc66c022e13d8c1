import FacetTestSupport
import Testing

@testable import Facet

@Suite struct DuplicateTests {
  private let box = Primitive.box(maximum: SIMD3(1, 2, 3))

  private func removed(from triangles: [Triangle]) throws -> RepairState {
    var state = try RepairState(Mesh(unchecked: box.positions, triangles: triangles), RunContext())
    try state.removeDuplicateTriangles(RunContext())
    return state
  }

  @Test func ofEqualOnesTheFirstStays() throws {
    let t = box.triangles[3]
    let state = try removed(from: box.triangles + [Triangle(t.b, t.c, t.a), t])
    #expect(try state.finish() == box)
    #expect(state.ledger.entries == [.init(.duplicateTriangles, count: 2, area: 2 * box.area(of: 3))])
  }

  @Test func ofOpposedOnesTheOneThatFitsStays() throws {
    // The wrong one comes first.
    let state = try removed(from: [box.triangles[7].flipped] + box.triangles)
    #expect(try state.finish().triangles == box.triangles)
    #expect(state.badEdges.count == 0)
  }

  @Test func opposedOnesThatNothingNeedsBothGo() throws {
    let loose = Mesh(
      unchecked: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)], triangles: [Triangle(0, 1, 2), Triangle(0, 2, 1)])
    var state = try RepairState(loose, RunContext())
    try state.removeDuplicateTriangles(RunContext())
    #expect(try state.finish() == .empty)
    // A double wall between two boxes that share a side: one body is left.
    var part = PartBuilder()
    part.append(box)
    part.append(Primitive.box(minimum: SIMD3(1, 0, 0), maximum: SIMD3(2, 2, 3)))
    let joined = try part.mesh.geometricallyRepaired()
    #expect(joined.solidity.badEdges == 0)
    #expect(abs(joined.solidity.volume - 12) < 1e-9)
  }

  @Test func manyEqualOnesAreDoneSoon() throws {
    let many = [Triangle](repeating: Triangle(0, 1, 2), count: 20000)
    let state = try removed(from: many)
    #expect(try state.finish().triangles == [Triangle(0, 1, 2)])
  }
}
