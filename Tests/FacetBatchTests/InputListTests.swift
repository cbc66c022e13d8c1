import FacetBatch
import FacetContract
import Foundation
import Testing

/// Which files a batch has, and what their results are called.
@Suite struct InputListTests {
  private func names(_ lines: String) throws -> [String] {
    var list = InputList()
    try list.add(lines: lines, of: "list.txt")
    return try list.inputs().map(\.name)
  }

  @Test func modelsBelowAFolderKeepTheirPlaces() throws {
    let fixture = try BatchFixture()
    try fixture.addModels()
    try fixture.write(Data("hello".utf8), "parts/readme.txt")
    try fixture.write(Data(), "parts/.hidden.stl")
    try fixture.write(Data(), "parts/UPPER.STL")
    var list = InputList()
    try list.add(fixture.path + "/parts")
    let inputs = try list.inputs()
    #expect(inputs.map(\.name) == ["UPPER", "box", "cut", "inner/box", "inner/empty", "inner/plate", "open"])
    #expect(inputs.last?.path == fixture.path + "/parts/open.stl")
  }

  @Test func orderAndRepetitionMakeNoDifference() throws {
    #expect(try names("b.stl\nx/a.stl\nc.stl") == ["a", "b", "c"])
    #expect(try names("c.stl\nb.stl\nx/a.stl\nb.stl\n") == ["a", "b", "c"])
  }

  @Test func namesThatWouldCollideAreTold() throws {
    let names = try names("x/part.stl\ny/part.stl\nother.stl")
    #expect(names.count == 3 && Set(names).count == 3)
    #expect(
      names.first == "other" && names.dropFirst().allSatisfy { $0.hasPrefix("part-") && $0.utf8.count == 13 })
    // The same whatever else is there.
    #expect(try self.names("y/part.stl\nx/part.stl") == Array(names.dropFirst()))
  }

  @Test func namesThatLookTheSameAreOfTwoFiles() throws {
    let names = try names("x/Gr\u{F6}sse.stl\nx/Gro\u{308}sse.stl")
    #expect(names.count == 2 && Set(names).count == 2)
  }

  @Test(arguments: [
    // The coloured surface of `part` is part.thickness.stl.
    "part.stl\npart.thickness.stl",
    // One file, two formats.
    "part.stl\npart.obj",
  ])
  func filesOfOneCannotBeTakenForAnothers(lines: String) throws {
    let names = try names(lines)
    #expect(Set(names).count == 2 && names.contains { $0.contains("-") })
  }

  @Test func aFolderCannotBeWhereAnothersFileIs() throws {
    let fixture = try BatchFixture()
    try FileManager.default.createDirectory(
      atPath: fixture.path + "/parts/b.stl", withIntermediateDirectories: true)
    try fixture.write(Data(), "parts/b.stl/c.stl")
    try fixture.write(Data(), "parts/b.obj")
    var list = InputList()
    try list.add(fixture.path + "/parts")
    let names = try list.inputs().map(\.name)
    #expect(names.count == 2 && names.contains("b.stl/c") && !names.contains("b"))
  }

  @Test func manifestsMayNameTheirFiles() throws {
    let lines = """
      # made by the shop's database

      {"input": "store/4711.stl", "name": "orders/7/bracket"}
      plain.stl
      """
    #expect(try names(lines) == ["orders/7/bracket", "plain"])
  }

  @Test(arguments: [
    #"{"input": "a.stl", "name": "../a"}"#, #"{"input": "a.stl", "name": "/a"}"#,
    #"{"input": "a.stl", "name": "a/"}"#, #"{"input": "a.stl", "name": ""}"#, #"{"name": "a"}"#,
    #"{"input": "a.stl""#,
    "{\"input\": \"a.stl\", \"name\": \"a\\u0000b\"}",
  ])
  func aBadLineIsRefusedWithItsNumber(line: String) throws {
    let failure = #expect(throws: ToolkitFailure.self) { try names("ok.stl\n" + line) }
    #expect(failure?.entries[0].detail?.contains("line 2") == true)
  }

  @Test func twoFilesOfOneNameAreRefused() throws {
    let lines = #"{"input": "a.stl", "name": "same"}"# + "\n" + #"{"input": "b.stl", "name": "same"}"#
    #expect(throws: ToolkitFailure.self) { try names(lines) }
  }

  @Test func noModelAtAllIsAnError() throws {
    #expect(throws: ToolkitFailure.self) { try InputList().inputs() }
  }

  @Test func namesFitFileSystems() throws {
    let long = String(repeating: "ä", count: 120)
    let names = try names("x/\(long).stl\ny/\(long)b.stl")
    #expect(Set(names).count == 2 && names.allSatisfy { $0.utf8.count < 200 })
  }
}
