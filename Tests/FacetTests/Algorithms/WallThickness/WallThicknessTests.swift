import FacetTestSupport
import Testing

@testable import Facet

/// What is thin, and what is not.
@Suite struct WallThicknessTests {
  @Test(arguments: WallThicknessOptions.Accuracy.allCases)
  func aSolidCubeHasNoThinWallHoweverItLies(accuracy: WallThicknessOptions.Accuracy) throws {
    var random = SeededGenerator(seed: 1)
    for round in 0..<25 {
      let size = round == 0 ? 10 : Float.random(in: 1.1...60, using: &random)
      var cube = Primitive.box(maximum: SIMD3(repeating: size))
      if round > 0 { cube = cube.placedAtRandom(&random, reach: 200) }
      let result = try checkedThickness(cube, 1, accuracy)
      #expect(!result.hasThinWalls)
      #expect(!result.hasPossibleThinWalls)
      #expect(result.input == .solid)
    }
  }

  @Test func solidsWithEdgesOfFortyDegreesAndMoreHaveNoThinWall() throws {
    var random = SeededGenerator(seed: 2)
    for degrees in [37.0, 40, 45, 60, 90, 100] {
      let wedge = Primitive.wedge(degrees: degrees, length: 4, width: 5)
      #expect(try !checkedThickness(wedge.placedAtRandom(&random), 1).hasPossibleThinWalls, "\(degrees)")
    }
    for solid in [
      Primitive.tetrahedron(size: 9), Primitive.icosphere(radius: 0.6, subdivisions: 1),
      Primitive.uvSphere(radius: 3, segments: 9),
      Primitive.cylinder(radius: 0.7, height: 8, segments: 24),
      Primitive.torus(majorRadius: 5, minorRadius: 1, majorSegments: 24, minorSegments: 12),
      Primitive.threadedRod(majorRadius: 4, pitch: 1.25, turns: 3), Primitive.bracket(segments: 24),
      Primitive.gear(segments: 16),
    ] {
      #expect(try !checkedThickness(solid.placedAtRandom(&random), 1).hasPossibleThinWalls)
    }
  }

  @Test func onlyWhatIsThinnerIsThinWhereverItLies() throws {
    var random = SeededGenerator(seed: 3)
    for round in 0..<25 {
      for (thickness, isThin) in [(Float(0.99), true), (0.9995, true), (1, false), (1.01, false)] {
        var plate = Primitive.box(maximum: SIMD3(30, 20, thickness))
        if round > 0 { plate = plate.placedAtRandom(&random, reach: round < 12 ? 10 : 200) }
        let result = try checkedThickness(plate, 1)
        #expect(result.hasThinWalls == isThin)
        #expect(result.hasPossibleThinWalls == isThin)
        #expect(abs(try #require(result.leastThickness) - thickness) < 1e-4)
      }
    }
  }

  @Test func oneLastPlaceBelowTheMinimumIsRoundingAndTenAreNot() throws {
    for minimum in [Float(0.3), 0.8, 1, 2.5] {
      func plate(_ ulps: Float) -> Mesh {
        Primitive.box(maximum: SIMD3(1.5 * minimum, 1.5 * minimum, minimum - ulps * (1.5 * minimum).ulp))
      }
      #expect(try !checkedThickness(plate(0), minimum).hasPossibleThinWalls)
      #expect(try !checkedThickness(plate(1), minimum).hasPossibleThinWalls)
      #expect(try checkedThickness(plate(10), minimum).hasThinWalls)
    }
  }

  @Test(arguments: WallThicknessOptions.Accuracy.allCases)
  func aFinIsOneRegion(accuracy: WallThicknessOptions.Accuracy) throws {
    let block = Primitive.finnedBlock(fins: 1, finThickness: 0.5, finHeight: 6)
    let result = try checkedThickness(block, 1, accuracy)
    #expect(result.regions.count == 1)
    let region = try #require(result.regions.first)
    #expect(region.isCertain)
    // Two sides of 15 × 6 mm.
    #expect(abs(region.area / 180 - 1) < 1e-3)
    #expect(region.leastThickness == 0.5)
    #expect(region.lowerBound == 0.5 && region.upperBound == 0.5)
    #expect(region.bounds == Box(minimum: SIMD3(4, 0, 5), maximum: SIMD3(4.5, 15, 11)))

    let three = try checkedThickness(
      Primitive.finnedBlock(fins: 3, finThickness: 0.5, finHeight: 6), 1, accuracy)
    #expect(three.regions.count == 3)
    #expect(three.regions.allSatisfy { abs($0.area / 180 - 1) < 1e-3 })
  }

  @Test func aFinThatLiesAnyhowIsTheSameFin() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<20 {
      let block = Primitive.finnedBlock(fins: 1, finThickness: 0.5, finHeight: 6).placedAtRandom(&random)
      let result = try checkedThickness(block, 1)
      #expect(result.regions.count == 1)
      #expect(abs(try #require(result.regions.first).area / 180 - 1) < 2e-3)
      #expect(abs(result.regions[0].leastThickness - 0.5) < 1e-4)
    }
  }

  @Test func materialBelowAGrooveIsAWall() throws {
    // A bar 3 mm high with a groove of 90° whose bottom is 0.4 mm above the bar's: no facet faces the underside.
    let outline: [SIMD2<Float>] = [
      SIMD2(0, 0), SIMD2(12, 0), SIMD2(12, 3), SIMD2(8.6, 3), SIMD2(6, 0.4), SIMD2(3.4, 3), SIMD2(0, 3),
    ]
    let bar = Primitive.extruded(outline, from: 0, to: 5)
    let result = try checkedThickness(bar, 1, .fine)
    #expect(result.hasThinWalls)
    #expect(result.regions.count == 1)
    let region = try #require(result.regions.first)
    #expect(abs(region.leastThickness - 0.4) < 1e-4)
    #expect(abs(region.place.x - 6) < 1e-3 && region.place.y < 1e-3)
    // A ball touches both sides opposite each other, to 35°, within 0.4 tan(17.5°) of the groove.
    #expect(abs(region.area / (2 * 0.126 * 5) - 1) < 0.35)
    #expect(region.bounds.minimum.x > 5 && region.bounds.maximum.x < 7)
    #expect(try !checkedThickness(bar, 0.39, .fine).hasPossibleThinWalls)
  }

  // MARK: Input that is not one sound shell

  @Test func whatIsInsideOutIsJudgedAsIfTurned() throws {
    let block = Primitive.finnedBlock(fins: 2, finThickness: 0.5, finHeight: 6)
    let right = try checkedThickness(block, 1)
    let result = try checkedThickness(block.insideOut, 1)
    #expect(result.input == .insideOut)
    #expect(result.regions.map(\.area) == right.regions.map(\.area))
    #expect(result.regions.map(\.leastThickness) == right.regions.map(\.leastThickness))
    #expect(result.surface.plainVolume > 0)
    #expect(right.input == .solid)
  }

  @Test func anOpenPartIsMeasuredWhereItCanBe() throws {
    // The plate's underside is missing: nothing is behind its top.
    let plate = Primitive.box(maximum: SIMD3(30, 20, 0.5))
    let open = plate.without { _, t in (0..<3).allSatisfy { plate.positions[Int(t[$0])].z == 0 } }
    let result = try checkedThickness(open, 1)
    #expect(result.input == .open(badEdges: 4))
    #expect(abs(result.unmeasuredArea - 600) < 1e-3)
    #expect(!result.hasPossibleThinWalls)
    #expect(Set(result.unmeasured.map { result.surface.direction(ofTriangle: Int($0)) }) == [SIMD3(0, 0, 1)])

    // A tube without one facet of its outer wall.
    let tube = Primitive.tube(outerRadius: 10, innerRadius: 9.2, height: 20)
    let holed = try checkedThickness(tube.without { i, _ in i == 7 }, 1)
    #expect(holed.input == .open(badEdges: 3))
    #expect(holed.hasThinWalls)
    #expect(holed.unmeasuredArea > 0)
    let whole = try checkedThickness(tube, 1).regions.reduce(0) { $0 + $1.area }
    let area = holed.regions.reduce(0) { $0 + $1.area }
    #expect(area < whole && area > 0.9 * whole)
  }

  @Test func loosePlatesOfTrianglesAreWeldedFirst() throws {
    let plate = Primitive.box(maximum: SIMD3(30, 20, 0.5))
    let loose = Mesh(
      unchecked: plate.soup.corners,
      triangles: (0..<12).map { Triangle(3 * $0, 3 * $0 + 1, 3 * $0 + 2) })
    let result = try loose.wallThickness(WallThicknessOptions(minimum: 1))
    #expect(result.input == .solid)
    #expect(result.regions.count == 1)
  }

  @Test func platesThatOverlapOrTouchAreOneBody() throws {
    // Each alone would be thin.
    let lower = Primitive.box(maximum: SIMD3(30, 20, 0.7))
    for (from, to) in [(Float(0.5), Float(1.2)), (0.7, 1.4), (0.71, 1.41)] {
      let upper = Primitive.box(minimum: SIMD3(0, 0, from), maximum: SIMD3(30, 20, to))
      let result = try checkedThickness(lower.merged(with: upper), 1)
      #expect(!result.hasPossibleThinWalls, "\(from)")
    }
    // A gap that stays open makes two plates of them.
    let apart = Primitive.box(minimum: SIMD3(0, 0, 0.9), maximum: SIMD3(30, 20, 1.6))
    let result = try checkedThickness(lower.merged(with: apart), 1)
    #expect(result.regions.count == 2)
    #expect(
      result.regions.allSatisfy { abs($0.leastThickness - 0.7) < 1e-5 && abs($0.area / 1200 - 1) < 1e-3 })
    // Together they are 0.9 mm.
    let thin = Primitive.box(minimum: SIMD3(0, 0, 0.5), maximum: SIMD3(30, 20, 0.9))
    let both = try checkedThickness(lower.merged(with: thin), 1)
    #expect(abs(try #require(both.leastThickness) - 0.9) < 1e-5)
  }

  @Test func aCavityMakesWalls() throws {
    let outer = Primitive.box(maximum: SIMD3(repeating: 20))
    let cavity = Primitive.box(minimum: SIMD3(2, 3, 0.6), maximum: SIMD3(18, 17, 15)).insideOut
    let result = try checkedThickness(outer.merged(with: cavity), 1)
    #expect(result.input == .solid)
    #expect(result.regions.count == 1)
    // Its floor, and what is below that.
    #expect(abs(try #require(result.regions.first).area / (2 * 16 * 14) - 1) < 1e-2)
    #expect(abs(result.regions[0].leastThickness - 0.6) < 1e-5)
  }

  @Test func aSheetWithoutThicknessIsThin() throws {
    let front = try Mesh(
      positions: [SIMD3(0, 0, 0), SIMD3(9, 0, 0), SIMD3(9, 7, 0), SIMD3(0, 7, 0)],
      triangles: [Triangle(0, 1, 2), Triangle(0, 2, 3), Triangle(0, 2, 1), Triangle(0, 3, 2)])
    let result = try front.wallThickness(WallThicknessOptions(minimum: 1))
    #expect(result.hasThinWalls)
    #expect(result.leastThickness == 0)
  }

  // MARK: Colours

  @Test func coloursFollowTheThickness() throws {
    let result = try checkedThickness(Primitive.finnedBlock(fins: 1, finThickness: 0.5, finHeight: 6), 1)
    let colored = result.surfaceColored()
    let scale = ThicknessScale(minimum: 1)
    #expect(colored.triangles == result.surface.triangles)
    let colors = try #require(colored.colors)
    for i in colored.triangles.indices {
      #expect(colors.attributes[i] == FacetColors.attribute(for: scale[result.thickness[i]], .visCAM))
    }
    #expect(scale[0] == Color(red: 165, green: 0, blue: 38))
    #expect(scale[0.9999].red > scale[0.9999].blue && scale[1].blue > scale[1].red)
    #expect(scale[2] == scale[.infinity])
    let open = try Primitive.punctured().wallThickness(WallThicknessOptions(minimum: 1))
    let grey = FacetColors.attribute(for: ThicknessScale.unmeasured, .visCAM)
    #expect(open.surfaceColored().colors?.attributes.contains(grey) == true)
    #expect(open.unmeasured.count == open.surfaceColored().colors?.attributes.count { $0 == grey })
  }

  @Test func verticesHaveTheMeanOfTheirTriangles() throws {
    let result = try checkedThickness(Primitive.box(maximum: SIMD3(30, 20, 0.5)), 1)
    let values = result.vertexThickness
    #expect(values.count == result.surface.positions.count)
    // The narrow sides are thicker than what is looked for.
    #expect(values.allSatisfy { $0 > 0.5 && $0 < 0.7 })
    let cube = try checkedThickness(Primitive.box(maximum: SIMD3(repeating: 10)), 1)
    #expect(cube.vertexThickness.allSatisfy { $0 == .infinity })
  }

  // MARK: The run

  @Test func theResultDoesNotDependOnTheThreads() throws {
    for mesh in [
      Primitive.tube(outerRadius: 4, innerRadius: 3.2, height: 5, segments: 20),
      Primitive.wedge(degrees: 15, length: 5, width: 3),
      Primitive.sphereInSphere(outerRadius: 8, innerRadius: 7.3, subdivisions: 2),
    ] {
      let one = try mesh.wallThickness(WallThicknessOptions(minimum: 1), RunContext(threads: 1))
      for threads in [2, 3] {
        let other = try mesh.wallThickness(WallThicknessOptions(minimum: 1), RunContext(threads: threads))
        #expect(one.surface == other.surface)
        #expect(one.thickness == other.thickness)
        #expect(one.regions == other.regions)
        #expect(one.histogram == other.histogram)
      }
    }
  }

  @Test func progressNeverFallsAndCancellingStopsAtAnyMoment() throws {
    let mesh = Primitive.tube(outerRadius: 10, innerRadius: 9.2, height: 4, segments: 8)
    let seen = Lock<[Double]>([])
    _ = try mesh.wallThickness(
      WallThicknessOptions(minimum: 1),
      RunContext(threads: 1, progress: { f in seen.withLock { $0.append(f) } }))
    let fractions = seen.withLock { $0 }
    #expect(fractions == fractions.sorted())
    #expect(fractions.last == 1)
    for moment in stride(from: 0, to: fractions.count - 2, by: 2) {
      let cancellation = Cancellation()
      let reports = Lock(0)
      let run = RunContext(
        threads: 2, cancellation: cancellation,
        progress: { _ in
          if reports.withLock({
            $0 += 1; return $0
          }) > moment {
            cancellation.cancel()
          }
        })
      #expect(throws: MeshError.cancelled) {
        try mesh.wallThickness(WallThicknessOptions(minimum: 1), run)
      }
    }
  }

  @Test func tooLittleMemoryIsRefused() throws {
    let mesh = Primitive.tube(outerRadius: 10, innerRadius: 9.2, height: 20)
    for budget in [1000, 30_000] {
      #expect {
        try mesh.wallThickness(WallThicknessOptions(minimum: 1), RunContext(memoryBudget: budget))
      } throws: { error in
        if case .memoryBudgetExceeded = error as? MeshError { true } else { false }
      }
    }
  }

  @Test func optionsOutOfRangeAreRefused() throws {
    for minimum in [Float(0), -1, .nan, .infinity] {
      #expect {
        try Primitive.box().wallThickness(WallThicknessOptions(minimum: minimum))
      } throws: { error in
        if case .invalidOption(name: "minimum", _, _) = error as? MeshError { true } else { false }
      }
    }
    #expect(throws: MeshError.emptyMesh(operation: "wall thickness")) {
      try Mesh.empty.wallThickness(WallThicknessOptions(minimum: 1))
    }
  }
}
