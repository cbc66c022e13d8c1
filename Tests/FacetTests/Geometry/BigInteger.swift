/// Whole numbers of any size, as slow and plain as an oracle may be.
struct BigInteger {
  private var isNegative: Bool
  /// 32 bits a limb, least first, no zeros on top.
  private var limbs: [UInt32]

  private init(isNegative: Bool, limbs: [UInt32]) {
    var limbs = limbs
    while limbs.last == 0 { limbs.removeLast() }
    self.limbs = limbs
    self.isNegative = isNegative && !limbs.isEmpty
  }

  /// A finite float times 2^149: every float is a whole multiple of 2^-149.
  init(scaled value: Float) {
    let exponent = Int(value.exponentBitPattern)
    let fraction = UInt64(value.significandBitPattern) | (exponent > 0 ? 1 << 23 : 0)
    let shift = max(exponent - 1, 0)
    var limbs = [UInt32](repeating: 0, count: shift / 32 + 2)
    let moved = fraction << UInt64(shift % 32)
    limbs[shift / 32] = UInt32(truncatingIfNeeded: moved)
    limbs[shift / 32 + 1] = UInt32(moved >> 32)
    self.init(isNegative: value < 0, limbs: limbs)
  }

  var sign: Int { limbs.isEmpty ? 0 : isNegative ? -1 : 1 }

  static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    var limbs = [UInt32](repeating: 0, count: a.limbs.count + b.limbs.count + 1)
    for (i, x) in a.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, y) in b.limbs.enumerated() {
        carry += UInt64(x) * UInt64(y) + UInt64(limbs[i + j])
        limbs[i + j] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      limbs[i + b.limbs.count] = UInt32(carry)
    }
    return BigInteger(isNegative: a.isNegative != b.isNegative, limbs: limbs)
  }

  static func - (a: BigInteger, b: BigInteger) -> BigInteger {
    a + BigInteger(isNegative: !b.isNegative, limbs: b.limbs)
  }

  static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative {
      var limbs: [UInt32] = []
      var carry: UInt64 = 0
      for i in 0..<max(a.limbs.count, b.limbs.count) {
        carry += UInt64(i < a.limbs.count ? a.limbs[i] : 0) + UInt64(i < b.limbs.count ? b.limbs[i] : 0)
        limbs.append(UInt32(truncatingIfNeeded: carry))
        carry >>= 32
      }
      limbs.append(UInt32(carry))
      return BigInteger(isNegative: a.isNegative, limbs: limbs)
    }
    let (large, small) = isLess(a.limbs, b.limbs) ? (b, a) : (a, b)
    var limbs: [UInt32] = []
    var borrow: Int64 = 0
    for i in 0..<large.limbs.count {
      borrow += Int64(large.limbs[i]) - Int64(i < small.limbs.count ? small.limbs[i] : 0)
      limbs.append(UInt32(truncatingIfNeeded: borrow))
      borrow >>= 32
    }
    return BigInteger(isNegative: large.isNegative, limbs: limbs)
  }

  private static func isLess(_ a: [UInt32], _ b: [UInt32]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for i in a.indices.reversed() where a[i] != b[i] { return a[i] < b[i] }
    return false
  }
}
