import Facet
import Testing

@Suite struct STLBinaryReaderTests {
  private func read(
    _ builder: BinarySTLBuilder, _ options: ImportOptions = ImportOptions(), _ run: RunContext = RunContext()
  ) throws -> ImportedMesh {
    try Mesh.read(ByteSource(builder.bytes), options, run)
  }

  @Test func equalCornersBecomeOneVertexInOrderOfFirstOccurrence() throws {
    let imported = try read(.tetrahedron)
    #expect(
      imported.mesh.positions == [SIMD3(0, 0, 0), SIMD3(0, 1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1)])
    #expect(
      imported.mesh.triangles == [
        Triangle(0, 1, 2), Triangle(0, 2, 3), Triangle(0, 3, 1), Triangle(2, 1, 3),
      ])
    #expect(imported.mesh.colors == nil)
    #expect(imported.report.format == .stl)
    #expect(imported.report.encoding == .binary)
    #expect(imported.report.declaredFacets == 4)
    #expect(imported.report.readFacets == 4)
    #expect(imported.report.dropped.isEmpty)
    #expect(imported.report.warnings.isEmpty)
    #expect(imported.report.header.prefix(15) == Array("made for a test".utf8)[...])
    #expect(imported.report.header.count == 80)
  }

  @Test func facetsWhoseCornersCoincideStayAsDegenerateTriangles() throws {
    let point: [Float] = [1, 2, 3]
    let imported = try read(
      BinarySTLBuilder(facets: [point + point + point, point + [4, 5, 6] + point]))
    #expect(imported.mesh.triangles == [Triangle(0, 0, 0), Triangle(0, 1, 0)])
  }

  @Test func zerosOfBothSignsAreOneCoordinate() throws {
    let imported = try read(
      BinarySTLBuilder(facets: [[-0.0, 0, 1, 0, -0.0, 1, 0, 0, 2]]))
    #expect(imported.mesh.triangles == [Triangle(0, 0, 1)])
    #expect(imported.mesh.positions[0].x.bitPattern == 0)
  }

  @Test func aHeaderThatBeginsWithSolidIsStillBinary() throws {
    for word in ["solid", "SOLID part", " solid facet normal 0 0 1"] {
      var builder = BinarySTLBuilder.tetrahedron
      builder.header = Array(word.utf8)
      #expect(try read(builder).report.encoding == .binary, "\(word)")
    }
  }

  @Test(arguments: [1, 2, 5]) func theMeshIsTheSameOnAnyNumberOfThreads(threads: Int) throws {
    let source = ByteSource(BinarySTLBuilder.longStripBytes)
    let mesh = try Mesh.read(source, ImportOptions(), RunContext(threads: threads)).mesh
    #expect(mesh.positions.count == 20_002)
    var expected: [Triangle] = []
    for i in 0..<20_000 as Range<UInt32> {
      // A flipped triangle names its second vertex first, and both are known by then.
      expected.append(i % 2 == 0 ? Triangle(i, i + 1, i + 2) : Triangle(i + 1, i, i + 2))
    }
    #expect(mesh.triangles == expected)
  }

  @Test func inchesAreMultipliedInDoublePrecision() throws {
    var random = SplitMix(3)
    let values = (0..<1800).map { _ in Float.random(in: -100...100, using: &random) }
    let builder = BinarySTLBuilder(
      facets: stride(from: 0, to: 1800, by: 9).map { Array(values[$0..<$0 + 9]) })
    let mesh = try read(builder, ImportOptions(units: .inch)).mesh
    let read = mesh.soup.corners.flatMap { [$0.x, $0.y, $0.z] }
    #expect(read == values.map { Float(Double($0) * 25.4) })
  }

  @Test func aCoordinateThatOverflowsInMillimetresIsNotFinite() throws {
    let builder = BinarySTLBuilder(facets: [[0, 0, 0, 1, 0, 0, 0, 3e38, 0]])
    #expect(try read(builder).mesh.triangles.count == 1)
    #expect(throws: MeshError.nonFiniteCoordinate(facet: 0, location: .byte(84))) {
      try read(builder, ImportOptions(units: .inch))
    }
  }

  // MARK: Damage

  @Test func everyTruncationIsAnErrorThatSaysWhere() throws {
    let bytes = BinarySTLBuilder.tetrahedron.bytes
    let folder = try TemporaryFolder()
    for length in 0..<bytes.count {
      let expected: MeshError =
        switch length {
        case 0: .emptyFile
        case ..<84:
          .truncated(format: .stl, location: .byte(length), inside: "the 84 bytes before the facets")
        default: .lengthMismatch(declaredFacets: 4, expectedBytes: 284, actualBytes: length)
        }
      let path = try folder.add("cut.stl", Array(bytes[..<length]))
      // The first bytes are text: until zeros follow it may as well be a cut text file.
      if (1..<20).contains(length) {
        #expect(throws: MeshError.self) { try Mesh.read(path) }
      } else {
        #expect(throws: expected, "\(length) bytes") { try Mesh.read(path) }
      }
    }
  }

  @Test func salvageKeepsTheWholeFacetsOfEveryTruncation() throws {
    let bytes = BinarySTLBuilder.tetrahedron.bytes
    let whole = try Mesh.read(ByteSource(bytes)).mesh
    for length in 134..<bytes.count {
      let imported = try Mesh.read(ByteSource(Array(bytes[..<length])), ImportOptions(salvage: true))
      let facets = (length - 84) / 50
      #expect(imported.mesh.triangles == Array(whole.triangles[..<facets]))
      #expect(imported.report.readFacets == facets)
      #expect(imported.report.declaredFacets == 4)
      #expect(imported.report.droppedFacets == 4 - facets)
      #expect(imported.report.dropped.first?.first == .byte(84 + 50 * facets))
      #expect(imported.report.warnings.count == ((length - 84) % 50 == 0 ? 0 : 1))
    }
    for length in 84..<134 {
      #expect(throws: MeshError.noTriangles(format: .stl)) {
        try Mesh.read(ByteSource(Array(bytes[..<length])), ImportOptions(salvage: true))
      }
    }
  }

  @Test(arguments: [0, 3, 5, 1 << 16, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF] as [UInt32])
  func aLyingCountIsNamedAndCostsNoMemory(count: UInt32) throws {
    var builder = BinarySTLBuilder.tetrahedron
    builder.count = count
    let budget = RunContext(memoryBudget: 16 << 20)
    #expect(
      throws: MeshError.lengthMismatch(
        declaredFacets: Int(count), expectedBytes: 84 + 50 * Int(count), actualBytes: 284)
    ) {
      try read(builder, ImportOptions(), budget)
    }
    let imported = try read(builder, ImportOptions(salvage: true), budget)
    #expect(imported.mesh.triangles.count == 4)
    #expect(imported.report.declaredFacets == Int(count))
    #expect(imported.report.droppedFacets == max(0, Int(count) - 4))
    #expect(imported.report.warnings.count == (count < 4 ? 1 : 0))
  }

  @Test func bytesAfterTheLastFacetAreALengthFaultAndSalvageSaysSo() throws {
    let bytes = BinarySTLBuilder.tetrahedron.bytes + [1, 2, 3]
    #expect(
      throws: MeshError.lengthMismatch(declaredFacets: 4, expectedBytes: 284, actualBytes: 287)
    ) {
      try Mesh.read(ByteSource(bytes))
    }
    let imported = try Mesh.read(ByteSource(bytes), ImportOptions(salvage: true))
    #expect(imported.mesh.triangles.count == 4)
    #expect(imported.report.droppedFacets == 0)
    #expect(imported.report.warnings == ["3 bytes from byte 284 on are less than a facet; left out"])
  }

  @Test func salvageTakesZerosAfterTheLastFacetForPadding() throws {
    let zeros = [UInt8](repeating: 0, count: 200_000)
    let bytes = BinarySTLBuilder.tetrahedron.bytes + zeros
    let imported = try Mesh.read(ByteSource(bytes), ImportOptions(salvage: true))
    #expect(imported.mesh.triangles.count == 4)
    #expect(imported.report.warnings == ["200000 bytes from byte 284 on are all zero; left out"])
    let more = try Mesh.read(ByteSource(bytes + [1]), ImportOptions(salvage: true))
    #expect(more.mesh.triangles.count == 4004)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func everyCoordinateIsChecked(bad: Float) throws {
    for coordinate in 0..<9 {
      var builder = BinarySTLBuilder.tetrahedron
      builder.facets[2][coordinate] = bad
      #expect(throws: MeshError.nonFiniteCoordinate(facet: 2, location: .byte(184))) {
        try read(builder)
      }
      let imported = try read(builder, ImportOptions(salvage: true))
      #expect(imported.mesh.triangles == [Triangle(0, 1, 2), Triangle(0, 2, 3), Triangle(2, 1, 3)])
      #expect(
        imported.report.dropped == [
          .init(count: 1, reason: "a coordinate is not a finite number", first: .byte(184))
        ])
    }
  }

  @Test(arguments: [1, 2, 5]) func salvageDropsWhatIsNotFiniteAcrossChunks(threads: Int) throws {
    var builder = BinarySTLBuilder.strip(9_000)
    builder.attributes = (0..<9_000).map { UInt16($0 % 999) }
    let bad = Set([0, 1, 1023, 1024, 4095, 8191, 8192, 8999])
    var good = builder
    good.facets = []
    good.attributes = []
    for i in 0..<9_000 {
      if bad.contains(i) {
        builder.facets[i][i % 9] = .nan
      } else {
        good.facets.append(builder.facets[i])
        good.attributes.append(builder.attributes[i])
      }
    }
    let run = RunContext(threads: threads)
    let salvaged = try read(builder, ImportOptions(salvage: true), run)
    #expect(salvaged.mesh == (try read(good, ImportOptions(), run).mesh))
    #expect(salvaged.report.droppedFacets == bad.count)
    #expect(salvaged.report.dropped.first?.first == .byte(84))
    #expect(throws: MeshError.nonFiniteCoordinate(facet: 0, location: .byte(84))) {
      try read(builder, ImportOptions(), run)
    }
  }

  @Test func nothingLeftAfterSalvageIsNoTriangles() {
    let builder = BinarySTLBuilder(facets: [[Float](repeating: .nan, count: 9)])
    #expect(throws: MeshError.noTriangles(format: .stl)) {
      try read(builder, ImportOptions(salvage: true))
    }
    #expect(throws: MeshError.noTriangles(format: .stl)) { try read(BinarySTLBuilder()) }
  }

  // MARK: Limits

  @Test func tooManyTrianglesAreRefusedBeforeTheyAreRead() throws {
    let options = ImportOptions(maximumTriangles: 3)
    #expect(throws: MeshError.tooManyTriangles(count: 4, limit: 3)) { try read(.tetrahedron, options) }
    #expect(try read(.tetrahedron, ImportOptions(maximumTriangles: 4)).mesh.triangles.count == 4)
  }

  @Test func aBudgetTooSmallForTheMeshIsRefused() {
    #expect {
      try Mesh.read(
        ByteSource(BinarySTLBuilder.longStripBytes), ImportOptions(), RunContext(memoryBudget: 100_000))
    } throws: { error in
      guard case .memoryBudgetExceeded(let needed, 100_000, _) = error as? MeshError else { return false }
      return needed > 20_000 * 12
    }
  }

  @Test func readingCanBeCancelledHalfway() {
    let cancellation = Cancellation()
    let run = RunContext(threads: 2, cancellation: cancellation) { if $0 > 0.3 { cancellation.cancel() } }
    #expect(throws: MeshError.cancelled) {
      try Mesh.read(ByteSource(BinarySTLBuilder.longStripBytes), ImportOptions(), run)
    }
  }

  @Test func progressNeverFallsAndEndsAtOne() throws {
    let log = ProgressLog()
    let run = RunContext(threads: 2) { log.add($0) }
    let source = ByteSource(BinarySTLBuilder.longStripBytes)
    _ = try Mesh.read(source, ImportOptions(weldTolerance: 0.01), run)
    #expect(log.values == log.values.sorted())
    #expect(log.values.last == 1)
    #expect(log.values.count > 3)
  }

  @Test func aFileCutWhileItIsReadIsAnError() throws {
    let folder = try TemporaryFolder()
    let bytes = BinarySTLBuilder.tetrahedron.bytes
    let path = try folder.add("part.stl", bytes)
    let source = try ByteSource.file(path)
    try folder.add("part.stl", Array(bytes[..<200]))
    #expect(throws: MeshError.changedWhileReading(byte: 200)) { try Mesh.read(source) }
  }

  @Test func weldToleranceOutOfRangeIsRefused() {
    for tolerance in [-1, Float.nan, .infinity] {
      #expect {
        try read(.tetrahedron, ImportOptions(weldTolerance: tolerance))
      } throws: { error in
        guard case .invalidOption("weld tolerance", _, _) = error as? MeshError else { return false }
        return true
      }
    }
  }
}
