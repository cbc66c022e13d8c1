import FacetTestSupport
import Testing

@testable import Facet

@Suite struct DegenerateTests {
  @Test func trianglesThatNameAVertexTwiceGo() throws {
    let box = Primitive.box(maximum: SIMD3(1, 2, 3))
    let mesh = Mesh(
      unchecked: box.positions,
      triangles: [Triangle(0, 0, 1)] + box.triangles + [Triangle(3, 4, 3), Triangle(5, 5, 5)])
    let result = try mesh.geometricallyRepaired()
    #expect(result.mesh == box)
    #expect(result.ledger.entries == [.init(.degenerateTriangles, count: 3)])
  }

  @Test func nothingButDegenerateTrianglesIsNothing() throws {
    let mesh = Mesh(unchecked: [.zero, SIMD3(1, 0, 0)], triangles: [Triangle(0, 1, 0), Triangle(1, 1, 1)])
    let result = try mesh.geometricallyRepaired()
    #expect(result.mesh == .empty)
    #expect(result.ledger.entries.map(\.count) == [2])
  }
}
