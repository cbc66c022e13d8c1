import Facet
import Foundation
import Testing

/// `facet batch` and `facet report merge` as people run them: with worker processes.
@Suite struct BatchCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("parts/inner"), withIntermediateDirectories: true)
    for name in ["parts/hole", "parts/tube", "parts/inner/tube", "parts/cut"] {
      let part = try #require(Sample.named(name.components(separatedBy: "/").last!))
      try folder.write(Data(try part.encoded(.stl)), name + ".stl")
    }
  }

  private func lines(_ name: String) throws -> [[String: Any]] {
    try folder.read(name).split(separator: 10).map {
      try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
    }
  }

  @Test func aBadFileIsReportedAndTheRestIsDone() throws {
    let run = try CommandRun("batch parts --steps repair,thumbnail:width=64:height=48 -o out", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("cut: error 202: "))
    #expect(run.text.contains("4 files in ") && run.text.contains(": 3 done, 1 failed\n"))
    #expect(run.text.contains("→ out/report.html"))
    #expect(
      try folder.names(below: "out") == [
        "batch.json", "files/hole.png", "files/hole.stl", "files/inner/tube.png", "files/inner/tube.stl",
        "files/tube.png", "files/tube.stl", "pictures/hole.changes.png", "pictures/inner/tube.part.png",
        "pictures/tube.part.png", "report.csv", "report.html", "report.jsonl",
      ])
    #expect(try Mesh.read(folder.path("out/files/hole.stl")).mesh.solidity().isSolid)
    #expect(try lines("out/report.jsonl").count == 4)
  }

  @Test func jsonIsOneObject() throws {
    let run = try CommandRun("batch parts/hole.stl parts/tube.stl --steps analyze -o out --json", in: folder)
    let json = try run.json
    #expect(run.status == 0 && json["files"] as? Int == 2 && json["done"] as? Int == 2)
    #expect(json["report"] as? String == "out/report.html")
  }

  @Test func aSecondRunGoesOnOrIsRefused() throws {
    let line = "batch parts --steps analyze -o out"
    _ = try CommandRun(line, in: folder)
    let refused = try CommandRun(line, in: folder)
    #expect(refused.status == 2 && refused.errors.contains("--resume"))
    let resumed = try CommandRun(line + " --resume", in: folder)
    #expect(resumed.status == 1 && resumed.text.contains("4 of them before"))
    #expect(try lines("out/report.jsonl").count == 4)
  }

  @Test func shardsAreMergedToTheSameReport() throws {
    let line = "batch parts --steps repair --no-pictures -o "
    #expect(try CommandRun(line + "whole", in: folder).status == 1)
    for shard in ["2/3", "1/3", "3/3"] {
      let run = try CommandRun(line + "shared --shard " + shard, in: folder)
      #expect(run.status < 2 && !run.text.contains("report.html"))
    }
    #expect(try CommandRun("report merge whole -o one", in: folder).status == 1)
    #expect(try CommandRun("report merge shared -o many", in: folder).status == 1)
    for name in ["report.jsonl", "report.csv", "report.html"] {
      #expect(try folder.read("one/" + name) == folder.read("many/" + name))
    }
    #expect(try folder.read("whole/report.html") == folder.read("one/report.html"))
  }

  @Test func missingShardsAreSaid() throws {
    _ = try CommandRun("batch parts --steps analyze -o out --shard 1/2", in: folder)
    let merge = try CommandRun("report merge out -o out", in: folder)
    #expect(merge.status == 75 && merge.text.contains("2 still to be done"))
  }

  @Test func listsAndPipelinesComeFromFiles() throws {
    try folder.write(
      Data("# two\nparts/tube.stl\n{\"input\":\"parts/hole.stl\",\"name\":\"a/b\"}\n".utf8), "list.txt")
    try folder.write(
      Data("steps:\n  - operation: scale\n    axis: X\n    scaleToSizeMm: 10\n".utf8), "steps.yaml")
    let run = try CommandRun("batch --manifest list.txt --pipeline steps.yaml -o out", in: folder)
    #expect(run.status == 0)
    #expect(try Mesh.read(folder.path("out/files/a/b.stl")).mesh.bounds.size.x == 10)
    #expect(try lines("out/report.jsonl").compactMap { $0["name"] as? String }.sorted() == ["a/b", "tube"])
  }

  @Test(arguments: [
    ("batch parts --steps frobnicate -o out", 71, "frobnicate"),
    ("batch parts --steps scale:axis=W:scale-to-size-mm=1 -o out", 401, "Axis"),
    ("batch parts -o out", 13, "--pipeline"),
    ("batch parts --steps repair --pipeline x.yaml -o out", 13, "--pipeline"),
    ("batch --steps repair -o out", 13, "--manifest"),
    ("batch nowhere --manifest missing.txt --steps repair -o out", 52, "missing.txt"),
    ("batch parts --steps repair -o out --shard 4/3", 13, "shard"),
    ("batch parts --steps repair -o out --timeout 0", 13, "timeout"),
    ("batch parts --steps repair -o out --jobs 0", 13, "jobs"),
    ("report merge parts -o out", 52, "batch.json"),
  ])
  func aWrongRequestDoesNothing(line: String, code: Int, mention: String) throws {
    let run = try CommandRun(line, in: folder)
    #expect(run.errors.hasPrefix("error \(code): ") && run.errors.contains(mention))
    #expect(run.status == (code == 52 ? 1 : 2))
    #expect(try folder.names == ["parts"])
  }

  @Test func sigtermDropsWhatIsWorkedOnAndTheNextRunDoesIt() throws {
    let scan = Primitive.icosphere(radius: 50, subdivisions: 5)
    try folder.write(Data(try scan.encoded(ExportOptions())), "parts/scan.stl")
    let arguments = "batch parts --steps repair,analyze,repair,analyze -o out --no-pictures"
      .components(separatedBy: " ")
    let stopped = try CommandRun(arguments, in: folder, stopping: .milliseconds(500))
    #expect(stopped.status == 143)
    #expect(try folder.names(below: "out").allSatisfy { !$0.hasPrefix(".") && !$0.contains(".tmp") })
    let resumed = try CommandRun(arguments + ["--resume"], in: folder)
    #expect(resumed.status == 1)
    #expect(try Set(lines("out/report.jsonl").compactMap { $0["name"] as? String }).count == 5)
  }
}

extension TemporaryFolder {
  /// All files below a folder, hidden ones too.
  fileprivate func names(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(folder)).sorted().filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path(folder) + "/" + name, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }
}
