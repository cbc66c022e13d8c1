#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension JSONValue {
  /// Reads JSON text (RFC 8259).
  ///
  /// Members of objects are sorted by name: the decoder does not tell their order.
  ///
  /// - Throws: `DecodingError` for what is no JSON text.
  package init(parsing text: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(Decoded.self, from: Data(text)).value
  }

  private struct Decoded: Decodable {
    let value: JSONValue

    // What is most frequent is asked first: every wrong guess costs an error with the path to it.
    init(from decoder: any Decoder) throws {
      let single = try decoder.singleValueContainer()
      if let number = try? single.decode(Double.self) {
        value = try JSONValue.number(number, single)
      } else if let string = try? single.decode(String.self) {
        value = .string(string)
      } else if let members = try? decoder.container(keyedBy: MemberName.self) {
        value = .object(
          try members.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
            Member($0.stringValue, try members.decode(Decoded.self, forKey: $0).value)
          })
      } else if var elements = try? decoder.unkeyedContainer() {
        var values: [JSONValue] = []
        while !elements.isAtEnd { values.append(try elements.decode(Decoded.self).value) }
        value = .array(values)
      } else if single.decodeNil() {
        value = .null
      } else {
        value = .bool(try single.decode(Bool.self))
      }
    }
  }

  /// Whole numbers as integers, also beyond the 53 bits that a `Double` has.
  private static func number(_ number: Double, _ container: any SingleValueDecodingContainer) throws
    -> JSONValue
  {
    if let whole = Int(exactly: number), abs(number) < 9e15 { return .integer(whole) }
    return (try? container.decode(Int.self)).map(JSONValue.integer) ?? .number(number)
  }
}

/// Any name that a member of a JSON object may have.
package struct MemberName: CodingKey, ExpressibleByStringLiteral {
  package let stringValue: String
  package let intValue: Int? = nil

  package init(stringValue: String) { self.stringValue = stringValue }
  package init?(intValue: Int) { nil }
  package init(stringLiteral value: String) { self.init(stringValue: value) }
}
