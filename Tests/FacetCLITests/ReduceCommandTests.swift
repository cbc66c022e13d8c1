import Facet
import Foundation
import Testing

@testable import FacetCLI

/// Reducing as people do it.
@Suite struct ReduceCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.sample("torus")
  }

  @Test func toAShareOfTheTriangles() throws {
    let run = try CommandRun(
      "reduce-triangles torus.stl --target-ratio 0.25 -o small.stl --picture small.png --json", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    let before = try #require(json["trianglesBefore"] as? Int)
    let after = try #require(json["trianglesAfter"] as? Int)
    #expect(after <= before / 4 && after > before / 5)
    #expect(json["stoppedBecause"] as? String == "target")
    #expect(json["deviationMm"] as? Double ?? -1 >= 0)
    #expect(json["largestTurnDegrees"] as? Double ?? -1 >= 0)
    #expect(json["untouchedTriangles"] as? Int == 0)
    let mesh = try Mesh.read(folder.path("small.stl")).mesh
    #expect(mesh.triangles.count == after)
    #expect(try mesh.solidity().isSolid)
    #expect(try folder.read("small.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func withinAnAccuracy() throws {
    let run = try CommandRun("reduce torus.stl --accuracy-mm 0.1 -o small.stl --json", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    let stated = try #require(json["deviationMm"] as? Double)
    #expect(stated <= 0.1)
    #expect(json["isAccuracyProven"] as? Bool == true)
    let before = try Mesh.read(folder.path("torus.stl")).mesh
    let after = try Mesh.read(folder.path("small.stl")).mesh
    #expect(after.triangles.count < before.triangles.count)
    #expect(Double(try before.deviation(from: after).hausdorff) <= stated + 1e-6)
  }

  @Test func theReportSaysHowManyHowFarAndWhy() throws {
    let run = try CommandRun("reduce torus.stl --target-triangles 500", in: folder)
    #expect(run.status == 0)
    let lines = run.text.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("torus.stl: ") == true)
    #expect(lines.first?.contains(" → ") == true && lines.first?.hasSuffix("% of them") == true)
    #expect(run.text.contains("mm, measured at vertices and in the middle of triangles"))
    #expect(run.text.contains("  stopped   there are as few as were asked for\n"))
    #expect(run.text.contains("nothing was written; give -o"))
  }

  @Test(arguments: [
    ("--accuracy-mm 10.5", 700), ("--accuracy-mm=-1", 700), ("--max-angle 91", 701), ("--max-angle 1.5", 701),
    ("--number-of-iterations 0", 702), ("--target-triangles 0", 13), ("--target-ratio 1.5", 13),
    ("--target-ratio much", 13),
  ])
  func whatIsNotAllowedIsRefusedWithItsCode(_ option: String, _ code: Int) throws {
    let run = try CommandRun("reduce torus.stl \(option) --json", in: folder)
    #expect(run.status == 2)
    #expect(try run.errorCodes == [code])
  }

  @Test func asAStepAmongOthers() throws {
    let run = try CommandRun(
      "run torus.stl --steps repair,reduce-triangles:accuracy-mm=0.05:target-ratio=0.5,thumbnail -o made/ --json",
      in: folder)
    #expect(run.status == 0)
    let results = try #require(try run.json["results"] as? [[String: Any]])
    #expect(results.map { $0["operation"] as? String } == ["repair", "reduce-triangles", "thumbnail"])
    let after = try #require(results[1]["trianglesAfter"] as? Int)
    #expect(after < results[1]["trianglesBefore"] as? Int ?? 0)
    #expect(try Mesh.read(folder.path("made/torus.stl")).mesh.triangles.count == after)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("made")).sorted() == [
        "torus.png", "torus.stl",
      ])
  }

  @Test func aFileThatNothingIsTakenFromComesBackByteForByte() throws {
    let options = ExportOptions(format: .stl, header: Array("made elsewhere".utf8))
    let bytes = Data(try Primitive.box(maximum: SIMD3(1, 2, 3)).encoded(options))
    try folder.write(bytes, "box.stl")
    let run = try CommandRun("reduce box.stl --accuracy-mm 0 -o out.stl", in: folder)
    #expect(run.status == 0)
    #expect(run.text.hasPrefix("box.stl: 12 triangles, none taken away\n  stopped   "))
    #expect(try folder.read("out.stl") == bytes)
  }
}
