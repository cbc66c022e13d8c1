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

    private struct Key: CodingKey {
      let stringValue: String
      let intValue: Int? = nil
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      if let members = try? decoder.container(keyedBy: Key.self) {
        value = .object(
          try members.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
            Member($0.stringValue, try members.decode(Decoded.self, forKey: $0).value)
          })
      } else if var elements = try? decoder.unkeyedContainer() {
        var values: [JSONValue] = []
        while !elements.isAtEnd { values.append(try elements.decode(Decoded.self).value) }
        value = .array(values)
      } else {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
          value = .null
        } else if let bool = try? single.decode(Bool.self) {
          value = .bool(bool)
        } else if let integer = try? single.decode(Int.self) {
          value = .integer(integer)
        } else if let number = try? single.decode(Double.self) {
          value = .number(number)
        } else {
          value = .string(try single.decode(String.self))
        }
      }
    }
  }
}
