#if CommandLine
  import FacetContract
  import FacetOperations

  /// What is the same for all files of a batch: what a worker is told first.
  struct WorkSetup: Sendable {
    var pipeline: PipelineRequest
    var folder: BatchFolder
    /// Where this worker may leave what is not complete.
    var scratch: String
    var drawsPictures: Bool
    /// Threads that one file is worked on with.
    var threads: Int
    /// Bytes for one file while others are worked on; and when it is alone.
    var share: Int
    var budget: Int
    /// Seconds for one file.
    var timeout: Double

    var json: JSONValue {
      [
        "pipeline": pipeline.json, "folder": .string(folder.path), "scratch": .string(scratch),
        "drawsPictures": .bool(drawsPictures), "threads": .integer(threads), "share": .integer(share),
        "budget": .integer(budget), "timeout": .number(timeout),
      ]
    }
  }

  extension WorkSetup {
    init?(json: JSONValue) {
      guard let pipeline = json["pipeline"].flatMap({ try? PipelineRequest(json: $0) }),
        let folder = json["folder"]?.asString, let scratch = json["scratch"]?.asString,
        let drawsPictures = json["drawsPictures"]?.asBool, let threads = json["threads"]?.asInteger,
        let share = json["share"]?.asInteger, let budget = json["budget"]?.asInteger,
        let timeout = json["timeout"]?.asNumber
      else { return nil }
      self.init(
        pipeline: pipeline, folder: BatchFolder(folder), scratch: scratch, drawsPictures: drawsPictures,
        threads: threads, share: share, budget: budget, timeout: timeout)
    }
  }

  /// A file to be worked on.
  struct WorkTask: Sendable {
    var input: BatchInput
    /// What an earlier run made of it, with the same steps and version: nothing is to be done when the file and the
    /// results are still the same.
    var known: Known?
    /// Whether nothing else is worked on meanwhile, so that it may have all of the memory.
    var isAlone = false

    struct Known: Sendable {
      var sha256: String
      var outputs: [BatchRecord.Output]
      var outcome: BatchRecord.Outcome
    }

    /// What is told when what is known still holds.
    var unchanged: BatchResult { .unchanged(input, known?.outcome ?? .done) }

    var json: JSONValue {
      var members: [JSONValue.Member] = [
        .init("name", .string(input.name)), .init("input", .string(input.path)),
        .init("isAlone", .bool(isAlone)),
      ]
      if let known {
        members.append(
          .init(
            "known",
            [
              "sha256": .string(known.sha256), "outputs": .array(known.outputs.map(\.json)),
              "outcome": .string(known.outcome.rawValue),
            ]))
      }
      return .object(members)
    }
  }

  extension WorkTask {
    init?(json: JSONValue) {
      guard let name = json["name"]?.asString, let path = json["input"]?.asString,
        let isAlone = json["isAlone"]?.asBool
      else { return nil }
      self.init(input: BatchInput(name: name, path: path), isAlone: isAlone)
      if let known = json["known"], let sha256 = known["sha256"]?.asString,
        let outcome = (known["outcome"]?.asString).flatMap(BatchRecord.Outcome.init)
      {
        let outputs = (known["outputs"]?.asArray ?? []).compactMap(BatchRecord.Output.init)
        self.known = Known(sha256: sha256, outputs: outputs, outcome: outcome)
      }
    }
  }

  /// What a worker says.
  enum WorkNews: Sendable {
    /// Where it is, so that its end can be told: the step, and what is known of the file.
    case step(String, sha256: String?, bytes: Int?)
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
      case .record(let record): ["record": record.json]
      case .unchanged: "unchanged"
      case .needsMore: "needsMore"
      case .dropped: "dropped"
      }
    }

    init?(json: JSONValue) {
      if let record = json["record"].flatMap(BatchRecord.init) {
        self = .record(record)
      } else if let step = json["step"]?.asString {
        self = .step(step, sha256: json["sha256"]?.asString, bytes: json["bytes"]?.asInteger)
      } else {
        switch json.asString {
        case "unchanged": self = .unchanged
        case "needsMore": self = .needsMore
        case "dropped": self = .dropped
        default: return nil
        }
      }
    }
  }
#endif
