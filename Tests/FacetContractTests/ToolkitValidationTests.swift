import FacetContract
import FacetOperations
import Testing

@Suite struct ToolkitValidationTests {
  /// A request that is right in everything, for each operation.
  static func good(_ operation: OperationName) -> JSONValue {
    switch operation {
    case .import: ["fileId": "f", "measurementUnits": "mm"]
    case .stlConversion: ["fileId": "f", "measurementUnits": "inch"]
    case .analyze, .geometricalRepair, .repair: ["inputId": "i"]
    case .shrinkwrapRepair: ["inputId": "i", "accuracy": "Rough"]
    case .wallThicknessAnalysis:
      ["inputId": "i", "minimalWallThicknessMm": 1, "accuracyWallThickness": 2]
    case .scale: ["inputId": "i", "axis": "X", "scaleToSizeMm": 12.5]
    case .thumbnail:
      [
        "inputId": "i", "width": 640, "height": 480, "cameraAngleX": -45, "cameraAngleY": 0,
        "cameraAngleZ": 30,
      ]
    case .reduceTriangles:
      ["inputId": "i", "accuracyMm": 0.05, "maxAngle": 15, "numberOfIterations": 10]
    case .hollowing: ["inputId": "i", "wallThicknessMm": 2]
    case .export: ["inputId": "i", "exportToFormat": "stl"]
    }
  }

  private func codes(
    _ operation: OperationName, _ body: JSONValue, _ input: ToolkitContract.InputSource = .reference
  ) -> [Int] {
    errors(operation, body, input).map(\.code.rawValue)
  }

  private func errors(
    _ operation: OperationName, _ body: JSONValue, _ input: ToolkitContract.InputSource = .reference
  ) -> [ToolkitError] {
    do throws(ToolkitFailure) {
      _ = try ToolkitContract.validate(operation, body, input: input)
      return []
    } catch {
      return error.entries.map(\.error)
    }
  }

  @Test(arguments: OperationName.allCases)
  func aDocumentedRequestIsTakenAsItIs(operation: OperationName) throws {
    let body = Self.good(operation)
    let request = try ToolkitContract.validate(operation.rawValue, body)
    #expect(request.operation == operation)
    for member in body.asMembers ?? [] where !["inputId", "fileId"].contains(member.name) {
      let taken = try #require(request.arguments.value(member.name))
      #expect(taken == member.value || taken.asNumber == member.value.asNumber)
    }
    // What a store keeps gives the same request again.
    #expect(try ToolkitContract.validate(operation, request.json) == request)
  }

  @Test(arguments: OperationName.allCases)
  func unknownMembersAreIgnoredAndNullIsAbsent(operation: OperationName) throws {
    let members = Self.good(operation).asMembers ?? []
    let more: [JSONValue.Member] = [
      .init("foo", ["bar": nil]), .init("callbackUrl", nil), .init("uniform", nil), .init("WIDTH", 0),
    ]
    #expect(
      try ToolkitContract.validate(operation, .object(members + more))
        == ToolkitContract.validate(operation, .object(members)))
  }

  @Test(arguments: OperationName.allCases)
  func everyFieldOfTheWrongJSONTypeIsCode13WithItsName(operation: OperationName) {
    let form = ToolkitForm.of(operation)
    for field in form.fields {
      let wrong: [JSONValue] =
        switch field.kind {
        case .bool: ["true", 1, [], [:]]
        case .integer, .number: ["5", true, [1], ["a": 1]]
        case .text, .choice: [5, false, ["mm"], [:]]
        }
      for value in wrong {
        let members = (Self.good(operation).asMembers ?? []).filter { $0.name != field.name }
        let body = JSONValue.object(members + [.init(field.name, value)])
        #expect(errors(operation, body) == [.invalidParameter(field.name)], "\(value)")
      }
    }
    for name in form.inputs.map(\.rawValue) + ["callbackUrl"] {
      let members = (Self.good(operation).asMembers ?? []).filter { $0.name != name }
      for value: JSONValue in [5, true, [], ""] {
        let wrong = errors(operation, .object(members + [.init(name, value)]))
        #expect(wrong.contains(.invalidParameter(name)), "\(name) \(value)")
      }
    }
  }

  @Test(arguments: OperationName.allCases)
  func everyRequiredFieldThatIsMissingIsCode13WithItsName(operation: OperationName) {
    for field in ToolkitForm.of(operation).fields where field.isRequired {
      for absent: JSONValue? in [nil, .null] {
        var members = (Self.good(operation).asMembers ?? []).filter { $0.name != field.name }
        if let absent { members.append(.init(field.name, absent)) }
        #expect(errors(operation, .object(members)) == [.invalidParameter(field.name)])
      }
    }
  }

  @Test func theRequiredFieldsAreThoseWithoutASensibleDefault() {
    let required = ToolkitForm.all.flatMap { form in
      form.fields.filter(\.isRequired).map { "\(form.operation.rawValue).\($0.name)" }
    }
    #expect(
      required == [
        "import.measurementUnits", "wall-thickness-analysis.minimalWallThicknessMm", "scale.axis",
        "scale.scaleToSizeMm", "hollowing.wallThicknessMm",
      ])
  }

  @Test func withoutAnInputTheUsualOneIsNamed() {
    #expect(errors(.analyze, [:]) == [.invalidParameter("inputId")])
    #expect(errors(.import, ["measurementUnits": "mm"]) == [.invalidParameter("fileId")])
    #expect(errors(.repair, ["inputId": nil, "fileId": nil]) == [.invalidParameter("inputId")])
    #expect(errors(.analyze, ["fileId": "f"]) == [.invalidParameter("inputId")])
  }

  @Test func whoHoldsTheInputNeedsNotNameIt() throws {
    let request = try ToolkitContract.validate(.analyze, [:], input: .given)
    #expect(request.input == nil)
  }

  @Test func inputsAreFilesOrModels() throws {
    func input(_ operation: OperationName, _ body: JSONValue) throws -> OperationRequest.Input? {
      try ToolkitContract.validate(operation, body).input
    }
    #expect(try input(.import, ["fileId": "a", "measurementUnits": "mm"]) == .file("a"))
    #expect(try input(.repair, ["fileId": "a"]) == .file("a"))
    #expect(try input(.repair, ["inputId": "b"]) == .model("b"))
    #expect(try input(.repair, ["fileId": "a", "inputId": "b"]) == .model("b"))
    #expect(try input(.stlConversion, ["inputId": "b"]) == .model("b"))
  }

  @Test func conversionNeedsUnitsWithAFileAndNotWithAModel() {
    #expect(errors(.stlConversion, ["fileId": "f"]) == [.invalidParameter("measurementUnits")])
    #expect(codes(.stlConversion, ["fileId": "f", "measurementUnits": "cm"]) == [200])
    #expect(codes(.stlConversion, ["inputId": "i"]) == [])
    #expect(codes(.stlConversion, ["inputId": "i", "measurementUnits": "cm"]) == [200])
  }

  @Test func allThatIsWrongIsSaidInTheOrderOfTheFields() {
    #expect(
      errors(
        .thumbnail,
        [
          "cameraAngleX": 200, "width": 5, "height": "tall", "cameraAngleZ": -500, "callbackUrl": "ftp://x",
        ])
        == [
          .invalidParameter("inputId"), .wrongThumbnailSize, .invalidParameter("height"), .wrongCameraAngle,
          .wrongCameraAngle, .invalidParameter("callbackUrl"),
        ])
    #expect(
      codes(.reduceTriangles, ["accuracyMm": 11, "maxAngle": 91, "numberOfIterations": 0], .given) == [
        700, 701, 702,
      ])
  }

  @Test(arguments: [JSONValue.null, [], "text", 5, true])
  func aBodyThatIsNoObjectIsCode13(body: JSONValue) {
    #expect(errors(.analyze, body) == [.invalidParameter("body")])
  }

  @Test(arguments: ["analyse", "", "Scale", "reduce", "../token"])
  func anUnknownOperationIsCode71(name: String) {
    let failure = #expect(throws: ToolkitFailure.self) { try ToolkitContract.validate(name, [:]) }
    #expect(failure?.entries.map(\.error) == [.operationNotFound(id: name)])
  }

  @Test func whatIsNotANumberInSwiftEitherIsCode13() {
    for value: JSONValue in [.number(.nan), .number(.infinity)] {
      #expect(
        errors(.hollowing, ["wallThicknessMm": value], .given) == [.invalidParameter("wallThicknessMm")])
    }
  }

  @Test func messagesDoNotRepeatLongOrStrangeInput() {
    let failure = #expect(throws: ToolkitFailure.self) {
      try ToolkitContract.validate(
        .export, ["inputId": "i", "exportToFormat": .string(String(repeating: "a\n", count: 5000))])
    }
    let message = failure?.entries.first?.message ?? ""
    #expect(message.count < 400)
    #expect(!message.contains("\n"))
  }

  @Test(arguments: [
    ("https://example.com/hook?a=b", true), ("http://127.0.0.1:8080/", true), ("HTTPS://EXAMPLE.COM", true),
    ("https://user@example.com/", true), ("https://[::1]:80/x", true),
    ("ftp://example.com", false), ("https://", false), ("https:///path", false), ("example.com", false),
    ("https://exa mple.com", false), ("https://a\r\nHost: b", false), ("https://user@", false),
    ("https://:80/", false), ("https://[::1", false), ("https://a:b/", false), ("javascript:alert(1)", false),
  ])
  func callbacksAreWebAddresses(address: String, isAllowed: Bool) throws {
    let wrong = errors(.analyze, ["inputId": "i", "callbackUrl": .string(address)])
    #expect(wrong == (isAllowed ? [] : [.invalidParameter("callbackUrl")]))
    if isAllowed {
      let request = try ToolkitContract.validate(.analyze, ["inputId": "i", "callbackUrl": .string(address)])
      #expect(request.callbackURL == address)
    }
  }
}
