import Facet
import Foundation
import FacetTestSupport
import Testing

@Suite struct FormatRoundTripTests {
  /// A mesh as reading makes them: vertices numbered by first occurrence, none twice, none unused.
  private static func awkwardMesh(colors: Bool = false) throws -> Mesh {
    var random = SeededGenerator(seed: 6)
    var corners: [SIMD3<Float>] = []
    func coordinate(_ scale: Float) -> Float { .random(in: -1...1, using: &random) * scale }
    for i in 0..<6000 {
      let scale: Float = [1e-38, 1e-6, 1, 100, 3e38][i % 5]
      corners.append(SIMD3(coordinate(scale), coordinate(scale), coordinate(scale)))
    }
    corners += [SIMD3(.leastNonzeroMagnitude, 0, 16_777_216), SIMD3(.greatestFiniteMagnitude, 1, 2), .zero]
    let count = corners.count / 3
    let attributes = (0..<count).map { 0x8000 | UInt16($0 % 0x8000) }
    return try Mesh.welded(
      TriangleSoup(
        corners: corners,
        colors: colors ? FacetColors(convention: .visCAM, attributes: attributes) : nil))
  }

  static let encodings: [ExportOptions] = [
    ExportOptions(format: .stl), ExportOptions(format: .stl, encoding: .text), ExportOptions(format: .obj),
    ExportOptions(format: .ply), ExportOptions(format: .off),
  ]

  @Test(arguments: encodings.indices) func everyBitComesBack(encoding: Int) throws {
    let options = FormatRoundTripTests.encodings[encoding]
    let mesh = try FormatRoundTripTests.awkwardMesh()
    let bytes = try mesh.encoded(options, RunContext(threads: 1))
    #expect(try mesh.encoded(options, RunContext(threads: 3)) == bytes)
    for threads in [1, 3] {
      let imported = try Mesh.read(ByteSource(bytes), ImportOptions(), RunContext(threads: threads))
      #expect(imported.mesh == mesh)
      #expect(imported.report.format == options.format)
      #expect(imported.report.readFacets == mesh.triangles.count)
      #expect(imported.report.droppedFacets == 0)
      #expect(imported.report.warnings.isEmpty)
    }
  }

  @Test(arguments: [MeshFormat.stl, .ply, .off]) func facetColorsComeBack(format: MeshFormat) throws {
    let mesh = try FormatRoundTripTests.awkwardMesh(colors: true)
    let imported = try Mesh.read(ByteSource(try mesh.encoded(ExportOptions(format: format))))
    #expect(imported.mesh.colors == mesh.colors)
    #expect(imported.mesh == mesh)
  }

  @Test func plyHoldsAColourAndANumberForEachVertex() throws {
    let mesh = Primitive.box(maximum: SIMD3(1, 2, 3))
    let values = VertexValues(mesh.positions.map { $0.x + $0.z / 4 }) { value in
      Color(red: UInt8(value * 100), green: 7, blue: 9)
    }
    let bytes = try mesh.encoded(ExportOptions(format: .ply, vertexValues: values))
    let header = String(decoding: bytes.prefix(400), as: UTF8.self)
    let end = try #require(header.range(of: "end_header\n"))
    #expect(
      header[..<end.lowerBound].contains(
        """
        property float z
        property uchar red
        property uchar green
        property uchar blue
        property float quality
        element face 12

        """))
    let start = header[..<end.upperBound].utf8.count
    for (i, position) in mesh.positions.enumerated() {
      let record = Array(bytes[start + 19 * i..<start + 19 * (i + 1)])
      #expect(record[12..<15] == [UInt8((position.x + position.z / 4) * 100), 7, 9])
      let bits = record[15..<19].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect(Float(bitPattern: bits) == position.x + position.z / 4)
    }
    #expect(bytes.count == start + 19 * 8 + 13 * 12)
    // It is the same mesh, with facets in the colours of their vertices.
    let plain = try Mesh.read(ByteSource(mesh.encoded(ExportOptions(format: .ply)))).mesh
    let read = try Mesh.read(ByteSource(bytes)).mesh
    #expect(read.positions == plain.positions && read.triangles == plain.triangles)
    #expect(read.colors != nil)
    // Formats that cannot hold them do without.
    #expect(
      try mesh.encoded(ExportOptions(format: .stl, vertexValues: values))
        == mesh.encoded(ExportOptions(format: .stl)))
    let few = VertexValues([1, 2], color: values.color)
    #expect(
      throws: MeshError.invalidOption(
        name: "vertexValues", value: "2 values", allowed: "one a vertex: 8")
    ) { try mesh.encoded(ExportOptions(format: .ply, vertexValues: few)) }
  }

  @Test(arguments: encodings.indices) func aMeshWithoutTrianglesIsWritten(encoding: Int) throws {
    let bytes = try Mesh.empty.encoded(FormatRoundTripTests.encodings[encoding])
    #expect(!bytes.isEmpty)
    #expect(throws: MeshError.noTriangles(format: FormatRoundTripTests.encodings[encoding].format!)) {
      try Mesh.read(ByteSource(bytes), ImportOptions(format: FormatRoundTripTests.encodings[encoding].format))
    }
  }

  private let triangle = try! Mesh(
    positions: [SIMD3(0, 0, 0), SIMD3(1.5, 0, 0), SIMD3(0, -2e-9, 0)], triangles: [Triangle(0, 1, 2)],
    colors: nil)

  private func text(_ options: ExportOptions) throws -> String {
    String(decoding: try triangle.encoded(options), as: UTF8.self)
  }

  @Test func textSTLToTheLetter() throws {
    #expect(
      try text(ExportOptions(encoding: .text, name: "a\nb")) == """
        solid a b
          facet normal 0 0 -1
            outer loop
              vertex 0 0 0
              vertex 1.5 0 0
              vertex 0 -2e-9 0
            endloop
          endfacet
        endsolid a b

        """)
  }

  @Test func objToTheLetter() throws {
    #expect(try text(ExportOptions(format: .obj)) == "# Facet\nv 0 0 0\nv 1.5 0 0\nv 0 -2e-9 0\nf 1 2 3\n")
  }

  @Test func offToTheLetter() throws {
    #expect(try text(ExportOptions(format: .off)) == "OFF\n3 1 0\n0 0 0\n1.5 0 0\n0 -2e-9 0\n3 0 1 2\n")
  }

  @Test func aFacetWithoutAreaHasTheZeroNormal() throws {
    let mesh = try Mesh(positions: [.zero, SIMD3(1, 0, 0), SIMD3(2, 0, 0)], triangles: [Triangle(0, 1, 2)])
    let text = String(decoding: try mesh.encoded(ExportOptions(encoding: .text)), as: UTF8.self)
    #expect(text.contains("facet normal 0 0 0\n"))
  }
}
