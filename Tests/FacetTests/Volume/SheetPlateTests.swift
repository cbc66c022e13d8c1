import FacetTestSupport
import Testing

@testable import Facet

@Suite struct SheetPlateTests {
  /// Corner weights over a triangle, fine enough to come within a 20th of its size of every point.
  private let weights: [SIMD2<Float>] = (0...20).flatMap { i in
    (0...20 - i).map { SIMD2(Float(i) / 20, Float($0) / 20) }
  }

  @Test func aPlateIsTheCubesAroundATrianglesPoints() {
    var random = SeededGenerator(seed: 11)
    func point(_ reach: Float) -> SIMD3<Float> {
      SIMD3(
        .random(in: -reach...reach, using: &random), .random(in: -reach...reach, using: &random),
        .random(in: -reach...reach, using: &random))
    }
    var (within, out) = (0, 0)
    for _ in 0..<40 {
      let (a, b, c) = (point(1), point(1), point(1))
      let plate = SheetPlate(a, b, c, half: 0.4)
      let points = weights.map { a + (b - a) * $0.x + (c - a) * $0.y }
      for _ in 0..<40 {
        let p = point(1.2)
        let nearest = points.map { q in max(abs(p.x - q.x), abs(p.y - q.y), abs(p.z - q.z)) }.min()!
        let distance = plate.distance(p)
        if nearest <= 0.4 {
          within += 1
          #expect(distance <= 1e-5)
        }
        // Of the samples one is within a 20th of an edge of the nearest point.
        if nearest > 0.4 + 0.15 {
          out += 1
          #expect(distance > 0)
        }
      }
    }
    #expect(within > 100 && out > 100)
  }

  @Test func aTriangleWithoutAreaHasAPlateToo() {
    let p = SIMD3<Float>(1, 2, 3)
    let plate = SheetPlate(p, p, p, half: 0.5)
    #expect(plate.distance(p) == -0.5)
    #expect(abs(plate.distance(p + SIMD3(0.75, 0, 0)) - 0.25) < 1e-6)
    let line = SheetPlate(p, p + SIMD3(4, 0, 0), p + SIMD3(2, 0, 0), half: 0.5)
    #expect(line.distance(p + SIMD3(4.4, 0.4, 0)) < 0 && line.distance(p + SIMD3(2, 0.6, 0)) > 0)
  }
}
