#if CommandLine
  import FacetOperations

  extension [JSONValue.Member] {
    /// The fields as aligned lines for people; nested lists and empty ones are left to `--json`.
    var table: String {
      let rows = compactMap { field -> (String, String)? in
        switch field.value {
        case .array, .object, .null: nil
        default: (field.name, field.value.asString ?? field.value.text())
        }
      }
      let width = rows.map(\.0.count).max() ?? 0
      return rows.map { "  " + $0.0.padded(to: width + 2) + $0.1 + "\n" }.joined()
    }
  }

  extension String {
    /// Filled up with spaces on the right.
    func padded(to width: Int) -> String {
      self + String(repeating: " ", count: Swift.max(0, width - count))
    }

    /// Without spaces at its end.
    var trimmed: String {
      var text = self
      while text.last == " " { text.removeLast() }
      return text
    }

    /// Filled up with spaces on the left.
    func paddedLeft(to width: Int) -> String {
      String(repeating: " ", count: Swift.max(0, width - count)) + self
    }
  }
#endif
