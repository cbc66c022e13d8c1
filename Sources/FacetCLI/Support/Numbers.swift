#if CommandLine
  extension Int {
    /// For people: `1099932` → `1,099,932`.
    var grouped: String {
      let digits = String(magnitude)
      var text = ""
      for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.append(digit)
      }
      return (self < 0 ? "-" : "") + text
    }

    /// `1 hole`, `2 holes`, `1,200 bad edges`.
    func counted(_ one: String, _ many: String? = nil) -> String {
      "\(grouped) \(self == 1 ? one : many ?? one + "s")"
    }
  }

  extension Double {
    /// For people: a share as `12.3 %`.
    var percentage: String {
      let percent = self * 100
      return (percent < 1 ? percent : (percent * 10).rounded() / 10).readable + " %"
    }

    /// For people: three decimals at most and no more than seven digits that mean something; a number too
    /// small for that in powers of ten.
    var readable: String {
      guard isFinite else { return String(describing: self) }
      guard self != 0 else { return "0" }
      guard magnitude >= 0.0005, magnitude < 1e15 else { return String(describing: Float(self)) }
      let decimals = magnitude < 1e4 ? 3 : magnitude < 1e5 ? 2 : magnitude < 1e6 ? 1 : 0
      let scale = [1.0, 10, 100, 1000][decimals]
      let scaled = Int((self * scale).rounded())
      var fraction = String(scaled.magnitude % UInt(scale))
      fraction = String(repeating: "0", count: Swift.max(0, decimals - fraction.count)) + fraction
      while fraction.hasSuffix("0") { fraction.removeLast() }
      let whole = Int(scaled.magnitude / UInt(scale)).grouped
      return (scaled < 0 ? "-" : "") + whole + (decimals == 0 || fraction.isEmpty ? "" : "." + fraction)
    }
  }
#endif
