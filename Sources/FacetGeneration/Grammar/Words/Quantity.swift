/// A unit of length and what it is in mm.
enum LengthUnit: String, Sendable, Hashable, CaseIterable {
  case millimetre = "mm"
  case centimetre = "cm"
  case metre = "m"
  case inch = "in"
  case foot = "ft"

  var millimetres: Double {
    switch self {
    case .millimetre: 1
    case .centimetre: 10
    case .metre: 1000
    case .inch: 25.4
    case .foot: 304.8
    }
  }

  /// - Returns: nil for a word that is no unit.
  init?(word: String) {
    switch word {
    case "mm", "millimeter", "millimeters", "millimetre", "millimetres", "mms": self = .millimetre
    case "cm", "centimeter", "centimeters", "centimetre", "centimetres", "cms": self = .centimetre
    case "m", "meter", "meters", "metre", "metres": self = .metre
    case "in", "inch", "inches", "\"": self = .inch
    case "ft", "foot", "feet", "'": self = .foot
    default: return nil
    }
  }
}

/// A figure of the prompt, with its unit if it has one.
struct Quantity: Sendable, Hashable {
  /// As it stands, in its unit.
  var value: Double
  var unit: LengthUnit?
  /// Spelled out ("four"), and so a count.
  var isSpelled = false

  /// In mm; nil while the unit is not known.
  var millimetres: Double? { unit.map { value * $0.millimetres } }

  /// The figure as a count of things; nil with a unit, a fraction, or below 1.
  var count: Int? {
    guard unit == nil, value >= 1, value <= 10_000, value == value.rounded() else { return nil }
    return Int(value)
  }

  var text: String { unit.map { "\(Figure.text(value)) \($0.rawValue)" } ?? Figure.text(value) }
}

/// How figures are written, in programs and in messages.
enum Figure {
  /// Six decimals at most, none that is zero; whole numbers without a point.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let rounded = (value * 1e6).rounded() / 1e6
    if rounded == rounded.rounded(), abs(rounded) < 1e15 { return "\(Int(rounded))" }
    return "\(rounded)"
  }

  static func millimetres(_ value: Double) -> String { "\(text(value)) mm" }
}
