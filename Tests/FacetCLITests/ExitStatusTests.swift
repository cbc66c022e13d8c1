import Foundation
import Testing

/// Statuses and error texts that scripts rely on.
@Suite struct ExitStatusTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.sample("tube")
  }

  @Test func successIsZeroAndSaysNothingOnStandardError() throws {
    let run = try CommandRun("export tube.stl -o copy.stl", in: folder)
    #expect(run.status == 0)
    #expect(run.errors == "")
  }

  @Test(arguments: [
    ("export missing.stl", 52, "missing.stl"),
    ("export .", 52, "directory"),
    ("export empty.stl", 53, "empty.stl"),
    ("export garbage.stl", 202, "garbage.stl"),
    ("export cut.stl", 202, "byte"),
  ])
  func anInputThatCannotBeReadIsStatusOne(line: String, code: Int, mention: String) throws {
    try folder.write(Data(), "empty.stl")
    try folder.write(Data("neither this nor that\n".utf8), "garbage.stl")
    try folder.sample("cut")
    let run = try CommandRun(line + " -o out.stl", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("error \(code): "))
    #expect(run.errors.contains(mention))
    #expect(run.text == "")
    #expect(try !folder.names.contains("out.stl"))
  }

  @Test(arguments: [
    ("scale tube.stl --axis W --scale-to-size-mm 10", 401, "Axis is incorrect"),
    ("scale tube.stl --axis X --scale-to-size-mm 1e9", 400, "0.01 – 10000"),
    ("scale tube.stl --axis X", 13, "scaleToSizeMm"),
    ("scale tube.stl --axis X --scale-to-size-mm ten", 13, "scaleToSizeMm"),
    ("thumbnail tube.stl --width 9", 500, "not less than 10 px"),
    ("thumbnail tube.stl --camera-angle-x -181", 501, "-180 to 180"),
    ("export tube.stl --export-to-format step", 900, "step"),
    ("export tube.stl -o tube.step", 900, "step"),
    ("thumbnail tube.stl -o tube.jpg", 900, "jpg"),
    ("export tube.stl --measurement-units furlong", 200, "Unsupported Measurement units"),
    ("export tube.stl --frobnicate", 13, "--frobnicate"),
    ("export tube.stl --threads 0", 13, "threads"),
    ("export tube.stl -o nowhere/out.stl", 13, "nowhere"),
    ("export tube.stl --json -o -", 13, "standard output"),
    ("export tube.stl tube.stl -o out.stl", 13, "{name}"),
    ("run tube.stl --steps frobnicate", 71, "frobnicate"),
    ("run tube.stl --steps scale:axis=W", 401, "Axis is incorrect"),
    ("sample frobnicate -o x.stl", 13, "--list"),
    ("benchmark tube.stl --operations polish", 13, "polish cannot be timed"),
  ])
  func aWrongRequestIsStatusTwo(line: String, code: Int, mention: String) throws {
    let run = try CommandRun(line, in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("error \(code): "))
    #expect(run.errors.contains(mention))
    #expect(try folder.names == ["tube.stl"])
  }

  @Test func severalWrongParametersAreToldTogether() throws {
    let run = try CommandRun("thumbnail tube.stl --width 9 --camera-angle-y 999 --json", in: folder)
    #expect(run.status == 2)
    #expect(try run.errorCodes == [500, 501])
  }

  @Test func lackOfMemoryBudgetIsWorthRetrying() throws {
    let run = try CommandRun("export tube.stl --memory-budget 10kB --json", in: folder)
    #expect(run.status == 75)
    #expect(try run.errorCodes == [11])
    #expect(run.errors.contains("memory"))
  }

  #if os(Linux)
    @Test func aFullDiskIsWorthRetrying() throws {
      let run = try CommandRun("export tube.stl -o /dev/full", in: folder)
      #expect(run.status == 75)
      #expect(run.errors.hasPrefix("error 11: "))
    }
  #endif

  @Test func aPipeThatNobodyWritesToIsRefusedAtOnce() throws {
    mkfifo(folder.path("pipe.stl"), 0o600)
    let run = try CommandRun("export pipe.stl", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("error 52: "))
  }

  @Test func withJSONTheErrorIsOnBothOutputs() throws {
    let run = try CommandRun("export missing.stl --json", in: folder)
    #expect(run.status == 1)
    let errors = try #require(try run.json["errors"] as? [[String: Any]])
    #expect(errors.count == 1)
    #expect(Set(errors[0].keys) == ["code", "message"])
    #expect(run.errors.hasPrefix("error 52: "))
    #expect((errors[0]["message"] as? String)?.contains("missing.stl") == true)
  }

  @Test func oneBadInputDoesNotKeepTheOthersFromBeingDone() throws {
    let run = try CommandRun("export missing.stl tube.stl --json -o done/", in: folder)
    #expect(run.status == 1)
    #expect(try (run.json["results"] as? [[String: Any]])?.map { $0["input"] as? String } == ["tube.stl"])
    #expect(try run.errorCodes == [52])
    #expect(FileManager.default.fileExists(atPath: folder.path("done/tube.stl")))
  }

  @Test func sigtermWhileReadingLeavesNothing() throws {
    let run = try CommandRun(["export", "-", "-o", "out.stl"], in: folder, stopping: .milliseconds(500))
    #expect(run.status == 143)
    #expect(try folder.names == ["tube.stl"])
  }

  @Test func sigtermWhileWorkingLeavesNothing() throws {
    let run = try CommandRun(
      ["thumbnail", "tube.stl", "--width", "10000", "--height", "10000", "-o", "out.png"], in: folder,
      stopping: .milliseconds(500))
    #expect(run.status == 143)
    #expect(try folder.names == ["tube.stl"])
  }
}
