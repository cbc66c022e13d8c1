import Facet

/// What a picture shows where the model is not.
public enum Background: Sendable, Hashable, ParameterValue {
  case transparent
  case color(Color)

  public static let kind = ParameterKind.text

  /// Reads `transparent`, `#rrggbb` or `#rrggbbaa`; the `#` may be left out, for it means something to shells.
  public init?(_ text: String) {
    if text.lowercased() == "transparent" {
      self = .transparent
      return
    }
    let digits = Array((text.first == "#" ? text.dropFirst() : text[...]).utf8)
    guard digits.count == 6 || digits.count == 8 else { return nil }
    var channels: [UInt8] = []
    for pair in stride(from: 0, to: digits.count, by: 2) {
      guard let high = hexadecimal(digits[pair]), let low = hexadecimal(digits[pair + 1]) else { return nil }
      channels.append(high << 4 | low)
    }
    self = .color(
      Color(
        red: channels[0], green: channels[1], blue: channels[2], alpha: channels.count > 3 ? channels[3] : 255
      ))
  }

  /// The colour as ``init(_:)`` reads it.
  public var text: String {
    switch self {
    case .transparent: return "transparent"
    case .color(let color):
      let channels = [color.red, color.green, color.blue] + (color.alpha < 255 ? [color.alpha] : [])
      return channels.reduce("#") { $0 + ($1 < 16 ? "0" : "") + String($1, radix: 16) }
    }
  }

  public init?(json: JSONValue) {
    guard let text = json.asString else { return nil }
    self.init(text)
  }

  public var json: JSONValue { .string(text) }
}

private func hexadecimal(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  default: nil
  }
}
