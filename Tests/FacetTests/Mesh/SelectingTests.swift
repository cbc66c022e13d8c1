import Facet
import Testing

@Suite struct SelectingTests {
  private let strip = Mesh(
    unchecked: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 1, 0)],
    triangles: [Triangle(0, 1, 2), Triangle(1, 3, 2)],
    colors: FacetColors(convention: .visCAM, attributes: [0x8001, 0x8002]))

  @Test func keptTrianglesKeepTheirOrderColoursAndVertices() {
    let kept = strip.keeping { $0 == 1 }
    #expect(kept.triangles == [Triangle(1, 3, 2)])
    #expect(kept.colors?.attributes == [0x8002])
    #expect(kept.positions == strip.positions)
    #expect(strip.keeping { _ in true } == strip)
  }

  @Test func unusedVerticesGoAndTheOthersKeepTheirOrder() {
    let kept = strip.keeping { $0 == 1 }.withoutUnusedVertices()
    #expect(kept.positions == [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 1, 0)])
    #expect(kept.triangles == [Triangle(0, 2, 1)])
    #expect(kept.colors?.attributes == [0x8002])
    #expect(strip.withoutUnusedVertices() == strip)
  }

  @Test func newFacetsHaveThePartsColour() {
    let part = Color(red: 8, green: 16, blue: 24)
    for convention in FacetColors.Convention.allCases {
      let own = FacetColors.attribute(for: Color(red: 255, green: 0, blue: 0), convention)
      let colors = FacetColors(convention: convention, partColor: part, attributes: [own])
      let taken = colors.taken(from: [FacetColors.noSource, 0])
      #expect(taken[0] == part)
      #expect(taken[1] == Color(red: 255, green: 0, blue: 0))
    }
  }
}
