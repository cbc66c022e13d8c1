import FacetTestSupport
import Testing

@testable import Facet

@Suite struct RegionCellsTests {
  /// What meets a region is never ruled out, and most of what does not is.
  @Test(arguments: 0..<8 as Range<UInt64>) func onlyWhatMeetsNoRegionIsRuledOut(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let scale: Float = [1, 1e-38, 1e36, 100][Int(seed % 4)]
    func point(_ reach: Float) -> SIMD3<Float> {
      SIMD3(
        Float.random(in: -reach...reach, using: &random), Float.random(in: -reach...reach, using: &random),
        Float.random(in: -reach...reach, using: &random))
    }
    func box(_ points: [SIMD3<Float>]) -> Box {
      var box = Box.empty
      for p in points { box.formUnion(p) }
      return box
    }
    // Flat in one direction, some of the time.
    let flat: SIMD3<Float> = seed == 3 ? SIMD3(1, 1, 0) : SIMD3(1, 1, 1)
    let regions = (0..<40).map { _ in
      let center = point(1) * flat
      return box([center * scale, (center + point(0.05) * flat) * scale])
    }
    let cells = RegionCells(regions)
    var positions: [SIMD3<Float>] = []
    for i in 0..<6000 {
      let center = point(1.2)
      let reach: Float = i % 10 == 0 ? 1 : i % 10 < 4 ? 0.1 : 0.01
      for _ in 0..<3 { positions.append((center + point(reach)) * scale) }
    }
    let marks = try cells.marks(of: positions, RunContext(threads: 2))
    var away = 0
    for i in stride(from: 0, to: positions.count, by: 3) {
      let own = box(Array(positions[i..<i + 3]))
      let meets = regions.contains { $0.intersects(own) }
      let mayTouch = cells.mayTouch(marks[i], marks[i + 1], marks[i + 2])
      if meets { #expect(mayTouch && cells.bounds.intersects(own)) }
      if !meets && !mayTouch { away += 1 }
    }
    // Of the smallest coordinates there are none between zero and a cell.
    if scale != 1e-38 {
      #expect(away > 3500)
    }
  }

  @Test func manyLargeRegionsRuleNothingOut() throws {
    let all = Box(minimum: SIMD3(0, 0, 0), maximum: SIMD3(1, 1, 1))
    let cells = RegionCells(Array(repeating: all, count: 200))
    let marks = try cells.marks(of: [SIMD3(0.5, 0.5, 0.5), SIMD3(2, 2, 2)], RunContext())
    #expect(cells.mayTouch(marks[0], marks[0], marks[0]))
    #expect(!cells.bounds.intersects(Box(minimum: SIMD3(2, 2, 2), maximum: SIMD3(3, 3, 3))))
  }
}
