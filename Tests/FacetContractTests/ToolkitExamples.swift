import FacetContract
import Testing

/// An error of every case, and what stands in the open place of its text.
enum ToolkitExamples {
  struct Example: Sendable, CustomTestStringConvertible {
    var error: ToolkitError
    var value = ""
    var httpStatus: Int
    var exitStatus: ToolkitError.ExitStatus

    init(
      _ error: ToolkitError, _ value: String = "", http: Int = 400, exit: ToolkitError.ExitStatus
    ) {
      self.error = error
      self.value = value
      httpStatus = http
      exitStatus = exit
    }

    var testDescription: String { "\(error.code.rawValue)" }
  }

  static let all: [Example] = [
    Example(.serverError, http: 500, exit: .failed),
    Example(
      .temporaryError(contact: "ops@example.com"), "ops@example.com", http: 503, exit: .retryLater),
    Example(.accessDenied(.missingOrInvalid), http: 401, exit: .wrongRequest),
    Example(.accessDenied(.insufficient), http: 403, exit: .wrongRequest),
    Example(.invalidParameter("width"), "width", exit: .wrongRequest),
    Example(.notAnSTLFile, exit: .failed),
    Example(.fileTooBig, http: 413, exit: .failed),
    Example(.fileNotFound(id: "f-1"), "f-1", http: 404, exit: .failed),
    Example(.fileEmpty, exit: .failed),
    Example(.chunkTooBig, http: 413, exit: .failed),
    Example(.chunkedUploadCommit(details: "Chunk 3 is missing."), "Chunk 3 is missing.", exit: .failed),
    Example(.chunkEmpty, exit: .failed),
    Example(.fileExists(id: "f-2"), "f-2", http: 409, exit: .failed),
    Example(.subscriptionExpired, http: 402, exit: .failed),
    Example(.uploadLimitReached, http: 429, exit: .failed),
    Example(.operationRequestFailed, exit: .failed),
    Example(.operationNotFound(id: "o-1"), "o-1", http: 404, exit: .wrongRequest),
    Example(.timeout, exit: .failed),
    Example(.operationNotFinished(operation: "id o-2"), "id o-2", http: 409, exit: .failed),
    Example(.operationFailed, http: 500, exit: .failed),
    Example(.unsupportedMeasurementUnits, exit: .wrongRequest),
    Example(.conversionFailed, exit: .failed),
    Example(.noValidModel, exit: .failed),
    Example(.wrongMinimalWallThickness, exit: .wrongRequest),
    Example(.wrongAccuracyWallThickness, exit: .wrongRequest),
    Example(.modelTooBig, exit: .failed),
    Example(.scaleOutOfRange, exit: .wrongRequest),
    Example(.wrongAxis, exit: .wrongRequest),
    Example(.wrongThumbnailSize, exit: .wrongRequest),
    Example(.wrongCameraAngle, exit: .wrongRequest),
    Example(.wrongAccuracyLevel, exit: .wrongRequest),
    Example(.invalidAccuracyMm, exit: .wrongRequest),
    Example(.invalidMaxAngle, exit: .wrongRequest),
    Example(.invalidNumberOfIterations, exit: .wrongRequest),
    Example(.invalidWallThickness, exit: .wrongRequest),
    Example(.unsupportedExportFormat("step"), "step", exit: .wrongRequest),
  ]
}
