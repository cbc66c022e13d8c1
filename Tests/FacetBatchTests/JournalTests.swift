import Facet
import FacetContract
import Foundation
import Testing

@testable import FacetBatch

@Suite struct JournalTests {
  private let record = BatchRecord(
    BatchInput(name: "a/ü", path: "a/ü\"\n.stl"), .done, version: "1", pipeline: "0123456789abcdef")

  private func records(_ path: String) throws -> [BatchRecord] {
    var records: [BatchRecord] = []
    try Journal.forEachRecord(in: path) { (_, record) in records.append(record) }
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
}
