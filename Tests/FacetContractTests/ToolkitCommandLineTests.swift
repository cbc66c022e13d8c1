import FacetContract
import FacetOperations
import Testing

/// Text from the command line goes through the same door as JSON.
@Suite struct ToolkitCommandLineTests {
  private func errors(
    _ operation: OperationName, _ options: [(name: String, value: String?)]
  ) -> [ToolkitError] {
    do throws(ToolkitFailure) {
      _ = try ToolkitContract.validate(operation, options: options)
      return []
    } catch {
      return error.entries.map(\.error)
    }
  }

  @Test func optionsAreTheFieldsInKebabCase() throws {
    let request = try ToolkitContract.validate(
      .scale, options: [("axis", "x"), ("scale-to-size-mm", "10"), ("uniform", nil)])
    #expect(
      try request
        == ToolkitContract.validate(
          .scale, ["axis": "X", "scaleToSizeMm": 10.0, "uniform": true], input: .given))
    let camel = try ToolkitContract.validate(
      .scale, options: [("axis", "X"), ("scaleToSizeMm", "1e1"), ("uniform", "true")])
    #expect(camel == request)
  }

  @Test func aWrongWordHasTheFieldsCode() {
    #expect(errors(.scale, [("axis", "W"), ("scale-to-size-mm", "10")]) == [.wrongAxis])
    #expect(errors(.import, [("measurement-units", "cm")]) == [.unsupportedMeasurementUnits])
  }

  @Test(arguments: ["abc", "", "ten", "1,5", "nan", "inf", "-infinity", "0x10", "1e999", "1_000", " 5", "١٢"])
  func aTextThatIsNoNumberIsCode13(text: String) {
    #expect(errors(.thumbnail, [("width", text)]) == [.invalidParameter("width")])
    #expect(errors(.hollowing, [("wall-thickness-mm", text)]) == [.invalidParameter("wallThicknessMm")])
  }

  @Test(arguments: [("12", 12.0), ("12.0", 12), ("+12", 12), ("1.2e1", 12), ("12.", 12), ("012", 12)])
  func numbersMayBeWrittenInAnyOrdinaryWay(text: String, number: Double) throws {
    let request = try ToolkitContract.validate(.thumbnail, options: [("width", text)])
    #expect(request.arguments.value("width")?.asNumber == number)
  }

  @Test func aNumberOutOfRangeHasTheFieldsCode() {
    #expect(
      errors(.thumbnail, [("width", "9"), ("camera-angle-z", "-181")]) == [
        .wrongThumbnailSize, .wrongCameraAngle,
      ])
    #expect(errors(.thumbnail, [("width", "99999999999999999999999")]) == [.wrongThumbnailSize])
  }

  @Test(arguments: [("5", "width is 5; give"), ("12.5", "width is 12.5; give")])
  func aRefusedNumberIsQuotedAsItWasGiven(text: String, quoted: String) {
    let failure = #expect(throws: ToolkitFailure.self) {
      try ToolkitContract.validate(.thumbnail, options: [("width", text)])
    }
    #expect(failure?.entries.first?.message.contains(quoted) == true)
  }

  @Test(arguments: [("yes", true), ("On", true), ("1", true), ("false", false), ("no", false), ("0", false)])
  func switchesMayHaveAValue(text: String, isOn: Bool) throws {
    let request = try ToolkitContract.validate(
      .scale, options: [("axis", "X"), ("scale-to-size-mm", "10"), ("uniform", text)])
    #expect(request.arguments.value("uniform") == .bool(isOn))
    #expect(
      errors(.scale, [("axis", "X"), ("scale-to-size-mm", "10"), ("uniform", "maybe")])
        == [.invalidParameter("uniform")])
  }

  @Test func anUnknownOptionIsCode13BesidesAllElse() {
    #expect(
      errors(.scale, [("axes", "X"), ("scale-to-size-mm", "-1")])
        == [.invalidParameter("axes"), .invalidParameter("axis"), .scaleOutOfRange])
    #expect(errors(.analyze, [("axis", "X")]) == [.invalidParameter("axis")])
  }

  @Test func pipelinesAreValidatedStepByStep() throws {
    let requests = try ToolkitContract.validate(
      steps:
        "repair,reduce:accuracy-mm=0.05:target-triangles=500,scale:axis=Z,scale-to-size-mm=10,thumbnail:width=64:background=ffffff"
    )
    #expect(requests.map(\.operation) == [.repair, .reduceTriangles, .scale, .thumbnail])
    #expect(requests[1].arguments.value("accuracyMm") == 0.05)
    #expect(requests[1].arguments.value("targetTriangles") == 500)
    #expect(requests[2].arguments.value("axis") == "Z")
    #expect(requests[3].arguments.value("background") == "#ffffff")
    #expect(requests.allSatisfy { $0.input == nil })
  }

  @Test func allThatIsWrongWithAPipelineIsSaid() {
    let failure = #expect(throws: ToolkitFailure.self) {
      try ToolkitContract.validate(steps: "scale:axis=W:scale-to-size-mm=1,polish,thumbnail:width=1")
    }
    #expect(
      failure?.entries.map(\.error) == [.wrongAxis, .operationNotFound(id: "polish"), .wrongThumbnailSize])
  }

  @Test(arguments: ["", "analyze,", "axis=X", "scale:=X"])
  func aPipelineThatCannotBeReadIsCode13(steps: String) {
    let failure = #expect(throws: ToolkitFailure.self) { try ToolkitContract.validate(steps: steps) }
    #expect(failure?.entries.map(\.error) == [.invalidParameter("steps")])
    #expect(failure?.exitStatus == .wrongRequest)
  }
}
