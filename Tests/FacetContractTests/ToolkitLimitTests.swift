import FacetContract
import FacetOperations
import Testing

/// Every documented limit of a field: allowed at the bound, refused beyond it with the documented code.
@Suite struct ToolkitLimitTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var operation: OperationName
    var field: String
    var code: Int
    var allowed: [JSONValue]
    var refused: [JSONValue]
    var others: JSONValue = [:]

    var testDescription: String { "\(operation.rawValue).\(field)" }
  }

  static let rows: [Row] = [
    Row(
      operation: .wallThicknessAnalysis, field: "minimalWallThicknessMm", code: 300,
      allowed: [0.1, 0.11, 1, 19.9, 20, 20.0], refused: [0.0999999, 0, -1, 20.0000001, 21, 1e300]),
    Row(
      operation: .wallThicknessAnalysis, field: "accuracyWallThickness", code: 301,
      allowed: [1, 2, 3, 2.0], refused: [0, 4, -1, 1.5, 1e30], others: ["minimalWallThicknessMm": 1]),
    Row(
      operation: .scale, field: "axis", code: 401, allowed: ["X", "Y", "Z", "x", "z"],
      refused: ["W", "", "XY", "X "], others: ["scaleToSizeMm": 10]),
    Row(
      operation: .scale, field: "scaleToSizeMm", code: 400, allowed: [1e-300, 0.01, 10, 10000, 1e9],
      refused: [0, 0.0, -0.0, -1], others: ["axis": "X"]),
    Row(
      operation: .thumbnail, field: "width", code: 500, allowed: [10, 11, 10000, 256.0],
      refused: [9, 0, -10, 10001, 100.5, 1e30]),
    Row(
      operation: .thumbnail, field: "height", code: 500, allowed: [10, 9999, 10000],
      refused: [9, 10001, 9.99, 10000.01]),
    Row(
      operation: .thumbnail, field: "cameraAngleX", code: 501, allowed: [-180, 0, 180],
      refused: [-181, 181, 180.5, 360]),
    Row(
      operation: .thumbnail, field: "cameraAngleY", code: 501, allowed: [-180, 0, 180],
      refused: [-181, 181]),
    Row(
      operation: .thumbnail, field: "cameraAngleZ", code: 501, allowed: [-180, 0, 180],
      refused: [-181, 181]),
    Row(
      operation: .shrinkwrapRepair, field: "accuracy", code: 600,
      allowed: ["Rough", "Smooth", "Detailed", "rough", "DETAILED"], refused: ["Fine", "", "1"]),
    Row(
      operation: .reduceTriangles, field: "accuracyMm", code: 700, allowed: [0, 0.05, 9.999, 10],
      refused: [-0.0001, 10.0001, -1, 11]),
    Row(
      operation: .reduceTriangles, field: "maxAngle", code: 701, allowed: [0, 45, 90, 90.0],
      refused: [-1, 91, 45.5]),
    Row(
      operation: .reduceTriangles, field: "numberOfIterations", code: 702, allowed: [1, 2, 1000],
      refused: [0, 1001, -1, 1.5]),
    Row(
      operation: .reduceTriangles, field: "targetTriangles", code: 13,
      allowed: [1, 2, 5000.0, 5_000_001], refused: [0, -1, 0.5, 1.5, 1e30]),
    Row(
      operation: .reduceTriangles, field: "targetRatio", code: 13, allowed: [1e-9, 0.1, 0.999, 1, 1.0],
      refused: [0, -0.1, 1.0000001, 2, 50]),
    Row(
      operation: .hollowing, field: "wallThicknessMm", code: 800, allowed: [1, 1.0, 2.5, 20],
      refused: [0.9999, 20.0001, 0, -1, 21]),
    Row(
      operation: .hollowing, field: "voxelMm", code: 13, allowed: [0.01, 1, 5.5], refused: [0, -1],
      others: ["wallThicknessMm": 2]),
    Row(
      operation: .hollowing, field: "drainHoles", code: 13, allowed: [0, 1, 16], refused: [-1, 17, 1.5],
      others: ["wallThicknessMm": 2]),
    Row(
      operation: .hollowing, field: "drainHolesAt", code: 13,
      allowed: ["1.0 2.0 3.0", "-1.5 0.0 0.0; 4.0 5.0 6e+10"],
      refused: ["", "1 2", "1 2 3 4", "a b c", "1 2 3; 4", ";", "1 2 nan", "1 2 1e60"],
      others: ["wallThicknessMm": 2]),
    Row(
      operation: .hollowing, field: "drainDiameterMm", code: 13, allowed: [0.5, 3], refused: [0, -3],
      others: ["wallThicknessMm": 2]),
    Row(
      operation: .hollowing, field: "infill", code: 13, allowed: ["none", "gyroid", "CUBIC"],
      refused: ["foam", "", 1], others: ["wallThicknessMm": 2]),
    Row(
      operation: .hollowing, field: "infillCellMm", code: 13, allowed: [0.5, 8], refused: [0, -8],
      others: ["wallThicknessMm": 2]),
    Row(
      operation: .hollowing, field: "infillWallMm", code: 13, allowed: [0.5, 8], refused: [0, -8],
      others: ["wallThicknessMm": 2]),
    Row(
      operation: .hollowing, field: "smallestCavityMm3", code: 13, allowed: [0.5, 1000], refused: [0, -8],
      others: ["wallThicknessMm": 2]),
    Row(
      operation: .import, field: "measurementUnits", code: 200, allowed: ["mm", "inch", "Mm", "INCH"],
      refused: ["cm", "m", "inches", ""]),
    Row(
      operation: .stlConversion, field: "measurementUnits", code: 200, allowed: ["mm", "Inch"],
      refused: ["cm"]),
    Row(
      operation: .export, field: "exportToFormat", code: 900,
      allowed: ["stl", "Stl", "STL", "obj", "ply", "off"], refused: ["step", "3mf", ".stl", ""]),
    Row(
      operation: .thumbnail, field: "samples", code: 13, allowed: [1, 4, 8, 16],
      refused: [0, 2, 15, 17, 4.5]),
    Row(
      operation: .shrinkwrapRepair, field: "gapMm", code: 13, allowed: [1e-3, 1, 1000], refused: [0, -1]),
    Row(operation: .thumbnail, field: "up", code: 13, allowed: ["X", "y", "Z"], refused: ["up", ""]),
    Row(
      operation: .thumbnail, field: "background", code: 13,
      allowed: ["transparent", "Transparent", "#ffffff", "#FFFFFF80", "00ff00"],
      refused: ["white", "#fff", "#gggggg", "", "#ffffff8", "##ffffff"]),
  ]

  @Test(arguments: rows)
  func atTheLimitIsAllowedAndBeyondItIsTheFieldsOwnCode(row: Row) throws {
    for value in row.allowed {
      let request = try ToolkitContract.validate(row.operation, row.body(value), input: .given)
      let taken = try #require(request.arguments.value(row.field))
      // Words come back in their documented spelling, whole numbers as integers.
      if let number = value.asNumber {
        #expect(taken.asNumber == number)
      } else {
        #expect(taken.asString?.lowercased().hasSuffix(value.asString?.lowercased() ?? "?") == true)
      }
    }
    for value in row.refused {
      let failure = #expect(throws: ToolkitFailure.self) {
        try ToolkitContract.validate(row.operation, row.body(value), input: .given)
      }
      #expect(failure?.entries.map(\.error.code.rawValue) == [row.code], "\(value)")
      // The message says which parameter it was and what would do.
      #expect(failure?.entries.first?.message.contains(row.field) == true)
      #expect(failure?.entries.first?.detail?.contains("give ") == true)
    }
  }

  @Test func theTableHasEveryFieldThatHasARule() {
    for form in ToolkitForm.all {
      for field in form.fields where field.rule != .anything {
        #expect(
          Self.rows.contains { $0.operation == form.operation && $0.field == field.name },
          "\(form.operation.rawValue).\(field.name)")
      }
    }
  }

  @Test func theLimitsAreTheDocumentedNumbers() {
    #expect(ToolkitLimits.minimalWallThicknessMm == 0.1...20)
    #expect(ToolkitLimits.accuracyWallThickness == 1...3)
    #expect(ToolkitLimits.wallThicknessDimensionMm == 500)
    #expect(ToolkitLimits.scaleFactor == 0.01...10000)
    #expect(ToolkitLimits.thumbnailSize == 10...10000)
    #expect(ToolkitLimits.cameraAngle == -180...180)
    #expect(ToolkitLimits.reductionAccuracyMm == 0...10)
    #expect(ToolkitLimits.reductionMaxAngle == 0...90)
    #expect(ToolkitLimits.reductionIterations == 1...1000)
    #expect(ToolkitLimits.hollowingWallThicknessMm == 1...20)
    #expect(ToolkitLimits.triangles == 5_000_000)
  }
}

extension ToolkitLimitTests.Row {
  func body(_ value: JSONValue) -> JSONValue {
    .object((others.asMembers ?? []) + [.init(field, value)])
  }
}
