import Facet
import FacetTestSupport
import Testing

/// Damaged OBJ, PLY and OFF files: each kind with the exact error, and what salvage makes of it.
@Suite struct IndexedTortureTests {
  struct Damage: CustomTestStringConvertible, Sendable {
    var format: MeshFormat
    var name: String
    /// Lines of ``IndexedFormatTests``' square, from 1, and what they become.
    var edits: [Int: String]
    var error: MeshError
    /// Faces that salvage keeps and drops; nil when it cannot keep any.
    var salvaged: (kept: Int, dropped: Int)?

    var testDescription: String { "\(format.displayName): \(name)" }

    init(
      _ format: MeshFormat, _ name: String, _ edits: [Int: String], _ line: Int, _ expected: String,
      _ found: String,
      _ salvaged: (Int, Int)?
    ) {
      self.init(
        format, name, edits, .syntax(format: format, location: .line(line), expected: expected, found: found),
        salvaged)
    }

    init(
      _ format: MeshFormat, _ name: String, _ edits: [Int: String], _ error: MeshError,
      _ salvaged: (Int, Int)?
    ) {
      self.format = format
      self.name = name
      self.edits = edits
      self.error = error
      self.salvaged = salvaged.map { (kept: $0.0, dropped: $0.1) }
    }
  }

  private static let comma = " (a decimal comma; write a decimal point)"
  private static let corner = "a vertex number such as 1 or 1/2/3"
  private static let plyLines = "format, element, property, comment or end_header"
  private static let plyProperty = "property, its type and its name, after an element"
  private static let plyFormat = "format ascii, binary_little_endian or binary_big_endian, 1.0"

  private static func cut(_ format: MeshFormat, _ line: Int, _ inside: String) -> MeshError {
    .truncated(format: format, location: .line(line), inside: inside)
  }

  static let damages: [Damage] = [
    // OBJ
    Damage(.obj, "nan", [5: "v 1 nan 0"], 5, "a finite number", "\"nan\"", (1, 1)),
    Damage(.obj, "overflow", [2: "v 0 1e39 0"], 2, "a finite number", "\"1e39\"", (1, 1)),
    Damage(.obj, "decimal comma", [2: "v 0 0,5 0"], 2, "a number", "\"0,5\"" + comma, (1, 1)),
    Damage(.obj, "a word", [2: "v a 0 0"], 2, "a number", "\"a\"", (1, 1)),
    Damage(.obj, "two coordinates", [2: "v 0 0"], 2, "a number", "the end of the line", (1, 1)),
    Damage(.obj, "index 0", [6: "f 0 1 2"], 6, "a vertex number from 1 on", "0", (1, 1)),
    Damage(.obj, "index too large", [7: "f 2 5 3"], 7, "one of 4 vertices", "number 5", (1, 1)),
    Damage(
      .obj, "index far too large", [7: "f 2 4294967295 3"], 7, "a vertex number from 1 on", "4294967295",
      (1, 1)),
    Damage(
      .obj, "index of 30 digits", [7: "f 2 \(String(repeating: "9", count: 30)) 3"], 7, corner,
      "\"\(String(repeating: "9", count: 30))\"", (1, 1)),
    Damage(
      .obj, "negative index too large", [7: "f -5 -1 -2"], 7, "one of the 4 vertices before it", "-5", (1, 1)),
    Damage(.obj, "two vertices", [6: "f 1 2"], 6, "a face of 3 vertices or more", "one of 2", (1, 1)),
    Damage(.obj, "no vertices", [6: "f "], 6, "a face of 3 vertices or more", "one of 0", (1, 1)),
    Damage(.obj, "fraction for an index", [6: "f 1 2.5 3"], 6, corner, "\"2.5\"", (1, 1)),
    Damage(.obj, "word for an index", [6: "f 1 b 3"], 6, corner, "\"b\"", (1, 1)),
    Damage(.obj, "four parts", [6: "f 1/1/1/1 2 3"], 6, corner, "\"1/1/1/1\"", (1, 1)),
    Damage(.obj, "garbage", [1: "hello world"], 1, "a statement such as v or f", "\"hello\"", (2, 0)),
    Damage(.obj, "misspelt face", [6: "ff 1 2 3"], 6, "a statement such as v or f", "\"ff\"", (1, 0)),
    Damage(.obj, "NUL", [6: "f 1 2 3\0"], 6, corner, "\"3\\0\"", (1, 1)),
    Damage(.obj, "cut in a vertex", [5: "v 1 1", 6: "", 7: ""], 5, "a number", "the end of the line", nil),
    // OFF
    Damage(.off, "no OFF", [1: "4 2 0", 2: ""], 1, "OFF", "\"4\"", nil),
    Damage(.off, "four dimensions", [1: "4OFF"], .unsupportedFormat(name: "4OFF", supported: ["OFF"]), nil),
    Damage(
      .off, "binary", [1: "OFF BINARY"], .unsupportedFormat(name: "binary OFF", supported: ["OFF in text"]),
      nil),
    Damage(.off, "one count", [2: "4"], 2, "the number of faces", "the end of the line", nil),
    Damage(.off, "word for a count", [2: "four 2 0"], 2, "the number of vertices", "\"four\"", nil),
    Damage(.off, "negative count", [2: "-4 2 0"], 2, "the number of vertices", "-4", nil),
    Damage(
      .off, "a million million vertices", [2: "1000000000000 2 0"],
      cut(.off, 8, "the 1000000000000 vertices and 2 faces that are counted at its beginning"), nil),
    Damage(
      .off, "a million million faces", [2: "4 1000000000000 0"],
      cut(.off, 8, "the 4 vertices and 1000000000000 faces that are counted at its beginning"),
      (2, 999_999_999_998)),
    Damage(
      .off, "a count of 30 digits", [2: "4 \(String(repeating: "9", count: 30)) 0"], 2, "the number of faces",
      "\"\(String(repeating: "9", count: 30))\"", nil),
    Damage(.off, "one face more", [2: "4 3 0"], cut(.off, 8, "the 3 faces"), (2, 1)),
    Damage(.off, "one face fewer", [2: "4 1 0"], 8, "the end of the file", "\"3\"", (1, 0)),
    Damage(.off, "one vertex fewer", [2: "3 2 0"], 6, "a face of 3 vertices or more", "one of 1", (1, 1)),
    Damage(.off, "two coordinates", [4: "1 0"], 4, "a number", "the end of the line", nil),
    Damage(.off, "nan", [3: "nan 0 0"], 3, "a finite number", "\"nan\"", (1, 1)),
    Damage(.off, "decimal comma", [3: "0 0,25 0"], 3, "a number", "\"0,25\"" + comma, (1, 1)),
    Damage(.off, "index too large", [7: "3 0 1 4"], 7, "a vertex number below 4", "4", (1, 1)),
    Damage(.off, "negative index", [7: "3 0 -1 2"], 7, "a vertex number below 4", "-1", (1, 1)),
    Damage(.off, "fraction for an index", [7: "3 0 1.0 2"], 7, "a vertex number", "\"1.0\"", (1, 1)),
    Damage(.off, "two vertices", [7: "2 0 1"], 7, "a face of 3 vertices or more", "one of 2", (1, 1)),
    Damage(.off, "too few indices", [7: "4 0 1 2"], 7, "a vertex number", "the end of the line", (1, 1)),
    Damage(
      .off, "a lying face", [7: "1000000000000 0 1 2"], 7, "a vertex number", "the end of the line", (1, 1)),
    Damage(.off, "negative face", [7: "-3 0 1 2"], 7, "the number of the face's vertices", "-3", (1, 1)),
    Damage(
      .off, "word after a face", [7: "3 0 1 2 red"], 7, "a colour or the end of the line", "\"red\"", (1, 1)),
    // PLY in text
    Damage(.ply, "no ply", [1: "pla"], 1, "ply", "\"pla\"", nil),
    Damage(.ply, "no format", [2: "comment"], 9, "a line with the format", "\"end_header\"", nil),
    Damage(.ply, "unknown format", [2: "format xml 1.0"], 2, plyFormat, "\"format xml 1.0\"", nil),
    Damage(.ply, "unknown version", [2: "format ascii 2.0"], 2, plyFormat, "\"format ascii 2.0\"", nil),
    Damage(
      .ply, "word for a count", [3: "element vertex many"], 3, "element, its name and its count",
      "\"element vertex many\"", nil),
    Damage(
      .ply, "negative count", [7: "element face -1"], 7, "element, its name and its count",
      "\"element face -1\"", nil),
    Damage(
      .ply, "count of 30 digits", [7: "element face \(String(repeating: "9", count: 30))"], 7,
      "element, its name and its count", "\"element face \(String(repeating: "9", count: 30))\"", nil),
    Damage(
      .ply, "a million million vertices", [3: "element vertex 1000000000000"],
      cut(.ply, 15, "the 1000000000000 elements \"vertex\""), nil),
    Damage(
      .ply, "a million million faces", [7: "element face 1000000000000"],
      cut(.ply, 15, "the 1000000000000 elements \"face\""), (2, 999_999_999_998)),
    Damage(
      .ply, "the largest count", [7: "element face 9223372036854775807"],
      cut(.ply, 15, "the 9223372036854775807 elements \"face\""), (2, 9_223_372_036_854_775_805)),
    Damage(.ply, "one face more", [7: "element face 3"], cut(.ply, 15, "the 3 elements \"face\""), (2, 1)),
    Damage(.ply, "one face fewer", [7: "element face 1"], 15, "the end of the file", "\"3\"", (1, 0)),
    Damage(.ply, "one vertex fewer", [3: "element vertex 3"], 13, "the end of the line", "\"0\"", (1, 1)),
    Damage(.ply, "unknown type", [4: "property real x"], 4, plyProperty, "\"property real x\"", nil),
    Damage(
      .ply, "property without an element", [2: "format ascii 1.0\nproperty int a"], 3, plyProperty,
      "\"property int a\"", nil),
    Damage(
      .ply, "list with a fraction for a count", [8: "property list float int vertex_indices"], 8, plyProperty,
      "\"property list float int vertex_indices\"", nil),
    Damage(
      .ply, "indices that are fractions", [8: "property list uchar float vertex_indices"], 9,
      "an element face with a list vertex_indices of whole numbers", "one without", nil),
    Damage(.ply, "no x", [4: "property float u"], 9, "an element vertex with x, y and z", "one without", nil),
    Damage(
      .ply, "two x", [5: "property float x\nproperty float y"], 10, "an element vertex with x, y and z",
      "one without", nil),
    Damage(
      .ply, "no faces", [7: "", 8: "", 14: "", 15: ""], 9,
      "an element face with a list vertex_indices of whole numbers", "none", nil),
    Damage(
      .ply, "two elements vertex", [7: "element vertex 1"], 9, "an element vertex with x, y and z",
      "2 of them", nil),
    Damage(
      .ply, "unknown header line", [6: "property float z\ncolour blue"], 7, plyLines, "\"colour blue\"", nil),
    Damage(.ply, "no end_header", [9: ""], 10, plyLines, "\"0 0 0\"", nil),
    Damage(.ply, "nan", [10: "0 0 nan"], 10, "a finite number", "\"nan\"", (1, 1)),
    Damage(.ply, "decimal comma", [10: "0 0 0,0"], 10, "a number", "\"0,0\"" + comma, (1, 1)),
    Damage(.ply, "two coordinates", [10: "0 0"], 10, "a number", "the end of the line", (1, 1)),
    Damage(.ply, "four coordinates", [10: "0 0 0 0"], 10, "the end of the line", "\"0\"", (1, 1)),
    Damage(.ply, "index too large", [14: "3 0 1 4"], 14, "one of 4 vertices", "number 4", (1, 1)),
    Damage(.ply, "negative index", [14: "3 0 -1 2"], 14, "a vertex number from 0 on", "-1", (1, 1)),
    Damage(.ply, "two vertices", [14: "2 0 1"], 14, "a face of 3 vertices or more", "one of 2", (1, 1)),
    Damage(.ply, "too few indices", [14: "4 0 1 2"], 14, "a number", "the end of the line", (1, 1)),
    Damage(.ply, "too many indices", [14: "3 0 1 2 3"], 14, "the end of the line", "\"3\"", (1, 1)),
    Damage(.ply, "a lying face", [14: "1000000000000 0 1 2"], 14, "a number", "the end of the line", (1, 1)),
    Damage(.ply, "negative face", [14: "-3 0 1 2"], 14, "a count", "-3", (1, 1)),
    Damage(.ply, "word for an index", [14: "3 0 1 c"], 14, "a whole number", "\"c\"", (1, 1)),
  ]

  @Test(arguments: damages) func eachDamageHasItsErrorAndItsLine(damage: Damage) throws {
    let square =
      switch damage.format {
      case .ply: IndexedFormatTests.ply
      case .off: IndexedFormatTests.off
      default: IndexedFormatTests.obj
      }
    for separator in ["\n", "\r", "\r\n"] {
      let lines = square.enumerated().map {
        (damage.edits[$0.offset + 1] ?? $0.element).replacing("\n", with: separator)
      }
      let bytes = Array((lines.joined(separator: separator) + separator).utf8)
      #expect(throws: damage.error) { try IndexedFormatTests.read(damage.format, bytes) }
      let salvage = ImportOptions(salvage: true)
      if let (kept, dropped) = damage.salvaged {
        let report = try IndexedFormatTests.read(damage.format, bytes, salvage).report
        #expect(report.readFacets == kept)
        #expect(report.droppedFacets == dropped)
        #expect(
          kept + dropped == 2 || dropped > 0 || !report.warnings.isEmpty, "a face is gone without a word")
      } else {
        #expect(throws: MeshError.self) { try IndexedFormatTests.read(damage.format, bytes, salvage) }
      }
    }
  }

  /// Cut anywhere before the last line's last number, a file with counts is an error in its last line.
  @Test(arguments: [MeshFormat.ply, .off], ["\n", "\r", "\r\n"])
  func everyTruncationOfText(format: MeshFormat, separator: String) throws {
    let lines = format == .ply ? IndexedFormatTests.ply : IndexedFormatTests.off
    let bytes = Array(lines.joined(separator: separator).utf8)
    for length in 0..<bytes.count - 1 {
      let part = Array(bytes[..<length])
      let content = String(decoding: part, as: UTF8.self).replacing("\r\n", with: "\n").replacing(
        "\r", with: "\n")
      let line = content.reversed().drop { $0 == " " || $0 == "\n" }.count { $0 == "\n" } + 1
      do {
        _ = try IndexedFormatTests.read(format, part)
        Issue.record("\(length) bytes were read as a whole file")
      } catch .emptyFile where length == 0 {
      } catch .truncated(format, .line(line), _) {
      } catch .syntax(.ply, .line(1), "ply", _) where length < 3 {
      } catch {
        Issue.record("\(length) bytes, line \(line): \(error)")
      }
      let salvaged = try? IndexedFormatTests.read(format, part, ImportOptions(salvage: true)).report
      if let salvaged { #expect(salvaged.readFacets == 1 && salvaged.droppedFacets == 1) }
    }
  }

  @Test func everyTruncationOfBinaryPLY() throws {
    let mesh = try IndexedFormatTests.read(.off, Array(IndexedFormatTests.off.joined(separator: "\n").utf8))
      .mesh
    let bytes = try mesh.encoded(ExportOptions(format: .ply))
    let facesStart = bytes.count - 26
    for length in 0..<bytes.count {
      let part = Array(bytes[..<length])
      do {
        _ = try IndexedFormatTests.read(.ply, part)
        Issue.record("\(length) bytes were read as a whole file")
      } catch .emptyFile where length == 0 {
      } catch .truncated(.ply, .line, "the header") {
      } catch .truncated(.ply, .byte(length), _) {
      } catch .syntax(.ply, .line(1), "ply", _) where length < 3 {
      } catch {
        Issue.record("\(length) bytes: \(error)")
      }
      let salvage = ImportOptions(salvage: true)
      if length >= facesStart + 13 {
        let report = try IndexedFormatTests.read(.ply, part, salvage).report
        #expect(report.readFacets == 1)
        #expect(
          report.dropped == [
            .init(
              count: 1, reason: "counted in the header, but the file ends before",
              first: .byte(facesStart + 13))
          ])
      } else {
        #expect(throws: MeshError.self) { try IndexedFormatTests.read(.ply, part, salvage) }
      }
    }
    #expect(
      throws: MeshError.syntax(
        format: .ply, location: .byte(bytes.count), expected: "the end of the file", found: "3 more bytes")
    ) { try IndexedFormatTests.read(.ply, bytes + [1, 2, 3]) }
  }

  @Test func damagedBinaryPLY() throws {
    let header = """
      ply
      format binary_little_endian 1.0
      element vertex 3
      property float x
      property float y
      property float z
      element face 2
      property list int int vertex_indices
      end_header

      """
    let start = header.utf8.count
    func file(_ words: [UInt32]) -> [UInt8] {
      Array(header.utf8)
        + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    let one = Float(1).bitPattern
    let vertices: [UInt32] = [0, 0, 0, one, 0, 0, 0, one, 0]
    let face: [UInt32] = [3, 0, 1, 2]
    let salvage = ImportOptions(salvage: true)
    #expect(try IndexedFormatTests.read(.ply, file(vertices + face + face)).report.readFacets == 2)

    func expect(_ words: [UInt32], _ error: MeshError, kept: Int, dropped: Int, _ line: Int = #line) throws {
      #expect(throws: error, "line \(line)") { try IndexedFormatTests.read(.ply, file(words)) }
      if kept > 0 {
        let report = try IndexedFormatTests.read(.ply, file(words), salvage).report
        #expect(report.readFacets == kept && report.droppedFacets == dropped, "line \(line)")
      } else {
        #expect(throws: MeshError.self, "line \(line)") {
          try IndexedFormatTests.read(.ply, file(words), salvage)
        }
      }
    }
    func syntax(_ byte: Int, _ expected: String, _ found: String) -> MeshError {
      .syntax(format: .ply, location: .byte(byte), expected: expected, found: found)
    }
    try expect(
      vertices + face + [3, 0, 1, 3], syntax(start + 52, "one of 3 vertices", "number 3"), kept: 1, dropped: 1
    )
    try expect(
      vertices + [3, 0, 0xFFFF_FFFF, 2] + face, syntax(start + 44, "a vertex number from 0 on", "-1"),
      kept: 1, dropped: 1)
    try expect(
      vertices + [2, 0, 1] + face, syntax(start + 36, "a face of 3 vertices or more", "one of 2"), kept: 1,
      dropped: 1)
    try expect(
      vertices + face + [0x7FFF_FFFF, 0, 1, 2],
      .truncated(format: .ply, location: .byte(start + 68), inside: "the 2 elements \"face\""), kept: 1,
      dropped: 1)
    try expect(
      vertices + face + [0x8000_0000, 0, 1, 2], syntax(start + 52, "a count", "-2147483648"), kept: 1,
      dropped: 1)
    try expect(
      [0x7FC0_0000] + vertices.dropFirst() + face + face,
      syntax(start, "a finite coordinate", "one that is not a finite number"), kept: 0, dropped: 2)
  }

  @Test(arguments: [MeshFormat.obj, .ply, .off]) func nothingToRead(format: MeshFormat) {
    #expect(throws: MeshError.emptyFile) { try IndexedFormatTests.read(format, []) }
    let utf16 = Array("OFF\n4 2 0".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    #expect(
      throws: MeshError.syntax(
        format: format, location: .line(1), expected: "text in ASCII or UTF-8", found: "UTF-16")
    ) { try IndexedFormatTests.read(format, utf16) }
    for byte in [0, 9, 10, 35, 46, 49, 255] as [UInt8] {
      for salvage in [false, true] {
        #expect(throws: MeshError.self) {
          try IndexedFormatTests.read(
            format, [UInt8](repeating: byte, count: 300_000), ImportOptions(salvage: salvage))
        }
      }
    }
    #expect(throws: MeshError.noTriangles(format: .obj)) {
      try IndexedFormatTests.read(.obj, Array("v 1 2 3\n".utf8))
    }
  }
}
