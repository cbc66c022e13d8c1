import Facet
import FacetTestSupport
import Testing

/// Damaged text STL: each kind with the exact error, and what salvage makes of it.
@Suite struct STLTextTortureTests {
  /// What is done to the lines of ``STLTextReaderTests/square``, and what comes of it.
  struct Damage: CustomTestStringConvertible, Sendable {
    var name: String
    /// Lines, from 1, and what they become.
    var edits: [Int: String]
    var error: MeshError
    /// Facets that salvage keeps and drops; nil when it cannot keep any.
    var salvaged: (kept: Int, dropped: Int)?

    var testDescription: String { name }
  }

  private static func syntax(_ line: Int, _ expected: String, _ found: String) -> MeshError {
    .syntax(format: .stl, location: .line(line), expected: expected, found: found)
  }

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }

  private static func truncated(_ line: Int, _ inside: String) -> MeshError {
    .truncated(format: .stl, location: .line(line), inside: inside)
  }

  private static let betweenFacets = "facet, endsolid or solid"
  private static let afterThree = "endloop after three vertices"
  private static let comma = " (a decimal comma; write a decimal point)"

  static let damages: [Damage] = [
    // Numbers that are none, or none that can be used.
    Damage(
      name: "nan", edits: [5: "vertex nan 0 0"], error: .nonFiniteCoordinate(facet: 0, location: .line(5)),
      salvaged: (1, 1)),
    Damage(
      name: "-NaN", edits: [12: "vertex 1 -NaN 0"],
      error: .nonFiniteCoordinate(facet: 1, location: .line(12)), salvaged: (1, 1)),
    Damage(
      name: "nan(ind)", edits: [6: "vertex 0 1 -nan(ind)"],
      error: .nonFiniteCoordinate(facet: 0, location: .line(6)), salvaged: (1, 1)),
    Damage(
      name: "1.#QNAN", edits: [6: "vertex 0 1 1.#QNAN"],
      error: .nonFiniteCoordinate(facet: 0, location: .line(6)), salvaged: (1, 1)),
    Damage(
      name: "-1.#IND", edits: [6: "vertex 0 -1.#IND 0"],
      error: .nonFiniteCoordinate(facet: 0, location: .line(6)), salvaged: (1, 1)),
    Damage(
      name: "inf", edits: [11: "vertex inf 0 0"], error: .nonFiniteCoordinate(facet: 1, location: .line(11)),
      salvaged: (1, 1)),
    Damage(
      name: "-Infinity", edits: [11: "vertex 0 0 -Infinity"],
      error: .nonFiniteCoordinate(facet: 1, location: .line(11)), salvaged: (1, 1)),
    Damage(
      name: "an exponent too large", edits: [4: "vertex 0 1e39 0"],
      error: .nonFiniteCoordinate(facet: 0, location: .line(4)), salvaged: (1, 1)),
    Damage(
      name: "an exponent of many digits", edits: [4: "vertex 0 1e99999999999999999999 0"],
      error: .nonFiniteCoordinate(facet: 0, location: .line(4)), salvaged: (1, 1)),
    Damage(
      name: "both facets are not finite", edits: [4: "vertex 0 0 nan", 13: "vertex inf 0 0"],
      error: .nonFiniteCoordinate(facet: 0, location: .line(4)), salvaged: nil),
    Damage(
      name: "a decimal comma", edits: [4: "vertex 0,5 0 0"],
      error: syntax(4, "a number", quoted("0,5") + comma), salvaged: (1, 1)),
    Damage(
      name: "a decimal comma and an exponent", edits: [13: "vertex 0 -1,25e-3 0"],
      error: syntax(13, "a number", quoted("-1,25e-3") + comma), salvaged: (1, 1)),
    Damage(
      name: "commas between numbers", edits: [4: "vertex 0, 0, 0"],
      error: syntax(4, "a number", quoted("0,")), salvaged: (1, 1)),
    Damage(
      name: "a word for a number", edits: [5: "vertex one 0 0"], error: syntax(5, "a number", quoted("one")),
      salvaged: (1, 1)),
    Damage(
      name: "a number with a unit", edits: [5: "vertex 1mm 0 0"], error: syntax(5, "a number", quoted("1mm")),
      salvaged: (1, 1)),
    Damage(
      name: "two points in a number", edits: [5: "vertex 1.0.0 0 0"],
      error: syntax(5, "a number", quoted("1.0.0")), salvaged: (1, 1)),
    Damage(
      name: "a number in hexadecimal", edits: [5: "vertex 0x1 0 0"],
      error: syntax(5, "a number", quoted("0x1")), salvaged: (1, 1)),
    Damage(
      name: "an exponent without digits", edits: [5: "vertex 1e 0 0"],
      error: syntax(5, "a number", quoted("1e")), salvaged: (1, 1)),
    Damage(
      name: "a lone minus", edits: [5: "vertex - 0 0"], error: syntax(5, "a number", quoted("-")),
      salvaged: (1, 1)),
    Damage(
      name: "a Unicode minus", edits: [5: "vertex \u{2212}1 0 0"],
      error: syntax(5, "a number", quoted("\u{2212}1")), salvaged: (1, 1)),
    Damage(
      name: "NUL in a number", edits: [5: "vertex 1\0 0 0"], error: syntax(5, "a number", quoted("1\\0")),
      salvaged: (1, 1)),
    Damage(
      name: "two numbers run together", edits: [5: "vertex 1.0-2.0 0 0"],
      error: syntax(5, "a number", quoted("1.0-2.0")), salvaged: (1, 1)),
    Damage(
      name: "a number of 5000 digits", edits: [5: "vertex 0." + String(repeating: "1", count: 5000) + " 0 0"],
      error: syntax(5, "a number", "a word of 4096 bytes or more"), salvaged: (1, 1)),
    // Vertices.
    Damage(
      name: "two coordinates", edits: [12: "vertex 1 1"],
      error: syntax(12, "a number", "the end of the line"), salvaged: (1, 1)),
    Damage(
      name: "no coordinates", edits: [12: "vertex"], error: syntax(12, "a number", "the end of the line"),
      salvaged: (1, 1)),
    Damage(
      name: "four coordinates", edits: [12: "vertex 1 1 0 7"], error: syntax(12, "vertex", quoted("7")),
      salvaged: (1, 1)),
    Damage(
      name: "two vertices", edits: [6: ""], error: syntax(7, "vertex", quoted("endloop")), salvaged: (1, 1)),
    Damage(
      name: "no vertices", edits: [11: "", 12: "", 13: ""], error: syntax(14, "vertex", quoted("endloop")),
      salvaged: (1, 1)),
    Damage(
      name: "four vertices", edits: [5: "vertex 1 0 0 vertex 1 1 0"],
      error: syntax(6, afterThree, quoted("vertex")), salvaged: (1, 1)),
    Damage(
      name: "a misspelt vertex", edits: [5: "vertx 1 0 0"], error: syntax(5, "vertex", quoted("vertx")),
      salvaged: (1, 1)),
    Damage(
      name: "a vertex run together with its number", edits: [5: "vertex1 0 0"],
      error: syntax(5, "vertex", quoted("vertex1")), salvaged: (1, 1)),
    // Keywords.
    Damage(
      name: "no outer loop", edits: [3: ""], error: syntax(4, "outer loop", quoted("vertex")),
      salvaged: (1, 1)),
    Damage(
      name: "outer without loop", edits: [3: "outer"], error: syntax(4, "outer loop", quoted("vertex")),
      salvaged: (1, 1)),
    Damage(
      name: "an inner loop", edits: [3: "inner loop"], error: syntax(3, "outer loop", quoted("inner")),
      salvaged: (1, 1)),
    Damage(
      name: "four values in a normal", edits: [9: "facet normal 0 0 1 0"],
      error: syntax(9, "outer loop", quoted("0")), salvaged: (1, 1)),
    Damage(
      name: "no endloop", edits: [7: ""], error: syntax(8, afterThree, quoted("endfacet")), salvaged: (1, 1)),
    Damage(
      name: "no endfacet", edits: [8: ""], error: syntax(9, "endfacet", quoted("facet")), salvaged: (1, 1)),
    Damage(
      name: "no endloop and no endfacet", edits: [7: "", 8: ""],
      error: syntax(9, afterThree, quoted("facet")), salvaged: (1, 1)),
    Damage(
      name: "the last facet without endfacet", edits: [15: ""],
      error: syntax(16, "endfacet", quoted("endsolid")), salvaged: (1, 1)),
    Damage(
      name: "a facet that ends after its first line", edits: [3: "", 4: "", 5: "", 6: "", 7: "", 8: ""],
      error: syntax(9, "outer loop", quoted("facet")), salvaged: (1, 1)),
    Damage(
      name: "no facet keyword", edits: [9: ""], error: syntax(10, betweenFacets, quoted("outer")),
      salvaged: (1, 0)),
    Damage(
      name: "a misspelt facet", edits: [9: "facette normal 0 0 1"],
      error: syntax(9, betweenFacets, quoted("facette")), salvaged: (1, 0)),
    Damage(
      name: "text between facets", edits: [8: "endfacet\tand so on"],
      error: syntax(8, betweenFacets, quoted("and")), salvaged: (2, 0)),
    Damage(
      name: "NUL between facets", edits: [8: "endfacet \0"],
      error: syntax(8, betweenFacets, quoted("\\0")), salvaged: (2, 0)),
    Damage(
      name: "a very long word", edits: [8: "endfacet " + String(repeating: "x", count: 600_000)],
      error: syntax(8, betweenFacets, "\"" + String(repeating: "x", count: 40) + "…\""), salvaged: (2, 0)),
    Damage(
      name: "a control character", edits: [8: "endfacet\u{1}"],
      error: syntax(8, "endfacet", quoted("endfacet\\u{01}")), salvaged: (1, 1)),
    Damage(
      name: "text after the end", edits: [16: "endsolid square\tx y\u{b}\n\u{c}the end"],
      error: syntax(17, betweenFacets, quoted("the")), salvaged: (2, 0)),
    // The whole.
    Damage(name: "no solid", edits: [1: ""], error: syntax(2, "solid", quoted("facet")), salvaged: (2, 0)),
    Damage(
      name: "something else first", edits: [1: "Hello solid"], error: syntax(1, "solid", quoted("Hello")),
      salvaged: (2, 0)),
    Damage(
      name: "no endsolid", edits: [16: ""], error: truncated(15, "the solid \"square\""), salvaged: (2, 0)),
    Damage(
      name: "no endsolid and no name", edits: [1: "solid", 16: ""], error: truncated(15, "a solid"),
      salvaged: (2, 0)),
    Damage(
      name: "a second solid that does not end", edits: [16: "endsolid\tx\u{b}\nsolid more"],
      error: truncated(17, "the solid \"more\""), salvaged: (2, 0)),
    Damage(
      name: "the first of two faults", edits: [5: "vertex x 0 0", 12: "vertex y 0 0"],
      error: syntax(5, "a number", quoted("x")), salvaged: nil),
  ]

  @Test(arguments: damages) func eachDamageHasItsErrorAndItsLine(damage: Damage) throws {
    for separator in ["\n", "\r", "\r\n"] {
      var lines = STLTextReaderTests.square
      for (line, text) in damage.edits { lines[line - 1] = text.replacing("\n", with: separator) }
      let text = lines.joined(separator: separator) + separator
      for (partSize, threads) in [(1 << 20, 1), (40, 1), (40, 3)] {
        #expect(throws: damage.error) {
          try STLTextReaderTests.read(text, threads: threads, partSize: partSize)
        }
        if let (kept, dropped) = damage.salvaged {
          let report = try STLTextReaderTests.read(text, salvage: true, threads: threads, partSize: partSize)
            .report
          #expect(report.readFacets == kept)
          #expect(report.droppedFacets == dropped)
          #expect(kept + dropped == 2 || !report.warnings.isEmpty, "a facet is gone without a word")
        } else {
          #expect(throws: MeshError.noTriangles(format: .stl)) {
            try STLTextReaderTests.read(text, salvage: true, threads: threads, partSize: partSize)
          }
        }
      }
    }
  }

  @Test func whatWasDroppedIsCountedByReasonWithItsFirstLine() throws {
    var lines = STLTextReaderTests.square
    lines.insert(contentsOf: lines[1..<8], at: 15)
    lines[4] = "vertex nan 0 0"
    lines[18] = "vertex inf 0 0"
    let report = try STLTextReaderTests.read(lines.joined(separator: "\r"), salvage: true).report
    #expect(
      report.dropped == [.init(count: 2, reason: "a coordinate is not a finite number", first: .line(5))])
    #expect(report.readFacets == 1)
  }

  /// Cut after any byte, the error names the last line; salvage keeps the whole facets and drops at most one.
  @Test(arguments: ["\n", "\r", "\r\n"]) func everyTruncation(separator: String) throws {
    let bytes = Array(STLTextReaderTests.square.joined(separator: separator).utf8)
    let end = bytes.count - "square".utf8.count - 1
    for length in 0..<end {
      let text = String(decoding: bytes[..<length], as: UTF8.self)
      let content = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      let trimmed = content.reversed().drop { $0 == " " || $0 == "\n" }
      let line = trimmed.count { $0 == "\n" } + 1
      do {
        _ = try STLTextReaderTests.read(text)
        Issue.record("\(length) bytes were read as a whole file")
      } catch .emptyFile where length == 0 {
      } catch .truncated(.stl, .line(line), _) {
      } catch {
        Issue.record("\(length) bytes, line \(line): \(error)")
      }
      let whole = content.split(separator: "\n").count { $0.contains("endfacet") }
      let begun = content.split(separator: "\n").count { $0.contains("facet ") || $0.hasSuffix("  facet") }
      if whole > 0 {
        let report = try STLTextReaderTests.read(text, salvage: true).report
        #expect(report.readFacets == whole)
        #expect(report.droppedFacets == begun - whole, "\(length) bytes")
      } else if length > 0 {
        #expect(throws: MeshError.noTriangles(format: .stl)) {
          try STLTextReaderTests.read(text, salvage: true)
        }
      }
    }
  }

  @Test(
    arguments: [
      ("solid", truncated(1, "a solid")), ("solid x", truncated(1, "the solid \"x\"")),
      ("solid\n", truncated(1, "a solid")),
      ("sol", truncated(1, "the first word")), ("solid\nendsolid", .noTriangles(format: .stl)),
      ("solid\nendsolid\nsolid\nendsolid", .noTriangles(format: .stl)), ("", .emptyFile),
      ("\n", .noTriangles(format: .stl)),
      ("endsolid", syntax(1, "solid", quoted("endsolid"))), ("facet", syntax(1, "solid", quoted("facet"))),
      ("garbage", syntax(1, "solid", quoted("garbage"))),
      ("\n\n\r\n garbage", syntax(4, "solid", quoted("garbage"))),
      ("solid x\nendsolid y\nfacet", truncated(3, "a facet")), ("\u{FEFF}", .noTriangles(format: .stl)),
      ("\0\0\0\0\0\0", syntax(1, "solid", quoted("\\0\\0\\0\\0\\0\\0"))),
      ("{\"asset\": 1}", syntax(1, "solid", quoted("{\"asset\":"))),
      ("<?xml version=\"1.0\"?>", syntax(1, "solid", quoted("<?xml"))),
    ] as [(String, MeshError)]) func littleOrNoText(text: String, error: MeshError)
  {
    #expect(throws: error) { try STLTextReaderTests.read(text) }
  }

  @Test func otherEncodings() {
    let error = STLTextTortureTests.syntax(1, "text in ASCII or UTF-8", "UTF-16")
    for text in ["solid x\nendsolid", "\u{FEFF}solid x\nendsolid"] {
      let little = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
      #expect(throws: error) { try Mesh.readTextSTL(ByteSource(little)) }
      #expect(throws: error) { try Mesh.readTextSTL(ByteSource(big)) }
    }
  }

  /// A megabyte of one byte: nothing to be found, and no time lost looking for it in every part.
  @Test(arguments: [0, 9, 10, 13, 32, 35, 46, 49, 97, 255] as [UInt8]) func oneByteOverAndOver(byte: UInt8) {
    let source = ByteSource([UInt8](repeating: byte, count: 1 << 20))
    for salvage in [false, true] {
      #expect(throws: MeshError.self) {
        try Mesh.readTextSTL(
          source, ImportOptions(salvage: salvage), RunContext(threads: 2), partSize: 1 << 16)
      }
    }
  }
}
