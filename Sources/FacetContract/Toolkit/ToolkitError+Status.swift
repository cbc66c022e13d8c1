extension ToolkitError {
  /// The status of the HTTP response. Ours: the documentation says only "400 or higher".
  public var httpStatus: Int {
    switch self {
    case .accessDenied(.missingOrInvalid): 401
    case .accessDenied(.insufficient): 403
    case .fileNotFound, .operationNotFound: 404
    case .fileTooBig, .chunkTooBig: 413
    case .fileExists, .operationNotFinished: 409
    case .subscriptionExpired: 402
    case .uploadLimitReached: 429
    case .serverError, .operationFailed: 500
    case .temporaryError: 503
    case .invalidParameter, .notAnSTLFile, .fileEmpty, .chunkedUploadCommit, .chunkEmpty,
      .operationRequestFailed, .timeout, .unsupportedMeasurementUnits, .conversionFailed, .noValidModel,
      .wrongMinimalWallThickness, .wrongAccuracyWallThickness, .modelTooBig, .scaleOutOfRange, .wrongAxis,
      .wrongThumbnailSize, .wrongCameraAngle, .wrongAccuracyLevel, .invalidAccuracyMm, .invalidMaxAngle,
      .invalidNumberOfIterations, .invalidWallThickness, .unsupportedExportFormat:
      400
    }
  }

  /// Seconds for the `Retry-After` header, of an error that goes away by itself. Ours: half a minute.
  public var retryAfterSeconds: Int? {
    if case .temporaryError = self { 30 } else { nil }
  }

  /// The status that the command line exits with.
  public var exitStatus: ExitStatus {
    switch self {
    case .temporaryError:
      .retryLater
    case .accessDenied, .invalidParameter, .operationNotFound, .unsupportedMeasurementUnits,
      .wrongMinimalWallThickness, .wrongAccuracyWallThickness, .scaleOutOfRange, .wrongAxis,
      .wrongThumbnailSize, .wrongCameraAngle, .wrongAccuracyLevel, .invalidAccuracyMm, .invalidMaxAngle,
      .invalidNumberOfIterations, .invalidWallThickness, .unsupportedExportFormat:
      .wrongRequest
    case .serverError, .notAnSTLFile, .fileTooBig, .fileNotFound, .fileEmpty, .chunkTooBig,
      .chunkedUploadCommit, .chunkEmpty, .fileExists, .subscriptionExpired, .uploadLimitReached,
      .operationRequestFailed, .timeout, .operationNotFinished, .operationFailed, .conversionFailed,
      .noValidModel, .modelTooBig:
      .failed
    }
  }

  public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// The operation failed on this input.
    case failed = 1
    /// The request was wrong: arguments, limits.
    case wrongRequest = 2
    /// Worth trying again: out of disk or memory. `EX_TEMPFAIL` of sysexits.h.
    case retryLater = 75
  }
}
