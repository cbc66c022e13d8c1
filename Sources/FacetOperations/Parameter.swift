/// What an operation says about one of its parameters: the one definition that the command line, its help,
/// the API and the documentation take the name, the kind and the words from.
///
/// Which values are allowed is not said here: limits belong to the contract of each API.
public struct ParameterDescription: Sendable, Hashable {
  /// The name in the API: `scaleToSizeMm`.
  public var name: String
  public var kind: ParameterKind
  /// What the number counts: `mm`, `degrees`, `px`; nil for what has no unit.
  public var unit: String?
  /// One sentence for people, without a full stop.
  public var help: String
  public var presence: Presence

  public enum Presence: Sendable, Hashable {
    case required
    /// Left out, the parameter has this value.
    case defaulted(JSONValue)
    /// Left out, it means something else: its help says what.
    case optional
  }

  /// The name on the command line, without the dashes in front: `scale-to-size-mm`.
  public var optionName: String { kebabCase(name) }
}

/// What values a parameter takes before any limit is looked at.
public enum ParameterKind: Sendable, Hashable {
  case bool
  case integer
  case number
  case text
  /// One of these words, in upper or lower case.
  case choice([String])
}

/// A parameter of an operation, typed: ``Arguments`` gives its value as `Value`.
public struct Parameter<Value: ParameterValue>: Sendable {
  public let description: ParameterDescription

  init(_ name: String, unit: String? = nil, _ presence: Presence, help: String) {
    let described: ParameterDescription.Presence =
      switch presence {
      case .required: .required
      case .optional: .optional
      case .defaulted(let value): .defaulted(value.json)
      }
    description = ParameterDescription(
      name: name, kind: Value.kind, unit: unit, help: help, presence: described)
  }

  enum Presence {
    case required
    case optional
    case defaulted(Value)
  }
}

/// A Swift type that a parameter can have.
public protocol ParameterValue: Sendable {
  static var kind: ParameterKind { get }
  /// - Returns: nil when the value is of another kind.
  init?(json: JSONValue)
  var json: JSONValue { get }
}

extension Bool: ParameterValue {
  public static var kind: ParameterKind { .bool }
  public init?(json: JSONValue) {
    guard let value = json.asBool else { return nil }
    self = value
  }
  public var json: JSONValue { .bool(self) }
}

extension Int: ParameterValue {
  public static var kind: ParameterKind { .integer }
  public init?(json: JSONValue) {
    guard let value = json.asInteger else { return nil }
    self = value
  }
  public var json: JSONValue { .integer(self) }
}

extension Double: ParameterValue {
  public static var kind: ParameterKind { .number }
  public init?(json: JSONValue) {
    guard let value = json.asNumber else { return nil }
    self = value
  }
  public var json: JSONValue { .number(self) }
}

extension String: ParameterValue {
  public static var kind: ParameterKind { .text }
  public init?(json: JSONValue) {
    guard let value = json.asString else { return nil }
    self = value
  }
  public var json: JSONValue { .string(self) }
}

/// A parameter's words as an enumeration; the raw values are the words in their documented spelling.
public protocol ParameterChoice: ParameterValue, CaseIterable, RawRepresentable where RawValue == String {}

extension ParameterChoice {
  public static var kind: ParameterKind { .choice(allCases.map(\.rawValue)) }

  public init?(json: JSONValue) {
    guard let word = json.asString?.lowercased(),
      let value = Self.allCases.first(where: { $0.rawValue.lowercased() == word })
    else { return nil }
    self = value
  }

  public var json: JSONValue { .string(rawValue) }
}

/// `cameraAngleX` → `camera-angle-x`.
package func kebabCase(_ camelCase: String) -> String {
  var kebab = ""
  for character in camelCase {
    if character.isUppercase { kebab += "-" }
    kebab += character.lowercased()
  }
  return kebab
}
