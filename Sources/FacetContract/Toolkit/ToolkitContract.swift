import FacetOperations

/// The door: raw input becomes an ``OperationRequest`` here, or a ``ToolkitFailure`` that names everything
/// wrong with it. Nothing behind it checks again.
public enum ToolkitContract {
  /// How the caller gets at the input.
  public enum InputSource: Sendable, Hashable {
    /// The request names it, by `inputId` or `fileId`.
    case reference
    /// The caller holds it: a file on the command line, the mesh of the step before.
    case given
  }

  /// Validates a request by the operation's documented name.
  ///
  /// - Throws: Code 71 for a name that is no operation's (Ours), else as
  ///   ``validate(_:_:input:)-(OperationName,_,_)``.
  public static func validate(
    _ name: String, _ body: JSONValue, input: InputSource = .reference
  ) throws(ToolkitFailure) -> OperationRequest {
    guard let operation = OperationName(rawValue: name) else { throw unknownOperation(name) }
    return try validate(operation, body, input: input)
  }

  /// Validates a request.
  ///
  /// `null` counts as absent, unknown members are ignored, words may be in upper or lower case.
  ///
  /// - Parameter body: An object with the members of ``ToolkitForm``.
  /// - Throws: An error for each wrong parameter: 13 for one that is missing or of the wrong JSON type, the
  ///   field's own code for a value that is not allowed.
  public static func validate(
    _ operation: OperationName, _ body: JSONValue, input: InputSource = .reference
  ) throws(ToolkitFailure) -> OperationRequest {
    guard body.asMembers != nil else {
      throw ToolkitFailure(
        .invalidParameter("body"), detail: "it is \(body.kindInWords); give a JSON object")
    }
    let form = ToolkitForm.of(operation)
    var errors: [ToolkitFailure.Entry] = []
    func value(of field: ToolkitField) -> JSONValue? {
      guard let raw = body[field.name], raw != .null else {
        if field.isRequired { errors += field.missing.entries }
        return nil
      }
      do {
        return try field.validated(raw)
      } catch {
        errors += error.entries
        return nil
      }
    }

    var reference: OperationRequest.Input?
    if input == .reference {
      let ids = form.inputs.map { ($0, value(of: .id($0.rawValue))?.asString) }
      if let (field, id) = ids.first(where: { $0.1 != nil }), let id {
        reference = field == .inputId ? .model(id) : .file(id)
      } else if errors.isEmpty {
        errors += ToolkitField.id(form.inputs[0].rawValue, required: true).missing.entries
      }
    }

    var values: [JSONValue.Member] = []
    for field in form.fields {
      if let value = value(of: field) { values.append(.init(field.name, value)) }
    }
    if case .file = reference, operation == .stlConversion, isAbsent("measurementUnits", in: body),
      let units = form.fields.first(where: { $0.name == "measurementUnits" })
    {
      errors += units.missing.entries
    }
    let callback = value(of: callbackURL)?.asString

    if let failure = ToolkitFailure(errors) { throw failure }
    return OperationRequest(
      operation: operation, input: reference, arguments: Arguments(validated: values),
      callbackURL: callback)
  }

  /// Validates parameters as the command line has them: by their option names (`scale-to-size-mm`; the API's
  /// spelling does too), with their values as text; nil turns a switch on.
  ///
  /// Ours: a text that is no number, where one is due, has the wrong type: code 13, as a JSON string would.
  /// Unlike in JSON, an unknown name is an error (13): somebody typed it.
  public static func validate(
    _ operation: OperationName, options: [(name: String, value: String?)]
  ) throws(ToolkitFailure) -> OperationRequest {
    let form = ToolkitForm.of(operation)
    var members: [JSONValue.Member] = []
    var unknown: [ToolkitFailure.Entry] = []
    for (name, text) in options {
      if let field = form.fields.first(where: { $0.name == name || $0.optionName == name }) {
        members.append(.init(field.name, JSONValue(option: text, field.kind)))
      } else {
        let known = form.fields.map(\.optionName)
        let hint =
          known.isEmpty ? "it takes no parameters" : "there are \(known.joined(separator: ", "))"
        unknown.append(
          .init(
            .invalidParameter(name.shortened), detail: "\(operation.rawValue) has no such parameter; \(hint)")
        )
      }
    }
    let request: OperationRequest
    do throws(ToolkitFailure) {
      request = try validate(operation, .object(members), input: .given)
    } catch {
      throw ToolkitFailure(unknown + error.entries) ?? error
    }
    if let failure = ToolkitFailure(unknown) { throw failure }
    return request
  }

  /// Validates the steps of a pipeline (`PipelineStep`).
  ///
  /// - Throws: Code 13 naming `steps` when they cannot be read; 71 for a step that is no operation's name;
  ///   otherwise what is wrong with all of the steps.
  public static func validate(steps text: String) throws(ToolkitFailure) -> [OperationRequest] {
    let steps: [PipelineStep]
    do {
      steps = try PipelineStep.parse(text)
    } catch {
      throw ToolkitFailure(.invalidParameter("steps"), detail: error.description)
    }
    var requests: [OperationRequest] = []
    var errors: [ToolkitFailure.Entry] = []
    for step in steps {
      do throws(ToolkitFailure) {
        guard let operation = OperationName(nameOrAlias: step.operation) else {
          throw unknownOperation(step.operation)
        }
        requests.append(
          try validate(operation, options: step.parameters.map { ($0.name, $0.value) }))
      } catch {
        errors += error.entries
      }
    }
    if let failure = ToolkitFailure(errors) { throw failure }
    return requests
  }

  /// Every POST takes it. Ours: on completion the status is sent there.
  static let callbackURL = ToolkitField.ours("callbackUrl", .text, .webAddress)

  private static func isAbsent(_ name: String, in body: JSONValue) -> Bool {
    body[name] == nil || body[name] == .null
  }

  static func unknownOperation(_ name: String) -> ToolkitFailure {
    let names = OperationCatalog.all.map { $0.name.rawValue }.joined(separator: ", ")
    return ToolkitFailure(
      .operationNotFound(id: name.shortened), detail: "there is no such operation; there are \(names)")
  }
}

extension ToolkitField {
  static func id(_ name: String, required: Bool = false) -> ToolkitField {
    documented(name, .text, required: required, .nonEmpty, else: .invalidParameter(name))
  }
}

extension JSONValue {
  /// A value as the command line has it, read as a parameter of this kind. A text that is not of the kind
  /// stays a text, so validation refuses it as it would refuse the same JSON.
  ///
  /// - Parameter text: nil for a switch that is only named.
  public init(option text: String?, _ kind: ParameterKind) {
    guard let text else {
      self = .bool(true)
      return
    }
    switch kind {
    case .bool:
      switch text.lowercased() {
      case "true", "yes", "on", "1": self = .bool(true)
      case "false", "no", "off", "0": self = .bool(false)
      default: self = .string(text)
      }
    case .integer, .number:
      if let whole = Int(text) {
        self = .integer(whole)
      } else if text.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(text),
        number.isFinite
      {
        // Swift reads "nan", "inf" and hexadecimal too, which JSON does not know.
        self = .number(number)
      } else {
        self = .string(text)
      }
    case .text, .choice: self = .string(text)
    }
  }
}
