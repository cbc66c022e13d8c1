/// Decimal text to the nearest `Float`, ties to even, for every input.
///
/// Digits are taken eight at a time. The value is first computed in `Double` with a known bound on its
/// error; where that bound leaves two candidates (about one number in 10⁷) the text is compared exactly with
/// the point halfway between them. Eight digits at once: Lemire, "Quickly parsing eight digits" (2018); the
/// idea of a fast path in a wider type: Clinger, "How to read floating point numbers accurately" (1990).
///
/// The text must be followed, within ``padding`` readable bytes, by a byte that ends a number.
package struct DecimalParser {
  /// Readable bytes that must follow the last byte of the text.
  package static let padding = 32

  private let powers: UnsafePointer<Double>
  private let integerPowers: UnsafePointer<UInt64>

  package init() {
    powers = DecimalParser.powersOfTen
    integerPowers = DecimalParser.integerPowersOfTen
  }

  /// The number that starts at `text`, and where it ends.
  ///
  /// A number is a sign or none, digits with a point or none, an exponent or none, and then white space.
  /// When the text is anything else the end is `text` itself. Numbers beyond Float's range are ±infinity.
  @inline(__always)
  package func parse(_ text: UnsafePointer<UInt8>) -> (value: Float, end: UnsafePointer<UInt8>) {
    var p = text
    let isNegative = p.pointee == UInt8(ascii: "-")
    p += isNegative || p.pointee == UInt8(ascii: "+") ? 1 : 0
    let whole = eightDigits(p)
    p += whole.count
    var mantissa = whole.value
    var digits = whole.count
    var exponent = 0
    if p.pointee == UInt8(ascii: ".") {
      let fraction = eightDigits(p + 1)
      p += fraction.count + 1
      exponent = -fraction.count
      mantissa = mantissa &* integerPowers[fraction.count] &+ fraction.value
      if fraction.count == 8 {
        let rest = eightDigits(p)
        p += rest.count
        exponent -= rest.count
        mantissa = mantissa &* integerPowers[rest.count] &+ rest.value
      }
      digits -= exponent
    }
    // Nineteen digits fit in the mantissa; a full last group may go on.
    guard digits > 0, digits <= 19, whole.count < 8, exponent > -16 else { return general(text) }
    if p.pointee | 0x20 == UInt8(ascii: "e") {
      let isNegative = p[1] == UInt8(ascii: "-")
      p += isNegative || p[1] == UInt8(ascii: "+") ? 2 : 1
      let written = eightDigits(p)
      guard written.count > 0, written.count <= 2 else { return general(text) }
      p += written.count
      exponent += isNegative ? -Int(written.value) : Int(written.value)
      guard exponent >= -DecimalParser.powerOffset, exponent <= DecimalParser.largestPower else {
        return general(text)
      }
    }
    guard DecimalParser.endsNumber(p.pointee) else { return general(text) }
    // In units of the last place: the mantissa is within half a unit (and exact below 2⁵³), the power within
    // 0.51, and the product adds half a unit: together less than 4 units, whatever the leading bits. Only a
    // product that near to a point halfway between two floats is in doubt.
    let product = Double(mantissa) * powers[exponent &+ DecimalParser.powerOffset]
    let bits = product.bitPattern
    let isDecided = (bits &- (0x1000_0000 - 8)) & 0x1FFF_FFFF > 16
    // From Float's least normal number up to its last but one power of two.
    let isNormal = bits &- (0x3FF - 126) << 52 < UInt64(126 + 127) << 52
    guard isDecided && isNormal || mantissa == 0 else { return general(text) }
    let magnitude = Float(product)
    return (isNegative ? -magnitude : magnitude, p)
  }

  /// Up to eight leading digits: their value and how many.
  @inline(__always)
  private func eightDigits(_ p: UnsafePointer<UInt8>) -> (value: UInt64, count: Int) {
    let bytes = UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
    let nibbles = bytes ^ 0x3030_3030_3030_3030
    // The top bit of each byte that is no digit. Carries only run into later bytes, which do not matter.
    let others = ((nibbles &+ 0x7676_7676_7676_7676) | nibbles) & 0x8080_8080_8080_8080
    let bits = others.trailingZeroBitCount & 0x78
    if bits == 0 { return (0, 0) }
    var v = nibbles &<< UInt64(64 &- bits)
    v = v &* 10 &+ (v &>> 8)
    v =
      ((v & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        &+ ((v &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) &>> 32
    return (v, bits &>> 3)
  }

  /// Any number of digits, exponents, and the cases in doubt.
  @inline(never)
  private func general(_ text: UnsafePointer<UInt8>) -> (value: Float, end: UnsafePointer<UInt8>) {
    guard let decimal = Decimal(text) else { return (0, text) }
    let magnitude = nearest(decimal)
    return (decimal.isNegative ? -magnitude : magnitude, decimal.end)
  }

  private func nearest(_ decimal: Decimal) -> Float {
    guard decimal.mantissa > 0 else { return 0 }
    // At least 10³⁹, or less than 2·10¹⁹·10⁻⁶⁶ < 2⁻¹⁵⁰, half the least positive float.
    if decimal.exponent > DecimalParser.largestPower { return .infinity }
    if decimal.exponent < -DecimalParser.powerOffset { return 0 }
    // Relative errors: the conversion and the product 2⁻⁵³ each, the power 1.01·2⁻⁵³, the digits left
    // out 10⁻¹⁸: together below 2⁻⁵¹.
    let product = Double(decimal.mantissa) * powers[decimal.exponent + DecimalParser.powerOffset]
    let low = Float(product * (1 - 0x1p-50))
    let high = Float(product * (1 + 0x1p-50))
    if low == high { return low }
    return decimal.isBelowHalfway(low, high) ?? (low.bitPattern & 1 == 0) ? low : high
  }

  @inline(__always)
  package static func endsNumber(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte &- 9 < 5
  }

  private static let largestPower = 38
  private static let powerOffset = 65

  /// 10⁻⁶⁵…10³⁸, each within 0.51 units in the last place.
  nonisolated(unsafe) private static let powersOfTen: UnsafePointer<Double> = immortal(powersOfTenLiterals)
  /// 10⁰…10⁸.
  nonisolated(unsafe) private static let integerPowersOfTen: UnsafePointer<UInt64> = immortal([
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ])

  /// The elements at an address of their own: no reference count and no bounds in the loops that read them.
  private static func immortal<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    copy.initialize(from: elements, count: elements.count)
    return UnsafePointer(copy)
  }
}

/// A number's text taken apart: `mantissa · 10^exponent`, with the digits that did not fit still in the text.
private struct Decimal {
  var isNegative: Bool
  /// The first 19 significant digits.
  var mantissa: UInt64 = 0
  var exponent = 0
  /// After the last byte of the number.
  var end: UnsafePointer<UInt8>

  /// The first byte after the sign, and the first after the digits.
  private var digits: UnsafePointer<UInt8>
  private var digitsEnd: UnsafePointer<UInt8>
  /// The power of ten of the last digit.
  private var lastDigitExponent = 0

  init?(_ text: UnsafePointer<UInt8>) {
    var p = text
    isNegative = p.pointee == UInt8(ascii: "-")
    if isNegative || p.pointee == UInt8(ascii: "+") { p += 1 }
    digits = p
    var significant = 0
    var digitCount = 0
    var fractionDigits = 0
    var leftOut = 0
    var inFraction = false
    while true {
      let digit = p.pointee &- UInt8(ascii: "0")
      if digit < 10 {
        digitCount += 1
        if inFraction { fractionDigits += 1 }
        if significant < 19 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          if mantissa > 0 { significant += 1 }
        } else {
          leftOut += 1
        }
      } else if p.pointee == UInt8(ascii: "."), !inFraction {
        inFraction = true
      } else {
        break
      }
      p += 1
    }
    digitsEnd = p
    end = p
    guard digitCount > 0 else { return nil }
    var written = 0
    if p.pointee | 0x20 == UInt8(ascii: "e") {
      p += 1
      let isNegative = p.pointee == UInt8(ascii: "-")
      if isNegative || p.pointee == UInt8(ascii: "+") { p += 1 }
      let first = p
      while p.pointee &- UInt8(ascii: "0") < 10 {
        // Far beyond what any number of digits in one word can make up for.
        if written < 100_000_000 { written = written * 10 + Int(p.pointee &- UInt8(ascii: "0")) }
        p += 1
      }
      guard p > first else { return nil }
      if isNegative { written = -written }
      end = p
    }
    guard DecimalParser.endsNumber(p.pointee) else { return nil }
    lastDigitExponent = written - fractionDigits
    exponent = lastDigitExponent + leftOut
  }

  /// Whether the number is below the point halfway between two neighbouring floats; nil when it is that point.
  ///
  /// No such point has more than 113 significant digits (the last is at 10⁻¹⁵⁰, the first at 10⁻³⁸), so what
  /// comes after 120 digits matters only for being zero or not.
  func isBelowHalfway(_ low: Float, _ high: Float) -> Bool? {
    // With `high` infinite, halfway is where Float's next exponent would begin, less half a unit.
    let top = high.isFinite ? Double(high) : 0x1p128
    let halfway = (Double(low) + top) / 2
    var number = WideInteger()
    var remainderIsZero = true
    var significant = 0
    var exponent = lastDigitExponent
    var p = digits
    while p < digitsEnd {
      let digit = p.pointee &- UInt8(ascii: "0")
      p += 1
      guard digit < 10 else { continue }
      if significant < 120 {
        number.multiply(by: 10, adding: UInt32(digit))
        if significant > 0 || digit > 0 { significant += 1 }
      } else {
        exponent += 1
        if digit > 0 { remainderIsZero = false }
      }
    }
    var other = WideInteger(UInt64(halfway.significandBitPattern | 1 << 52))
    let binaryExponent = Int(halfway.exponent) - 52
    // number · 10^exponent against other · 2^binaryExponent, each side scaled up to be whole.
    if exponent >= 0 {
      number.multiply(byPowerOfTen: exponent)
    } else {
      other.multiply(byPowerOfTen: -exponent)
    }
    if binaryExponent >= 0 { other.shiftLeft(binaryExponent) } else { number.shiftLeft(-binaryExponent) }
    if number == other { return remainderIsZero ? nil : false }
    return number < other
  }
}

/// A natural number below 2¹⁰²⁴: room for 120 digits times 2²⁰², and for 53 bits times 10¹⁶⁶.
private struct WideInteger {
  private var words = InlineArray<32, UInt32>(repeating: 0)
  private var count = 0

  init() {}

  init(_ value: UInt64) {
    words[0] = UInt32(truncatingIfNeeded: value)
    words[1] = UInt32(truncatingIfNeeded: value >> 32)
    count = 2
  }

  mutating func multiply(by factor: UInt32, adding term: UInt32 = 0) {
    var carry = UInt64(term)
    for i in 0..<count {
      carry += UInt64(words[i]) * UInt64(factor)
      words[i] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 {
      words[count] = UInt32(carry)
      count += 1
    }
  }

  mutating func multiply(byPowerOfTen exponent: Int) {
    for _ in 0..<exponent / 9 { multiply(by: 1_000_000_000) }
    for _ in 0..<exponent % 9 { multiply(by: 10) }
  }

  mutating func shiftLeft(_ bits: Int) {
    for _ in 0..<bits / 31 { multiply(by: 1 << 31) }
    multiply(by: 1 << UInt32(bits % 31))
  }

  static func == (a: borrowing WideInteger, b: borrowing WideInteger) -> Bool {
    for i in 0..<32 where a.words[i] != b.words[i] { return false }
    return true
  }

  static func < (a: borrowing WideInteger, b: borrowing WideInteger) -> Bool {
    for i in (0..<32).reversed() where a.words[i] != b.words[i] { return a.words[i] < b.words[i] }
    return false
  }
}

private let powersOfTenLiterals: [Double] = [
  1e-65, 1e-64, 1e-63, 1e-62, 1e-61, 1e-60, 1e-59, 1e-58, 1e-57, 1e-56, 1e-55, 1e-54, 1e-53, 1e-52,
  1e-51, 1e-50, 1e-49, 1e-48, 1e-47, 1e-46, 1e-45, 1e-44, 1e-43, 1e-42, 1e-41, 1e-40, 1e-39, 1e-38,
  1e-37, 1e-36, 1e-35, 1e-34, 1e-33, 1e-32, 1e-31, 1e-30, 1e-29, 1e-28, 1e-27, 1e-26, 1e-25, 1e-24,
  1e-23, 1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10,
  1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23,
  1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36, 1e37, 1e38,
]
