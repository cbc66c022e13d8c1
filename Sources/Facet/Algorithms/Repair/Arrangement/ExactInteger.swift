/// A whole number of any size: what the coordinates of points where triangles meet are made of.
///
/// Sign and magnitude, 64 bits a limb, least first, no zeros on top. Such points need some two to ten limbs, so
/// the plain school methods are the fastest there are.
struct ExactInteger {
  private var limbs: [UInt64]
  private var isNegative: Bool

  static let zero = ExactInteger(limbs: [], isNegative: false)
  static let one = ExactInteger(limbs: [1], isNegative: false)

  private init(limbs: [UInt64], isNegative: Bool) {
    var limbs = limbs
    while limbs.last == 0 { limbs.removeLast() }
    self.limbs = limbs
    self.isNegative = isNegative && !limbs.isEmpty
  }

  /// `value` times 2^`shift`, which has to be whole.
  init(_ value: Float, shiftedBy shift: Int) {
    guard value != 0 else {
      self = .zero
      return
    }
    // The significand with its hidden bit, as a multiple of the last place.
    let places = 23 - value.significandWidth
    let significand =
      (UInt64(value.significandBitPattern) | (value.isNormal ? 1 << 23 : 0))
      >> UInt64(
        value.isNormal ? places : 0)
    let exponent = (value.isNormal ? Int(value.exponent) - value.significandWidth : -149) + shift
    if exponent < 0 {
      // Only a subnormal has zeros here below the last place that counts.
      self.init(limbs: [significand >> UInt64(min(-exponent, 63))], isNegative: value < 0)
      return
    }
    var limbs = [UInt64](repeating: 0, count: exponent / 64 + 2)
    let bits = UInt64(exponent % 64)
    limbs[exponent / 64] = significand << bits
    if bits > 0 { limbs[exponent / 64 + 1] = significand >> (64 - bits) }
    self.init(limbs: limbs, isNegative: value < 0)
  }

  /// -1, 0 or 1.
  var sign: Int { limbs.isEmpty ? 0 : isNegative ? -1 : 1 }

  static prefix func - (a: ExactInteger) -> ExactInteger {
    ExactInteger(limbs: a.limbs, isNegative: !a.isNegative)
  }

  static func - (a: ExactInteger, b: ExactInteger) -> ExactInteger { a + -b }

  static func + (a: ExactInteger, b: ExactInteger) -> ExactInteger {
    if a.limbs.isEmpty { return b }
    if b.limbs.isEmpty { return a }
    let isShorter = isLess(a.limbs, b.limbs)
    let (large, small) = isShorter ? (b, a) : (a, b)
    var limbs = large.limbs
    if a.isNegative == b.isNegative {
      var carry = false
      for i in limbs.indices {
        if i >= small.limbs.count && !carry { break }
        let (sum, first) = limbs[i].addingReportingOverflow(i < small.limbs.count ? small.limbs[i] : 0)
        let (total, second) = sum.addingReportingOverflow(carry ? 1 : 0)
        limbs[i] = total
        carry = first || second
      }
      if carry { limbs.append(1) }
    } else {
      var borrow = false
      for i in limbs.indices {
        if i >= small.limbs.count && !borrow { break }
        let (rest, first) = limbs[i].subtractingReportingOverflow(i < small.limbs.count ? small.limbs[i] : 0)
        let (total, second) = rest.subtractingReportingOverflow(borrow ? 1 : 0)
        limbs[i] = total
        borrow = first || second
      }
    }
    return ExactInteger(limbs: limbs, isNegative: large.isNegative)
  }

  static func * (a: ExactInteger, b: ExactInteger) -> ExactInteger {
    if a.limbs.isEmpty || b.limbs.isEmpty { return .zero }
    var limbs = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
    for i in a.limbs.indices {
      let x = a.limbs[i]
      var carry: UInt64 = 0
      for j in b.limbs.indices {
        var (high, low) = x.multipliedFullWidth(by: b.limbs[j])
        var overflow: Bool
        (low, overflow) = low.addingReportingOverflow(limbs[i + j])
        if overflow { high &+= 1 }
        (low, overflow) = low.addingReportingOverflow(carry)
        if overflow { high &+= 1 }
        limbs[i + j] = low
        carry = high
      }
      limbs[i + b.limbs.count] = carry
    }
    return ExactInteger(limbs: limbs, isNegative: a.isNegative != b.isNegative)
  }

  private static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for i in a.indices.reversed() where a[i] != b[i] { return a[i] < b[i] }
    return false
  }
}

extension ExactInteger: Equatable {
  static func == (a: ExactInteger, b: ExactInteger) -> Bool {
    a.isNegative == b.isNegative && a.limbs == b.limbs
  }
}

extension ExactInteger {
  /// `self` / `divisor` / 2^`shift`, with a relative error below 2^-51. The divisor is not 0.
  func quotient(_ divisor: ExactInteger, shiftedBy shift: Int) -> Double {
    if limbs.isEmpty { return 0 }
    let (upper, upperExponent) = leading
    let (lower, lowerExponent) = divisor.leading
    let magnitude = Double(
      sign: .plus, exponent: upperExponent - lowerExponent - shift,
      significand: Double(upper) / Double(lower))
    return isNegative != divisor.isNegative ? -magnitude : magnitude
  }

  /// The 64 leading bits and the power of two that they count.
  private var leading: (bits: UInt64, exponent: Int) {
    let top = limbs[limbs.count - 1]
    let space = UInt64(top.leadingZeroBitCount)
    let below = limbs.count > 1 ? limbs[limbs.count - 2] : 0
    let bits = space == 0 ? top : top << space | below >> (64 - space)
    return (bits, (limbs.count - 1) * 64 - Int(space))
  }

  /// The remainder of the division by the prime 2^61 - 1, from 0 on.
  var residue: UInt64 {
    var sum: UInt64 = 0
    for limb in limbs.reversed() {
      // 2^64 leaves 8.
      sum = ExactInteger.reduced((sum << 3 | sum >> 58) & ExactInteger.prime)
      sum = ExactInteger.reduced(sum + ExactInteger.reduced((limb & ExactInteger.prime) + limb >> 61))
    }
    return isNegative && sum != 0 ? ExactInteger.prime - sum : sum
  }

  private static let prime: UInt64 = 1 << 61 - 1

  private static func reduced(_ value: UInt64) -> UInt64 { value >= prime ? value - prime : value }

  /// The product of two residues.
  static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    return reduced((low & prime) + reduced((high << 3 | low >> 61)))
  }

  /// The residue that gives 1 when multiplied by `a`; 0 for 0.
  static func inverse(_ a: UInt64) -> UInt64 {
    // Fermat: a^(p - 2).
    var result: UInt64 = 1
    var power = a
    var exponent = prime - 2
    while exponent > 0 {
      if exponent & 1 == 1 { result = product(result, power) }
      power = product(power, power)
      exponent >>= 1
    }
    return result
  }
}
