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
#endif
