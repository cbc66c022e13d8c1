import FacetContract
import Foundation
import FacetTestSupport
import Testing

@testable import FacetGeneration

@Suite struct ContoursTests {
  @Test func contourOfOnePixelIsADiamond() throws {
    let field = try InkField(Raster("...", ".#.", "..."))
    let contours = Contours(field, joinsInk: false)
    try #require(contours.loops.count == 1)
    let points = contours.loops[0].map(field.position)
    // Halfway to the neighbours' middles, but for the half level that the contour is beside it.
    let truth = [SIMD2(1.0, 1.5), SIMD2(1.5, 2), SIMD2(2, 1.5), SIMD2(1.5, 1)]
    #expect(points.count == 4)
    for (point, wanted) in zip(points, truth) { #expect(length(point - wanted) < 0.003) }
    // Counterclockwise as one sees it, y down.
    #expect(signedArea(points) < 0)
  }

  @Test func holesRunTheOtherWay() throws {
    let field = try InkField(Raster(".....", ".###.", ".#.#.", ".###.", "....."))
    let areas = Contours(field, joinsInk: false).loops.map { signedArea($0.map(field.position)) }
    #expect(areas.count == 2)
    #expect(areas.min()! < 0 && areas.max()! > 0)
  }

  @Test func cornersJoinOnlyWhereWanted() throws {
    let field = try InkField(Raster("......", ".##...", ".##...", "...##.", "...##.", "......"))
    #expect(Contours(field, joinsInk: false).loops.count == 2)
    #expect(Contours(field, joinsInk: true).loops.count == 1)
  }

  /// Whatever the levels, contours close and don't meet, and the area to the left of them is ink.
  @Test func randomLevels() throws {
    var numbers = SeededGenerator(seed: 11)
    for _ in 0..<40 {
      let pixels = (0..<14 * 12).map { _ in UInt8([0, 60, 200, 255].randomElement(using: &numbers)!) }
      guard let field = try? InkField(Raster(width: 14, height: 12, pixels: pixels)) else { continue }
      for joinsInk in [true, false] {
        let loops = Contours(field, joinsInk: joinsInk).loops
        let crossings = loops.flatMap { $0 }
        #expect(Set(crossings).count == crossings.count)
        // Each crossing between ink and paper is on a contour.
        var count = 0
        for y in 0..<field.height - 1 {
          for x in 0..<field.width - 1 {
            let index = y * field.width + x
            let isInk = field.levels[index] >= field.threshold
            if isInk != (field.levels[index + 1] >= field.threshold) { count += 1 }
            if isInk != (field.levels[index + field.width] >= field.threshold) { count += 1 }
          }
        }
        #expect(crossings.count == count)
        #expect(Crossings.faulty(loops.map { $0.map(field.position) }).isEmpty)
      }
    }
  }

  @Test func nestingIsByContainment() throws {
    // A frame, in it a frame, in that a block, and a block beside.
    var pixels = [UInt8](repeating: 255, count: 60 * 40)
    func fill(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ level: UInt8) {
      for y in top..<bottom { for x in left..<right { pixels[y * 60 + x] = level } }
    }
    fill(2, 2, 38, 38, 0)
    fill(6, 6, 34, 34, 255)
    fill(10, 10, 30, 30, 0)
    fill(13, 13, 27, 27, 255)
    fill(16, 16, 24, 24, 0)
    fill(44, 10, 56, 30, 0)
    let field = try InkField(Raster(width: 60, height: 40, pixels: pixels))
    let tree = try ContourTree(Contours(field, joinsInk: false), of: field)
    #expect(tree.roots.count == 2 && tree.nodes.count == 6)
    var node = try #require(tree.roots.first { !tree.nodes[$0].children.isEmpty })
    for depth in 1...4 {
      try #require(tree.nodes[node].children.count == 1, "at \(depth)")
      node = tree.nodes[node].children[0]
    }
    #expect(abs(tree.nodes[node].area - 64) < 1)
  }

  @Test func otsuSplitsBetweenTwoPeaks() {
    var histogram = [Int](repeating: 0, count: 256)
    #expect(InkField.otsuThreshold(histogram) == nil)
    histogram[40] = 100
    #expect(InkField.otsuThreshold(histogram) == nil)
    histogram[200] = 900
    #expect(InkField.otsuThreshold(histogram) == 120)
    // By the definition: the least variance within the classes.
    var numbers = SeededGenerator(seed: 3)
    for level in 0..<256 {
      histogram[level] = Int.random(in: 0...50, using: &numbers) + (level < 90 ? 80 : 0)
    }
    func within(_ split: Int) -> Double {
      [0..<split, split..<256].reduce(0) { sum, levels in
        let count = Double(histogram[levels].reduce(0, +))
        guard count > 0 else { return sum }
        let mean = levels.reduce(0.0) { $0 + Double($1 * histogram[$1]) } / count
        return sum
          + levels.reduce(0.0) { $0 + Double(histogram[$1]) * (Double($1) - mean) * (Double($1) - mean) }
      }
    }
    let best = (1..<256).min { within($0) < within($1) }
    #expect(InkField.otsuThreshold(histogram) == best)
  }

  @Test func fitsFindWhatPointsAreOn() throws {
    let arc = (0..<30).map { index -> SIMD2<Double> in
      let angle = Double(index) / 60
      return SIMD2(700 + 50 * cos(angle), 300 + 50 * sin(angle))
    }
    let circle = try #require(fitCircle(arc))
    #expect(length(circle.center - SIMD2(700, 300)) < 1e-6 && abs(circle.radius - 50) < 1e-6)
    #expect(fitCircle([SIMD2(0, 0), SIMD2(1, 1), SIMD2(2, 2), SIMD2(3, 3)]) == nil)
    let points = (0..<20).map { index -> SIMD2<Double> in
      SIMD2(500.0 - Double(index), 80.0 + 2 * Double(index))
    }
    let line = try #require(fitLine(points))
    #expect(abs(line.distance(SIMD2(400, 280))) < 1e-9)
    #expect(line.direction.x < 0)
  }
}
