#if CommandLine
  import FacetOperations

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
#endif
