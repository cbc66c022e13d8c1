import Facet
import FacetOperations

/// Why a job of the generation API failed: its `error_code` and `error_message`.
public struct GenerationJobError: Error, Sendable, Hashable {
  public let code: Code
  /// What is known beyond the code, for people: the constraint that cannot hold, the word not understood.
  public let detail: String?

  public init(_ code: Code, detail: String? = nil) {
    self.code = code
    self.detail = detail
  }

  /// The documented codes of jobs, all six.
  public enum Code: String, Sendable, CaseIterable {
    case geometryValidationFailed = "geometry_validation_failed"
    case promptTooAmbiguous = "prompt_too_ambiguous"
    case codeGenerationFailed = "code_generation_failed"
    case sandboxTimeout = "sandbox_timeout"
    case exportFailed = "export_failed"
    case internalError = "internal_error"
  }

  /// The job's `error_message`. Ours, after the causes and actions that the documentation lists.
  public var message: String {
    let text =
      switch code {
      case .geometryValidationFailed:
        "The geometry was rejected: remove conflicting constraints, or break the part into separate jobs"
      case .promptTooAmbiguous:
        "The prompt is not specific enough: add explicit dimensions, feature names and reference faces"
      case .codeGenerationFailed:
        "The prompt could not be turned into geometry: try once more, then simplify it or use pro mode"
      case .sandboxTimeout:
        "The geometry took too long: it may be too complex for this design_mode; try pro or assembly"
      case .exportFailed:
        "The geometry was made, but could not be written as a file; submit the job again"
      case .internalError:
        "Unexpected server-side error; submit the job again a little later"
      }
    return if let detail { "\(text) (\(detail))" } else { text }
  }

  /// The members that a failed job shows.
  public var fields: [JSONValue.Member] {
    [.init("error_code", .string(code.rawValue)), .init("error_message", .string(message))]
  }
}

extension GenerationJobError {
  /// What was going on when the engine gave up.
  public enum Stage: Sendable, Hashable {
    case generating
    case exporting
  }

  /// The engine's error as the API says it. Ours throughout.
  ///
  /// Details are given only where the prompt is at fault; the others could show the server's paths.
  public init(_ error: MeshError, during stage: Stage) {
    switch error {
    case .cancelled:
      // Only a deadline stops a job from outside.
      self.init(.sandboxTimeout)
    case .memoryBudgetExceeded:
      // The documented advice, to try again later, is right: the budget is shared.
      self.init(.internalError)
    case .emptyMesh, .nonFinitePosition, .tooManyTriangles, .noExtent, .invalidOption:
      // Dimensions that contradict each other leave nothing, go to infinity or ask for too much.
      self =
        stage == .exporting
        ? GenerationJobError(.exportFailed)
        : GenerationJobError(.geometryValidationFailed, detail: error.description)
    case .unsupportedFormat:
      self.init(.exportFailed)
    case .file(_, let action, _):
      switch action {
      case .write, .rename: self.init(.exportFailed)
      case .open, .read: self.init(stage == .exporting ? .exportFailed : .internalError)
      }
    case .notARegularFile:
      self.init(stage == .exporting ? .exportFailed : .internalError)
    case .vertexIndexOutOfRange, .colorCountMismatch, .imageEncoding:
      // The engine made a mesh that does not hold together.
      self.init(.internalError)
    case .changedWhileReading, .emptyFile, .unrecognizedFormat, .picture, .lengthMismatch, .syntax,
      .truncated,
      .nonFiniteCoordinate, .noTriangles:
      // No user's file is read here, so it was one of ours.
      self.init(.internalError)
    }
  }
}
