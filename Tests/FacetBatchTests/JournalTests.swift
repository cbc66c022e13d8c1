import Facet
import FacetContract
import FacetOperations
import Foundation
import Testing

@testable import FacetBatch

@Suite struct JournalTests {
  private let record = BatchRecord(
    BatchInput(name: "a/ü", path: "a/ü\"\n.stl"), .done, version: "1", pipeline: "0123456789abcdef")

  private func records(_ path: String) throws -> [BatchRecord] {
    var records: [BatchRecord] = []
    try Journal.forEachRecord(in: path, reading: BatchRecord.init(line:)) { (_, record) in
      records.append(record)
    }
    return records
  }

  @Test func recordsComeBackAsTheyWere() throws {
    let fixture = try BatchFixture()
    var full = record
    full.outcome = .failed
    (full.sha256, full.bytes) = ("ab", 3)
    full.errors = [.init(code: 11, message: "m", step: "repair")]
    full.limit = .bytes(5)
    full.warnings = ["w"]
    full.steps = [.init(operation: "repair", parameters: ["keepShells": true], figures: ["isSolid": false])]
    full.outputs = [.init(path: "files/a.stl", bytes: 84, sha256: "cd")]
    full.pictures = [.init(shows: .walls, path: "pictures/a.png")]
    full.timings = .init(finished: "2026-01-01T00:00:00Z", seconds: 0.5, steps: [("repair", 0.25)])
    let path = fixture.path + "/report.jsonl"
    do {
      let journal = try Journal(path)
      try journal.append(record)
      try journal.append(full)
    }
    #expect(try records(path) == [record, full])
    #expect(try fixture.read("report.jsonl").filter { $0 == 10 }.count == 2)
  }

  @Test func aLineThatWasCutShortAtAnyByteIsTakenAway() throws {
    let fixture = try BatchFixture()
    let path = fixture.path + "/report.jsonl"
    let line = Data((record.json.text() + "\n").utf8)
    for length in 0...line.count {
      try fixture.write(line + line.prefix(length), "report.jsonl")
      try Journal(path).append(record)
      #expect(try records(path) == Array(repeating: record, count: length == line.count ? 3 : 2))
    }
  }

  @Test func onlyOneWritesAtATime() throws {
    let fixture = try BatchFixture()
    let first = try Journal(fixture.path + "/report.jsonl")
    #expect(throws: ToolkitFailure.self) { try Journal(fixture.path + "/report.jsonl") }
    try first.append(record)
  }

  @Test func aSummarySaysWhatTheRecordSays() throws {
    var full = record
    (full.bytes, full.outcome) = (3, .stopped)
    full.timings = .init(finished: "2026-01-01T00:00:00Z", seconds: 0.5, steps: [])
    for record in [record, full] {
      let summary = try #require(
        RecordSummary(line: Data(record.json.text().utf8), columns: FigureColumns()))
      #expect(summary.name == record.name)
      #expect(summary.outcome == record.outcome)
      #expect(summary.bytes == record.bytes)
      #expect(summary.finished == record.timings?.finished)
    }
    let line = Data(full.json.text().utf8)
    for length in 0..<line.count {
      #expect(RecordSummary(line: line.prefix(length), columns: FigureColumns()) == nil)
    }
  }

  @Test func columnsAreTheFiguresThatAreScalarsInAnyRecord() throws {
    let columns = FigureColumns()
    func note(_ figures: JSONValue...) throws {
      var record = record
      record.steps = figures.map { .init(operation: "repair", parameters: [:], figures: $0) }
      _ = try #require(RecordSummary(line: Data(record.json.text().utf8), columns: columns))
    }
    try note(["b": 1, "a": nil, "list": [], "later": [1]])
    try note(["c": "x", "object": ["d": 1], "later": 0.5], ["b": true])
    #expect(columns.names == [["a", "b", "c", "later"], ["b"]])
  }
}
