import FacetContract
import Testing

@testable import FacetBatch

@Suite struct PipelineFileTests {
  private func parse(_ text: String) throws -> PipelineRequest {
    try PipelineFile.parse(text, of: "steps.yaml")
  }

  @Test func yamlAndJSONAndTheCommandLineSayTheSame() throws {
    let yaml = """
      # for the small printer
      measurementUnits: inch
      steps:
        - repair
        - operation: scale
          axis: x
          scaleToSizeMm: 10
          uniform: yes
        - thumbnail:width=64:height=32
      """
    let json = """
      {"steps": ["repair", {"operation": "scale", "axis": "X", "scaleToSizeMm": 10.0, "uniform": true},
       {"operation": "thumbnail", "width": 64, "height": 32}], "measurementUnits": "inch", "salvage": false}
      """
    let typed = try PipelineRequest(
      reading: [.init("measurementUnits", "inch")],
      steps: "repair,scale:axis=X:scale-to-size-mm=10:uniform,thumbnail:width=64:height=32")
    #expect(try parse(json) == typed)
    #expect(try parse(yaml).steps.map(\.operation) == typed.steps.map(\.operation))
    #expect(try parse(yaml).steps[1].arguments.value("scaleToSizeMm")?.asNumber == 10)
    #expect(try PipelineRequest(json: typed.json) == typed)
    #expect(try PipelineRequest(json: typed.json).fingerprint == typed.fingerprint)
  }

  @Test func anotherPipelineHasAnotherFingerprint() throws {
    let texts = ["repair", "analyze", "repair,analyze", "analyze,repair", "repair:keep-shells"]
    var fingerprints = Set(try texts.map { try PipelineRequest(steps: $0).fingerprint })
    fingerprints.insert(
      try PipelineRequest(reading: [.init("measurementUnits", "inch")], steps: "repair").fingerprint)
    #expect(fingerprints.count == 6 && fingerprints.allSatisfy { $0.count == 16 })
  }

  @Test(arguments: [
    ("steps: [", [13]), ("- repair", [13]), ("steps: repair", [13]), ("steps: []", [13]), ("", [13]),
    ("steps: [repaint]", [71]), ("steps: [{operation: scale, axis: W, scaleToSizeMm: 10}]", [401]),
    ("steps: [{operation: scale, axis: X, scaleToSizeMm: ten}]", [13]),
    ("steps: [{operation: repair, keepShell: true}]", [13]), ("steps: [{axis: X}]", [13]),
    ("steps: [7]", [13]),
    ("{measurementUnits: furlong, colour: red, steps: [{operation: scale}]}", [13, 200, 13, 13]),
  ])
  func whatIsWrongIsSaidWithItsCode(text: String, codes: [Int]) throws {
    let failure = #expect(throws: ToolkitFailure.self) { try parse(text) }
    #expect(failure?.entries.map(\.error.code.rawValue) == codes)
  }
}
