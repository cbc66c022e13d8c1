import FacetOperations

/// A validated pipeline: how files are read, and the operations on each, one after the other.
///
/// As JSON it is `{"measurementUnits": "mm", "salvage": false, "steps": […]}`, where a step is an operation's name
/// (with parameters as on the command line, if any) or an object with `operation` and the API's parameters:
/// `{"operation": "scale", "axis": "X", "scaleToSizeMm": 10}`. Only `steps` must be there.
public struct PipelineRequest: Sendable, Hashable {
  /// `import`, with the units and whether to salvage.
  public let reading: OperationRequest
  /// At least one.
  public let steps: [OperationRequest]

  private static let readingMembers = ["measurementUnits", "salvage"]

  /// - Parameters:
  ///   - reading: The parameters of `import` by their API names; units left out are millimetres.
  ///   - steps: As ``ToolkitContract/validate(steps:)`` reads them.
  /// - Throws: Everything that is wrong with either.
  public init(reading: [JSONValue.Member] = [], steps: String) throws(ToolkitFailure) {
    self.init(
      reading: try PipelineRequest.reading(reading), steps: try ToolkitContract.validate(steps: steps))
  }

  /// - Throws: Code 13 for a member that is missing, unknown or of the wrong type, 71 for a step that is no operation,
  ///   otherwise what is wrong with all of the steps.
  public init(json: JSONValue) throws(ToolkitFailure) {
    guard let members = json.asMembers else {
      throw ToolkitFailure(
        .invalidParameter("pipeline"),
        detail: "it is \(json.kindInWords); give an object with a list of steps")
    }
    var errors: [ToolkitFailure.Entry] = []
    for member in members
    where member.name != "steps" && !PipelineRequest.readingMembers.contains(member.name) {
      errors.append(
        .init(
          .invalidParameter(member.name.shortened),
          detail: "a pipeline has measurementUnits, salvage and steps, and nothing else"))
    }
    var reading: OperationRequest?
    do throws(ToolkitFailure) {
      reading = try PipelineRequest.reading(
        members.filter { PipelineRequest.readingMembers.contains($0.name) })
    } catch {
      errors += error.entries
    }
    var steps: [OperationRequest] = []
    if let list = json["steps"]?.asArray, !list.isEmpty {
      for step in list {
        do throws(ToolkitFailure) {
          steps += try PipelineRequest.step(step)
        } catch {
          errors += error.entries
        }
      }
    } else {
      errors.append(.init(.invalidParameter("steps"), detail: "give a list of at least one step"))
    }
    if let failure = ToolkitFailure(errors) { throw failure }
    self.init(reading: reading!, steps: steps)
  }

  private init(reading: OperationRequest, steps: [OperationRequest]) {
    self.reading = reading
    self.steps = steps
  }

  private static func reading(_ given: [JSONValue.Member]) throws(ToolkitFailure) -> OperationRequest {
    // What is left out is written out: one pipeline has one form.
    var members: [JSONValue.Member] = [.init("measurementUnits", "mm"), .init("salvage", false)]
    members += given.filter { $0.value != .null }
    return try ToolkitContract.validate(.import, .object(members), input: .given)
  }

  private static func step(_ step: JSONValue) throws(ToolkitFailure) -> [OperationRequest] {
    if let text = step.asString { return try ToolkitContract.validate(steps: text) }
    guard let members = step.asMembers, let name = step["operation"]?.asString else {
      throw ToolkitFailure(
        .invalidParameter("steps"),
        detail:
          "a step is an operation's name, or an object whose operation is one; not \(step.text().shortened)")
    }
    let parameters = members.filter { $0.name != "operation" }
    guard let operation = OperationName(nameOrAlias: name) else {
      throw ToolkitContract.unknownOperation(name)
    }
    let known = ToolkitForm.of(operation).fields.map(\.name)
    let unknown = parameters.filter { !known.contains($0.name) }.map {
      ToolkitFailure.Entry(
        .invalidParameter($0.name.shortened),
        detail: "\(operation.rawValue) has no such parameter; "
          + (known.isEmpty ? "it takes none" : "there are \(known.joined(separator: ", "))"))
    }
    if let failure = ToolkitFailure(unknown) { throw failure }
    return [try ToolkitContract.validate(operation, .object(parameters), input: .given)]
  }

  /// JSON that validates to the same pipeline, the same text for the same pipeline however it was written.
  public var json: JSONValue {
    .object(
      [
        .init("measurementUnits", reading.arguments.value("measurementUnits") ?? "mm"),
        .init("salvage", reading.arguments.value("salvage") ?? false),
        .init(
          "steps",
          .array(
            steps.map { .object([.init("operation", .string($0.operation.rawValue))] + $0.arguments.values) })
        ),
      ])
  }

  /// Each step as the command line takes it: `scale:axis=X:scale-to-size-mm=10`.
  public var words: [String] {
    steps.map { step in
      let fields = ToolkitForm.of(step.operation).fields
      return
        ([step.operation.rawValue]
        + step.arguments.values.map { value in
          let name = fields.first { $0.name == value.name }?.optionName ?? value.name
          return name + "=" + (value.value.asString ?? value.value.text())
        }).joined(separator: ":")
    }
  }
}
