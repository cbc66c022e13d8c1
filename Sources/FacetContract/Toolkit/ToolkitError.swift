/// Every error that the toolkit API documents, with what its text leaves open.
///
/// The texts are in `ToolkitError+Message.swift`, the HTTP and exit statuses in `ToolkitError+Status.swift`.
public enum ToolkitError: Error, Sendable, Hashable {
  // MARK: General

  case serverError
  /// - Parameter contact: The operator's address (``ToolkitSettings/contact``).
  case temporaryError(contact: String?)
  case accessDenied(Credentials)
  case invalidParameter(String)

  // MARK: Files

  case notAnSTLFile
  case fileTooBig
  case fileNotFound(id: String)
  case fileEmpty
  case chunkTooBig
  case chunkedUploadCommit(details: String)
  case chunkEmpty
  case fileExists(id: String)

  // MARK: Subscription

  case subscriptionExpired
  case uploadLimitReached

  // MARK: Operations

  case operationRequestFailed
  case operationNotFound(id: String)
  case timeout
  /// - Parameter operation: What has not finished, in the words of the text: `id 4711`.
  case operationNotFinished(operation: String)
  case operationFailed

  // MARK: Conversion

  case unsupportedMeasurementUnits
  case conversionFailed
  case noValidModel

  // MARK: One operation each

  case wrongMinimalWallThickness
  case wrongAccuracyWallThickness
  case modelTooBig
  case scaleOutOfRange
  case wrongAxis
  case wrongThumbnailSize
  case wrongCameraAngle
  case wrongAccuracyLevel
  case invalidAccuracyMm
  case invalidMaxAngle
  case invalidNumberOfIterations
  case invalidWallThickness
  case unsupportedExportFormat(String)

  /// Who asked for what is denied: the status depends on it.
  public enum Credentials: Sendable, Hashable {
    /// Nobody we know: the token is missing, wrong or expired.
    case missingOrInvalid
    /// Somebody we know, who may not do this.
    case insufficient
  }

  /// The documented numbers, all 35.
  public enum Code: Int, Sendable, CaseIterable {
    case serverError = 10
    case temporaryError = 11
    case accessDenied = 12
    case invalidParameter = 13
    case notAnSTLFile = 50
    case fileTooBig = 51
    case fileNotFound = 52
    case fileEmpty = 53
    case chunkTooBig = 54
    case chunkedUploadCommit = 55
    case chunkEmpty = 56
    case fileExists = 57
    case subscriptionExpired = 60
    case uploadLimitReached = 61
    case operationRequestFailed = 70
    case operationNotFound = 71
    case timeout = 72
    case operationNotFinished = 73
    case operationFailed = 74
    case unsupportedMeasurementUnits = 200
    case conversionFailed = 201
    case noValidModel = 202
    case wrongMinimalWallThickness = 300
    case wrongAccuracyWallThickness = 301
    case modelTooBig = 302
    case scaleOutOfRange = 400
    case wrongAxis = 401
    case wrongThumbnailSize = 500
    case wrongCameraAngle = 501
    case wrongAccuracyLevel = 600
    case invalidAccuracyMm = 700
    case invalidMaxAngle = 701
    case invalidNumberOfIterations = 702
    case invalidWallThickness = 800
    case unsupportedExportFormat = 900
  }

  public var code: Code {
    switch self {
    case .serverError: .serverError
    case .temporaryError: .temporaryError
    case .accessDenied: .accessDenied
    case .invalidParameter: .invalidParameter
    case .notAnSTLFile: .notAnSTLFile
    case .fileTooBig: .fileTooBig
    case .fileNotFound: .fileNotFound
    case .fileEmpty: .fileEmpty
    case .chunkTooBig: .chunkTooBig
    case .chunkedUploadCommit: .chunkedUploadCommit
    case .chunkEmpty: .chunkEmpty
    case .fileExists: .fileExists
    case .subscriptionExpired: .subscriptionExpired
    case .uploadLimitReached: .uploadLimitReached
    case .operationRequestFailed: .operationRequestFailed
    case .operationNotFound: .operationNotFound
    case .timeout: .timeout
    case .operationNotFinished: .operationNotFinished
    case .operationFailed: .operationFailed
    case .unsupportedMeasurementUnits: .unsupportedMeasurementUnits
    case .conversionFailed: .conversionFailed
    case .noValidModel: .noValidModel
    case .wrongMinimalWallThickness: .wrongMinimalWallThickness
    case .wrongAccuracyWallThickness: .wrongAccuracyWallThickness
    case .modelTooBig: .modelTooBig
    case .scaleOutOfRange: .scaleOutOfRange
    case .wrongAxis: .wrongAxis
    case .wrongThumbnailSize: .wrongThumbnailSize
    case .wrongCameraAngle: .wrongCameraAngle
    case .wrongAccuracyLevel: .wrongAccuracyLevel
    case .invalidAccuracyMm: .invalidAccuracyMm
    case .invalidMaxAngle: .invalidMaxAngle
    case .invalidNumberOfIterations: .invalidNumberOfIterations
    case .invalidWallThickness: .invalidWallThickness
    case .unsupportedExportFormat: .unsupportedExportFormat
    }
  }
}
