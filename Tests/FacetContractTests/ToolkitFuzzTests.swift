import FacetContract
import FacetOperations
import FacetTestSupport
import Testing

/// Whatever comes in, it is refused with documented codes or makes a request that an operation takes.
@Suite struct ToolkitFuzzTests {
  private static let values: [JSONValue] = [
    nil, true, false, 0, 1, 2, 3, 4, 8, 9, 10, 45, 90, 91, 180, -180, -181, 1000, 10000, 10001, 0.1, 0.5, 1.0,
    5.5, -0.0, 1e300, -1e300, .integer(.max), .integer(.min), .number(.nan), .number(.infinity), "", "X", "y",
    "mm", "INCH", "Rough", "stl", "ply", "#ffffff", "transparent", "https://example.com", "\0", "é\u{301}",
    .string(String(repeating: "x", count: 10_000)), [], [1], [:], ["a": ["b": nil]],
  ]

  @Test(arguments: OperationName.allCases)
  func everyBodyIsRefusedOrTaken(operation: OperationName) throws {
    var random = SeededGenerator(seed: UInt64(operation.rawValue.utf8.count))
    let form = ToolkitForm.of(operation)
    let names = form.fields.map(\.name) + ["inputId", "fileId", "callbackUrl", "stranger"]
    var taken = 0
    for _ in 0..<3000 {
      // Half of the bodies start from a good one, so that some get through.
      var members = Bool.random(using: &random) ? ToolkitValidationTests.good(operation).asMembers ?? [] : []
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let name = names.randomElement(using: &random)!
        members.append(.init(name, Self.values.randomElement(using: &random)!))
      }
      let input: ToolkitContract.InputSource = Bool.random(using: &random) ? .given : .reference
      do throws(ToolkitFailure) {
        let request = try ToolkitContract.validate(operation, .object(members), input: input)
        taken += 1
        #expect(try ToolkitContract.validate(operation, request.json, input: input) == request)
        _ = request.makeOperation()
      } catch {
        let own = Self.codes(of: operation)
        #expect(Set(error.entries.map(\.error.code.rawValue)).isSubset(of: own))
        #expect(error.entries.allSatisfy { $0.message.utf8.count < 1000 })
      }
    }
    #expect(taken > 100)
  }

  /// The codes that a request for an operation can be refused with.
  private static func codes(of operation: OperationName) -> Set<Int> {
    let own: [Int] =
      switch operation {
      case .import, .stlConversion: [200]
      case .wallThicknessAnalysis: [300, 301]
      case .scale: [400, 401]
      case .thumbnail: [500, 501]
      case .shrinkwrapRepair: [600]
      case .reduceTriangles: [700, 701, 702]
      case .hollowing: [800]
      case .export: [900]
      case .analyze, .geometricalRepair, .repair: []
      }
    return Set(own + [13])
  }
}
