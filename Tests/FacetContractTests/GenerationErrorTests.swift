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

@Suite struct GenerationErrorTests {
  struct Row: Sendable {
    var error: GenerationError
    var status: Int
    var code: String?
  }

  /// The documentation's table of request-time errors.
  static let rows: [Row] = [
    Row(error: .invalidAPIKey, status: 401, code: "invalid_api_key"),
    Row(
      error: .paymentRequired(neededCredits: 3, remainingCredits: 2), status: 402, code: "payment_required"),
    Row(error: .jobNotFound, status: 404, code: nil),
    Row(error: .outputExpired, status: 410, code: "output_expired"),
    Row(error: .invalidInput("prompt is required"), status: 422, code: "invalid_input"),
    Row(error: .imageParseFailed("image 1 must be at most 10 MB"), status: 422, code: "image_parse_failed"),
    Row(error: .quotaExceeded(retryAfterSeconds: 60), status: 429, code: "quota_exceeded"),
  ]

  @Test(arguments: rows)
  func callsAnswerWithTheDocumentedStatusAndShape(row: Row) {
    #expect(row.error.httpStatus == row.status)
    #expect(row.error.code?.rawValue == row.code)
    guard let code = row.code else {
      #expect(row.error.json == nil)
      return
    }
    let message = row.error.message ?? ""
    #expect(!message.isEmpty)
    #expect(row.error.json == ["error_code": .string(code), "message": .string(message)])
  }

  @Test func theCodesAreTheDocumentedTwelve() {
    #expect(GenerationError.Code.allCases.map(\.rawValue) == Self.rows.compactMap(\.code))
    #expect(
      GenerationJobError.Code.allCases.map(\.rawValue) == [
        "geometry_validation_failed", "prompt_too_ambiguous", "code_generation_failed", "sandbox_timeout",
        "export_failed", "internal_error",
      ])
    let all =
      ToolkitError.Code.allCases.count + GenerationError.Code.allCases.count
      + GenerationJobError.Code.allCases.count
    #expect(all == 47)
  }

  @Test func onlyTheRateLimitSaysWhenToRetry() {
    #expect(Self.rows.compactMap(\.error.retryAfterSeconds) == [60])
  }

  @Test(arguments: GenerationJobError.Code.allCases)
  func failedJobsShowCodeAndMessage(code: GenerationJobError.Code) {
    let plain = GenerationJobError(code)
    let detailed = GenerationJobError(code, detail: "the hole is wider than the plate")
    #expect(plain.fields.map(\.name) == ["error_code", "error_message"])
    #expect(plain.fields.map(\.value) == [.string(code.rawValue), .string(plain.message)])
    #expect(detailed.message == plain.message + " (the hole is wider than the plate)")
  }

  struct EngineRow: Sendable {
    var error: MeshError
    var generating: GenerationJobError.Code
    var exporting: GenerationJobError.Code

    init(_ error: MeshError, _ generating: GenerationJobError.Code, _ exporting: GenerationJobError.Code) {
      self.error = error
      self.generating = generating
      self.exporting = exporting
    }
  }

  static let engineRows: [EngineRow] = [
    EngineRow(.cancelled, .sandboxTimeout, .sandboxTimeout),
    EngineRow(
      .memoryBudgetExceeded(neededBytes: 2, budgetBytes: 1, purpose: "x"), .internalError, .internalError),
    EngineRow(.emptyMesh(operation: "difference"), .geometryValidationFailed, .exportFailed),
    EngineRow(.nonFinitePosition(vertex: 0), .geometryValidationFailed, .exportFailed),
    EngineRow(.tooManyTriangles(count: 2, limit: 1), .geometryValidationFailed, .exportFailed),
    EngineRow(
      .invalidOption(name: "radius", value: "-1", allowed: "positive"), .geometryValidationFailed,
      .exportFailed),
    EngineRow(.unsupportedFormat(name: "STEP", supported: []), .exportFailed, .exportFailed),
    EngineRow(.file(path: "/jobs/1", action: .write, errno: ENOSPC), .exportFailed, .exportFailed),
    EngineRow(.file(path: "/jobs/1", action: .rename, errno: EIO), .exportFailed, .exportFailed),
    EngineRow(.file(path: "/jobs/1", action: .open, errno: EACCES), .internalError, .exportFailed),
    EngineRow(.notARegularFile(path: "/jobs/1", kind: "FIFO"), .internalError, .exportFailed),
    EngineRow(.vertexIndexOutOfRange(triangle: 0, index: 1, vertexCount: 0), .internalError, .internalError),
    EngineRow(.colorCountMismatch(colors: 1, triangles: 2), .internalError, .internalError),
    EngineRow(.changedWhileReading(byte: 1), .internalError, .internalError),
    EngineRow(.emptyFile, .internalError, .internalError),
    EngineRow(.picture(type: "PNG"), .internalError, .internalError),
    EngineRow(.unrecognizedFormat(firstBytes: "00"), .internalError, .internalError),
    EngineRow(
      .lengthMismatch(declaredFacets: 1, expectedBytes: 134, actualBytes: 84), .internalError, .internalError),
    EngineRow(
      .syntax(format: .obj, location: .line(1), expected: "a", found: "b"), .internalError, .internalError),
    EngineRow(.truncated(format: .stl, location: .byte(1), inside: "x"), .internalError, .internalError),
    EngineRow(.nonFiniteCoordinate(facet: 0, location: .byte(84)), .internalError, .internalError),
    EngineRow(.noTriangles(format: .stl), .internalError, .internalError),
  ]

  @Test(arguments: engineRows)
  func engineErrorsAreJobErrorsWithoutTheServersPaths(row: EngineRow) {
    for (stage, code) in [
      (GenerationJobError.Stage.generating, row.generating), (.exporting, row.exporting),
    ] {
      let error = GenerationJobError(row.error, during: stage)
      #expect(error.code == code)
      #expect(!error.message.contains("/jobs"))
      #expect((error.detail != nil) == (code == .geometryValidationFailed))
    }
  }
}
