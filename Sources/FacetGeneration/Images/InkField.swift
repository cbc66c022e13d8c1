import FacetContract

/// A picture as ink on paper: higher levels are more ink, whichever of the two was dark, with a frame of paper one
/// pixel wide around it, so that every contour closes.
struct InkField: Sendable {
  /// With the frame.
  let width: Int
  let height: Int
  /// Row by row from the top, with the frame.
  let levels: [UInt8]
  let paper: Double
  let ink: Double
  /// The least level that counts as ink; halfway between paper and ink, where a pixel is half covered.
  let threshold: UInt8
  /// Twice the ink's area by the length of its edge: the width, where it is strokes.
  let strokeWidth: Double
  /// Whether edges are steps between two levels, without greys that tell where they run.
  let isJagged: Bool
  /// How much of a corner the pixels and the blur of edges round off, in pixels.
  let rounding: Double

  /// The level of the contour. Between two whole levels, so that no pixel is on it.
  var contourLevel: Double { Double(threshold) - 0.5 }

  /// The share of a pixel that a level stands for.
  func coverage(_ level: UInt8) -> Double {
    min(1, max(0, (Double(level) - paper) / (ink - paper)))
  }

  /// Levels between paper and ink for there to be a drawing at all.
  static let leastContrast = 32
  /// The share of the ink that grey areas may have; the greys along edges don't count.
  static let mostGrey = 0.05
  /// Edges between pixels of ink and paper, for each pixel of width and height together.
  static let mostEdges = 64

  /// - Throws: `promptTooAmbiguous` for what is no drawing of two levels: an empty picture, a photograph, noise.
  init(_ raster: Raster) throws(GenerationJobError) {
    let histogram = Self.histogram(raster.pixels)
    guard let split = Self.otsuThreshold(histogram) else { throw .picture(Self.emptyMessage) }
    // The paper is what most of the border shows.
    let isInkDark = Self.lightBorderShare(raster, split) >= 0.5
    let oriented = isInkDark ? Array(histogram.reversed()) : histogram
    let cut = isInkDark ? 256 - split : split
    let paper = Self.quantile(oriented, 0..<cut, 0.25)
    let ink = Self.quantile(oriented, cut..<256, 0.75)
    guard ink - paper >= Self.leastContrast else { throw .picture(Self.emptyMessage) }
    self.paper = Double(paper)
    self.ink = Double(ink)
    threshold = UInt8((paper + ink + 1) / 2)

    width = raster.width + 2
    height = raster.height + 2
    levels = Self.framed(raster, isInkDark, paper: UInt8(paper))

    var area = 0.0
    var inkPixels = 0
    var greys = 0
    for level in 0..<256 where oriented[level] > 0 {
      let share = min(1, max(0, Double(level - paper) / Double(ink - paper)))
      area += Double(oriented[level]) * share
      if share > 0.1, share < 0.9 { greys += oriented[level] }
      if level >= Int(threshold) { inkPixels += oriented[level] }
    }
    let edges = Self.edgeCount(levels, width, height, threshold)
    // Crofton: a curve of length l in any direction crosses the lines of a unit grid 4 l / π times.
    strokeWidth = edges == 0 ? 0 : 2 * area / (Double(edges) * .pi / 4)
    // A smooth edge has about a grey pixel wherever it passes between two.
    isJagged = 10 * greys < edges
    guard edges <= Self.mostEdges * (raster.width + raster.height) else {
      throw .picture(
        "the picture is too busy to be a drawing; noise, hatching and photographs cannot be traced")
    }
    let mostGreyPixels = Int(Self.mostGrey * Double(inkPixels))
    let mids = Self.middlePixels(levels, width, height, paper, ink, upTo: mostGreyPixels)
    // Halfway between is half a pixel where nothing is blurred, more where it is.
    let edgeWidth = edges == 0 ? 0 : Double(mids.alongEdges) / (Double(edges) * .pi / 4)
    rounding = min(8, max(2, 1 + 2 * edgeWidth))
    guard mids.elsewhere <= mostGreyPixels else {
      throw .picture(
        "the picture has shades between ink and paper, as photographs do; a drawing or silhouette in two "
          + "levels is needed")
    }
  }

  private static let emptyMessage = "nothing is drawn in the picture: it has one level of grey only"
}

extension GenerationJobError {
  /// What is wrong with a picture, or missing beside it.
  static func picture(_ detail: String) -> Self { .init(.promptTooAmbiguous, detail: detail) }
}

extension InkField {
  private static func histogram(_ pixels: [UInt8]) -> [Int] {
    var counts = [Int](repeating: 0, count: 256)
    var span = counts.mutableSpan
    for pixel in pixels { span[Int(pixel)] += 1 }
    return counts
  }

  /// The first level of the upper class, by Otsu's criterion (1979): the split with the greatest variance between the
  /// classes. Nil when there is one level only.
  static func otsuThreshold(_ histogram: [Int]) -> Int? {
    let total = Double(histogram.reduce(0, +))
    var sum = 0.0
    for (level, count) in histogram.enumerated() { sum += Double(level) * Double(count) }
    var below = 0.0
    var sumBelow = 0.0
    var best = 0.0
    var first: Int?
    var last = 0
    for level in 0..<255 {
      below += Double(histogram[level])
      sumBelow += Double(level) * Double(histogram[level])
      guard below > 0, below < total else { continue }
      let difference = sumBelow / below - (sum - sumBelow) / (total - below)
      let between = below * (total - below) * difference * difference
      if between > best {
        best = between
        first = level
        last = level
      } else if between == best {
        last = level
      }
    }
    // Between two peaks with nothing in between, every split is the same: the middle one is meant.
    return first.map { ($0 + last) / 2 + 1 }
  }

  private static func lightBorderShare(_ raster: Raster, _ split: Int) -> Double {
    let (width, height, pixels) = (raster.width, raster.height, raster.pixels)
    var light = 0
    var count = 0
    func look(_ index: Int) {
      count += 1
      if Int(pixels[index]) >= split { light += 1 }
    }
    for x in 0..<width {
      look(x)
      if height > 1 { look((height - 1) * width + x) }
    }
    for y in 1..<max(1, height - 1) {
      look(y * width)
      if width > 1 { look(y * width + width - 1) }
    }
    return Double(light) / Double(count)
  }

  /// The level below which a share of the pixels of a range of levels is. The quarter towards the far end is taken:
  /// the pixels along edges, which thin strokes have most of, are all at the near one.
  private static func quantile(_ histogram: [Int], _ levels: Range<Int>, _ share: Double) -> Int {
    let total = histogram[levels].reduce(0, +)
    var count = 0
    for level in levels {
      count += histogram[level]
      if Double(count) >= share * Double(total) { return level }
    }
    return levels.upperBound - 1
  }

  private static func framed(_ raster: Raster, _ isInkDark: Bool, paper: UInt8) -> [UInt8] {
    let width = raster.width + 2
    let pixels = raster.pixels.span
    return [UInt8](unsafeUninitializedCapacity: width * (raster.height + 2)) { levels, count in
      count = levels.count
      levels.initialize(repeating: paper)
      for y in 0..<raster.height {
        let from = y * raster.width
        let to = (y + 1) * width + 1
        for x in 0..<raster.width {
          let pixel = pixels[from + x]
          levels[to + x] = isInkDark ? 255 - pixel : pixel
        }
      }
    }
  }

  /// Pairs of neighbours of which one is ink.
  private static func edgeCount(_ levels: [UInt8], _ width: Int, _ height: Int, _ threshold: UInt8) -> Int {
    let levels = levels.span
    var count = 0
    for y in 0..<height - 1 {
      let row = y * width
      for index in row..<row + width - 1 {
        let isInk = levels[index] >= threshold
        if isInk != (levels[index + 1] >= threshold) { count += 1 }
        if isInk != (levels[index + width] >= threshold) { count += 1 }
      }
    }
    return count
  }

  /// Pixels halfway between paper and ink: those along edges, with both firm ink and firm paper within three pixels,
  /// and the others, of which counting ends once they are more than so many.
  private static func middlePixels(
    _ levels: [UInt8], _ width: Int, _ height: Int, _ paper: Int, _ ink: Int, upTo limit: Int
  ) -> (alongEdges: Int, elsewhere: Int) {
    let lower = UInt8(paper + (ink - paper) / 4)
    let upper = UInt8(ink - (ink - paper) / 4)
    let levels = levels.span
    var alongEdges = 0
    var elsewhere = 0
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        let level = levels[y * width + x]
        guard level > lower, level < upper else { continue }
        var hasPaper = false
        var hasInk = false
        for v in max(0, y - 3)...min(height - 1, y + 3) where !(hasPaper && hasInk) {
          for u in max(0, x - 3)...min(width - 1, x + 3) {
            let other = levels[v * width + u]
            if other <= lower { hasPaper = true }
            if other >= upper { hasInk = true }
          }
        }
        if hasPaper && hasInk { alongEdges += 1 } else { elsewhere += 1 }
      }
      if elsewhere > limit { break }
    }
    return (alongEdges, elsewhere)
  }
}
