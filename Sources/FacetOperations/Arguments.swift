/// The validated values of an operation's parameters, by name.
///
/// Only a contract makes them; an operation that gets them checks nothing again.
public struct Arguments: Sendable, Hashable {
  /// In the order of the contract's fields, absent ones left out, choices in their documented spelling.
  public let values: [JSONValue.Member]

  package init(validated values: [JSONValue.Member]) {
    self.values = values
  }

  /// The value given for a parameter, or nil.
  public func value(_ name: String) -> JSONValue? {
    values.first { $0.name == name }?.value
  }

  /// The value given, else the parameter's default.
  public subscript<Value>(parameter: Parameter<Value>) -> Value {
    guard let value = self[optional: parameter] else {
      preconditionFailure("no value for \(parameter.description.name), which validation requires")
    }
    return value
  }

  /// The value given, else the parameter's default, else nil.
  public subscript<Value>(optional parameter: Parameter<Value>) -> Value? {
    let name = parameter.description.name
    guard let given = value(name) else {
      guard case .defaulted(let value) = parameter.description.presence else { return nil }
      return Value(json: value)
    }
    guard let value = Value(json: given) else {
      preconditionFailure("validation let \(given) through for \(name)")
    }
    return value
  }
}
