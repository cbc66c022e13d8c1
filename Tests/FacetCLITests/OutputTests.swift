import Facet
import FacetOperations
import Foundation
import Testing

/// Where results go, and what `--json` holds.
@Suite struct OutputTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.sample("tube")
    try folder.sample("torus")
  }

  @Test func standardInputAndOutput() throws {
    let run = try CommandRun("export - -o -", in: folder, input: try folder.read("tube.stl"))
    #expect(run.status == 0)
    #expect(run.output == (try folder.read("tube.stl")))
    #expect(run.errors.contains("standard input: export"))
  }

  @Test func theEndingOfTheNameSaysTheFormat() throws {
    for (ending, magic) in [("ply", "ply\n"), ("off", "OFF"), ("obj", "")] {
      #expect(try CommandRun("export tube.stl -o tube.\(ending)", in: folder).status == 0)
      #expect(try folder.read("tube.\(ending)").starts(with: Data(magic.utf8)))
      // There and back it is the same file.
      #expect(try CommandRun("convert tube.\(ending) -o back.stl", in: folder).status == 0)
      #expect(try folder.read("back.stl") == folder.read("tube.stl"))
    }
  }

  @Test func severalInputsGoToAFolderOrAPattern() throws {
    #expect(
      try CommandRun("export tube.stl torus.stl --export-to-format ply -o made/", in: folder).status == 0)
    #expect(try CommandRun("export tube.stl torus.stl -o {name}-copy.off", in: folder).status == 0)
    #expect(try folder.names == ["made", "torus-copy.off", "torus.stl", "tube-copy.off", "tube.stl"])
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path("made"))
    #expect(made.sorted() == ["torus.ply", "tube.ply"])
  }

  @Test func inputsOfOneNameAreNotWrittenOverEachOther() throws {
    try folder.sample("tube", as: "tube.off")
    let run = try CommandRun("export tube.stl tube.off -o {name}.ply", in: folder)
    #expect(run.status == 2)
    #expect(run.errors.contains("tube.stl and tube.off would be written to the same file"))
  }

  @Test func withoutAnOutputNothingIsWritten() throws {
    let run = try CommandRun("export tube.stl", in: folder)
    #expect(run.status == 0)
    #expect(run.text.contains("give -o"))
    #expect(try folder.names == ["torus.stl", "tube.stl"])
  }

  @Test func aFileIsReplacedByItsOwnResult() throws {
    let before = try folder.read("tube.stl")
    #expect(try CommandRun("export tube.stl -o tube.stl", in: folder).status == 0)
    #expect(try folder.read("tube.stl") == before)
    #expect(try folder.names == ["torus.stl", "tube.stl"])
  }

  @Test func quietSaysNothingWhenAllIsWell() throws {
    try folder.sample("cut")
    let run = try CommandRun("export cut.stl --salvage --quiet -o out.stl", in: folder)
    #expect((run.status, run.text, run.errors) == (0, "", ""))
  }

  @Test func salvageWarnsOfWhatItLeftOut() throws {
    try folder.sample("cut")
    let people = try CommandRun("export cut.stl --salvage -o out.stl", in: folder)
    #expect(people.status == 0)
    #expect(people.errors.contains("warning: cut.stl: left out 1900 facets"))
    let json = try CommandRun("export cut.stl --salvage --json -o out.stl", in: folder)
    #expect(json.errors == "")
    #expect(try json.json["triangles"] as? Int == 1000)
    #expect(try (json.json["warnings"] as? [String])?.contains { $0.contains("1900 facets") } == true)
  }

  @Test func exportTellsFormatAndTriangles() throws {
    let json = try CommandRun("export tube.stl --json -o tube.ply", in: folder).json
    #expect(json["format"] as? String == "ply")
    #expect(json["triangles"] as? Int == 512)
    #expect(json["output"] as? String == "tube.ply")
  }

  @Test func analyzeTellsTheObjectOfTheAPIAndMore() throws {
    let json = try CommandRun("analyze tube.stl --json", in: folder).json
    for field in [
      "vertices", "triangles", "contours", "shells", "volumeMm3", "surfaceAreaMm2", "dimensionXMm",
      "dimensionYMm", "dimensionZMm", "badEdges", "badContours", "solidityParams", "qualityParams",
      "boundingBoxMm", "sourceFormat", "warnings",
    ] {
      #expect(json[field] != nil, "\(field)")
    }
    let solidity = try #require(json["solidityParams"] as? [String: Any])
    #expect(
      Set(solidity.keys) == ["invertedNormals", "badEdges", "badContours", "nearBadEdges", "planarHoles"])
    let quality = try #require(json["qualityParams"] as? [String: Any])
    #expect(
      Set(quality.keys).isSuperset(of: [
        "noiseShells", "overlappingTriangles", "intersectingTriangles", "isFacetingScoreOk",
      ]))
    #expect(json["vertices"] as? Int == 256)
    #expect((json["sourceFormat"] as? String)?.contains("STL") == true)
  }

  @Test func analyzeSaysInWordsWhatIsWrongAndWhatToDo() throws {
    #expect(try CommandRun("analyze tube.stl", in: folder).text.contains("Nothing is wrong"))
    try folder.sample("hole")
    let text = try CommandRun("analyze hole.stl", in: folder).text
    #expect(text.contains("38 bad edges"))
    #expect(text.contains("1 flat hole"))
    #expect(text.contains("close the holes"))
    #expect(!text.contains("Nothing is wrong"))
  }

  @Test func measurementUnitsSayWhatTheNumbersMean() throws {
    try folder.sample("inch-plate")
    let inch = try CommandRun("analyze inch-plate.stl --measurement-units inch --json", in: folder).json
    #expect(abs((inch["dimensionXMm"] as? Double ?? 0) - 101.6) < 1e-4)
    let mm = try CommandRun("analyze inch-plate.stl --json", in: folder).json
    #expect(abs((mm["dimensionXMm"] as? Double ?? 0) - 4) < 1e-6)
  }

  @Test func scaleTellsFactorAndDimensions() throws {
    let run = try CommandRun("scale tube.stl --axis z --scale-to-size-mm 80 --json -o tall.stl", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["factor"] as? Double == 2)
    #expect(json["dimensionZMm"] as? Double == 80)
    #expect(abs((json["dimensionXMm"] as? Double ?? 0) - 30) < 1e-5)
    let written = try CommandRun("analyze tall.stl --json", in: folder).json
    #expect(written["dimensionZMm"] as? Double == 80)
  }

  @Test func thumbnailWritesAPNGAndTellsItsSize() throws {
    let run = try CommandRun("thumbnail tube.stl --width 40 --height 30 --json -o tube.png", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    let png = try folder.read("tube.png")
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(json["width"] as? Int == 40)
    #expect(json["height"] as? Int == 30)
    #expect(json["bytes"] as? Int == png.count)
  }

  @Test func theSameBytesOnAnyNumberOfThreads() throws {
    for threads in [1, 2, 5] {
      let line = "thumbnail torus.stl --width 64 --height 64 --threads \(threads) -o torus-\(threads).png"
      #expect(try CommandRun(line, in: folder).status == 0)
    }
    #expect(try folder.read("torus-1.png") == folder.read("torus-2.png"))
    #expect(try folder.read("torus-1.png") == folder.read("torus-5.png"))
  }

  @Test func runGivesAResultForEachStepAndWritesWhatTheyMake() throws {
    let steps = "scale:axis=X:scale-to-size-mm=60:uniform,analyze,thumbnail:width=32:height=32"
    let run = try CommandRun(["run", "tube.stl", "--steps", steps, "--json", "-o", "made/"], in: folder)
    #expect(run.status == 0)
    let results = try #require(try run.json["results"] as? [[String: Any]])
    #expect(results.map { $0["operation"] as? String } == ["scale", "analyze", "thumbnail"])
    #expect(abs((results[1]["dimensionYMm"] as? Double ?? 0) - 60) < 1e-4)
    #expect(results[2]["width"] as? Int == 32)
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path("made"))
    #expect(made.sorted() == ["tube.png", "tube.stl"])
  }

  @Test func theEndingSaysWhichResultOfARunIsWanted() throws {
    let steps = "scale:axis=X:scale-to-size-mm=60,thumbnail:width=32:height=32"
    #expect(try CommandRun(["run", "tube.stl", "--steps", steps, "-o", "x.png"], in: folder).status == 0)
    #expect(try CommandRun(["run", "tube.stl", "--steps", steps, "-o", "x.off"], in: folder).status == 0)
    #expect(try folder.names == ["torus.stl", "tube.stl", "x.off", "x.png"])
    #expect(try folder.read("x.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try folder.read("x.off").starts(with: Data("OFF".utf8)))
  }

  @Test func benchmarkTellsWhatTheTimesAreOf() throws {
    let run = try CommandRun(
      "benchmark tube.stl --operations read,write --runs 2 --threads 1 --json", in: folder)
    #expect(run.status == 0)
    let results = try #require(try run.json["results"] as? [[String: Any]])
    #expect(results.map { $0["operation"] as? String } == ["read", "write"])
    for result in results {
      #expect(
        Set(result.keys) == [
          "operation", "model", "threads", "runs", "seconds", "medianSeconds", "trianglesPerSecond",
          "peakMegabytes", "work",
        ])
      #expect(result["model"] as? String == "tube.stl")
      #expect(result["threads"] as? Int == 1)
      #expect(result["runs"] as? Int == 2)
      let seconds = try #require(result["seconds"] as? Double)
      #expect(seconds > 0)
      #expect(seconds <= result["medianSeconds"] as? Double ?? 0)
      #expect((result["work"] as? [String: Any])?["triangles"] as? Int == 512)
    }
    #expect(try folder.names == ["torus.stl", "tube.stl"])
  }

  @Test func everyPieceOfWorkCanBeTimed() throws {
    let folder = try TemporaryFolder()
    try folder.sample("tube")
    for operation in BenchmarkOperation.all {
      let input = BenchmarkInput(path: folder.path("tube.stl"), scratchFolder: folder.url.path)
      let result = try operation.measure(input, runs: 1, RunContext(threads: 2))
      #expect(result.triangles == 512, "\(operation.name)")
      #expect(result.peakBytes > 1_000_000)
    }
  }
}
