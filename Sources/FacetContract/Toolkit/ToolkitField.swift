import FacetOperations

/// A field of a request: what JSON it must be, and which values are allowed.
public struct ToolkitField: Sendable {
  public let name: String
  public let kind: ParameterKind
  public let isRequired: Bool
  /// Whether the documentation names it; what it does not name is Ours.
  public let isDocumented: Bool
  public let rule: Rule
  /// The error for a value that the rule excludes, given the value as text.
  let violation: @Sendable (String) -> ToolkitError

  /// The name on the command line, without the dashes in front: `scale-to-size-mm`.
  public var optionName: String { kebabCase(name) }

  /// Which values are allowed. All bounds are inclusive.
  public enum Rule: Sendable, Hashable {
    case anything
    case integers(ClosedRange<Int>)
    case oneOf([Int])
    case numbers(ClosedRange<Double>)
    case positive
    /// This whole number or a larger one.
    case atLeast(Int)
    /// Above 0, up to 1.
    case share
    /// One of these words, in upper or lower case.
    case words([String])
    /// A colour (`#rrggbb`, `#rrggbbaa`) or `transparent`.
    case color
    /// Points as ``PointList`` reads them.
    case points
    case webAddress
    case nonEmpty
  }

  /// A field that has an error of its own for values outside its rule.
  static func documented(
    _ name: String, _ kind: ParameterKind, required: Bool = false, _ rule: Rule,
    else violation: @escaping @Sendable (_ given: String) -> ToolkitError
  ) -> ToolkitField {
    ToolkitField(
      name: name, kind: kind, isRequired: required, isDocumented: true, rule: rule, violation: violation)
  }

  static func documented(
    _ name: String, _ kind: ParameterKind, required: Bool = false, _ rule: Rule, else violation: ToolkitError
  ) -> ToolkitField {
    documented(name, kind, required: required, rule) { _ in violation }
  }

  /// A field that no document names. Values outside its rule are code 13.
  static func ours(_ name: String, _ kind: ParameterKind, _ rule: Rule = .anything) -> ToolkitField {
    ToolkitField(name: name, kind: kind, isRequired: false, isDocumented: false, rule: rule) { _ in
      .invalidParameter(name)
    }
  }

  /// A field that no document names, with the words that the operation lists.
  static func ours(_ name: String, wordsOf operation: any MeshOperation.Type) -> ToolkitField {
    guard case .choice(let words) = operation.parameters.first(where: { $0.name == name })?.kind else {
      preconditionFailure("\(operation.name) lists no words for \(name)")
    }
    return ours(name, .choice(words), .words(words))
  }

  /// A word among a few.
  static func word(
    _ name: String, _ words: [String], required: Bool = false,
    else violation: @escaping @Sendable (_ given: String) -> ToolkitError
  ) -> ToolkitField {
    documented(name, .choice(words), required: required, .words(words), else: violation)
  }

  /// Takes a value that is there (not absent, not `null`).
  ///
  /// Ours: a value of the wrong JSON type is code 13; a number with a fraction where a whole one is due has
  /// the right JSON type, so it gets the field's own code.
  ///
  /// - Returns: The value in its normal form: whole numbers as integers, words in their documented spelling.
  func validated(_ value: JSONValue) throws(ToolkitFailure) -> JSONValue {
    switch kind {
    case .bool:
      guard value.asBool != nil else { throw wrongType(value) }
      return value
    case .integer:
      guard value.asNumber != nil else { throw wrongType(value) }
      guard let whole = value.asInteger, allows(whole) else { throw excluded(value.text()) }
      return .integer(whole)
    case .number:
      guard let number = value.asNumber else { throw wrongType(value) }
      guard allows(number) else { throw excluded(value.text()) }
      return .number(number)
    case .text, .choice:
      guard let text = value.asString else { throw wrongType(value) }
      guard let allowed = normalized(text) else { throw excluded(text) }
      return .string(allowed)
    }
  }

  /// The failure of a required field that is absent.
  var missing: ToolkitFailure {
    ToolkitFailure(.invalidParameter(name), detail: "it is required; give \(allowed)")
  }

  private func wrongType(_ value: JSONValue) -> ToolkitFailure {
    ToolkitFailure(.invalidParameter(name), detail: "it is \(value.kindInWords); give \(allowed)")
  }

  private func excluded(_ given: String) -> ToolkitFailure {
    ToolkitFailure(violation(given), detail: "\(name) is \(given.shortened); give \(allowed)")
  }

  private func allows(_ value: Int) -> Bool {
    switch rule {
    case .integers(let range): range.contains(value)
    case .oneOf(let values): values.contains(value)
    case .atLeast(let least): value >= least
    default: true
    }
  }

  private func allows(_ value: Double) -> Bool {
    switch rule {
    case .numbers(let range): range.contains(value)
    case .positive: value > 0
    case .share: value > 0 && value <= 1
    default: true
    }
  }

  private func normalized(_ text: String) -> String? {
    switch rule {
    case .words(let words):
      let lowered = text.lowercased()
      return words.first { $0.lowercased() == lowered }
    case .color: return Background(text)?.text
    case .points: return PointList(text)?.text
    case .webAddress: return WebAddress(text) == nil ? nil : text
    case .nonEmpty: return text.isEmpty ? nil : text
    default: return text
    }
  }

  /// The allowed values in words.
  public var allowed: String {
    switch rule {
    case .anything:
      switch kind {
      case .bool: "true or false"
      case .integer: "a whole number"
      case .number: "a number"
      case .text, .choice: "a text"
      }
    case .integers(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .oneOf(let values): "one of " + values.map(String.init).joined(separator: ", ")
    case .numbers(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .positive: "a number above 0"
    case .atLeast(let least): "a whole number, \(least) or more"
    case .share: "a number above 0, up to 1"
    case .words(let words): "one of " + words.joined(separator: ", ")
    case .color: "a colour as #rrggbb or #rrggbbaa, or transparent"
    case .points: "three numbers for each point, in mm, points separated by semicolons: 10 20 0; 30 20 0"
    case .webAddress: "an address that begins with https:// or http://"
    case .nonEmpty: "a text that is not empty"
    }
  }
}

extension JSONValue {
  /// What kind of JSON it is, for messages.
  var kindInWords: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string(let text): "the text \"\(text.shortened)\""
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension String {
  /// What a message shows of a text that somebody sent: no more than 60 characters, no control characters.
  var shortened: String {
    var text = ""
    for scalar in unicodeScalars.prefix(60) {
      text.unicodeScalars.append(scalar.properties.generalCategory == .control ? "?" : scalar)
    }
    return unicodeScalars.count > 60 ? text + "…" : text
  }
}
