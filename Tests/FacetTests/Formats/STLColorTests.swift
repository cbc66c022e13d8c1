import Facet
import Testing

@Suite struct STLColorTests {
  private func roundTrip(_ builder: BinarySTLBuilder) throws -> (first: ImportedMesh, second: ImportedMesh) {
    let first = try Mesh.read(ByteSource(builder.bytes))
    let bytes = try first.mesh.encoded(ExportOptions(header: first.report.header))
    return (first, try Mesh.read(ByteSource(bytes)))
  }

  @Test func attributeWordsAreVisCAMColoursAndSurviveARoundTrip() throws {
    var builder = BinarySTLBuilder.tetrahedron
    builder.attributes = [0x8000 | 31 << 10, 0, 0xFFFF, 0x1234]
    let (first, second) = try roundTrip(builder)
    #expect(first.mesh.colors == FacetColors(convention: .visCAM, attributes: builder.attributes))
    #expect(first.mesh.colors?[0] == Color(red: 255, green: 0, blue: 0))
    #expect(first.mesh.colors?[1] == nil)
    #expect(second.mesh == first.mesh)
    #expect(second.report.header == first.report.header)
  }

  @Test func aColorInTheHeaderMakesThemMagicsColours() throws {
    var builder = BinarySTLBuilder.tetrahedron
    builder.header = Array("COLOR=".utf8) + [10, 20, 30, 255] + Array(",MATERIAL=".utf8) + [1, 2, 3, 4]
    builder.attributes = [31, 0x8000, 0, 0xFFFF]
    let (first, second) = try roundTrip(builder)
    let part = Color(red: 10, green: 20, blue: 30)
    #expect(
      first.mesh.colors
        == FacetColors(convention: .magics, partColor: part, attributes: builder.attributes))
    #expect(first.mesh.colors?[0] == Color(red: 255, green: 0, blue: 0))
    #expect(first.mesh.colors?[1] == part)
    #expect(second.mesh == first.mesh)
    #expect(second.report.header == first.report.header)
  }

  @Test func aPartColorIsKeptWhenNoFacetHasOne() throws {
    var builder = BinarySTLBuilder.tetrahedron
    builder.header = Array("x".utf8) + Array("COLOR=".utf8) + [1, 2, 3, 4]
    let (first, second) = try roundTrip(builder)
    #expect(first.mesh.colors?.partColor == Color(red: 1, green: 2, blue: 3, alpha: 4))
    #expect(first.mesh.colors?.attributes == [0, 0, 0, 0])
    #expect(second.mesh == first.mesh)
  }

  @Test func noColorAndNoAttributeIsNoColours() throws {
    #expect(try Mesh.read(ByteSource(BinarySTLBuilder.tetrahedron.bytes)).mesh.colors == nil)
  }

  @Test(arguments: [1, 2, 5]) func coloursThatBeginLateAreKeptFacetByFacet(threads: Int) throws {
    var bytes = BinarySTLBuilder.longStripBytes
    var attributes = [UInt16](repeating: 0, count: 20_000)
    for facet in [9_000, 9_001, 17_000] {
      attributes[facet] = 0x8001
      bytes[84 + 50 * facet + 48] = 1
      bytes[84 + 50 * facet + 49] = 0x80
    }
    let mesh = try Mesh.read(ByteSource(bytes), ImportOptions(), RunContext(threads: threads)).mesh
    #expect(mesh.colors?.attributes == attributes)
  }

  @Test func aNewHeaderGetsTheMagicsKeyAndOthersLoseIt() throws {
    var builder = BinarySTLBuilder.tetrahedron
    builder.header = Array("COLOR=".utf8) + [10, 20, 30, 255]
    builder.attributes = [1, 2, 3, 4]
    let magics = try Mesh.read(ByteSource(builder.bytes)).mesh
    let long = String(repeating: "n", count: 90)
    for name in ["", "part", long] {
      let bytes = try magics.encoded(ExportOptions(name: name))
      #expect(try Mesh.read(ByteSource(bytes)).mesh == magics, "\(name)")
    }
    // The same header over a mesh that has lost its colours must not bring them back.
    let plain = try Mesh(positions: magics.positions, triangles: magics.triangles)
    let bytes = try plain.encoded(ExportOptions(header: builder.header))
    #expect(try Mesh.read(ByteSource(bytes)).mesh == plain)
  }
}
