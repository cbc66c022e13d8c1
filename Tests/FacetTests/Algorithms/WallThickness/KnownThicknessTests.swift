import FacetTestSupport
import Testing

@testable import Facet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Parts whose thickness is known exactly.
@Suite struct KnownThicknessTests {
  typealias Accuracy = WallThicknessOptions.Accuracy

  private func area(_ result: WallThicknessResult) -> Double { result.regions.reduce(0) { $0 + $1.area } }

  /// Nothing thin at the least thickness, and something a little above it.
  private func expectLeast(
    _ least: Double, _ mesh: Mesh, _ accuracy: Accuracy, within tolerance: Float = 2e-5,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let least = Float(least)
    let below = try checkedThickness(mesh, least - tolerance, accuracy, location)
    #expect(!below.hasPossibleThinWalls, sourceLocation: location)
    #expect(abs(below.leastThickness! - least) < tolerance, sourceLocation: location)
    let above = try checkedThickness(mesh, least * 1.1, accuracy, location)
    #expect(above.hasThinWalls, sourceLocation: location)
    #expect(abs(above.leastThickness! - least) < tolerance, sourceLocation: location)
  }

  @Test(arguments: Accuracy.allCases) func tube(accuracy: Accuracy) throws {
    for segments in [7, 16] {
      let tube = Primitive.tube(outerRadius: 10, innerRadius: 9, height: 2, segments: segments)
      try expectLeast(cos(.pi / Double(segments)), tube, accuracy)
    }
    let part = Primitive.tube(outerRadius: 10, innerRadius: 9.2, height: 3, segments: 32)
    let thin = try checkedThickness(part, 1, accuracy)
    #expect(thin.regions.count == 1)
    let walls = 32 * 2 * (10 + 9.2) * sin(Double.pi / 32) * 3
    #expect(abs(area(thin) / walls - 1) < 0.01)
    // The facets' depths differ by the chord's height.
    for t in thin.thickness where t < 1 { #expect(t > 0.795 && t < 0.85) }
  }

  @Test(arguments: Accuracy.allCases) func plateWithHoles(accuracy: Accuracy) throws {
    let holes = [(SIMD2(6.0, 6.0), 2.0), (SIMD2(14.0, 9.0), 3.0)]
    let plate = Primitive.plate(
      width: 20, depth: 15, thickness: 0.8, holes: holes.map { (center: $0.0, radius: $0.1) },
      holeSegments: 12)
    try expectLeast(0.8, plate, accuracy)
    let result = try checkedThickness(plate, 1, accuracy)
    let cut = 6 * sin(Double.pi / 6) * (4 + 9)
    #expect(abs(area(result) / (2 * (300 - cut)) - 1) < 1e-3)
    #expect(result.regions.count == 1)
  }

  @Test(arguments: Accuracy.allCases) func sphereInSphere(accuracy: Accuracy) throws {
    let ball = Primitive.sphereInSphere(outerRadius: 6, innerRadius: 5.2, subdivisions: 2)
    // Two like polyhedra around one centre: facets lie straight above each other.
    let unit = Primitive.icosphere(radius: 1, subdivisions: 2)
    let least = unit.triangles.indices.map { i -> Double in
      let (a, b, c) = unit.corners(i)
      return Double(abs(dot(cross(b - a, c - a).normalized, a)))
    }.min()!
    if accuracy == .coarse { try expectLeast(0.8 * least, ball, accuracy) }
    let result = try checkedThickness(ball, 1, accuracy)
    #expect(abs(area(result) / ball.plainArea - 1) < 0.01)
    for t in result.thickness { #expect(t > Float(0.8 * least) - 2e-5 && t < 0.8001) }
  }

  @Test(arguments: Accuracy.allCases) func wedge(accuracy: Accuracy) throws {
    for degrees in [12.0, 34] {
      let wedge = Primitive.wedge(degrees: degrees, length: 8, width: 1.5)
      let result = try checkedThickness(wedge, 1, accuracy)
      let half = degrees * .pi / 360
      #expect(result.regions.count == 1, "\(degrees)")
      // From the tip along the side to where a ball of 1 mm fits.
      let side = 0.5 / tan(half)
      #expect(abs(area(result) / (2 * side * 1.5) - 1) < 0.02, "\(degrees)")
      #expect(try #require(result.leastThickness) < 1e-4)
      func thickness(_ p: SIMD3<Float>) -> Float { Float(2 * Double(length(SIMD3(p.x, 0, p.z))) * tan(half)) }
      for i in result.surface.triangles.indices where result.thickness[i] < 1 {
        let (a, b, c) = result.surface.corners(i)
        let all = [thickness(a), thickness(b), thickness(c)]
        // The least over the triangle, and nowhere on it thicker by more than the documented bound.
        #expect(abs(result.thickness[i] - all.min()!) < 1e-3, "\(degrees)")
        #expect(all.max()! - result.thickness[i] < 0.7 * result.samplingDistance, "\(degrees)")
      }
    }
  }

  @Test(arguments: Accuracy.allCases) func honeycomb(accuracy: Accuracy) throws {
    let (columns, rows) = (2, 2)
    let plate = Primitive.honeycomb(columns: columns, rows: rows, cell: 5, wall: 0.6, height: 4)
    try expectLeast(0.6, plate, accuracy)
    let result = try checkedThickness(plate, 1, accuracy)
    // Beside each other, and each cell with two of the next row but for one at the end.
    let walls = rows * (columns - 1) + (rows - 1) * (2 * columns - 1)
    #expect(abs(area(result) / (Double(2 * walls) * 5 / 3.0.squareRoot() * 4) - 1) < 0.01)
    #expect(result.leastThickness.map { abs($0 - 0.6) < 1e-5 } == true)
  }

  @Test(arguments: Accuracy.allCases) func engravedText(accuracy: Accuracy) throws {
    let plate = Primitive.engravedPlate(thickness: 1.3)
    let result = try checkedThickness(plate, 1, accuracy)
    #expect(result.regions.count == 4)
    #expect(abs(area(result) / (2 * Primitive.engravedArea) - 1) < 0.01)
    for region in result.regions { #expect(abs(region.leastThickness - 0.9) < 1e-5) }
    if accuracy == .coarse { #expect(try !checkedThickness(plate, 0.8999, accuracy).hasPossibleThinWalls) }
  }

  @Test func threadedRod() throws {
    let root = Primitive.threadRootRadius(majorRadius: 4, pitch: 1.25)
    let rod = Primitive.threadedRod(majorRadius: 4, pitch: 1.25, turns: 2, boreRadius: root - 0.7)
    try expectLeast(0.7 * cos(.pi / 32), rod, .coarse)
    let result = try checkedThickness(rod, 0.72, .coarse)
    // One band winds up below the root; above it is the root itself, and next to it where the thread runs out.
    #expect(result.regions.count == 1)
    for i in result.surface.triangles.indices where result.thickness[i] < 0.72 {
      let (a, b, c) = result.surface.corners(i)
      let middle = (a + b + c) / 3
      #expect(length(SIMD3(middle.x, middle.y, 0)) < Float(root) + 0.02)
    }
  }

  // MARK: Anything

  /// Points all over random parts: none is thinner than what is reported, and what is reported is met.
  @Test func randomPartsEqualBruteForce() throws {
    var random = SeededGenerator(seed: 7)
    func pick(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
    for round in 0..<12 {
      var part: Mesh
      switch round % 6 {
      case 0:
        part = Primitive.box(maximum: SIMD3(Float(pick(0.3...3)), Float(pick(0.3...3)), Float(pick(2...6))))
      case 1: part = Primitive.wedge(degrees: pick(4...33), length: pick(3...9), width: pick(2...6))
      case 2:
        let inner = pick(1...4)
        part = Primitive.tube(
          outerRadius: inner + pick(0.3...1.4), innerRadius: inner, height: pick(1...5), segments: 9 + round)
      case 3:
        part = Primitive.finnedBlock(
          fins: 2, finThickness: Float(pick(0.3...1.2)), finHeight: 3, gap: 2, depth: 3)
      case 4:
        let inner = pick(1...3)
        part = Primitive.sphereInSphere(
          outerRadius: inner + pick(0.3...1.2), innerRadius: inner, subdivisions: 2)
      default:
        // A cavity that is not parallel to the part.
        part = Primitive.box(maximum: SIMD3(repeating: 6)).merged(
          with: Primitive.wedge(degrees: pick(5...60), length: 4.4, width: 4.4).moved(by: SIMD3(0.6, 0.7, 3))
            .insideOut)
      }
      if round % 2 == 1 { part = part.placedAtRandom(&random, reach: 20) }
      let accuracy = Accuracy.allCases[round % 2]
      let result = try checkedThickness(part, 1, accuracy)
      let oracle = ThicknessOracle(result.surface)
      var thinnest = Double.infinity
      var (thin, total) = (0.0, 0)
      let step = max(1, result.surface.triangles.count / 16)
      for i in stride(from: 0, to: result.surface.triangles.count, by: step) {
        let p = ThicknessOracle.point(in: result.surface.corners(i), &random)
        total += 1
        guard let truth = oracle.thickness(at: p, of: i) else { continue }
        thinnest = min(thinnest, truth.thickness)
        if truth.thickness < 1 { thin += 1 }
        if truth.thickness < 0.9999 {
          #expect(Double(result.thickness[i]) <= truth.thickness + 1e-4, "round \(round)")
          #expect(result.hasPossibleThinWalls)
        }
        if result.thickness[i] < 0.99 && truth.thickness < 2 {
          #expect(
            truth.thickness - Double(result.thickness[i]) < 0.7 * Double(result.samplingDistance) + 1e-4,
            "round \(round)")
        }
      }
      if let least = result.leastThickness, least < 1 {
        #expect(thinnest >= Double(least) - 1e-4, "round \(round)")
      } else {
        #expect(thinnest >= 0.9999, "round \(round)")
      }
    }
  }
}

extension Mesh {
  fileprivate func moved(by offset: SIMD3<Float>) -> Mesh {
    Mesh(unchecked: positions.map { $0 + offset }, triangles: triangles)
  }
}
