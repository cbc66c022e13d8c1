/// Points as text: three numbers each, separated by spaces or commas, points by semicolons: `10 20 0; 30 20 0`.
public struct PointList: Sendable, Hashable {
  /// In mm; at least one.
  public var points: [SIMD3<Float>]

  /// - Returns: nil when the text is not one, or a coordinate is beyond Float's range.
  public init?(_ text: String) {
    points = []
    for part in text.split(separator: ";") {
      let words = part.split { $0 == " " || $0 == "," }
      let numbers = words.compactMap { word in
        word.allSatisfy { "0123456789+-.eE".contains($0) } ? Float(word) : nil
      }
      guard words.count == 3, numbers.count == 3, numbers.allSatisfy(\.isFinite) else { return nil }
      points.append(SIMD3(numbers[0], numbers[1], numbers[2]))
    }
    if points.isEmpty { return nil }
  }

  /// The points in their normal spelling.
  public var text: String {
    points.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: "; ")
  }
}

extension PointList: ParameterValue {
  public static var kind: ParameterKind { .text }

  public init?(json: JSONValue) {
    guard let text = json.asString else { return nil }
    self.init(text)
  }

  public var json: JSONValue { .string(text) }
}
