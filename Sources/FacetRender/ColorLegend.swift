import Facet

/// What the colours of a picture mean: a bar of colours, and values beside it.
public struct ColorLegend: Sendable {
  /// The values at the bar's lower and upper end.
  public var range: ClosedRange<Double>
  /// The colour of each value.
  public var color: @Sendable (Double) -> Color
  /// The values that are written beside the bar. Digits, a point, `m`, `<`, `>` and spaces can be drawn.
  public var labels: [Label]

  public struct Label: Sendable, Equatable {
    public var value: Double
    public var text: String
    /// Whether a line across the bar marks the value.
    public var isMarked: Bool

    public init(_ value: Double, _ text: String, isMarked: Bool = false) {
      self.value = value
      self.text = text
      self.isMarked = isMarked
    }
  }

  public init(
    range: ClosedRange<Double>, labels: [Label], color: @escaping @Sendable (Double) -> Color
  ) {
    self.range = range
    self.color = color
    self.labels = labels
  }

  /// The legend as a picture.
  ///
  /// - Parameter height: In pixels, at least 60.
  func image(height: Int, _ background: Color?) -> Image {
    let letters = Lettering(height: max(Double(height) / 42, 7))
    let bar = max(height / 28, 6)
    let gap = Int(letters.height)
    let textWidth = labels.map { letters.width(of: $0.text) }.max() ?? 0
    let width = gap + bar + gap * 2 / 3 + Int(textWidth.rounded(.up)) + gap
    let top = height / 8
    let bottom = height - height / 8
    let ink = background.map(ColorLegend.ink) ?? Color(red: 90, green: 90, blue: 90)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(4 * width * height)
    func place(_ value: Double) -> Double {
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      return Double(bottom) - share * Double(bottom - top)
    }
    for y in 0..<height {
      let middle = Double(y) + 0.5
      for x in 0..<width {
        var color = background ?? Color(red: 0, green: 0, blue: 0, alpha: 0)
        let isOnBar = x >= gap && x < gap + bar && y >= top && y < bottom
        if isOnBar {
          let share = (Double(bottom) - middle) / Double(bottom - top)
          color = self.color(range.lowerBound + share * (range.upperBound - range.lowerBound))
        }
        for label in labels {
          let level = place(label.value)
          if isOnBar {
            if label.isMarked, abs(middle - level) < 1 { color = ColorLegend.ink(on: color) }
            continue
          }
          let coverage = letters.coverage(
            of: label.text, x: Double(x) + 0.5 - Double(gap + bar + gap * 2 / 3),
            y: middle - level + letters.height / 2)
          if coverage > 0 { color = ColorLegend.mixed(color, ink, coverage) }
        }
        pixels += [color.red, color.green, color.blue, color.alpha]
      }
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// Black or white, whichever is easier to see.
  private static func ink(on color: Color) -> Color {
    let isBright = 3 * Int(color.red) + 6 * Int(color.green) + Int(color.blue) > 1280
    return isBright ? Color(red: 30, green: 30, blue: 30) : Color(red: 245, green: 245, blue: 245)
  }

  /// One colour over another, straight opacity.
  private static func mixed(_ under: Color, _ over: Color, _ share: Double) -> Color {
    // What shows of the colour below where nothing was is the one above.
    let base = under.alpha == 0 ? Color(red: over.red, green: over.green, blue: over.blue, alpha: 0) : under
    func blend(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8((Double(a) + (Double(b) - Double(a)) * share + 0.5).rounded(.down))
    }
    return Color(
      red: blend(base.red, over.red), green: blend(base.green, over.green),
      blue: blend(base.blue, over.blue), alpha: blend(base.alpha, over.alpha))
  }
}

extension Image {
  /// A mesh in its facets' colours from two sides, with what the colours mean beside it.
  ///
  /// - Parameters:
  ///   - isShown: For each triangle whether it is to be seen in the first picture; the second shows the three other
  ///     sides.
  ///   - options: Of each of the two pictures; their angles are chosen here.
  /// - Throws: What ``Facet/Mesh/rendered(_:_:)`` throws.
  public static func colored(
    _ mesh: Mesh, _ legend: ColorLegend, showing isShown: [Bool], _ options: ThumbnailOptions = .init(),
    _ run: RunContext = .init()
  ) throws(MeshError) -> Image {
    var front = options
    (front.cameraAngleX, front.cameraAngleY, front.cameraAngleZ) = (0, 0, 0)
    front.turn(toShow: [(mesh, isShown)])
    return try mesh.rendered(front, run.slice(0...0.5))
      .beside(mesh.rendered(front.opposite, run.slice(0.5...1)), gap: 8, options.background)
      .beside(legend.image(height: options.height, options.background), gap: 8, options.background)
  }
}
