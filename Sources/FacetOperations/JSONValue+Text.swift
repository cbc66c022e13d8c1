extension JSONValue {
  /// The value as JSON text (RFC 8259), the same bytes every time.
  ///
  /// Numbers have the fewest digits that read back as the same `Double`; a number that is not finite
  /// becomes `null`, since JSON has no word for it.
  ///
  /// - Parameter pretty: One member a line, indented by two spaces.
  public func text(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indent: pretty ? 0 : nil)
    return text
  }

  private func write(to text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? String(describing: value) : "null"
    case .string(let value): JSONValue.write(string: value, to: &text)
    case .array(let values):
      JSONValue.write(values, between: ("[", "]"), to: &text, indent: indent) { value, text, inner in
        value.write(to: &text, indent: inner)
      }
    case .object(let members):
      JSONValue.write(members, between: ("{", "}"), to: &text, indent: indent) { member, text, inner in
        JSONValue.write(string: member.name, to: &text)
        text += inner == nil ? ":" : ": "
        member.value.write(to: &text, indent: inner)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], between brackets: (String, String), to text: inout String, indent: Int?,
    _ writeElement: (Element, inout String, Int?) -> Void
  ) {
    text += brackets.0
    let inner = indent.map { $0 + 2 }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      if let inner { newLine(to: &text, indent: inner) }
      writeElement(element, &text, inner)
    }
    if let indent, !elements.isEmpty { newLine(to: &text, indent: indent) }
    text += brackets.1
  }

  private static func newLine(to text: inout String, indent: Int) {
    text += "\n"
    text += String(repeating: " ", count: indent)
  }

  private static func write(string: String, to text: inout String) {
    text += "\""
    defer { text += "\"" }
    // As good as all strings, and among them those that are pictures.
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      text += string
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
