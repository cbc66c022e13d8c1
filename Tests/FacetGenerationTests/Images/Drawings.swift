import Foundation
import Testing

@testable import FacetGeneration

/// Shapes whose area and extent are known, and pictures of them in the ways that pictures come.
struct Drawing: Sendable, CustomTestStringConvertible {
  enum Curve: Sendable {
    case polygon([SIMD2<Double>])
    case circle(SIMD2<Double>, Double)
    /// Some of a polygon's.
    case sides([(SIMD2<Double>, SIMD2<Double>)])
  }

  var name: String
  var outline: Curve
  var holes: [Curve] = []

  var testDescription: String { name }

  /// Pixels of every picture.
  static let width = 320
  static let height = 260

  var area: Double { outline.area - holes.reduce(0) { $0 + $1.area } }

  func contains(_ point: SIMD2<Double>) -> Bool {
    outline.contains(point) && !holes.contains { $0.contains(point) }
  }

  /// To the nearest of the curves, in pixels.
  func distance(_ point: SIMD2<Double>) -> Double {
    holes.reduce(outline.distance(point)) { min($0, $1.distance(point)) }
  }

  /// - Parameters:
  ///   - stroke: The curves are drawn with a pen this wide; 0 fills the part.
  ///   - isSmooth: Whether a pixel is as dark as it is covered, by 8 x 8 samples; else its middle decides.
  func raster(stroke: Double = 0, isSmooth: Bool = true, ink: UInt8 = 0, paper: UInt8 = 255) -> Raster {
    var pixels = [UInt8](repeating: paper, count: Self.width * Self.height)
    let tile = 10
    let curves = [outline] + holes
    for top in stride(from: 0, to: Self.height, by: tile) {
      for left in stride(from: 0, to: Self.width, by: tile) {
        let middle = SIMD2(Double(left + tile / 2), Double(top + tile / 2))
        let reach = Double(tile) + stroke
        let isUniform = distance(middle) > reach
        if isUniform, stroke > 0 || !contains(middle) { continue }
        // Only what is near the tile is looked at for its pixels.
        let near = curves.map { $0.near(middle, reach) }
        let right = curves.map { $0.rightOf(middle, Double(tile)) }
        func isInk(_ point: SIMD2<Double>) -> Bool {
          if stroke > 0 { return near.contains { $0.distance(point) <= stroke / 2 } }
          guard right[0].contains(point) else { return false }
          for index in 1..<right.count where right[index].contains(point) { return false }
          return true
        }
        for y in top..<min(Self.height, top + tile) {
          for x in left..<min(Self.width, left + tile) {
            let center = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
            var share = isUniform || isInk(center) ? 1.0 : 0
            let isEdge = !isUniform && near.contains { abs($0.distance(center) - stroke / 2) < 0.75 }
            if isSmooth, isEdge {
              var count = 0
              for v in 0..<8 {
                for u in 0..<8 {
                  let sample = SIMD2(Double(x) + (Double(u) + 0.5) / 8, Double(y) + (Double(v) + 0.5) / 8)
                  if isInk(sample) { count += 1 }
                }
              }
              share = Double(count) / 64
            }
            let level = Double(paper) + share * (Double(ink) - Double(paper))
            pixels[y * Self.width + x] = UInt8(level.rounded())
          }
        }
      }
    }
    return Raster(width: Self.width, height: Self.height, pixels: pixels)
  }

  static let all = [
    rectangle, rotatedRectangle, disc, ring, plate, angle, star, gear, letter,
  ]
  static let rectangle = Drawing(name: "rectangle", outline: box(30.3, 40.4, 290.3, 220.4))
  static let rotatedRectangle = Drawing(
    name: "rotated rectangle", outline: turned(box(60, 70, 260, 190), by: 0.3))
  static let disc = Drawing(name: "disc", outline: .circle(SIMD2(160.3, 130.2), 105.4))
  static let ring = Drawing(
    name: "ring", outline: .circle(SIMD2(160.3, 130.2), 115.4), holes: [.circle(SIMD2(160.3, 130.2), 60.7)])
  static let plate = Drawing(
    name: "plate", outline: box(30.3, 40.4, 290.3, 220.4),
    holes: [
      .circle(SIMD2(60, 70), 12), .circle(SIMD2(260, 70.5), 12), .circle(SIMD2(60.5, 190), 12),
      .circle(SIMD2(260, 190), 7.5),
    ])
  static let angle = Drawing(
    name: "L",
    outline: .polygon([
      SIMD2(40, 30), SIMD2(110, 30), SIMD2(110, 150), SIMD2(280, 150), SIMD2(280, 230), SIMD2(40, 230),
    ]))
  static let star = Drawing(
    name: "star",
    outline: .polygon(
      (0..<10).map { index in
        let angle = Double(index) * .pi / 5
        return SIMD2(160, 130) + (index % 2 == 0 ? 120 : 50) * SIMD2(sin(angle), -cos(angle))
      }))
  static let gear = Drawing(
    name: "gear",
    outline: .polygon(
      (0..<16).flatMap { tooth in
        [(95.0, -0.13), (120, -0.07), (120, 0.07), (95, 0.13)].map { radius, offset in
          let angle = Double(tooth) * .pi / 8 + offset
          return SIMD2(160, 130) + radius * SIMD2(cos(angle), sin(angle))
        }
      }), holes: [.circle(SIMD2(160, 130), 30)])
  /// An A with a triangular hole.
  static let letter = Drawing(
    name: "A",
    outline: .polygon([
      SIMD2(130, 20), SIMD2(190, 20), SIMD2(270, 240), SIMD2(215, 240), SIMD2(195, 185), SIMD2(125, 185),
      SIMD2(105, 240), SIMD2(50, 240),
    ]), holes: [.polygon([SIMD2(160, 75), SIMD2(185, 150), SIMD2(135, 150)])])

  static func box(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) -> Curve {
    .polygon([SIMD2(left, top), SIMD2(right, top), SIMD2(right, bottom), SIMD2(left, bottom)])
  }

  static func turned(_ curve: Curve, by angle: Double, around center: SIMD2<Double> = SIMD2(160, 130))
    -> Curve
  {
    guard case .polygon(let points) = curve else { return curve }
    return .polygon(
      points.map { point in
        let arm = point - center
        return center
          + SIMD2(arm.x * cos(angle) - arm.y * sin(angle), arm.x * sin(angle) + arm.y * cos(angle))
      })
  }
}

extension Drawing.Curve {
  var area: Double {
    switch self {
    case .circle(_, let radius): return .pi * radius * radius
    case .polygon(let points):
      var sum = 0.0
      for (a, b) in zip(points, points.dropFirst() + points.prefix(1)) { sum += a.x * b.y - a.y * b.x }
      return abs(sum) / 2
    case .sides: return .nan
    }
  }

  /// Along x and y.
  var size: SIMD2<Double> {
    switch self {
    case .circle(_, let radius): return SIMD2(repeating: 2 * radius)
    case .polygon(let points):
      let (x, y) = (points.map(\.x), points.map(\.y))
      return SIMD2(x.max()! - x.min()!, y.max()! - y.min()!)
    case .sides: return SIMD2(repeating: .nan)
    }
  }

  /// The curve's sides, or none for a circle.
  private var sides: [(SIMD2<Double>, SIMD2<Double>)] {
    switch self {
    case .circle: []
    case .polygon(let points): Array(zip(points, points.dropFirst() + points.prefix(1)))
    case .sides(let sides): sides
    }
  }

  /// What matters for distances up to `reach` from a point.
  func near(_ point: SIMD2<Double>, _ reach: Double) -> Self {
    if case .circle = self { return self }
    return .sides(sides.filter { Self.sides([$0]).distance(point) <= 2 * reach })
  }

  /// What matters for whether points around this one are inside: the sides that a ray to the right may meet.
  func rightOf(_ point: SIMD2<Double>, _ reach: Double) -> Self {
    if case .circle = self { return self }
    return .sides(
      sides.filter { a, b in
        max(a.x, b.x) >= point.x - reach && max(a.y, b.y) >= point.y - reach
          && min(a.y, b.y) <= point.y + reach
      })
  }

  func contains(_ point: SIMD2<Double>) -> Bool {
    if case .circle(let center, let radius) = self {
      let (x, y) = (point.x - center.x, point.y - center.y)
      return x * x + y * y <= radius * radius
    }
    var isInside = false
    for (a, b) in sides where (a.y > point.y) != (b.y > point.y) {
      if point.x < a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y) { isInside.toggle() }
    }
    return isInside
  }

  func distance(_ point: SIMD2<Double>) -> Double {
    if case .circle(let center, let radius) = self {
      let (x, y) = (point.x - center.x, point.y - center.y)
      return abs((x * x + y * y).squareRoot() - radius)
    }
    var least = Double.infinity
    for (a, b) in sides {
      let (u, v) = (b.x - a.x, b.y - a.y)
      let share = min(1, max(0, ((point.x - a.x) * u + (point.y - a.y) * v) / (u * u + v * v)))
      let (x, y) = (point.x - a.x - share * u, point.y - a.y - share * v)
      least = min(least, x * x + y * y)
    }
    return least.squareRoot()
  }
}

extension Raster {
  /// As a JPEG of poor quality leaves it: the cosine transform of 8 x 8 pixels, in coarse steps.
  func asIfJPEG(step: Double = 10) -> Raster {
    let cosines = (0..<8).map { (u: Int) -> [Double] in
      let scale = u == 0 ? 0.125.squareRoot() : 0.5
      return (0..<8).map { x -> Double in scale * cos(Double((2 * x + 1) * u) * Double.pi / 16) }
    }
    /// Rows by the cosines, then columns.
    func transformed(_ block: [Double], back: Bool) -> [Double] {
      var result = block
      for _ in 0..<2 {
        let source = result
        for row in 0..<8 {
          for k in 0..<8 {
            var sum = 0.0
            for i in 0..<8 { sum += source[row * 8 + i] * (back ? cosines[i][k] : cosines[k][i]) }
            result[k * 8 + row] = sum
          }
        }
      }
      return result
    }
    var copy = self
    for top in stride(from: 0, to: height - 7, by: 8) {
      for left in stride(from: 0, to: width - 7, by: 8) {
        var block = (0..<64).map { Double(pixels[(top + $0 / 8) * width + left + $0 % 8]) }
        if Set(block).count == 1 { continue }
        block = transformed(block, back: false)
        for index in 0..<64 {
          let coarseness = step + Double(index / 8 + index % 8) * step / 2
          block[index] = (block[index] / coarseness).rounded() * coarseness
        }
        block = transformed(block, back: true)
        for index in 0..<64 {
          copy.pixels[(top + index / 8) * width + left + index % 8] = UInt8(
            min(255, max(0, block[index].rounded())))
        }
      }
    }
    return copy
  }

  /// Each pixel the mean of five in its row, then in its column; what is beyond the border is as the border.
  func blurred() -> Raster {
    var copy = self
    for (step, length) in [(1, width), (width, height)] {
      let source = copy.pixels
      for index in source.indices {
        let place = index / step % length
        var sum = 0
        for offset in -2...2 {
          sum += Int(source[index + (min(length - 1, max(0, place + offset)) - place) * step])
        }
        copy.pixels[index] = UInt8((sum + 2) / 5)
      }
    }
    return copy
  }

  /// The pixels of a picture written as text, `#` for ink.
  init(_ rows: String...) {
    self.init(
      width: rows[0].count, height: rows.count, pixels: rows.flatMap { $0.map { $0 == "#" ? 0 : 255 } })
  }
}
