/// The few characters that the scale of a picture needs, as strokes: digits, a point, `m`, `<`, `>` and a space.
///
/// Strokes on a grid 4 wide and 6 high, y down, drawn with round ends at any size: a font file would be a dependency,
/// and pictures are to have the same bytes everywhere.
struct Lettering {
  /// The height of a digit, pixels.
  let height: Double

  private var unit: Double { height / 6 }
  /// Half of a stroke's width, pixels.
  private var pen: Double { max(0.42 * unit, 0.55) }

  /// Pixels from the first character's left to the last one's right.
  func width(of text: String) -> Double {
    text.reduce(0) { $0 + Lettering.width(of: $1) * unit + 1.6 * unit } - (text.isEmpty ? 0 : 1.6 * unit)
  }

  /// How much of the pixel at (x, y) a text covers whose upper left corner is at (0, 0), pixels.
  func coverage(of text: String, x: Double, y: Double) -> Double {
    var left = 0.0
    var nearest = Double.infinity
    for character in text {
      let width = Lettering.width(of: character)
      let own = SIMD2((x - left) / unit, y / unit)
      // Nothing else is near enough.
      if own.x > -2, own.x < width + 2 {
        for stroke in Lettering.strokes[character] ?? [] {
          for (a, b) in zip(stroke, stroke.count == 1 ? stroke[...] : stroke.dropFirst()) {
            nearest = min(nearest, distance(own, a, b) * unit)
          }
        }
      }
      left += (width + 1.6) * unit
    }
    return min(max(pen + 0.5 - nearest, 0), 1)
  }

  private func distance(_ p: SIMD2<Double>, _ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double {
    let d = b - a
    let square = d.x * d.x + d.y * d.y
    let along = square > 0 ? min(max(((p.x - a.x) * d.x + (p.y - a.y) * d.y) / square, 0), 1) : 0
    let off = p - (a + d * along)
    return (off.x * off.x + off.y * off.y).squareRoot()
  }

  private static func width(of character: Character) -> Double {
    switch character {
    case ".": 0.6
    case " ": 1.4
    case "m": 5.6
    default: 4
    }
  }

  private static let strokes: [Character: [[SIMD2<Double>]]] = [
    "0": [round(2, 3, 2, 3, 0...16)],
    "1": [[.init(0.6, 1.4), .init(2.3, 0), .init(2.3, 6)]],
    "2": [round(2, 1.8, 1.9, 1.8, -8...3) + [.init(0.1, 6), .init(4, 6)]],
    "3": [round(1.9, 1.55, 1.6, 1.55, -7...4), round(1.9, 4.4, 2, 1.6, -4...7)],
    "4": [[.init(3, 6), .init(3, 0), .init(0, 4.3), .init(4, 4.3)]],
    "5": [[.init(3.6, 0), .init(0.7, 0), .init(0.4, 2.8)] + round(1.9, 4, 2.1, 2, -5...7)],
    "6": [round(2, 4.1, 2, 1.9, 0...16), round(3.9, 4.1, 3.9, 4.1, -8 ... -5)],
    "7": [[.init(0, 0), .init(4, 0), .init(1.4, 6)]],
    "8": [round(2, 1.5, 1.6, 1.5, 0...16), round(2, 4.4, 2, 1.6, 0...16)],
    "9": [round(2, 1.9, 2, 1.9, 0...16), round(0.1, 1.9, 3.9, 4.1, 0...3)],
    ".": [[.init(0.3, 5.9)]],
    "m": [
      [.init(0, 2), .init(0, 6)], round(1.4, 3.4, 1.4, 1.4, -8...0) + [.init(2.8, 6)],
      round(4.2, 3.4, 1.4, 1.4, -8...0) + [.init(5.6, 6)],
    ],
    "<": [[.init(3.6, 1.4), .init(0.4, 3.4), .init(3.6, 5.4)]],
    ">": [[.init(0.4, 1.4), .init(3.6, 3.4), .init(0.4, 5.4)]],
  ]

  /// A part of an ellipse in sixteenths of a turn: from its right, clockwise as y goes down.
  private static func round(
    _ x: Double, _ y: Double, _ rx: Double, _ ry: Double, _ steps: ClosedRange<Int>
  ) -> [SIMD2<Double>] {
    // Cosines of 0 to 90 degrees by 22.5: a table is the same on every system.
    let cosines = [1, 0.92387953251128674, 0.70710678118654757, 0.38268343236508978, 0]
    func cosine(_ step: Int) -> Double {
      let s = ((step % 16) + 16) % 16
      switch s {
      case 0...4: return cosines[s]
      case 5...8: return -cosines[8 - s]
      case 9...12: return -cosines[s - 8]
      default: return cosines[16 - s]
      }
    }
    return steps.map { SIMD2(x + rx * cosine($0), y + ry * cosine($0 - 4)) }
  }
}
