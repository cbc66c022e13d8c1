import Facet
import Testing

@Suite struct STLBinaryWriterTests {
  private func float(_ bytes: [UInt8], at offset: Int) -> Float {
    Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) })
  }

  @Test func theLayoutIsTheFormatsAndNormalsPointOutward() throws {
    let mesh = try Mesh(
      positions: [SIMD3(0, 0, 5), SIMD3(2, 0, 5), SIMD3(0, 3, 5), SIMD3(0, 0, 5)],
      triangles: [Triangle(0, 1, 2), Triangle(0, 3, 1)])
    let bytes = try mesh.encoded()
    #expect(bytes.count == 184)
    #expect(Array(bytes[80..<84]) == [2, 0, 0, 0])
    let first = (0..<12).map { float(bytes, at: 84 + 4 * $0) }
    #expect(first == [0, 0, 1, 0, 0, 5, 2, 0, 5, 0, 3, 5])
    // No area, no normal.
    #expect((0..<3).map { float(bytes, at: 134 + 4 * $0).bitPattern } == [0, 0, 0])
    #expect(Array(bytes[132..<134]) == [0, 0])
    #expect(Array(bytes[182..<184]) == [0, 0])
  }

  @Test func normalsAreUnitVectorsAtAnyScale() throws {
    for scale in [.leastNonzeroMagnitude, 1e-30, 1e-10, 1, 1e10, 1e37] as [Float] {
      let mesh = try Mesh(
        positions: [SIMD3(0, 0, 0), SIMD3(4, 0, 0) * scale, SIMD3(0, 4, 4) * scale],
        triangles: [Triangle(0, 1, 2)])
      let bytes = try mesh.encoded()
      let normal = SIMD3(float(bytes, at: 84), float(bytes, at: 88), float(bytes, at: 92))
      let half = Float(0.5).squareRoot()
      #expect(abs(normal.x) < 1e-6 && abs(normal.y + half) < 1e-6 && abs(normal.z - half) < 1e-6, "\(scale)")
    }
  }

  @Test func theHeaderNeverBeginsWithSolid() throws {
    let mesh = try Mesh.read(ByteSource(BinarySTLBuilder.tetrahedron.bytes)).mesh
    for text in ["solid", "Solid part", "  \tSOLID x", "solidity", String(repeating: "solid ", count: 20)] {
      for options in [ExportOptions(name: text), ExportOptions(header: Array(text.utf8))] {
        let header = try mesh.encoded(options)[..<80]
        let word = String(decoding: header.drop { $0 <= 32 }.prefix(5), as: UTF8.self)
        #expect(word.lowercased() != "solid", "\(text)")
      }
    }
    let named = try mesh.encoded(ExportOptions(name: "my part"))
    #expect(Array(named[..<8]) == Array("my part\0".utf8))
  }

  @Test(arguments: [1, 2, 5]) func bytesAreTheSameOnAnyNumberOfThreadsInMemoryAndOnDisk(threads: Int) throws {
    let plain = try Mesh.read(ByteSource(BinarySTLBuilder.longStripBytes)).mesh
    let mesh = try Mesh(
      positions: plain.positions, triangles: plain.triangles,
      colors: FacetColors(convention: .visCAM, attributes: (0..<20_000).map { UInt16($0) }))
    let one = try mesh.encoded(ExportOptions(), RunContext(threads: 1))
    let run = RunContext(threads: threads)
    #expect(try mesh.encoded(ExportOptions(), run) == one)
    let folder = try TemporaryFolder()
    try mesh.write(to: folder.path + "/a.stl", ExportOptions(), run)
    #expect(try folder.bytes("a.stl") == one)
    #expect(try Mesh.read(ByteSource(one)).mesh == mesh)
  }

  @Test func aMeshWithoutTrianglesIsAHeader() throws {
    #expect(try Mesh.empty.encoded().count == 84)
    let folder = try TemporaryFolder()
    try Mesh.empty.write(to: folder.path + "/empty.stl")
    #expect(try folder.bytes("empty.stl").count == 84)
  }

  @Test func readAndWrittenAgainAFileIsTheSame() throws {
    var random = SplitMix(11)
    let builder = BinarySTLBuilder(
      facets: (0..<500).map { _ in (0..<9).map { _ in Float(Int.random(in: -3...3, using: &random)) / 8 } })
    let once = try Mesh.read(ByteSource(builder.bytes)).mesh.encoded()
    let twice = try Mesh.read(ByteSource(once)).mesh.encoded()
    #expect(once == twice)
  }

  @Test func theBudgetIsAskedForMemory() throws {
    let mesh = try Mesh.read(ByteSource(BinarySTLBuilder.strip(1000).bytes)).mesh
    #expect {
      try mesh.encoded(ExportOptions(), RunContext(memoryBudget: 1000))
    } throws: { error in
      guard case .memoryBudgetExceeded = error as? MeshError else { return false }
      return true
    }
  }
}
