import Facet
import FacetContract
import Foundation
import Testing

@testable import FacetBatch

@Suite struct BatchReportTests {
  let fixture: BatchFixture

  init() throws {
    fixture = try BatchFixture()
    try fixture.addModels()
  }

  private func report(_ steps: String = "repair") async throws -> (BatchReport, BatchFolder) {
    let batch = try fixture.batch(steps, to: "out") { $0.drawsPictures = true }
    _ = try await batch.all()
    let report = try BatchReport(of: [batch.folder])
    try report.write(to: batch.folder, asMerged: false)
    return (report, batch.folder)
  }

  @Test func theTableHasALineAFileAndAColumnAFigure() async throws {
    try Primitive.box(maximum: SIMD3(1, 1, 1)).write(to: fixture.path + "/parts/=a, \"b\".stl")
    _ = try await report("analyze,repair,analyze")
    let lines = String(decoding: try fixture.read("out/report.csv"), as: UTF8.self).components(
      separatedBy: "\r\n")
    #expect(lines.count == 9 && lines.last == "")
    let headings = lines[0].components(separatedBy: ",")
    #expect(headings.prefix(3) == ["name", "input", "outcome"])
    #expect(headings.contains("analyze 1.badEdges") && headings.contains("analyze 2.badEdges"))
    #expect(headings.contains("repair.isSolid") && headings.contains("import.triangles"))
    // A formula is none, and quotes are doubled.
    #expect(lines[1].hasPrefix("\"'=a, \"\"b\"\"\","))
    let open = try #require(lines.first { $0.hasPrefix("open,") }).components(separatedBy: ",")
    let before = try #require(headings.firstIndex(of: "analyze 1.badEdges"))
    let after = try #require(headings.firstIndex(of: "analyze 2.badEdges"))
    #expect(open[before] != "0" && open[after] == "0")
  }

  @Test func thePageHoldsEverythingAndNothingGetsOutOfItsData() async throws {
    try Primitive.box(maximum: SIMD3(1, 1, 1)).write(to: fixture.path + "/parts/<!--script--><x>.stl")
    _ = try await report("repair,wall-thickness-analysis:minimal-wall-thickness-mm=2")
    let page = String(decoding: try fixture.read("out/report.html"), as: UTF8.self)
    #expect(!page.contains("<!--data-->") && !page.contains("<!--style-->"))
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">")).upperBound
    let end = try #require(page[start...].range(of: "</script>")).lowerBound
    #expect(!page[start..<end].contains("<"))
    let data = try #require(
      JSONSerialization.jsonObject(with: Data(page[start..<end].utf8)) as? [String: Any])
    let rows = try #require(data["rows"] as? [[String: Any]])
    #expect(
      rows.map { $0["name"] as? String } == [
        "<!--script--><x>", "box", "cut", "inner/box", "inner/empty", "inner/plate", "open",
      ])
    #expect((data["totals"] as? [String: Int])?["failed"] == 2)
    #expect((data["limits"] as? [String: Double])?["minimalWallThicknessMm"] == 2)
    let plate = try #require(rows.first { $0["name"] as? String == "inner/plate" })
    #expect((plate["walls"] as? [String: Any])?["hasThinWalls"] as? Bool == true)
    #expect(plate["sizeMm"] as? [Double] == [1, 50, 50] && plate["trianglesBefore"] as? Int == 12)
    let pictures = try #require(plate["pictures"] as? [[String: String]])
    #expect(pictures.map { $0["shows"] } == ["part", "walls"])
    let picture = try #require(Data(base64Encoded: pictures[0]["data"] ?? ""))
    #expect(picture == (try fixture.read("out/" + (pictures[0]["path"] ?? ""))))
    let open = try #require(rows.first { $0["name"] as? String == "open" })
    #expect((open["repairs"] as? [[String: Any]])?.isEmpty == false && open["isSolid"] as? Bool == true)
  }

  @Test func aReportCanTakeThePlaceOfItsJournal() async throws {
    let (report, folder) = try await report("analyze")
    try report.write(to: folder, asMerged: true)
    let once = try fixture.read("out/report.jsonl")
    try BatchReport(of: [folder]).write(to: folder, asMerged: true)
    #expect(try fixture.read("out/report.jsonl") == once)
    #expect(
      try await fixture.batch("analyze", to: "out") { $0.resumes = true }.all().allSatisfy {
        $0.value.record == nil
      })
  }

  @Test func aFileWithoutARecordIsMissing() async throws {
    _ = try await fixture.batch(to: "out") { $0.shard = Shard(1, of: 2) }.all()
    let folder = BatchFolder(fixture.path + "/out")
    let report = try BatchReport(of: [folder])
    #expect(report.totals.missing == 3 && report.totals.files == 6)
    try report.write(to: folder, asMerged: true)
    let lines = String(decoding: try fixture.read("out/report.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.filter { $0.contains("\"outcome\":\"missing\"") }.count == 3)
  }

  @Test func timingsAreThereWhenTheyAreWanted() async throws {
    let (report, _) = try await report()
    let folder = BatchFolder(fixture.path + "/merged")
    try report.write(to: folder, asMerged: true, keepsTimings: true)
    #expect(String(decoding: try fixture.read("merged/report.jsonl"), as: UTF8.self).contains("\"timings\""))
    #expect(String(decoding: try fixture.read("merged/report.csv"), as: UTF8.self).contains(",seconds\r\n"))
  }

  @Test func foldersOfDifferentBatchesAreNotJoined() async throws {
    _ = try await fixture.batch("repair", to: "a").all()
    _ = try await fixture.batch("analyze", to: "b").all()
    let folders = ["a", "b"].map { BatchFolder(fixture.path + "/" + $0) }
    #expect(throws: ToolkitFailure.self) { try BatchReport(of: folders) }
    #expect(throws: ToolkitFailure.self) { try BatchReport(of: [BatchFolder(fixture.path + "/parts")]) }
  }
}
