import FacetOperations

extension BatchRecord {
  /// The record as a JSON object; on one line it is one of `report.jsonl`.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("input", .string(input)),
      .init("outcome", .string(outcome.rawValue)),
      .init("sha256", sha256.map(JSONValue.string) ?? .null),
      .init("bytes", bytes.map(JSONValue.integer) ?? .null),
      .init("version", .string(version)), .init("pipeline", .string(pipeline)),
      .init("errors", .array(errors.map(\.json))),
    ]
    switch limit {
    case .seconds(let seconds): members.append(.init("limit", ["seconds": .number(seconds)]))
    case .bytes(let bytes): members.append(.init("limit", ["bytes": .integer(bytes)]))
    case nil: break
    }
    members += [
      .init("warnings", .array(warnings.map(JSONValue.string))), .init("steps", .array(steps.map(\.json))),
      .init("outputs", .array(outputs.map(\.json))), .init("pictures", .array(pictures.map(\.json))),
    ]
    if let timings { members.append(.init("timings", timings.json)) }
    return .object(members)
  }

  /// - Returns: nil for what is no record.
  public init?(json: JSONValue) {
    guard let name = json["name"]?.asString, let input = json["input"]?.asString,
      let outcome = (json["outcome"]?.asString).flatMap(Outcome.init),
      let version = json["version"]?.asString,
      let pipeline = json["pipeline"]?.asString
    else { return nil }
    self.init(BatchInput(name: name, path: input), outcome, version: version, pipeline: pipeline)
    sha256 = json["sha256"]?.asString
    bytes = json["bytes"]?.asInteger
    if let seconds = json["limit"]?["seconds"]?.asNumber { limit = .seconds(seconds) }
    if let bytes = json["limit"]?["bytes"]?.asInteger { limit = .bytes(bytes) }
    func list<Element>(_ name: String, _ read: (JSONValue) -> Element?) -> [Element] {
      (json[name]?.asArray ?? []).compactMap(read)
    }
    errors = list("errors", Problem.init)
    warnings = list("warnings", \.asString)
    steps = list("steps", Step.init)
    outputs = list("outputs", Output.init)
    pictures = list("pictures", Picture.init)
    timings = json["timings"].flatMap(Timings.init)
  }
}

extension BatchRecord.Problem {
  var json: JSONValue {
    ["code": .integer(code), "message": .string(message), "step": .string(step)]
  }

  fileprivate init?(json: JSONValue) {
    guard let code = json["code"]?.asInteger, let message = json["message"]?.asString else { return nil }
    self.init(code: code, message: message, step: json["step"]?.asString ?? "")
  }
}

extension BatchRecord.Step {
  fileprivate var json: JSONValue {
    ["operation": .string(operation), "parameters": parameters, "figures": figures]
  }

  fileprivate init?(json: JSONValue) {
    guard let operation = json["operation"]?.asString else { return nil }
    self.init(
      operation: operation, parameters: json["parameters"] ?? .object([]),
      figures: json["figures"] ?? .object([]))
  }
}

extension BatchRecord.Output {
  var json: JSONValue { ["path": .string(path), "bytes": .integer(bytes), "sha256": .string(sha256)] }

  init?(json: JSONValue) {
    guard let path = json["path"]?.asString, let bytes = json["bytes"]?.asInteger,
      let sha256 = json["sha256"]?.asString
    else { return nil }
    self.init(path: path, bytes: bytes, sha256: sha256)
  }
}

extension BatchRecord.Picture {
  fileprivate var json: JSONValue { ["shows": .string(shows.rawValue), "path": .string(path)] }

  fileprivate init?(json: JSONValue) {
    guard let shows = (json["shows"]?.asString).flatMap(Subject.init), let path = json["path"]?.asString
    else {
      return nil
    }
    self.init(shows: shows, path: path)
  }
}

extension BatchRecord.Timings {
  fileprivate var json: JSONValue {
    [
      "finished": .string(finished), "seconds": .number(seconds),
      "steps": .array(steps.map { ["operation": .string($0.operation), "seconds": .number($0.seconds)] }),
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let finished = json["finished"]?.asString, let seconds = json["seconds"]?.asNumber else {
      return nil
    }
    self.init(
      finished: finished, seconds: seconds,
      steps: (json["steps"]?.asArray ?? []).compactMap { step in
        guard let operation = step["operation"]?.asString, let seconds = step["seconds"]?.asNumber else {
          return nil
        }
        return (operation, seconds)
      })
  }
}
