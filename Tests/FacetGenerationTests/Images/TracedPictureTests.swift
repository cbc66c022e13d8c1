import FacetContract
import Foundation
import FacetTestSupport
import Testing

@testable import FacetGeneration

/// Pictures of shapes that are known, traced: in every way that they come.
@Suite struct TracedPictureTests {
  @Test(arguments: Drawing.all, [true, false])
  func silhouettes(_ drawing: Drawing, isSmooth: Bool) throws {
    try check(drawing, TracedPicture(drawing.raster(isSmooth: isSmooth)), within: 0.005)
  }

  @Test(
    arguments: Drawing.all,
    [(2, true), (2, false), (3, true), (3, false), (4.5, true), (6, true), (6, false)])
  func lineDrawings(_ drawing: Drawing, pen: (width: Double, isSmooth: Bool)) throws {
    let picture = try TracedPicture(drawing.raster(stroke: pen.width, isSmooth: pen.isSmooth))
    #expect(picture.isLineDrawing)
    try check(drawing, picture, within: 0.015)
  }

  @Test(arguments: Drawing.all)
  func jpegArtefacts(_ drawing: Drawing) throws {
    try check(drawing, TracedPicture(drawing.raster().asIfJPEG()), within: 0.005)
    try check(drawing, TracedPicture(drawing.raster(stroke: 3).asIfJPEG()), within: 0.015)
  }

  @Test(arguments: Drawing.all)
  func lightOnDarkAndPale(_ drawing: Drawing) throws {
    try check(drawing, TracedPicture(drawing.raster(ink: 240, paper: 15)), within: 0.005)
    try check(drawing, TracedPicture(drawing.raster(stroke: 3, ink: 255, paper: 0)), within: 0.015)
    try check(drawing, TracedPicture(drawing.raster(ink: 120, paper: 190)), within: 0.005)
  }

  /// Blurred twice over five pixels: corners are rounded by more than a line's tolerance, and sharp all the same.
  @Test(arguments: [Drawing.rectangle, .rotatedRectangle, .plate, .angle])
  func blur(_ drawing: Drawing) throws {
    try check(drawing, TracedPicture(drawing.raster().blurred().blurred()), within: 0.008)
  }

  @Test func whatTouchesTheBorderEndsThere() throws {
    let drawing = Drawing(
      name: "half off", outline: Drawing.box(0, 60, 200.5, 200), holes: [.circle(SIMD2(80, 130), 25)])
    for stroke in [0.0, 4] {
      // Half of a stroke along the border is beyond it.
      let picture = try TracedPicture(drawing.raster(stroke: stroke))
      let size = picture.bounds.high - picture.bounds.low
      #expect(abs(size.x - 200.5) <= 1.01 && abs(size.y - 140) <= 0.5)
      #expect(picture.pieces[0].holes.count == 1)
    }
  }

  /// What most of the border shows is the paper.
  @Test func inkMayFillPartOfTheBorder() throws {
    var pixels = [UInt8](repeating: 255, count: 100 * 80)
    for y in 20..<80 { for x in 0..<60 { pixels[y * 100 + x] = 0 } }
    let picture = try TracedPicture(Raster(width: 100, height: 80, pixels: pixels))
    #expect(picture.bounds.low == SIMD2(0, 20) && picture.bounds.high == SIMD2(60, 80))
  }

  @Test func specksAreDropped() throws {
    var raster = Drawing.plate.raster()
    var numbers = SeededGenerator(seed: 5)
    let clear = raster.pixels
    for _ in 0..<60 {
      let x = Int.random(in: 3..<Drawing.width - 6, using: &numbers)
      let y = Int.random(in: 3..<Drawing.height - 6, using: &numbers)
      let around = (-3...6).flatMap { v in
        (-3...6).map { clear[min(259, max(0, y + v)) * 320 + min(319, max(0, x + $0))] }
      }
      guard Set(around).count == 1 else { continue }
      for v in 0..<3 { for u in 0..<3 { raster.pixels[(y + v) * 320 + x + u] = 255 - around[0] } }
    }
    #expect(raster.pixels != clear)
    try check(.plate, TracedPicture(raster), within: 0.005)
  }

  @Test func roundedCornersBecomeArcs() throws {
    // A slot in a plate whose corners are rounded with 30 pixels.
    func isInk(_ p: SIMD2<Double>) -> Bool {
      let q = SIMD2(max(abs(p.x - 160) - 90, 0), max(abs(p.y - 130) - 50, 0))
      let isPlate = (q * q).sum() <= 900
      let s = SIMD2(max(abs(p.x - 160) - 40, 0), p.y - 130)
      return isPlate && (s * s).sum() > 225
    }
    var pixels: [UInt8] = []
    for y in 0..<260 {
      for x in 0..<320 {
        var count = 0
        for v in 0..<4 {
          for u in 0..<4
          where isInk(SIMD2(Double(x) + (Double(u) + 0.5) / 4, Double(y) + (Double(v) + 0.5) / 4)) {
            count += 1
          }
        }
        pixels.append(UInt8(255 - count * 255 / 16))
      }
    }
    let picture = try TracedPicture(Raster(width: 320, height: 260, pixels: pixels))
    guard case .path(let plate) = picture.pieces[0].outline, case .path(let slot) = picture.pieces[0].holes[0]
    else {
      Issue.record("neither is a circle")
      return
    }
    #expect(plate.count == 8 && plate.count { $0.middle != nil } == 4)
    #expect(slot.count == 4 && slot.count { $0.middle != nil } == 2)
    let truth = 240.0 * 160 - (4 - .pi) * 900
    #expect(abs(picture.pieces[0].outline.area / truth - 1) < 0.002)
    let slotTruth = 80.0 * 30 + .pi * 225
    #expect(abs(picture.pieces[0].holes[0].area / slotTruth - 1) < 0.01)
  }

  @Test func pensWithRoundTipsLeaveSharpCorners() throws {
    // A pen's distance rounds every outer corner; the middle of the stroke has them sharp all the same.
    let picture = try TracedPicture(Drawing.star.raster(stroke: 6))
    guard case .path(let steps) = picture.pieces[0].outline, case .polygon(let truth) = Drawing.star.outline
    else {
      Issue.record("a star is no circle")
      return
    }
    #expect(steps.count == 10)
    for corner in truth {
      #expect(steps.contains { length($0.end - corner) < 1.5 })
    }
  }

  @Test func readingCanBeSaid() throws {
    let frame = Drawing.rectangle.raster(stroke: 6)
    let line = try TracedPicture(frame)
    let areas = try TracedPicture(frame, reading: .areas)
    #expect(line.pieces[0].holes.isEmpty)
    #expect(areas.pieces[0].holes.count == 1 && !areas.isLineDrawing)
    let ring = try TracedPicture(Drawing.ring.raster(), reading: .strokes)
    #expect(ring.isLineDrawing && ring.pieces[0].holes.isEmpty)
    #expect(abs(ring.bounds.high.x - ring.bounds.low.x - 2 * (115.4 + 60.7) / 2) < 1)
  }

  @Test func rightAnglesAreRight() throws {
    for drawing in [Drawing.rectangle, .rotatedRectangle, .angle] {
      for stroke in [0.0, 3] {
        let picture = try TracedPicture(drawing.raster(stroke: stroke))
        guard case .path(let steps) = picture.pieces[0].outline else { continue }
        for index in steps.indices {
          let before = steps[index].end - steps[(index + steps.count - 1) % steps.count].end
          let after = steps[(index + 1) % steps.count].end - steps[index].end
          let cosine = (before * after).sum() / (length(before) * length(after))
          #expect(abs(cosine) < 0.002)
        }
      }
    }
  }

  /// Area, extent, the number of holes and corners, circles and that nothing crosses.
  private func check(
    _ drawing: Drawing, _ picture: TracedPicture, within share: Double,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    try #require(picture.pieces.count == 1, sourceLocation: location)
    let piece = picture.pieces[0]
    let area = piece.outline.area - piece.holes.reduce(0) { $0 + $1.area }
    #expect(abs(area / drawing.area - 1) <= share, "\(area) for \(drawing.area)", sourceLocation: location)
    let size = picture.bounds.high - picture.bounds.low
    #expect(abs(size.x - drawing.outline.size.x) <= 1, "\(size)", sourceLocation: location)
    #expect(abs(size.y - drawing.outline.size.y) <= 1, "\(size)", sourceLocation: location)
    #expect(piece.holes.count == drawing.holes.count, sourceLocation: location)

    expect(piece.outline, drawing.outline, location)
    for hole in drawing.holes {
      let bounds = { (outline: Outline) in (outline.bounds.low + outline.bounds.high) / 2 }
      let middle =
        switch hole {
        case .circle(let center, _): center
        case .sides: SIMD2<Double>.zero
        case .polygon(let points):
          (SIMD2(points.map(\.x).min()!, points.map(\.y).min()!)
            + SIMD2(points.map(\.x).max()!, points.map(\.y).max()!)) / 2
        }
      let traced = piece.holes.min { length(bounds($0) - middle) < length(bounds($1) - middle) }
      if let traced { expect(traced, hole, location) }
    }

    let polygons = ([piece.outline] + piece.holes).map { $0.polygon(within: 0.05) }
    #expect(!crossesAnywhere(polygons), sourceLocation: location)
  }

  private func expect(_ outline: Outline, _ truth: Drawing.Curve, _ location: SourceLocation) {
    switch (outline, truth) {
    case (.circle(let circle), .circle(let center, let radius)):
      #expect(abs(2 * circle.radius - 2 * radius) <= 1, sourceLocation: location)
      #expect(length(circle.center - center) <= 0.5, sourceLocation: location)
    case (.path(let steps), .polygon(let points)):
      #expect(steps.count == points.count, sourceLocation: location)
      #expect(steps.allSatisfy { $0.middle == nil }, sourceLocation: location)
    default:
      Issue.record("a circle and a polygon are not the same", sourceLocation: location)
    }
  }

  /// Every side against every other, by the signs of areas.
  private func crossesAnywhere(_ polygons: [[SIMD2<Double>]]) -> Bool {
    let sides = polygons.flatMap { zip($0, $0.dropFirst() + $0.prefix(1)) }
    func turn(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ c: SIMD2<Double>) -> Double {
      (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }
    for (index, (a, b)) in sides.enumerated() {
      for (c, d) in sides[..<index] {
        if turn(a, b, c) * turn(a, b, d) < 0, turn(c, d, a) * turn(c, d, b) < 0 { return true }
      }
    }
    return false
  }
}
