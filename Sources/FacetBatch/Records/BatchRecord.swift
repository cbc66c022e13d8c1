import FacetContract
import FacetOperations

/// What came of one file: a line of `report.jsonl`.
public struct BatchRecord: Sendable, Hashable {
  /// ``BatchInput/name``.
  public var name: String
  /// ``BatchInput/path``, as it was given.
  public var input: String
  public var outcome: Outcome
  /// SHA-256 of the file, 64 hexadecimal digits; nil when it could not be opened, as ``bytes`` is then.
  public var sha256: String?
  public var bytes: Int?
  /// The version of Facet that did it.
  public var version: String
  /// ``FacetContract/PipelineRequest/fingerprint`` of the steps.
  public var pipeline: String
  /// What went wrong; empty when it is done.
  public var errors: [Problem] = []
  /// The limit that ended the work; nil for any other failure.
  public var limit: Limit?
  /// What is odd about the file.
  public var warnings: [String] = []
  /// The steps that were done, in order: reading the file (`import`) and those of the pipeline.
  public var steps: [Step] = []
  /// The files that were made.
  public var outputs: [Output] = []
  /// Pictures for the report.
  public var pictures: [Picture] = []
  /// What differs from run to run; nil in merged reports.
  public var timings: Timings?

  public enum Outcome: String, Sendable, CaseIterable {
    case done
    /// The file is at fault, or a limit: it would fail again.
    case failed
    /// The machine is: a full disk, say. It may go better next time.
    case stopped
    /// There is no record of it (yet).
    case missing
  }

  public struct Problem: Sendable, Hashable {
    /// As the toolkit API documents it.
    public var code: Int
    public var message: String
    /// The operation during which it happened.
    public var step: String
  }

  /// Notes what went wrong, and during which operation.
  mutating func note(_ failure: ToolkitFailure, during step: String) {
    errors = failure.entries.map { Problem(code: $0.error.code.rawValue, message: $0.message, step: step) }
  }

  public enum Limit: Sendable, Hashable {
    case seconds(Double)
    case bytes(Int)
  }

  public struct Step: Sendable, Hashable {
    public var operation: String
    public var parameters: JSONValue
    /// The operation's result fields.
    public var figures: JSONValue
  }

  public struct Output: Sendable, Hashable {
    /// Below the folder of the batch.
    public var path: String
    public var bytes: Int
    public var sha256: String
  }

  public struct Picture: Sendable, Hashable {
    public var shows: Subject
    /// Below the folder of the batch.
    public var path: String

    public enum Subject: String, Sendable {
      /// The part before and after, side by side, with what changed in colour.
      case changes
      /// The part.
      case part
      /// The part in the colours of its wall thickness.
      case walls
      /// The part cut open.
      case section
    }
  }

  public struct Timings: Sendable, Hashable {
    /// When the work ended, as ISO 8601 in UTC.
    public var finished: String
    public var seconds: Double
    public var steps: [(operation: String, seconds: Double)]

    public static func == (a: Timings, b: Timings) -> Bool {
      a.finished == b.finished && a.seconds == b.seconds && a.steps.elementsEqual(b.steps, by: ==)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(finished) }
  }

  init(_ input: BatchInput, _ outcome: Outcome, version: String, pipeline: String) {
    name = input.name
    self.input = input.path
    self.outcome = outcome
    self.version = version
    self.pipeline = pipeline
  }
}
