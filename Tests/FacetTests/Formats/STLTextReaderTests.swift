import Facet
import FacetTestSupport
import Testing

@Suite struct STLTextReaderTests {
  static let square = [
    "solid square", "  facet normal 0 0 1", "    outer loop", "      vertex 0 0 0", "      vertex 1 0 0",
    "      vertex 0 1 0", "    endloop", "  endfacet", "  facet normal 0 0 1", "    outer loop",
    "      vertex 1 0 0", "      vertex 1 1 0", "      vertex 0 1 0", "    endloop", "  endfacet",
    "endsolid square",
  ]

  static func read(
    _ text: String, salvage: Bool = false, threads: Int = 1, partSize: Int = Mesh.textPartSize
  ) throws(MeshError) -> ImportedMesh {
    try Mesh.readTextSTL(
      ByteSource(Array(text.utf8)), ImportOptions(salvage: salvage), RunContext(threads: threads),
      partSize: partSize)
  }

  private func expectSquare(
    _ text: String, names: [String] = ["square"], warnings: Int = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let imported = try STLTextReaderTests.read(text)
    #expect(
      imported.mesh.positions == [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 1, 0)],
      sourceLocation: sourceLocation)
    #expect(
      imported.mesh.triangles == [Triangle(0, 1, 2), Triangle(1, 3, 2)], sourceLocation: sourceLocation)
    #expect(imported.report.readFacets == 2, sourceLocation: sourceLocation)
    #expect(imported.report.solidNames == names, sourceLocation: sourceLocation)
    #expect(imported.report.warnings.count == warnings, sourceLocation: sourceLocation)
    #expect(imported.report.dropped.isEmpty, sourceLocation: sourceLocation)
    #expect(
      imported.report.format == .stl && imported.report.encoding == .text, sourceLocation: sourceLocation)
  }

  private var lines: [String] { STLTextReaderTests.square }
  private var plain: String { lines.joined(separator: "\n") + "\n" }

  @Test(arguments: ["\n", "\r", "\r\n", "\n\n\n", "\r\r\n", "\n \t\n", "\u{b}\n", "   \n"])
  func anyLineEnd(separator: String) throws {
    try expectSquare(lines.joined(separator: separator) + separator)
    try expectSquare(lines.joined(separator: separator))
  }

  @Test func mixedLineEnds() throws {
    let ends = ["\n", "\r", "\r\n"]
    try expectSquare(lines.enumerated().map { $1 + ends[$0 % 3] }.joined())
  }

  @Test func anyCase() throws {
    try expectSquare(plain.uppercased(), names: ["SQUARE"])
    try expectSquare(plain.replacing("facet", with: "Facet").replacing("outer loop", with: "OUTER Loop"))
  }

  @Test func anyIndentation() throws {
    try expectSquare(lines.map { $0.drop { $0 == " " } }.joined(separator: "\n"))
    try expectSquare(lines.map { "\t \t" + $0.replacing(" ", with: "\t  ") + " \t" }.joined(separator: "\n"))
    try expectSquare("\n\n   " + plain)
  }

  @Test func facetsOnOneLine() throws {
    try expectSquare(lines[0] + "\n" + lines[1..<15].joined(separator: " ") + "\n" + lines[15])
    try expectSquare(lines[0] + "\n" + lines[1..<16].joined(separator: " "))
  }

  @Test func aByteOrderMark() throws { try expectSquare("\u{FEFF}" + plain) }

  @Test(arguments: [
    ("solid", ""), ("solid ", ""), ("solid facet normal", "facet normal"),
    ("solid solid endsolid", "solid endsolid"),
    ("solid   two  words  ", "two  words"), ("solid Würfel", "Würfel"),
    ("solid # 1, (a) \u{1}", "# 1, (a) \u{1}"),
    ("\tSOLID\tx", "x"),
  ]) func anyName(line: String, name: String) throws {
    try expectSquare(([line] + lines.dropFirst()).joined(separator: "\n"), names: [name])
    try expectSquare(([line] + lines[1..<15] + ["endsolid facet x"]).joined(separator: "\r"), names: [name])
  }

  @Test func aVeryLongNameIsCut() throws {
    let name = String(repeating: "name ", count: 200_000)
    let imported = try STLTextReaderTests.read(
      (["solid " + name] + lines.dropFirst()).joined(separator: "\n"))
    #expect(imported.report.solidNames.map(\.count) == [1024])
    #expect(imported.report.readFacets == 2)
  }

  @Test func severalSolidsAreOneMesh() throws {
    let two = lines[0..<8] + ["endsolid", "", "solid second"] + lines[8...]
    try expectSquare(two.joined(separator: "\n"), names: ["square", "second"])
  }

  @Test func aSolidThatIsNotEndedBeforeTheNextIsNoted() throws {
    let two = lines[0..<8] + ["solid second"] + lines[8...]
    try expectSquare(two.joined(separator: "\n"), names: ["square", "second"], warnings: 1)
  }

  @Test func facetsOutsideOfASolidAreNoted() throws {
    let text = (lines[0..<8] + ["endsolid"] + lines[8..<15]).joined(separator: "\n")
    try expectSquare(text, warnings: 1)
    #expect(try STLTextReaderTests.read(text).report.warnings == ["line 10: facets outside of a solid"])
  }

  @Test(arguments: ["# made by hand", "; x", "// facet", "!", "#"]) func commentLinesAreNoted(comment: String)
    throws
  {
    let text = ([lines[0], comment] + lines[1..<8] + [comment] + lines[8...]).joined(separator: "\r\n")
    try expectSquare(text, warnings: 1)
    #expect(
      try STLTextReaderTests.read(text).report.warnings == ["line 2: comment lines, left out (2 times)"])
  }

  @Test func commentsBeforeTheSolidAreNoted() throws {
    try expectSquare("; exported\n# today\n" + plain, warnings: 1)
  }

  @Test(arguments: [
    "facet", "facet normal", "facet normal nan nan nan", "facet normal -nan(ind) 1.#QNAN inf",
    "facet normal 1,0 x y",
    "facet normal 0 0", "facet normal 1e999 1e-999 --5",
  ]) func anyNormal(line: String) throws {
    try expectSquare(lines.map { $0.contains("facet n") ? line : $0 }.joined(separator: "\n"))
  }

  @Test(arguments: [
    "1", "1.", "+1", "1.0", "1e0", "1E+00", "0.1e1", "10e-1", "001.000",
    "1" + String(repeating: "0", count: 300) + "e-300",
  ])
  func anyNumber(one: String) throws {
    try expectSquare(
      lines.map { $0.contains("vertex") ? $0.replacing("1", with: one) : $0 }.joined(separator: "\n"))
  }

  @Test func paddingAfterTheEndIsNoted() throws {
    try expectSquare(plain + "\u{1A}", warnings: 1)
    try expectSquare(plain + String(repeating: "\0", count: 5000), warnings: 1)
  }

  @Test func millimetresFromInches() throws {
    let source = ByteSource(Array(plain.replacing("1 1 0", with: "1 3 0").utf8))
    let imported = try Mesh.readTextSTL(source, ImportOptions(units: .inch))
    #expect(imported.mesh.bounds == Box(minimum: .zero, maximum: SIMD3(25.4, 76.2, 0)))
    let huge = ByteSource(Array(plain.replacing("1 1 0", with: "1 3e38 0").utf8))
    #expect(throws: MeshError.nonFiniteCoordinate(facet: 1, location: .line(15))) {
      try Mesh.readTextSTL(huge, ImportOptions(units: .inch))
    }
  }

  @Test func weldingWithinATolerance() throws {
    let source = ByteSource(
      Array(
        plain.replacing("vertex 1 0 0\n      vertex 1 1", with: "vertex 1.001 0 0\n      vertex 1 1").utf8))
    #expect(try Mesh.readTextSTL(source).mesh.positions.count == 5)
    #expect(try Mesh.readTextSTL(source, ImportOptions(weldTolerance: 0.01)).mesh.positions.count == 4)
  }

  @Test func moreTrianglesThanAllowedAreRefused() {
    #expect(throws: MeshError.tooManyTriangles(count: 2, limit: 1)) {
      try Mesh.readTextSTL(ByteSource(Array(plain.utf8)), ImportOptions(maximumTriangles: 1))
    }
  }

  @Test func aBudgetTooSmallIsRefused() {
    let source = ByteSource(Array(plain.utf8))
    #expect(throws: MeshError.self) {
      try Mesh.readTextSTL(source, ImportOptions(), RunContext(memoryBudget: 100))
    }
  }

  /// Wherever the text is cut into parts, and however many threads read them, the outcome is the same.
  @Test(arguments: ["\n", "\r", "\r\n"]) func theCutIntoPartsDoesNotShow(separator: String) throws {
    let grid = Mesh.gridSoup(triangles: 300, side: 5, seed: 4)
    var text = ["solid facet", "# a"]
    for (i, triangle) in grid.triangles.enumerated() {
      if i == 100 { text += ["endsolid", "solid", "", " "] }
      text += [" FACET normal 0 0 0 ", "  outer loop"]
      for corner in 0..<3 {
        let p = grid.positions[Int(triangle[corner])]
        text.append("   vertex \(p.x) \(p.y) \(p.z)")
      }
      text += ["  endloop endfacet"]
    }
    text += ["endsolid"]
    let whole = try STLTextReaderTests.read(text.joined(separator: separator))
    #expect(whole.mesh.triangles.count == 300)
    text[1005] = "   vertex 1 2 nan"
    let damaged = text.joined(separator: separator)
    #expect(throws: MeshError.nonFiniteCoordinate(facet: 166, location: .line(1006))) {
      try STLTextReaderTests.read(damaged)
    }
    let salvaged = try STLTextReaderTests.read(damaged, salvage: true)
    text[1005] = "   vertex 1 2 3"
    for partSize in [20, 33, 100, 1000, 4095] {
      for threads in [1, 3] {
        let parts = try STLTextReaderTests.read(
          text.joined(separator: separator), threads: threads, partSize: partSize)
        #expect(parts.report == whole.report)
        #expect(throws: MeshError.nonFiniteCoordinate(facet: 166, location: .line(1006))) {
          try STLTextReaderTests.read(damaged, threads: threads, partSize: partSize)
        }
        let again = try STLTextReaderTests.read(damaged, salvage: true, threads: threads, partSize: partSize)
        #expect(again.mesh == salvaged.mesh)
        #expect(again.report == salvaged.report)
      }
    }
  }

  /// Facets, lines and words that meet the end of the window at every offset.
  @Test func theWindowDoesNotShow() throws {
    for padding in [250_000, 253_900, 257_900, 262_000] {
      for shift in [0, 1, 2, 3, 17] {
        try expectSquare(
          lines[0] + "\n" + String(repeating: " ", count: padding + shift)
            + lines[1...].joined(separator: "\n"))
        let name = String(repeating: "n", count: padding + shift)
        let imported = try STLTextReaderTests.read(
          "solid " + name + "\n" + lines[1...].joined(separator: "\n"))
        #expect(imported.report.readFacets == 2)
      }
    }
  }
}
