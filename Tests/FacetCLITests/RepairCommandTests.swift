import Facet
import Foundation
import Testing

/// The three repairs as people run them.
@Suite struct RepairCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ mesh: Mesh, _ name: String, header: String) throws {
    let options = ExportOptions(format: .stl, header: Array(header.utf8))
    try folder.write(Data(try mesh.encoded(options)), name)
  }

  @Test(arguments: ["repair", "geometrical-repair"])
  func aSoundFileComesBackByteForByte(_ command: String) throws {
    // A header that Facet would not write, and a zero that a reader would lose the sign of.
    var bytes = Data(
      try Primitive.box(maximum: SIMD3(1, 2, 3)).encoded(
        ExportOptions(format: .stl, header: Array("made elsewhere".utf8))))
    var zeros = 0
    for offset in stride(from: 84, to: bytes.count - 3, by: 2) where zeros == 0 && offset % 50 == 46 {
      if bytes[offset..<offset + 4].allSatisfy({ $0 == 0 }) {
        bytes[offset + 3] = 0x80
        zeros += 1
      }
    }
    try #require(zeros == 1)
    try folder.write(bytes, "box.stl")
    let run = try CommandRun("\(command) box.stl -o out.stl", in: folder)
    #expect(run.status == 0)
    #expect(run.text.contains("nothing had to be changed"))
    #expect(try folder.read("out.stl") == bytes)
    // Also where the file comes in by a pipe, and at the end of several steps.
    let piped = try CommandRun("\(command) - -o -", in: folder, input: bytes)
    #expect(piped.output == bytes)
    #expect(
      try CommandRun("run box.stl --steps \(command),analyze,\(command) -o last.stl", in: folder).status == 0)
    #expect(try folder.read("last.stl") == bytes)
    // In another format or unit it is another file.
    #expect(try CommandRun("\(command) box.stl -o out.ply", in: folder).status == 0)
    #expect(try Mesh.read(folder.path("out.ply")).mesh.triangles.count == 12)
    #expect(try CommandRun("\(command) box.stl -o inch.stl --measurement-units inch", in: folder).status == 0)
    #expect(abs(try Mesh.read(folder.path("inch.stl")).mesh.bounds.size.z - 76.2) < 1e-4)
  }

  @Test func theLedgerIsToldAndTheResultIsSolid() throws {
    try folder.sample("hole")
    let run = try CommandRun("repair hole.stl -o solid.stl --json", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["isSolid"] as? Bool == true)
    #expect(json["badEdges"] as? Int == 0)
    #expect(json["hausdorffMm"] as? Double ?? -1 > 0)
    let ledger = try #require(json["ledger"] as? [[String: Any]])
    let holes = try #require(ledger.first { $0["stage"] as? String == "holes" })
    #expect(holes["count"] as? Int == 2)
    #expect(holes["areaMm2"] as? Double ?? 0 > 100)
    #expect(holes["largestMoveMm"] as? Double == 0)
    let mesh = try Mesh.read(folder.path("solid.stl")).mesh
    #expect(try mesh.solidity().isSolid)
    #expect(json["triangles"] as? Int == mesh.triangles.count)

    let told = try CommandRun("repair hole.stl", in: folder)
    #expect(told.text.contains("hole.stl: solid, "))
    #expect(told.text.contains("2 holes filled"))
    #expect(told.text.contains("nothing was written; give -o"))
  }

  @Test func thePictureShowsBeforeAndAfter() throws {
    try folder.sample("hole")
    let run = try CommandRun("geometrical-repair hole.stl -o solid.stl --picture changes.png", in: folder)
    #expect(run.status == 0)
    #expect(run.text.hasSuffix("  → solid.stl\n  → changes.png\n"))
    let png = try folder.read("changes.png")
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    // Width and height in the header.
    #expect(png[16..<24].elementsEqual([0, 0, 5, 8, 0, 0, 2, 128]))
    let refused = try CommandRun("repair hole.stl --picture changes.jpg", in: folder)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("changes.jpg should end in .png"))
  }

  @Test func picturesOfSeveralGoToAFolder() throws {
    try folder.sample("hole")
    try folder.sample("flipped")
    let run = try CommandRun("repair hole.stl flipped.stl -o solid/ --picture solid/", in: folder)
    #expect(run.status == 0)
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path("solid"))
    #expect(made.sorted() == ["flipped.png", "flipped.stl", "hole.png", "hole.stl"])
  }

  @Test func bodiesAreUnitedUnlessTheyAreToStay() throws {
    try folder.sample("self-crossing")
    let united = try CommandRun("repair self-crossing.stl --json", in: folder).json
    #expect(united["isSolid"] as? Bool == true)
    // The boxes' 12000 and 3024 mm³ without what they share.
    #expect(abs((united["volumeMm3"] as? Double ?? 0) - (12000 + 3024 - 12 * 9 * 8)) < 0.01)
    let kept = try CommandRun("repair self-crossing.stl --keep-shells --json", in: folder).json
    #expect(kept["isSolid"] as? Bool == false)
    #expect(kept["intersectingTriangles"] as? Int ?? 0 > 0)
    #expect((kept["ledger"] as? [Any])?.count == 0)
  }

  @Test func looseTrianglesAreWrapped() throws {
    try folder.sample("loose-soup")
    let run = try CommandRun("shrinkwrap loose-soup.stl --accuracy rough -o wrapped.stl --json", in: folder)
    #expect(run.status == 0)
    let json = try run.json
    #expect(json["isSolid"] as? Bool == true)
    let voxel = try #require(json["voxelMm"] as? Double)
    #expect(abs(voxel - Primitive.looseSphere().bounds.diagonal / 100) < 1e-4)
    #expect(try Mesh.read(folder.path("wrapped.stl")).mesh.solidity().isSolid)
    #expect(try CommandRun("shrinkwrap loose-soup.stl --gap-mm 0", in: folder).status == 2)
  }
}
