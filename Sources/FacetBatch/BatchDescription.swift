#if CommandLine
  import FacetContract
  import FacetOperations

  /// What ``BatchFolder/describe(_:_:)`` wrote.
  struct BatchDescription: Equatable {
    var version: String
    var pipeline: PipelineRequest
    var inputs: [BatchInput]

    init?(json: JSONValue) {
      guard let version = json["version"]?.asString,
        let pipeline = json["pipeline"].flatMap({ try? PipelineRequest(json: $0) }),
        let inputs = json["inputs"]?.asArray
      else { return nil }
      self.version = version
      self.pipeline = pipeline
      self.inputs = inputs.compactMap { input in
        guard let name = input["name"]?.asString, let path = input["input"]?.asString else { return nil }
        return BatchInput(name: name, path: path)
      }
    }
  }
#endif
