import Testing

@testable import Facet

@Suite struct FormatSniffingTests {
  private func content(
    _ text: String, name: String? = nil, format: MeshFormat? = nil
  ) throws -> FileContent {
    try content(Array(text.utf8), name: name, format: format)
  }

  private func content(
    _ bytes: [UInt8], name: String? = nil, format: MeshFormat? = nil
  ) throws -> FileContent {
    guard let name else { return try FileContent(of: ByteSource(bytes), format: format) }
    let folder = try TemporaryFolder()
    return try FileContent(of: ByteSource.file(try folder.add(name, bytes)), format: format)
  }

  @Test func textStlIsToldByItsFirstWord() throws {
    for text in [
      "solid", "solid x\n", "SOLID\r\nfacet", "\u{FEFF}solid a", " \n\t Solid\n", "facet normal 0 0 1\n",
      "solid caf\u{E9} \u{90E8}\u{54C1}\n facet",
    ] {
      #expect(try content(text) == .textSTL, "\(text)")
    }
  }

  @Test func aFewControlCharactersDoNotMakeTextBinary() throws {
    let lines = String(repeating: " vertex 1 2 3\n", count: 20)
    #expect(try content("solid x\n facet normal\u{0} 0 0 1\n" + lines) == .textSTL)
  }

  @Test func theOtherFormatsAreToldByTheirKeywords() throws {
    #expect(try content("ply\nformat ascii 1.0\n") == .ply)
    #expect(
      try content(
        Array("ply\nformat binary_little_endian 1.0\nend_header\n".utf8) + [UInt8](repeating: 0, count: 300))
        == .ply)
    #expect(try content("OFF\n3 1 0\n") == .off)
    #expect(try content("COFF 3 1 0\n") == .off)
    #expect(try content("# made by\n# someone\nOFF\n") == .off)
    #expect(try content("# made by\n\nmtllib a.mtl\nv 0 0 0\n") == .obj)
    #expect(try content("v 0 0 0\nv 1 0 0\n") == .obj)
  }

  @Test func theBytesCountMoreThanTheName() throws {
    #expect(try content("OFF\n3 1 0\n", name: "part.stl") == .off)
    #expect(try content(BinarySTLBuilder.tetrahedron.bytes, name: "part.obj") == .binarySTL)
  }

  @Test func theNameDecidesWhatTheBytesLeaveOpen() throws {
    #expect(try content("3 1 0\n0 0 0\n", name: "part.off") == .off)
    #expect(try content("; exported\nsolid x\n", name: "part.stl") == .textSTL)
    #expect(throws: MeshError.unrecognizedFormat(firstBytes: "\"; exported solid\"")) {
      try content("; exported solid x\n")
    }
  }

  @Test func aFormatGivenByTheCallerIsTakenAtItsWord() throws {
    #expect(try content("v 0 0 0\n", format: .off) == .off)
    #expect(try content("v 0 0 0\n", format: .stl) == .textSTL)
    #expect(try content(BinarySTLBuilder.tetrahedron.bytes, format: .stl) == .binarySTL)
  }

  @Test func archivesScenesAndUtf16AreNoMesh() {
    let zeros = [UInt8](repeating: 0, count: 200)
    for (bytes, first) in [
      (Array("PK\u{3}\u{4}".utf8) + zeros, "50 4B 03 04 00 00 00 00"),
      (Array("glTF".utf8) + zeros, "67 6C 54 46 00 00 00 00"),
      ([0xFF, 0xFE] + "solid x".utf8.flatMap { [$0, 0] } + zeros, "FF FE 73 00 6F 00 6C 00"),
    ] {
      #expect(throws: MeshError.unrecognizedFormat(firstBytes: first)) {
        try content(bytes, name: "part.stl")
      }
    }
  }

  @Test func picturesAreNamed() {
    let zeros = [UInt8](repeating: 0, count: 200)
    for (bytes, type) in [
      ([0x89] + Array("PNG\r\n\u{1A}\n".utf8), "PNG"), ([0xFF, 0xD8, 0xFF, 0xE0], "JPEG"),
      (Array("GIF89a".utf8), "GIF"),
    ] {
      #expect(throws: MeshError.picture(type: type)) { try content(bytes + zeros, name: "part.stl") }
    }
  }

  @Test func binaryBytesTooFewForAHeaderAreATruncatedStlOnlyByName() {
    let zeros = [UInt8](repeating: 0, count: 50)
    #expect(throws: MeshError.unrecognizedFormat(firstBytes: "00 00 00 00 00 00 00 00")) {
      try content(zeros)
    }
    #expect(
      throws: MeshError.truncated(
        format: .stl, location: .byte(50), inside: "the 84 bytes before the facets")
    ) {
      try content(zeros, name: "part.STL")
    }
  }
}
