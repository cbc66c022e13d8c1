/// The shortest decimal that reads back as a given `Float`, and of those the nearest to it.
///
/// The Schubfach method: Giulietti, "The Schubfach way to render doubles" (2020), in its 32-bit form.
package struct ShortestDecimal {
  private let powers: UnsafePointer<UInt64>

  package init() { powers = ShortestDecimal.powersOfTen }

  /// The most bytes that ``write(_:to:)`` writes.
  package static let longest = 16

  /// Writes a finite number as text and returns where it ends.
  @inline(__always)
  package func write(_ value: Float, to target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
    var p = target
    if value.sign == .minus {
      p[0] = UInt8(ascii: "-")
      p += 1
    }
    guard value != 0 else {
      p[0] = UInt8(ascii: "0")
      return p + 1
    }
    let (digits, exponent) = decimal(value.magnitude)
    return ShortestDecimal.layOut(digits, exponent, p)
  }

  /// `digits · 10^exponent` for a positive finite number.
  package func decimal(_ value: Float) -> (digits: UInt32, exponent: Int) {
    let fraction = value.significandBitPattern
    let biased = Int(value.exponentBitPattern)
    let c = biased == 0 ? fraction : fraction | 1 << 23
    let q = biased == 0 ? -149 : biased - 150
    if q <= 0, q > -24, c & (1 << UInt32(-q) - 1) == 0 {
      return ShortestDecimal.withoutTrailingZeros(c >> UInt32(-q), 0)
    }
    // The numbers that read back as this one reach from half a unit below it (a quarter where the exponent
    // changes) to half a unit above; in quarters of a unit:
    let isPower = fraction == 0 && biased > 1
    let outside: UInt32 = c & 1
    let k = (q * 1_262_611 - (isPower ? 524_031 : 0)) >> 22
    let h = UInt32(q + (-k * 1_741_647) >> 19 + 1)
    let g = powers[31 - k]
    let lower = roundedToOdd(g, (4 * c - (isPower ? 1 : 2)) << h) + outside
    let middle = roundedToOdd(g, 4 * c << h)
    let upper = roundedToOdd(g, (4 * c + 2) << h) - outside
    let s = middle / 4
    if s >= 10 {
      let tenths = s / 10
      let isBelowIn = lower <= 40 * tenths
      let isAboveIn = 40 * tenths + 40 <= upper
      if isBelowIn != isAboveIn {
        return ShortestDecimal.withoutTrailingZeros(tenths + (isAboveIn ? 1 : 0), k + 1)
      }
    }
    let isBelowIn = lower <= 4 * s
    let isAboveIn = 4 * s + 4 <= upper
    if isBelowIn != isAboveIn { return (s + (isAboveIn ? 1 : 0), k) }
    let half = 4 * s + 2
    let isUp = middle > half || middle == half && s & 1 == 1
    return (s + (isUp ? 1 : 0), k)
  }

  /// The upper bits of `g · c`, the last one set when anything below is: so that comparisons come out as they
  /// would on the exact product.
  @inline(__always)
  private func roundedToOdd(_ g: UInt64, _ c: UInt32) -> UInt32 {
    let product = g.multipliedFullWidth(by: UInt64(c))
    let below = UInt32(truncatingIfNeeded: product.low >> 32)
    return UInt32(truncatingIfNeeded: product.high) | (below > 1 ? 1 : 0)
  }

  private static func withoutTrailingZeros(_ digits: UInt32, _ exponent: Int) -> (UInt32, Int) {
    var digits = digits
    var exponent = exponent
    while digits % 10 == 0 {
      digits /= 10
      exponent += 1
    }
    return (digits, exponent)
  }

  /// As people write it from 10⁻⁵ to 10⁹, with an exponent beyond.
  private static func layOut(
    _ digits: UInt32, _ exponent: Int, _ target: UnsafeMutablePointer<UInt8>
  ) -> UnsafeMutablePointer<UInt8> {
    var p = target
    var count = 1
    var power: UInt32 = 10
    while count < 9, digits >= power {
      count += 1
      power = power &* 10
    }
    let leading = count + exponent - 1
    if leading < -5 || leading > 9 {
      // d.ddde-38
      writeDigits(digits, p + 1, count)
      p[0] = p[1]
      p[1] = UInt8(ascii: ".")
      p += count == 1 ? 1 : count + 1
      p[0] = UInt8(ascii: "e")
      p += 1
      if leading < 0 {
        p[0] = UInt8(ascii: "-")
        p += 1
      }
      let magnitude = UInt32(leading.magnitude)
      let length = magnitude < 10 ? 1 : 2
      writeDigits(magnitude, p, length)
      return p + length
    }
    if exponent >= 0 {
      writeDigits(digits, p, count)
      for i in 0..<exponent { p[count + i] = UInt8(ascii: "0") }
      return p + count + exponent
    }
    if leading >= 0 {
      // ddd.ddd
      let whole = leading + 1
      writeDigits(digits, p + 1, count)
      for i in 0..<whole { p[i] = p[i + 1] }
      p[whole] = UInt8(ascii: ".")
      return p + count + 1
    }
    // 0.000ddd
    for i in 0..<1 - leading { p[i] = UInt8(ascii: "0") }
    p[1] = UInt8(ascii: ".")
    p += 1 - leading
    writeDigits(digits, p, count)
    return p + count
  }

  @inline(__always)
  private static func writeDigits(_ value: UInt32, _ p: UnsafeMutablePointer<UInt8>, _ count: Int) {
    var rest = value
    var i = count - 1
    while i >= 0 {
      p[i] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      i -= 1
    }
  }

  /// 10⁻³¹…10⁴⁵, the upper 64 bits, rounded up.
  nonisolated(unsafe) private static let powersOfTen: UnsafePointer<UInt64> = {
    let copy = UnsafeMutablePointer<UInt64>.allocate(capacity: powersOfTenLiterals.count)
    copy.initialize(from: powersOfTenLiterals, count: powersOfTenLiterals.count)
    return UnsafePointer(copy)
  }()
}

private let powersOfTenLiterals: [UInt64] = [
  0x81CE_B32C_4B43_FCF5, 0xA242_5FF7_5E14_FC32, 0xCAD2_F7F5_359A_3B3F, 0xFD87_B5F2_8300_CA0E,
  0x9E74_D1B7_91E0_7E49, 0xC612_0625_7658_9DDB, 0xF796_87AE_D3EE_C552, 0x9ABE_14CD_4475_3B53,
  0xC16D_9A00_9592_8A28, 0xF1C9_0080_BAF7_2CB2, 0x971D_A050_74DA_7BEF, 0xBCE5_0864_9211_1AEB,
  0xEC1E_4A7D_B695_61A6, 0x9392_EE8E_921D_5D08, 0xB877_AA32_36A4_B44A, 0xE695_94BE_C44D_E15C,
  0x901D_7CF7_3AB0_ACDA, 0xB424_DC35_095C_D810, 0xE12E_1342_4BB4_0E14, 0x8CBC_CC09_6F50_88CC,
  0xAFEB_FF0B_CB24_AAFF, 0xDBE6_FECE_BDED_D5BF, 0x8970_5F41_36B4_A598, 0xABCC_7711_8461_CEFD,
  0xD6BF_94D5_E57A_42BD, 0x8637_BD05_AF6C_69B6, 0xA7C5_AC47_1B47_8424, 0xD1B7_1758_E219_652C,
  0x8312_6E97_8D4F_DF3C, 0xA3D7_0A3D_70A3_D70B, 0xCCCC_CCCC_CCCC_CCCD, 0x8000_0000_0000_0000,
  0xA000_0000_0000_0000, 0xC800_0000_0000_0000, 0xFA00_0000_0000_0000, 0x9C40_0000_0000_0000,
  0xC350_0000_0000_0000, 0xF424_0000_0000_0000, 0x9896_8000_0000_0000, 0xBEBC_2000_0000_0000,
  0xEE6B_2800_0000_0000, 0x9502_F900_0000_0000, 0xBA43_B740_0000_0000, 0xE8D4_A510_0000_0000,
  0x9184_E72A_0000_0000, 0xB5E6_20F4_8000_0000, 0xE35F_A931_A000_0000, 0x8E1B_C9BF_0400_0000,
  0xB1A2_BC2E_C500_0000, 0xDE0B_6B3A_7640_0000, 0x8AC7_2304_89E8_0000, 0xAD78_EBC5_AC62_0000,
  0xD8D7_26B7_177A_8000, 0x8786_7832_6EAC_9000, 0xA968_163F_0A57_B400, 0xD3C2_1BCE_CCED_A100,
  0x8459_5161_4014_84A0, 0xA56F_A5B9_9019_A5C8, 0xCECB_8F27_F420_0F3A, 0x813F_3978_F894_0985,
  0xA18F_07D7_36B9_0BE6, 0xC9F2_C9CD_0467_4EDF, 0xFC6F_7C40_4581_2297, 0x9DC5_ADA8_2B70_B59E,
  0xC537_1912_364C_E306, 0xF684_DF56_C3E0_1BC7, 0x9A13_0B96_3A6C_115D, 0xC097_CE7B_C907_15B4,
  0xF0BD_C21A_BB48_DB21, 0x9676_9950_B50D_88F5, 0xBC14_3FA4_E250_EB32, 0xEB19_4F8E_1AE5_25FE,
  0x92EF_D1B8_D0CF_37BF, 0xB7AB_C627_0503_05AE, 0xE596_B7B0_C643_C71A, 0x8F7E_32CE_7BEA_5C70,
  0xB35D_BF82_1AE4_F38C,
]
