import Facet
import Foundation
import Testing

@testable import FacetCLI

/// Wall thickness as people ask for it.
@Suite struct ThicknessCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.sample("tube")
  }

  @Test func aWallThatIsTooThinIsFoundShownAndWritten() throws {
    let run = try CommandRun(
      "wall-thickness-analysis tube.stl --minimal-wall-thickness-mm 4 -o walls.stl --picture walls.png --json",
      in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["hasThinWalls"] as? Bool == true && json["hasPossibleThinWalls"] as? Bool == true)
    #expect(json["inputState"] as? String == "solid")
    // The facets of the tube are a little nearer to each other than 3 mm.
    let least = try #require(json["minimalThicknessMm"] as? Double)
    #expect(least > 2.98 && least < 3.0001)
    let regions = try #require(json["regions"] as? [[String: Any]])
    #expect(regions.count == 1 && regions[0]["isCertain"] as? Bool == true)
    #expect((regions[0]["center"] as? [Double])?.count == 3)
    let bins = try #require(json["histogram"] as? [[String: Any]])
    #expect(bins.last?["toMm"] is NSNull)
    let surface = try Mesh.read(folder.path("walls.stl")).mesh
    let tube = try Mesh.read(folder.path("tube.stl")).mesh
    let area = bins.reduce(0) { $0 + ($1["areaMm2"] as? Double ?? 0) }
    #expect(abs(area / (try tube.measured().area) - 1) < 1e-3)
    #expect(abs(try surface.measured().area / tube.measured().area - 1) < 1e-5)
    let colors = try #require(surface.colors)
    // The walls are warm, the rims cold.
    for i in surface.triangles.indices {
      let (a, b, c) = surface.corners(i)
      let isRim = a.z == b.z && b.z == c.z
      let color = try #require(colors[i])
      #expect((color.red > color.blue) == !isRim)
    }
    #expect(try folder.read("walls.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func aWallThatIsThickEnoughIsNot() throws {
    let run = try CommandRun("thickness tube.stl --minimal-wall-thickness-mm 2.9 --json", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["hasThinWalls"] as? Bool == false && json["hasPossibleThinWalls"] as? Bool == false)
    #expect((json["regions"] as? [Any])?.isEmpty == true)
  }

  @Test func ofSeveralInputsEachResultSaysWhichItIs() throws {
    try folder.sample("torus")
    let run = try CommandRun("thickness tube.stl torus.stl --minimal-wall-thickness-mm 1 --json", in: folder)
    let results = try #require(run.json["results"] as? [[String: Any]])
    #expect(results.map { $0["input"] as? String } == ["tube.stl", "torus.stl"])
    #expect(run.text.components(separatedBy: "\"input\"").count == 3)
  }

  @Test func theMapIsTheOutputByItsOtherName() throws {
    let run = try CommandRun("thickness tube.stl --minimal-wall-thickness-mm 4 --map walls.ply", in: folder)
    #expect(run.status == 0)
    #expect(try Mesh.read(folder.path("walls.ply")).report.format == .ply)
  }

  @Test func theReportSaysHowThinAndWhere() throws {
    let run = try CommandRun("thickness tube.stl --minimal-wall-thickness-mm 4", in: folder)
    #expect(run.status == 0)
    let lines = run.text.split(separator: "\n").map(String.init)
    #expect(lines.first == "tube.stl: 1 thin wall")
    #expect(lines.dropFirst().first?.contains(" mm² ") == true)
    #expect(lines.contains("  surface by thickness") && run.text.contains("█"))
    #expect(!run.text.contains("nothing was written"))
    let fine = try CommandRun("thickness tube.stl --minimal-wall-thickness-mm 1", in: folder)
    #expect(fine.text.hasPrefix("tube.stl: no thin walls\n"))
  }

  @Test func plyHoldsTheThicknessAndAFolderGetsAName() throws {
    let run = try CommandRun(
      "thickness tube.stl --minimal-wall-thickness-mm 4 -o walls.ply --json", in: folder)
    #expect(run.status == 0)
    let ply = String(decoding: try folder.read("walls.ply").prefix(400), as: UTF8.self)
    #expect(ply.contains("property float quality\n"))
    let steps = try CommandRun(
      "run tube.stl --steps thickness:minimal-wall-thickness-mm=4,scale:axis=X:scale-to-size-mm=60,thumbnail -o made/",
      in: folder)
    #expect(steps.status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("made")).sorted() == [
        "tube.png", "tube.stl", "tube.thickness.stl",
      ])
  }

  @Test(arguments: [
    ("--minimal-wall-thickness-mm 0.05", 300), ("--minimal-wall-thickness-mm 20.5", 300), ("", 13),
    ("--minimal-wall-thickness-mm 1 --accuracy-wall-thickness 4", 301),
    ("--minimal-wall-thickness-mm thin", 13),
  ])
  func whatIsNotAllowedIsRefusedWithItsCode(_ options: String, _ code: Int) throws {
    let run = try CommandRun("thickness tube.stl \(options) --json", in: folder)
    #expect(run.status == 2)
    #expect(try run.errorCodes == [code])
  }

  @Test func aModelOverHalfAMetreIsRefused() throws {
    try folder.write(
      Data(try Primitive.box(maximum: SIMD3(501, 10, 10)).encoded(ExportOptions())), "long.stl")
    let run = try CommandRun("thickness long.stl --minimal-wall-thickness-mm 1 --json", in: folder)
    #expect(run.status != 0)
    #expect(try run.errorCodes == [302])
  }

  @Test func whatIsNotClosedIsSaid() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let open = Mesh(unchecked: box.positions, triangles: Array(box.triangles.dropLast(2)))
    try folder.write(Data(try open.encoded(ExportOptions())), "open.stl")
    let run = try CommandRun("thickness open.stl --minimal-wall-thickness-mm 1", in: folder)
    #expect(run.status == 0)
    #expect(run.text.contains("the surface is not closed"))
    let inside = Mesh(unchecked: box.positions, triangles: box.triangles.map(\.flipped))
    try folder.write(Data(try inside.encoded(ExportOptions())), "inside.stl")
    let turned = try CommandRun("thickness inside.stl --minimal-wall-thickness-mm 1", in: folder)
    #expect(turned.text.contains("the model is inside out"))
  }
}
