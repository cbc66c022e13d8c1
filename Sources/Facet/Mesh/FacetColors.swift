/// An 8-bit colour with opacity.
public struct Color: Sendable, Hashable, BitwiseCopyable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8
  public var alpha: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }
}

/// The 16 attribute bits of binary STL facets, read as 15-bit colours.
///
/// Two conventions are in use, and they disagree about the bit order and about what bit 15 means
/// (<https://en.wikipedia.org/wiki/STL_(file_format)#Color>). The bits are kept as they were read, so
/// writing gives the same file.
public struct FacetColors: Sendable, Equatable {
  public enum Convention: Sendable, Hashable, CaseIterable {
    /// VisCAM and SolidView: blue in bits 0–4, green 5–9, red 10–14; bit 15 set: the colour is valid.
    case visCAM
    /// Materialise Magics: red in bits 0–4, green 5–9, blue 10–14; bit 15 *clear*: the facet has its own
    /// colour, set: it has the part's. The header holds `COLOR=` and four bytes R, G, B, A.
    case magics
  }

  public var convention: Convention
  /// The part's colour: Magics' `COLOR=`.
  public var partColor: Color?
  /// The attribute word of each facet, in facet order.
  public var attributes: [UInt16]

  public init(convention: Convention, partColor: Color? = nil, attributes: [UInt16]) {
    self.convention = convention
    self.partColor = partColor
    self.attributes = attributes
  }

  /// The colour of a facet, or nil when it has neither its own nor a part's.
  public subscript(facet: Int) -> Color? {
    let word = attributes[facet]
    let low = FacetColors.widened(word)
    let middle = FacetColors.widened(word >> 5)
    let high = FacetColors.widened(word >> 10)
    let flag = word & 0x8000 != 0
    return switch convention {
    case .visCAM: flag ? Color(red: high, green: middle, blue: low) : partColor
    case .magics: flag ? partColor : Color(red: low, green: middle, blue: high)
    }
  }

  /// The attribute word that gives a facet its own colour, to 5 bits a channel.
  public static func attribute(for color: Color, _ convention: Convention) -> UInt16 {
    let red = UInt16(color.red >> 3)
    let green = UInt16(color.green >> 3) << 5
    let blue = UInt16(color.blue >> 3)
    return switch convention {
    case .visCAM: 0x8000 | red << 10 | green | blue
    case .magics: blue << 10 | green | red
    }
  }

  /// 5 bits to 8, so that 0 stays 0 and 31 becomes 255.
  private static func widened(_ word: UInt16) -> UInt8 {
    let five = word & 31
    return UInt8(five << 3 | five >> 2)
  }
}
