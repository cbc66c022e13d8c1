/// The sRGB transfer function (IEC 61966-2-1) as tables. They are made with sums, products and roots only,
/// so they are the same on every system.
enum SRGB {
  /// The linear value, 0 to 1, of each 8-bit one.
  static let linear: [Float] = (0..<256).map { Float(decoded(Double($0) / 255)) }

  /// The 8-bit value of a linear one from 0 to 1, in 4095 steps.
  static let encoded: [UInt8] = {
    var value = 0
    return (0..<4096).map { step in
      // The middle between two 8-bit values is where one becomes the other.
      while value < 255 && Double(step) / 4095 > decoded((Double(value) + 0.5) / 255) { value += 1 }
      return UInt8(value)
    }
  }()

  private static func decoded(_ value: Double) -> Double {
    if value <= 0.04045 { return value / 12.92 }
    let base = (value + 0.055) / 1.055
    // base^2.4
    return base * base * fifthRoot(base * base)
  }

  private static func fifthRoot(_ value: Double) -> Double {
    var root = 1.0
    for _ in 0..<40 {
      let square = root * root
      root = (4 * root + value / (square * square)) / 5
    }
    return root
  }
}
