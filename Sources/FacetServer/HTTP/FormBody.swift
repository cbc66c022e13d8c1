#if Server
  import Foundation

  /// A form-urlencoded body, by clients that encode its values and by one that does not.
  struct FormBody {
    private let pairs: [(name: String, raw: String)]
    private let text: String

    init(_ text: String) {
      self.text = text
      pairs = text.split(separator: "&").map { pair in
        let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (FormBody.decoded(String(halves[0])), halves.count > 1 ? String(halves[1]) : "")
      }
    }

    /// The value of a field, decoded.
    subscript(name: String) -> String? { pairs.first { $0.name == name }.map { FormBody.decoded($0.raw) } }

    /// What the client may have meant: the value decoded; as it stands; and all to the end of the body, where a value
    /// that was not encoded has an `&` in it.
    func candidates(_ name: String) -> [String] {
      guard let pair = pairs.first(where: { $0.name == name }) else { return [] }
      var values = [FormBody.decoded(pair.raw), pair.raw]
      if let start = text.range(of: name + "=") { values.append(String(text[start.upperBound...])) }
      return values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func decoded(_ text: String) -> String {
      let spaced = text.replacing("+", with: " ")
      return spaced.removingPercentEncoding ?? text
    }
  }
#endif
