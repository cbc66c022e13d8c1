import Facet
import FacetContract
import FacetOperations
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the engine throws, as the toolkit API says it.
@Suite struct ToolkitEngineErrorTests {
  struct Row: Sendable {
    var error: MeshError
    var upload: Int
    var reading: Int
    var running: Int

    init(_ error: MeshError, _ code: Int) {
      self.init(error, upload: code, reading: code, running: code)
    }

    init(_ error: MeshError, upload: Int, reading: Int, running: Int) {
      self.error = error
      self.upload = upload
      self.reading = reading
      self.running = running
    }
  }

  static let rows: [Row] = [
    Row(.vertexIndexOutOfRange(triangle: 1, index: 9, vertexCount: 3), 202),
    Row(.nonFinitePosition(vertex: 1), 202),
    Row(.tooManyTriangles(count: 6, limit: 5), 201),
    Row(.colorCountMismatch(colors: 1, triangles: 2), 74),
    Row(.emptyMesh(operation: "scale"), 202),
    Row(.noExtent(axis: .z), 400),
    Row(.imageEncoding(reason: "out of memory"), 11),
    Row(.invalidOption(name: "width", value: "1", allowed: "more"), upload: 13, reading: 13, running: 70),
    Row(.cancelled, 72),
    Row(.memoryBudgetExceeded(neededBytes: 2, budgetBytes: 1, purpose: "x"), 11),
    Row(.file(path: "/store/blob", action: .open, errno: ENOENT), 52),
    Row(.file(path: "/store/blob", action: .open, errno: EACCES), 52),
    Row(.file(path: "/store/blob", action: .open, errno: EMFILE), 11),
    Row(.file(path: "/store/blob", action: .read, errno: EIO), 10),
    Row(.file(path: "/store/blob", action: .write, errno: ENOSPC), 11),
    Row(.file(path: "/store/blob", action: .write, errno: EDQUOT), 11),
    Row(.file(path: "/store/blob", action: .write, errno: EACCES), 10),
    Row(.file(path: "/store/blob", action: .rename, errno: ENOENT), 10),
    Row(.notARegularFile(path: "/store/blob", kind: "directory"), 52),
    Row(.changedWhileReading(byte: 7), 11),
    Row(.emptyFile, 53),
    Row(.unrecognizedFormat(firstBytes: "89 50"), upload: 50, reading: 202, running: 202),
    Row(.picture(type: "PNG"), upload: 50, reading: 201, running: 201),
    Row(.unsupportedFormat(name: "STEP", supported: ["STL"]), upload: 50, reading: 202, running: 900),
    Row(.lengthMismatch(declaredFacets: 2, expectedBytes: 184, actualBytes: 134), 202),
    Row(.syntax(format: .stl, location: .line(3), expected: "a number", found: "x"), 202),
    Row(.truncated(format: .stl, location: .byte(90), inside: "facet 0"), 202),
    Row(.nonFiniteCoordinate(facet: 4, location: .byte(284)), 202),
    Row(.noTriangles(format: .stl), 202),
  ]

  @Test(arguments: rows)
  func everyErrorHasACodeAndKeepsItsDescription(row: Row) {
    for (stage, code) in [
      (ToolkitFailure.Stage.upload, row.upload), (.reading, row.reading), (.running(.analyze), row.running),
    ] {
      let failure = ToolkitFailure(row.error, during: stage)
      #expect(failure.entries.map(\.error.code.rawValue) == [code])
      #expect(failure.entries[0].detail == row.error.description)
      #expect(failure.entries[0].message.hasPrefix(failure.first.message))
      #expect(failure.entries[0].message.contains(row.error.description))
    }
  }

  @Test(arguments: rows)
  func theServersPathsStayWithTheServer(row: Row) {
    for stage in [ToolkitFailure.Stage.upload, .reading, .running(.export)] {
      let failure = ToolkitFailure(row.error, during: stage, file: "f-1")
      #expect(!failure.json.text().contains("/store"))
    }
  }

  @Test func aMissingFileIsCalledByTheNameItsOwnerKnows() {
    let error = MeshError.file(path: "/store/blob", action: .open, errno: ENOENT)
    #expect(ToolkitFailure(error, during: .reading, file: "f-1").first == .fileNotFound(id: "f-1"))
    #expect(ToolkitFailure(error, during: .reading).first == .fileNotFound(id: "/store/blob"))
  }

  @Test func aTemporaryErrorSaysWhomToAsk() {
    let settings = ToolkitSettings(contact: "ops@example.com")
    let failure = ToolkitFailure(.changedWhileReading(byte: 1), during: .reading, settings)
    #expect(failure.first == .temporaryError(contact: "ops@example.com"))
    #expect(failure.exitStatus == .retryLater)
  }

  @Test func anExportFormatTheEngineCannotWriteIsNamed() {
    let error = MeshError.unsupportedFormat(name: "STEP", supported: ["STL"])
    #expect(ToolkitFailure(error, during: .running(.export)).first == .unsupportedExportFormat("STEP"))
  }

  @Test func aScaleThatDrivesCoordinatesOutOfRangeIsAFactorOutOfRange() throws {
    let far = try Mesh(
      positions: [SIMD3(1e37, 0, 0), SIMD3(2e37, 0, 0), SIMD3(1e37, 1, 0)], triangles: [Triangle(0, 1, 2)])
    let request = try ToolkitContract.validate(.scale, ["axis": "X", "scaleToSizeMm": 1e39], input: .given)
    let failure = #expect(throws: ToolkitFailure.self) {
      try request.run(OperationInput(far), ToolkitSettings(), RunContext(threads: 1))
    }
    #expect(failure?.first == .scaleOutOfRange)
  }
}
