import FacetTestSupport
import Testing

@testable import Facet

@Suite struct FacetingTests {
  private func score(radius: Double, segments: Int) throws -> (score: Double, isOk: Bool) {
    let analysis = try Primitive.cylinder(radius: radius, height: 20, segments: segments).analyzed()
    return (analysis.facetingScore, analysis.isFacetingScoreOk)
  }

  @Test func theScoreIsTheBendOfACoarseCylinder() throws {
    let passing = try score(radius: 10, segments: 24)
    #expect(abs(passing.score - 15) < 1e-4)
    #expect(passing.isOk)
    let failing = try score(radius: 10, segments: 20)
    #expect(abs(failing.score - 18) < 1e-4)
    #expect(!failing.isOk)
  }

  @Test func whatIsSharpIsMeantToBe() throws {
    // A prism of 12 sides bends by 30°.
    #expect(try score(radius: 10, segments: 12) == (0, true))
    #expect(try Primitive.box().analyzed().facetingScore == 0)
    let wider = try Primitive.cylinder(radius: 10, height: 20, segments: 12)
      .analyzed(AnalysisOptions(creaseAngle: 40))
    #expect(abs(wider.facetingScore - 30) < 1e-4)
  }

  @Test func whatNobodySeesDoesNotCount() throws {
    // At 1 mm the chord is 0.0086 mm off the circle, at 100 mm 0.86 mm.
    #expect(try score(radius: 1, segments: 24).score == 0)
    #expect(abs(try score(radius: 100, segments: 24).score - 15) < 1e-4)
  }
}

@Suite struct NoiseShellTests {
  private func noise(_ others: [Mesh]) throws -> Int {
    let part = Primitive.box(maximum: SIMD3(repeating: 10))
    return try others.reduce(part) { $0.merged(with: $1) }.analyzed().noiseShells
  }

  private func box(_ size: Float) -> Mesh {
    Primitive.box(minimum: SIMD3(repeating: 12), maximum: SIMD3(repeating: 12 + size))
  }

  @Test func aShellUnderAHundredthOfTheVolumeIsNoise() throws {
    #expect(try noise([]) == 0)
    #expect(try noise([box(2.2)]) == 0)
    #expect(try noise([box(2.1)]) == 1)
    #expect(try noise([box(2.1).insideOut]) == 1)
  }

  @Test func anOpenShellIsJudgedByItsDiagonal() throws {
    let open = { (size: Float) in box(size).without { i, _ in i == 0 } }
    #expect(try noise([open(2.1)]) == 0)
    #expect(try noise([open(0.05)]) == 1)
  }

  @Test func aPlateOfEqualPartsIsNoNoise() throws {
    let parts = (0..<150).map { (i: Int) -> Mesh in
      let corner = SIMD3<Float>(Float(i % 15), Float(i / 15 + 1), 0) * 12
      return Primitive.box(minimum: corner, maximum: corner + 10)
    }
    #expect(try noise(parts) == 0)
  }
}

@Suite struct PlanarHoleTests {
  /// A pyramid of six sides without its base; one corner of the base is `lift` out of the plane.
  private func pyramid(lift: Float) throws -> Mesh {
    let base = circleOutline(radius: 10, segments: 6).enumerated().map {
      SIMD3<Float>($1, $0 == 2 ? lift : 0)
    }
    return try Mesh(
      positions: base + [SIMD3(0, 0, 10)],
      triangles: (0..<6).map { Triangle(UInt32($0), UInt32(($0 + 1) % 6), 6) })
  }

  @Test func aHoleInAPlaneIsPlanar() throws {
    #expect(try pyramid(lift: 0).analyzed().planarHoles == 1)
    #expect(try pyramid(lift: 0.005).analyzed().planarHoles == 1)
  }

  @Test func aHoleThatNoPlaneHoldsIsNot() throws {
    let bent = try pyramid(lift: 0.5)
    #expect(try bent.analyzed().planarHoles == 0)
    #expect(try bent.analyzed().contours == 1)
    #expect(try bent.analyzed(AnalysisOptions(planarityTolerance: 0.5)).planarHoles == 1)
  }

  @Test func anyPlaneIsFitted() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let normal = SIMD3<Double>.random(in: -1...1, using: &generator).normalized
      let u = cross(normal, SIMD3(0.3, 0.5, 0.8)).normalized
      let v = cross(normal, u)
      let origin = SIMD3<Double>.random(in: -50...50, using: &generator)
      let points = (0..<12).map { _ in
        SIMD3<Float>(
          origin + u * Double.random(in: -9...9, using: &generator)
            + v * Double.random(in: -9...9, using: &generator))
      }
      let plane = Plane.fitted(to: points)
      #expect(abs(abs(dot(plane.normal, normal)) - 1) < 1e-9)
      #expect(points.allSatisfy { abs(plane.distance(to: $0)) < 1e-4 })
    }
    // Points on a line, or all in one place, are in a plane too.
    let line = (0..<5).map { SIMD3<Float>(Float($0), Float($0) * 2, 1) }
    #expect(line.allSatisfy { abs(Plane.fitted(to: line).distance(to: $0)) < 1e-6 })
    let spot = [SIMD3<Float>](repeating: SIMD3(1, 2, 3), count: 4)
    #expect(spot.allSatisfy { abs(Plane.fitted(to: spot).distance(to: $0)) < 1e-12 })
  }
}
