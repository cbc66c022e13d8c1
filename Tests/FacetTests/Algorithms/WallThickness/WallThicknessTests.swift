import FacetTestSupport
import Testing

@testable import Facet

@Suite struct WallThicknessTests {
  private func measured(
    _ mesh: Mesh, _ minimum: Float, _ accuracy: WallThicknessOptions.Accuracy = .normal
  ) throws -> WallThicknessResult {
    let result = try mesh.wallThickness(WallThicknessOptions(minimum: minimum, accuracy: accuracy))
    #expect(result.surface.triangles.count == result.thickness.count)
    #expect(EdgeOracle(result.surface).badEdges == EdgeOracle(mesh).badEdges)
    let area = result.histogram.reduce(0) { $0 + $1.area } + result.unmeasuredArea
    #expect(abs(area / mesh.plainArea - 1) < 1e-5)
    return result
  }

  @Test(arguments: WallThicknessOptions.Accuracy.allCases)
  func aSolidCubeHasNoThinWall(accuracy: WallThicknessOptions.Accuracy) throws {
    let result = try measured(Primitive.box(maximum: SIMD3(repeating: 10)), 1, accuracy)
    #expect(!result.hasThinWalls)
    #expect(!result.hasPossibleThinWalls)
    #expect(result.input == .solid)
  }

  @Test func onlyWhatIsThinnerIsThin() throws {
    for (thickness, isThin) in [(Float(0.99), true), (1, false), (1.01, false)] {
      let result = try measured(Primitive.box(maximum: SIMD3(30, 20, thickness)), 1)
      #expect(result.hasThinWalls == isThin)
      #expect(result.hasPossibleThinWalls == isThin)
      #expect(result.leastThickness == thickness)
    }
  }

  @Test func aFinIsOneRegion() throws {
    let fin = Primitive.extruded(
      [
        SIMD2(0, 0), SIMD2(20, 0), SIMD2(20, 5), SIMD2(10.5, 5), SIMD2(10.5, 10), SIMD2(10, 10), SIMD2(10, 5),
        SIMD2(0, 5),
      ], from: 0, to: 15)
    let result = try measured(fin, 1)
    #expect(result.regions.count == 1)
    let region = try #require(result.regions.first)
    #expect(region.isCertain)
    #expect(abs(region.area - 150) < 0.05 * 150)
    #expect(region.leastThickness == 0.5)
    #expect((10...10.5).contains(region.place.x) && (5...10).contains(region.place.y))
    #expect(region.bounds == Box(minimum: SIMD3(10, 5, 0), maximum: SIMD3(10.5, 10, 15)))
  }
}
