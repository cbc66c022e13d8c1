import Facet
import FacetContract
import Foundation
import Testing

@testable import FacetBatch

/// Whole batches, on threads of this process.
@Suite struct BatchTests {
  let fixture: BatchFixture

  init() throws {
    fixture = try BatchFixture()
    try fixture.addModels()
  }

  @Test func eachFileIsAccountedFor() async throws {
    let results = try await fixture.batch(to: "out").all()
    #expect(
      results.mapValues(\.outcome) == [
        "box": .done, "open": .done, "inner/box": .done, "inner/plate": .done, "cut": .failed,
        "inner/empty": .failed,
      ])
    #expect(results["cut"]?.record?.errors.map(\.code) == [202])
    #expect(results["inner/empty"]?.record?.errors.map(\.code) == [53])
    #expect(results["cut"]?.record?.errors.first?.step == "import")
    let box = try #require(results["box"]?.record)
    #expect(box.sha256 == SHA256Digest.hex(of: Array(try fixture.read("parts/box.stl"))))
    #expect(box.steps.map(\.operation) == ["import", "repair", "analyze"])
    #expect(box.steps[1].figures["isSolid"] == true)
    #expect(box.outputs.map(\.path) == ["files/box.stl"])
    #expect(box.outputs[0].sha256 == SHA256Digest.hex(of: Array(try fixture.read("out/files/box.stl"))))
    // Nothing half made is left.
    #expect(
      try fixture.files("out") == [
        "batch.json", "files/box.stl", "files/inner/box.stl", "files/inner/plate.stl", "files/open.stl",
        "report.jsonl",
      ])
  }

  @Test func picturesShowWhatEachStepIsAbout() async throws {
    let steps = "repair,wall-thickness-analysis:minimal-wall-thickness-mm=2,thumbnail:width=32:height=32"
    let results = try await fixture.batch(steps, to: "out") { $0.drawsPictures = true }.all()
    #expect(results["open"]?.record?.pictures.map(\.shows) == [.changes, .walls])
    #expect(results["inner/plate"]?.record?.pictures.map(\.shows) == [.part, .walls])
    #expect(results["cut"]?.record?.pictures.isEmpty == true)
    for picture in results.values.compactMap(\.record).flatMap(\.pictures) {
      #expect(try fixture.read("out/" + picture.path).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
    #expect(
      results["open"]?.record?.outputs.map(\.path) == [
        "files/open.thickness.stl", "files/open.png", "files/open.stl",
      ])
  }

  @Test func resultsAreTheSameHoweverTheyAreMade() async throws {
    _ = try await fixture.batch(to: "one") { $0.jobs = 1 }.all()
    for shard in 1...3 {
      _ = try await fixture.batch(to: "many") {
        $0.jobs = 3
        $0.shard = Shard(shard, of: 3)
      }.all()
    }
    for (folder, journals) in [("one", 1), ("many", 3)] {
      let out = BatchFolder(fixture.path + "/" + folder)
      #expect(out.journals.count == journals)
      try BatchReport(of: [out]).write(to: BatchFolder(fixture.path + "/merged-" + folder), asMerged: true)
    }
    for name in ["report.jsonl", "report.csv", "report.html"] {
      #expect(try fixture.read("merged-one/" + name) == fixture.read("merged-many/" + name))
    }
    #expect(try fixture.files("one/files") == fixture.files("many/files"))
  }

  // MARK: Going on

  @Test func whatIsDoneIsNotDoneAgain() async throws {
    _ = try await fixture.batch(to: "out").all()
    let again = try await fixture.batch(to: "out") { $0.resumes = true }.all()
    #expect(again.count == 6 && again.values.allSatisfy { $0.record == nil })
    #expect(again.mapValues(\.outcome)["cut"] == .failed)
  }

  @Test func theFolderIsFreeOnceTheLastResultIsThere() async throws {
    for _ in 0..<50 { _ = try await fixture.batch(to: "out") { $0.resumes = true }.all() }
  }

  @Test func whatHasChangedIsDoneAgain() async throws {
    _ = try await fixture.batch(to: "out").all()
    try Primitive.box(maximum: SIMD3(11, 20, 30)).write(to: fixture.path + "/parts/box.stl")
    try fixture.write(Data("spoilt".utf8), "out/files/open.stl")
    try FileManager.default.removeItem(atPath: fixture.path + "/out/files/inner/box.stl")
    try Primitive.box(maximum: SIMD3(1, 1, 1)).write(to: fixture.path + "/parts/new.stl")
    let again = try await fixture.batch(to: "out") { $0.resumes = true }.all()
    #expect(
      again.filter { $0.value.record != nil }.keys.sorted() == ["box", "inner/box", "new", "open"])
    let other = try await fixture.batch("geometrical-repair", to: "out") { $0.resumes = true }.all()
    #expect(other.count == 7 && other.values.allSatisfy { $0.record != nil })
    // The report has the newest of each.
    let report = try BatchReport(of: [BatchFolder(fixture.path + "/out")])
    #expect(report.totals.files == 7 && report.totals.done == 5 && report.totals.failed == 2)
  }

  @Test func anInterruptedBatchIsReportedAsWhatItIs() async throws {
    let stop = Cancellation()
    stop.cancel()
    let none = try await fixture.batch(to: "out") { $0.stop = stop }.all()
    #expect(none.isEmpty)
    let report = try BatchReport(of: [BatchFolder(fixture.path + "/out")])
    #expect(report.totals.missing == 6)
    let rest = try await fixture.batch(to: "out") { $0.resumes = true }.all()
    #expect(rest.count == 6)
  }

  @Test func anotherRunsFolderIsNotTouchedUnlessItIsToGoOn() async throws {
    _ = try await fixture.batch(to: "out").all()
    let before = try fixture.read("out/report.jsonl")
    let failure = #expect(throws: ToolkitFailure.self) { try fixture.batch("analyze", to: "out").results() }
    #expect(failure?.entries[0].detail?.contains("--resume") == true)
    #expect(try fixture.read("out/report.jsonl") == before)
  }

  // MARK: Limits

  @Test func aFileThatTakesTooLongIsOneFile() async throws {
    try Primitive.uvSphere(radius: 50).write(to: fixture.path + "/parts/slow.stl")
    let steps = "repair,analyze"
    let results = try await fixture.batch(steps, to: "out") { $0.timeout = 0.05 }.all()
    let slow = try #require(results["slow"]?.record)
    #expect(slow.outcome == .failed && slow.errors.map(\.code) == [72] && slow.limit == .seconds(0.05))
    #expect(results.count == 7)
    // With more time it is tried again; with the same it is not.
    let same = try await fixture.batch(steps, to: "out") {
      $0.timeout = 0.05
      $0.resumes = true
    }.all()
    #expect(same["slow"]?.record == nil)
    let more = try await fixture.batch(steps, to: "out") {
      $0.timeout = 300
      $0.resumes = true
    }.all()
    #expect(more["slow"]?.record?.outcome == .done)
  }

  @Test func aFileThatNeedsMoreThanItsShareIsDoneAlone() async throws {
    // A budget that is enough for one, but not for half of it.
    let mesh = Primitive.uvSphere(radius: 50)
    try mesh.write(to: fixture.path + "/parts/large.stl")
    func outcome(_ budget: Int, to out: String = "out") async throws -> BatchRecord {
      let results = try await fixture.batch("repair", to: "\(out)\(budget)") { $0.memoryBudget = budget }
        .all()
      #expect(results.count == 7)
      return try #require(results["large"]?.record)
    }
    var budget = 1 << 18
    while try await outcome(budget).outcome == .failed { budget *= 2 }
    // The smallest that does: a worker's share of it is what did not.
    let refused = try await outcome(budget / 2, to: "again")
    #expect(refused.errors.map(\.code) == [11] && refused.limit == .bytes(budget / 2))
    #expect(budget > 1 << 18)
  }
}
