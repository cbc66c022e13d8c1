import Facet
import FacetContract
import FacetOperations
import Testing

/// Limits that depend on the model.
@Suite struct ToolkitModelCheckTests {
  private func box(_ x: Float, _ y: Float, _ z: Float) -> Mesh {
    Primitive.box(minimum: SIMD3(-1, 2, 3), maximum: SIMD3(-1, 2, 3) + SIMD3(x, y, z))
  }

  private func error(
    _ operation: OperationName, _ body: JSONValue, _ mesh: Mesh, _ settings: ToolkitSettings = .init()
  ) throws -> ToolkitError? {
    let request = try ToolkitContract.validate(operation, body, input: .given)
    do throws(ToolkitFailure) {
      try request.check(against: mesh, settings)
      return nil
    } catch {
      #expect(error.entries.count == 1)
      #expect(error.entries[0].detail != nil)
      return error.first
    }
  }

  @Test(arguments: [
    ("X", 0.04, true), ("X", 0.0399, false), ("X", 40000.0, true), ("X", 40001.0, false),
    ("Y", 0.08, true), ("Y", 0.0799, false), ("Y", 80000.0, true), ("Y", 80001.0, false),
    ("Z", 0.16, true), ("Z", 0.1599, false), ("Z", 160000.0, true), ("Z", 160002.0, false),
    ("X", 4.0, true), ("X", 1e300, false), ("X", 1e-300, false),
  ])
  func theScaleFactorMayBeFrom001To10000AlongItsAxis(axis: String, size: Double, isAllowed: Bool) throws {
    let body: JSONValue = ["axis": .string(axis), "scaleToSizeMm": .number(size)]
    #expect(try error(.scale, body, box(4, 8, 16)) == (isAllowed ? nil : .scaleOutOfRange))
  }

  @Test func aFactorAtTheBoundIsAllowedForSizesThatFloatsCannotHold() throws {
    // 7.3 as a Float is a little more, so 0.073 by it is a little less than 0.01.
    #expect(
      try error(.scale, ["axis": "X", "scaleToSizeMm": 0.073], Primitive.box(maximum: SIMD3(7.3, 1, 1)))
        == nil)
  }

  @Test func aFlatModelCannotBeScaledAcross() throws {
    let flat = try Mesh(positions: [.zero, SIMD3(1, 0, 0), SIMD3(0, 1, 0)], triangles: [Triangle(0, 1, 2)])
    #expect(try error(.scale, ["axis": "Z", "scaleToSizeMm": 1], flat) == .scaleOutOfRange)
    #expect(try error(.scale, ["axis": "Y", "scaleToSizeMm": 1], flat) == nil)
    // What is wrong with a model of nothing is not the factor.
    #expect(try error(.scale, ["axis": "Y", "scaleToSizeMm": 1], .empty) == nil)
  }

  @Test func theWallThicknessAnalysisTakesUpTo500Millimetres() throws {
    let body: JSONValue = ["minimalWallThicknessMm": 1]
    let at = Primitive.box(maximum: SIMD3(10, 500, 10))
    let above = Primitive.box(maximum: SIMD3(10, 10, 500.1))
    #expect(try error(.wallThicknessAnalysis, body, at) == nil)
    #expect(try error(.wallThicknessAnalysis, body, above) == .modelTooBig)
    #expect(try error(.wallThicknessAnalysis, body, above, ToolkitSettings(maximumDimensionMm: 501)) == nil)
    #expect(try error(.analyze, [:], above) == nil)
  }

  @Test(arguments: OperationName.allCases)
  func everyOperationTakesUpToTheLimitOfTriangles(operation: OperationName) throws {
    let mesh = Primitive.box(maximum: SIMD3(10, 10, 10))
    let body = ToolkitValidationTests.good(operation)
    #expect(try error(operation, body, mesh, ToolkitSettings(maximumTriangles: 12)) == nil)
    #expect(try error(operation, body, mesh, ToolkitSettings(maximumTriangles: 11)) == .conversionFailed)
  }

  @Test func theSettingsStartAtTheDocumentedLimits() {
    #expect(ToolkitSettings().maximumTriangles == 5_000_000)
    #expect(ToolkitSettings().maximumDimensionMm == 500)
    #expect(ToolkitSettings().contact == nil)
  }

  @Test func verticesThatNoTriangleUsesDoNotCount() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let mesh = try Mesh(positions: box.positions + [SIMD3(9000, 0, 0)], triangles: box.triangles)
    #expect(try error(.wallThicknessAnalysis, ["minimalWallThicknessMm": 1], mesh) == nil)
    #expect(try error(.scale, ["axis": "X", "scaleToSizeMm": 0.05], mesh) == .scaleOutOfRange)
  }
}
