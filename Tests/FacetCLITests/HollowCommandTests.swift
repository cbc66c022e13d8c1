import Facet
import Foundation
import Testing

@testable import FacetCLI

/// Hollowing as people do it.
@Suite struct HollowCommandTests {
  let folder: TemporaryFolder
  let box = Primitive.box(maximum: SIMD3(20, 20, 20))

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Data(try box.encoded(ExportOptions())), "box.stl")
  }

  @Test func aBoxGetsACavityAndKeepsItsOutside() throws {
    let run = try CommandRun(
      "hollowing box.stl --wall-thickness-mm 2 --voxel-mm 1 -o hollow.stl --picture inside.png --json",
      in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["outcome"] as? String == "hollowed")
    #expect(json["minimumWallMm"] as? Double ?? 0 >= 1.95)
    #expect(json["cavities"] as? Int == 1 && json["trappedCavities"] as? Int == 1)
    let after = try #require(json["volumeAfterMm3"] as? Double)
    #expect(abs(after - (8000 - 16 * 16 * 16)) < 60)
    let hollow = try Mesh.read(folder.path("hollow.stl")).mesh
    #expect(try hollow.solidity().isSolid)
    #expect(try hollow.analyzed().shells == 2)
    // The outside comes first, byte for byte.
    #expect(try folder.read("hollow.stl")[84..<84 + 50 * 12] == folder.read("box.stl")[84...])
    #expect(try folder.read("inside.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func theReportSaysTheWallAndWhatIsSaved() throws {
    let run = try CommandRun("hollow box.stl --wall-thickness-mm 2 --voxel-mm 1", in: folder)
    #expect(run.status == 0)
    #expect(run.text.hasPrefix("box.stl: hollow, walls nowhere thinner than "))
    #expect(run.text.contains(" % saved\n") && run.text.contains("  cavities  1, closed: "))
    #expect(run.text.contains("nothing was written; give -o"))
  }

  @Test func whatCannotBeHollowedComesBackByteForByte() throws {
    let thin = try CommandRun("hollow box.stl --wall-thickness-mm 10 -o out.stl", in: folder)
    #expect(thin.status == 0)
    #expect(thin.text.hasPrefix("box.stl: too thin to be hollowed with such walls; it stays as it was\n"))
    #expect(try folder.read("out.stl") == folder.read("box.stl"))
    let open = Mesh(unchecked: box.positions, triangles: Array(box.triangles.dropLast()))
    try folder.write(Data(try open.encoded(ExportOptions())), "open.stl")
    let said = try CommandRun("hollow open.stl --wall-thickness-mm 2 -o out.stl", in: folder)
    #expect(said.text.hasPrefix("open.stl: not hollowed, for its surface is not closed; repair it first\n"))
    #expect(try folder.read("out.stl") == folder.read("open.stl"))
    let inside = Mesh(unchecked: box.positions, triangles: box.triangles.map(\.flipped))
    try folder.write(Data(try inside.encoded(ExportOptions())), "inside.stl")
    let turned = try CommandRun("hollow inside.stl --wall-thickness-mm 2 -o out.stl", in: folder)
    #expect(turned.text.hasPrefix("inside.stl: not hollowed, for it is inside out; repair it first\n"))
  }

  @Test func drainHolesOpenTheCavityAndPlugsAreAFileOfTheirOwn() throws {
    let run = try CommandRun(
      "hollow box.stl --wall-thickness-mm 2 --voxel-mm 1 --drain-holes 1 --drain-diameter-mm 3 -o h.stl "
        + "--plugs plugs.ply --json", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["trappedCavities"] as? Int == 0)
    let hollow = try Mesh.read(folder.path("h.stl")).mesh
    #expect(try hollow.solidity().isSolid)
    #expect(try hollow.analyzed().shells == 1)
    #expect(try Mesh.read(folder.path("plugs.ply")).mesh.solidity().isSolid)
    let placed = try CommandRun(
      [
        "hollow", "box.stl", "--wall-thickness-mm", "2", "--voxel-mm", "1", "--drain-holes-at",
        "25 10 10; 10 25 10",
        "-o", "placed.stl", "--json",
      ], in: folder)
    #expect(placed.status == 0)
    #expect(try placed.json["trappedCavities"] as? Int == 0)
    let two = try Mesh.read(folder.path("placed.stl")).mesh
    // A ball with two holes through its skin is a tube.
    #expect(two.positions.count - two.triangles.count / 2 == 0)
  }

  @Test func aLatticeFillsTheInside() throws {
    let run = try CommandRun(
      "hollow box.stl --wall-thickness-mm 2 --voxel-mm 0.6 --infill cubic --infill-cell-mm 8 --infill-wall-mm 2 "
        + "-o light.stl --json", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["cavities"] as? Int == 1 && json["filledCavities"] as? Int == 0)
    // The walls, and an eighth of what is inside.
    let after = try #require(json["volumeAfterMm3"] as? Double)
    #expect(after > 8000 - 4096 + 300 && after < 8000 - 4096 + 800)
    #expect(try Mesh.read(folder.path("light.stl")).mesh.solidity().isSolid)
    let all = try CommandRun(
      "hollow box.stl --wall-thickness-mm 2 --smallest-cavity-mm3 5000 --json", in: folder)
    #expect(try all.json["outcome"] as? String == "tooThin")
    #expect(try all.json["filledCavities"] as? Int == 1)
  }

  @Test(arguments: [
    ("--wall-thickness-mm 0.5", 800), ("--wall-thickness-mm 21", 800), ("", 13),
    ("--wall-thickness-mm 2 --drain-holes 17", 13),
    ("--wall-thickness-mm 2 --drain-holes-at 1,2", 13), ("--wall-thickness-mm 2 --infill foam", 13),
    ("--wall-thickness-mm 2 --infill gyroid --infill-cell-mm 0", 13),
  ])
  func whatIsNotAllowedIsRefusedWithItsCode(_ options: String, _ code: Int) throws {
    let run = try CommandRun("hollow box.stl \(options) --json", in: folder)
    #expect(run.status == 2)
    #expect(try run.errorCodes == [code])
  }
}
