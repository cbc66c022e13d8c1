/// A value as JSON knows it: what parameters are before they are validated, and what results are made of.
///
/// Whoever reads JSON text (an HTTP body) turns it into this; the operations and the contracts never see text.
/// Members of an object keep their order, so results are written in the order their operation gives them.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A whole number written without fraction and exponent.
  case integer(Int)
  /// Any other number. Never NaN or infinite in JSON text; such a value counts as no number at all.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  public struct Member: Sendable, Hashable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value of the member with this name; of several, the last one, as most JSON readers do.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The number, whole or not; nil for what is not a finite number.
  public var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value) where value.isFinite: value
    default: nil
    }
  }

  /// The whole number. `5.0` is one: JSON does not tell it from `5`.
  public var asInteger: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  public var asString: String? {
    if case .string(let value) = self { value } else { nil }
  }

  public var asBool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  public var asArray: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  public var asMembers: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  public init(nilLiteral: ()) { self = .null }
}
