import Facet
import FacetContract
import Foundation
import Testing

@testable import FacetBatch

/// Workers that misbehave, played by the shell.
@Suite struct WorkerProcessTests {
  let fixture: BatchFixture

  init() throws {
    fixture = try BatchFixture()
    try fixture.addModels()
  }

  /// Batches whose workers are a shell's loop; `$task` is a line.
  private func run(_ body: String, _ change: (inout BatchOptions) -> Void = { _ in }) async throws -> [String:
    BatchResult]
  {
    let script = "read -r setup; while read -r task; do \(body); done"
    return try await fixture.batch(to: "out") {
      $0.isolation = .processes(executable: "/bin/sh", arguments: ["-c", script])
      change(&$0)
    }.all()
  }

  @Test func aCrashIsToldAndTheRestGoesOn() async throws {
    let results = try await run(
      #"case "$task" in *open*) kill -SEGV $$;; esac; echo '{"step":"repair","sha256":"ab","bytes":1}'; echo '"unchanged"'"#
    )
    #expect(results.count == 6)
    let crashed = try #require(results["open"]?.record)
    #expect(crashed.outcome == .failed && crashed.errors.map(\.code) == [74])
    #expect(crashed.errors[0].message.contains("signal 11"))
    #expect(results.values.filter { $0.record == nil }.count == 5)
  }

  @Test func aCrashThatDoesNotComeAgainIsNone() async throws {
    let mark = fixture.path + "/crashed"
    let results = try await run(
      #"case "$task" in *open*) [ -e '\#(mark)' ] || { touch '\#(mark)'; exit 3; };; esac; echo '"unchanged"'"#
    )
    #expect(results.count == 6 && results.values.allSatisfy { $0.record == nil })
  }

  @Test func theNextTaskIsSentWhileResultsAreWritten() async throws {
    let results = try await run(
      #"echo '"finishing"'; read -r next; echo '"unchanged"'; echo '"unchanged"'"#
    ) { $0.jobs = 1 }
    #expect(results.count == 6)
  }

  @Test func aCrashWhileResultsAreWrittenTakesNotTheNextFile() async throws {
    let results = try await run(
      #"case "$task" in */cut.stl*) echo '"finishing"'; read -r next; kill -SEGV $$;; esac; echo '"unchanged"'"#
    ) { $0.jobs = 1 }
    let crashed = try #require(results["cut"]?.record)
    #expect(crashed.errors.map(\.code) == [74] && crashed.errors[0].step == "export")
    #expect(results.count == 6 && results.values.filter { $0.record == nil }.count == 5)
  }

  @Test func aWorkerThatHangsIsEnded() async throws {
    let results = try await run(
      #"case "$task" in *open*) trap '' TERM; echo '{"step":"repair"}'; sleep 60;; esac; echo '"unchanged"'"#
    ) { $0.timeout = 0.1 }
    let hung = try #require(results["open"]?.record)
    #expect(hung.errors.map(\.code) == [72] && hung.errors[0].step == "repair" && hung.limit == .seconds(0.1))
    #expect(results.count == 6)
  }

  @Test func aWorkerThatCannotBeStartedEndsTheBatch() async throws {
    await #expect(throws: (any Error).self) {
      try await fixture.batch(to: "out") {
        $0.isolation = .processes(executable: "/nowhere/facet", arguments: [])
      }.all()
    }
  }

  @Test func aRecordThatCannotBeReadIsAFailureOfItsFile() async throws {
    let results = try await run(
      #"case "$task" in *open*) echo '{"step":"repair","sha256":"ab","bytes":1}'; echo '{"record":{"name":1}}';; *) echo '"unchanged"';; esac"#
    )
    #expect(results.count == 6)
    let odd = try #require(results["open"]?.record)
    #expect(odd.outcome == .failed && odd.errors.map(\.code) == [74] && odd.errors[0].step == "repair")
    #expect(odd.sha256 == "ab" && results.values.filter { $0.record == nil }.count == 5)
  }

  @Test func aRecordIsOneHoweverItsLineBegins() async throws {
    let record = BatchRecord(BatchInput(name: "open", path: "p"), .done, version: "1", pipeline: "f")
    let results = try await run(
      #"case "$task" in *open*) echo ' {"record":\#(record.json.text())}';; *) echo '"unchanged"';; esac"#)
    #expect(results.count == 6 && results["open"]?.record == record)
  }

  @Test func whatAsksForMoreIsGivenAloneAtTheEnd() async throws {
    let results = try await run(
      #"case "$task" in *'"isAlone":false'*) echo '"needsMore"';; *) echo '"unchanged"';; esac"#)
    #expect(results.count == 6)
  }

  @Test func setupAndTasksComeBackAsTheyWere() throws {
    let setup = WorkSetup(
      pipeline: try PipelineRequest(steps: "repair,thumbnail:width=64"), folder: BatchFolder("out"),
      scratch: "s",
      drawsPictures: true, threads: 2, share: 3, budget: 4, timeout: 0.5)
    #expect(WorkSetup(json: setup.json)?.json == setup.json)
    var task = WorkTask(input: BatchInput(name: "ä", path: "\u{2028}\n"))
    task.known = .init(sha256: "ab", outputs: [.init(path: "p", bytes: 1, sha256: "c")], outcome: .failed)
    #expect(WorkTask(json: task.json)?.json == task.json)
  }
}
