#if CommandLine
  import FacetOperations

  /// What a worker says.
  enum WorkNews: Sendable {
    /// Where it is, so that its end can be told: the step, and what is known of the file.
    case step(String, sha256: String?, bytes: Int?)
    /// All steps are done, and their results are being written: the next task may be sent.
    case finishing
    /// The task is done or has failed.
    case record(BatchRecord)
    /// What was known still holds.
    case unchanged
    /// It takes more than its share of the memory, and is to be given again when it can be alone.
    case needsMore
    /// It was asked to stop.
    case dropped

    var json: JSONValue {
      switch self {
      case .step(let step, let sha256, let bytes):
        [
          "step": .string(step), "sha256": sha256.map(JSONValue.string) ?? .null,
          "bytes": bytes.map(JSONValue.integer) ?? .null,
        ]
      case .finishing: "finishing"
      case .record(let record): ["record": record.json]
      case .unchanged: "unchanged"
      case .needsMore: "needsMore"
      case .dropped: "dropped"
      }
    }

    /// Whether a line is a record, which takes longer to read than all else that is said.
    static func isRecord(_ line: [UInt8]) -> Bool { line.starts(with: #"{"record":"#.utf8) }

    /// - Returns: nil for what no worker says.
    init?(line: [UInt8]) {
      guard let json = try? JSONValue(parsing: line) else { return nil }
      self.init(json: json)
    }

    init?(json: JSONValue) {
      if let record = json["record"].flatMap(BatchRecord.init) {
        self = .record(record)
      } else if let step = json["step"]?.asString {
        self = .step(step, sha256: json["sha256"]?.asString, bytes: json["bytes"]?.asInteger)
      } else {
        switch json.asString {
        case "finishing": self = .finishing
        case "unchanged": self = .unchanged
        case "needsMore": self = .needsMore
        case "dropped": self = .dropped
        default: return nil
        }
      }
    }
  }
#endif
