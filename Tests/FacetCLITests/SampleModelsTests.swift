import Facet
import FacetTestSupport
import Foundation
import Testing

/// The committed sample models are what the command makes, and their page says what is in them.
@Suite struct SampleModelsTests {
  @Test(arguments: Sample.all.map(\.name))
  func aFileIsMadeAnewByteForByte(_ name: String) throws {
    let bytes = Data(try #require(Sample.named(name)).encoded())
    let url = Repository.url("SampleModels/\(name).stl")
    if Repository.isUpdating { try bytes.write(to: url) }
    #expect(try Data(contentsOf: url) == bytes)
  }

  @Test func theCommandMakesTheSameBytes() throws {
    for name in ["tube", "cut"] {
      let made = try CommandRun(["sample", name, "-o", "-"]).output
      #expect(try made == Data(contentsOf: Repository.url("SampleModels/\(name).stl")))
    }
  }

  @Test func nothingElseLiesThere() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Repository.url("SampleModels").path)
    #expect(Set(names) == Set(Sample.all.map { $0.name + ".stl" } + ["README.md"]))
  }

  @Test(arguments: Sample.all.filter { $0.cutAfterBytes == nil }.map(\.name))
  func analyzeFindsTheFactsThatThePageStates(_ name: String) throws {
    let sample = try #require(Sample.named(name))
    let run = try CommandRun([
      "analyze", Repository.url("SampleModels/\(name).stl").path, "--measurement-units",
      sample.units.rawValue,
      "--json",
    ])
    #expect(run.status == 0)
    let found = try run.json
    let solidity = try #require(found["solidityParams"] as? [String: Any])
    let quality = try #require(found["qualityParams"] as? [String: Any])
    let facts = sample.facts
    #expect(found["vertices"] as? Int == facts.vertices)
    #expect(found["triangles"] as? Int == facts.triangles)
    #expect(found["shells"] as? Int == facts.shells)
    #expect(found["badEdges"] as? Int == facts.badEdges)
    #expect(found["contours"] as? Int == facts.contours)
    #expect(solidity["planarHoles"] as? Int == facts.planarHoles)
    #expect(solidity["nearBadEdges"] as? Int == facts.nearBadEdges)
    #expect(solidity["invertedNormals"] as? Int == facts.invertedNormals)
    #expect(quality["noiseShells"] as? Int == facts.noiseShells)
    #expect(quality["overlappingTriangles"] as? Int == facts.overlappingTriangles)
    #expect(quality["intersectingTriangles"] as? Int == facts.intersectingTriangles)
    for (axis, expected) in [("X", facts.dimensions.x), ("Y", facts.dimensions.y), ("Z", facts.dimensions.z)]
    {
      #expect(abs((found["dimension\(axis)Mm"] as? Double ?? -1) - expected) < 1e-4)
    }
    if let volume = facts.volume {
      #expect(abs((found["volumeMm3"] as? Double ?? 0) - volume) < abs(volume) * 1e-5)
    }
    if let area = facts.area {
      #expect(abs((found["surfaceAreaMm2"] as? Double ?? 0) - area) < area * 1e-5)
    }
  }

  @Test func theCutFileIsRefusedAndSalvaged() throws {
    let path = Repository.url("SampleModels/cut.stl").path
    #expect(try CommandRun(["analyze", path]).status == 1)
    let salvaged = try CommandRun(["analyze", path, "--salvage", "--json"]).json
    #expect(salvaged["triangles"] as? Int == 1000)
  }

  @Test func thePageStatesTheFacts() throws {
    let table = SampleModelsTests.table
    #expect(try Repository.updatedSection("facts", of: "SampleModels/README.md", to: table) == table)
  }

  private static var table: String {
    var table = """
      | file | what it is | size, mm | volume, mm³ | triangles | vertices | shells | what is wrong |
      |---|---|---|---:|---:|---:|---:|---|

      """
    for sample in Sample.all {
      let facts = sample.facts
      let size = [facts.dimensions.x, facts.dimensions.y, facts.dimensions.z].map { short($0) }
        .joined(separator: " × ")
      table +=
        "| `\(sample.name).stl` | \(sample.summary) | \(size) | \(facts.volume.map { short($0) } ?? "–") "
      table += "| \(facts.triangles) | \(facts.vertices) | \(facts.shells) | \(problems(sample)) |\n"
    }
    return table
  }

  private static func short(_ number: Double) -> String {
    var text = String(format: "%.3f", number)
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  private static func problems(_ sample: Sample) -> String {
    if let length = sample.cutAfterBytes { return "ends after \(length) bytes" }
    let facts = sample.facts
    let found = [
      ("bad edges", facts.badEdges), ("contours", facts.contours), ("planar holes", facts.planarHoles),
      ("near bad edges", facts.nearBadEdges), ("inverted normals", facts.invertedNormals),
      ("noise shells", facts.noiseShells), ("overlapping triangles", facts.overlappingTriangles),
      ("intersecting triangles", facts.intersectingTriangles),
    ].filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
    return found.isEmpty ? "nothing" : found.joined(separator: ", ")
  }
}
