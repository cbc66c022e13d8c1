import FacetTestSupport
import Testing

@testable import FacetGeneration

@Suite struct CrossingsTests {
  private let square: [SIMD2<Double>] = [SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 4), SIMD2(0, 4)]

  private func moved(_ points: [SIMD2<Double>], _ by: SIMD2<Double>) -> [SIMD2<Double>] {
    points.map { $0 + by }
  }

  @Test func polygonsByThemselves() {
    #expect(Crossings.faulty([square]).isEmpty)
    #expect(Crossings.faulty([[SIMD2(0, 0), SIMD2(4, 4), SIMD2(4, 0), SIMD2(0, 4)]]) == [0])
    // A corner on another side, a side that turns back, one line there and back.
    #expect(Crossings.faulty([[SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 4), SIMD2(2, 0), SIMD2(0, 4)]]) == [0])
    #expect(Crossings.faulty([[SIMD2(0, 0), SIMD2(4, 0), SIMD2(2, 0), SIMD2(2, 3)]]) == [0])
    #expect(Crossings.faulty([[SIMD2(0, 0), SIMD2(4, 0)]]) == [0])
    // A corner on a straight side is no fault, nor are points given twice.
    #expect(Crossings.faulty([[SIMD2(0, 0), SIMD2(2, 0), SIMD2(2, 0), SIMD2(4, 0), SIMD2(2, 3)]]).isEmpty)
  }

  @Test func polygonsBesideOneAnother() {
    #expect(Crossings.faulty([square, moved(square, SIMD2(5, 0)), moved(square, SIMD2(0, 5))]).isEmpty)
    #expect(Crossings.faulty([square, moved(square, SIMD2(9, 9)), moved(square, SIMD2(2, 2))]) == [0, 2])
    // They touch along a side, or at a corner.
    #expect(Crossings.faulty([square, moved(square, SIMD2(4, 1))]) == [0, 1])
    #expect(Crossings.faulty([square, moved(square, SIMD2(4, 4))]) == [0, 1])
    // One within the other, and the smallest gap there is.
    #expect(Crossings.faulty([square, moved(square.map { $0 / 2 }, SIMD2(1, 1))]).isEmpty)
    #expect(Crossings.faulty([square, moved(square, SIMD2(4 + 1 / Crossings.unitsPerPixel, 0))]).isEmpty)
  }

  /// Random polygons on a small grid, where much touches, against every pair of sides and whole numbers.
  @Test func agreesWithAllPairs() {
    var numbers = SeededGenerator(seed: 7)
    var faultless = 0
    for _ in 0..<3000 {
      let count = Int.random(in: 3...5, using: &numbers)
      let corners = (0..<count).map { _ in
        SIMD2(Int.random(in: 0...6, using: &numbers), Int.random(in: 0...6, using: &numbers))
      }
      if (0..<count).contains(where: { corners[$0] == corners[($0 + 1) % count] }) { continue }
      func turn(_ a: SIMD2<Int>, _ b: SIMD2<Int>, _ c: SIMD2<Int>) -> Int {
        ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).signum()
      }
      func isOn(_ p: SIMD2<Int>, _ a: SIMD2<Int>, _ b: SIMD2<Int>) -> Bool {
        turn(a, b, p) == 0 && min(a.x, b.x)...max(a.x, b.x) ~= p.x && min(a.y, b.y)...max(a.y, b.y) ~= p.y
      }
      var isFaulty = false
      for i in 0..<count {
        let (a, b) = (corners[i], corners[(i + 1) % count])
        // No other corner is on a side, and no two sides cross.
        for k in 0..<count where k != i && k != (i + 1) % count && isOn(corners[k], a, b) { isFaulty = true }
        for k in 0..<count {
          let (c, d) = (corners[k], corners[(k + 1) % count])
          if turn(a, b, c) * turn(a, b, d) < 0, turn(c, d, a) * turn(c, d, b) < 0 { isFaulty = true }
        }
      }
      if !isFaulty { faultless += 1 }
      let points = corners.map { SIMD2(Double($0.x), Double($0.y)) }
      #expect(Crossings.faulty([points]).isEmpty == !isFaulty, "\(corners)")
    }
    #expect(faultless > 300)
  }
}
