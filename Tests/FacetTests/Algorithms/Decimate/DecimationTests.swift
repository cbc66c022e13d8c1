import FacetTestSupport
import Testing

@testable import Facet

@Suite struct DecimationTests {
  /// The clean shapes of a few hundred triangles.
  private func small(_ shape: CleanShape) -> Mesh {
    switch shape {
    case .bracket: return Primitive.coloredBracket(segments: 8)
    case .torus: return Primitive.torus(majorRadius: 20, minorRadius: 7, majorSegments: 16, minorSegments: 8)
    case .sphere: return Primitive.icosphere(radius: 15, subdivisions: 2)
    case .gear: return Primitive.gear(segments: 8)
    case .tube: return Primitive.tube(outerRadius: 12, innerRadius: 8, height: 24, segments: 16)
    }
  }

  /// The mesh with every triangle cut into four, `times` over: flat faces of many triangles.
  private func subdivided(_ mesh: Mesh, times: Int) throws -> Mesh {
    var corners = mesh.soup.corners
    for _ in 0..<times {
      var finer: [SIMD3<Float>] = []
      for i in stride(from: 0, to: corners.count, by: 3) {
        let (a, b, c) = (corners[i], corners[i + 1], corners[i + 2])
        let (ab, bc, ca) = ((a + b) * 0.5, (b + c) * 0.5, (c + a) * 0.5)
        finer += [a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca]
      }
      corners = finer
    }
    return try Mesh.welded(TriangleSoup(corners: corners))
  }

  /// The largest distance from random points of `mesh` to the surface of `other`.
  private func farthest(_ mesh: Mesh, from other: Mesh) throws -> Float {
    let tree = try BVH(other)
    var generator = SeededGenerator(seed: 7)
    var farthest: Float = 0
    for i in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(i)
      for _ in 0..<6 {
        let r = Float.random(in: 0...1, using: &generator).squareRoot()
        let s = Float.random(in: 0...1, using: &generator)
        let p = a * (1 - r) + b * (r * (1 - s)) + c * (r * s)
        farthest = max(farthest, tree.closestPoint(other, to: p)!.distance)
      }
      for p in [a, b, c] { farthest = max(farthest, tree.closestPoint(other, to: p)!.distance) }
    }
    return farthest
  }

  private func crossings(_ mesh: Mesh) throws -> Int { try mesh.selfIntersections(BVH(mesh)).pairCount }

  private func badEdges(_ mesh: Mesh) throws -> Int {
    try Topology(mesh).twin.count { $0 >= Topology.degenerate }
  }

  // MARK: The promise

  @Test(arguments: zip(CleanShape.allCases, [Float(0.01), 0.1, 0.3, 0.05, 0.02]))
  func everyPointStaysWithinTheAccuracy(_ shape: CleanShape, _ accuracy: Float) throws {
    let mesh = try subdivided(small(shape), times: 1)
    let result = try mesh.decimated(DecimationOptions(accuracy: accuracy))
    #expect(result.trianglesAfter < mesh.triangles.count * 3 / 4)
    #expect(try farthest(mesh, from: result.mesh) <= accuracy)
    #expect(try farthest(result.mesh, from: mesh) <= accuracy)
    let deviation = try #require(result.deviation)
    #expect(deviation.hausdorff <= accuracy && deviation.hausdorff > 0)
    #expect(result.stopped == .accuracy || result.stopped == .shape)
    #expect(try badEdges(result.mesh) == 0)
    #expect(try crossings(result.mesh) == 0)
  }

  /// Valleys narrower than the triangles that would span them: samples at vertices alone do not see these.
  @Test func aRoughSurfaceStaysWithinTheAccuracyToo() throws {
    var generator = SeededGenerator(seed: 3)
    let smooth = Primitive.icosphere(radius: 10, subdivisions: 3)
    let mesh = try Mesh(
      positions: smooth.positions.map { $0 * Float.random(in: 0.99...1.01, using: &generator) },
      triangles: smooth.triangles)
    for accuracy: Float in [0.05, 0.3] {
      let result = try mesh.decimated(DecimationOptions(accuracy: accuracy))
      #expect(try farthest(mesh, from: result.mesh) <= accuracy)
      #expect(try farthest(result.mesh, from: mesh) <= accuracy)
      #expect(try badEdges(result.mesh) == 0)
      #expect(try crossings(result.mesh) == 0)
    }
  }

  @Test func accuracyZeroTakesAwayWhatLiesInPlanesAndOnLines() throws {
    let box = Primitive.box(minimum: SIMD3(1, 2, 3), maximum: SIMD3(11, 9, 7))
    let result = try subdivided(box, times: 3).decimated(DecimationOptions(accuracy: 0))
    #expect(result.trianglesBefore == 12 * 64)
    #expect(result.trianglesAfter == 12)
    #expect(Set(result.mesh.positions) == Set(box.positions))
  }

  @Test(arguments: [CleanShape.bracket, .tube])
  func flatFacesNeedWhatTheirOutlineNeeds(_ shape: CleanShape) throws {
    let part = small(shape)
    let result = try subdivided(part, times: 1).decimated(DecimationOptions(accuracy: 0))
    #expect(Double(result.trianglesAfter) <= 1.1 * Double(part.triangles.count))
    // On their edges: nothing has moved.
    #expect(try farthest(result.mesh, from: part) < 1e-4)
    #expect(try farthest(part, from: result.mesh) < 1e-4)
    #expect(try badEdges(result.mesh) == 0)
  }

  @Test func noPartOfTheSurfaceTurnsByMoreThanTheAngle() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 2)
    for angle: Float in [24, 50] {
      let result = try mesh.decimated(DecimationOptions(maximumAngle: angle))
      #expect(result.trianglesAfter < mesh.triangles.count)
      #expect(result.stopped == .angle || result.stopped == .shape)
      #expect(try #require(result.largestTurn) <= angle + 0.1)
    }
  }

  // MARK: Counts

  @Test(arguments: CleanShape.allCases)
  func aTargetIsReached(_ shape: CleanShape) throws {
    let mesh = try subdivided(small(shape), times: 1)
    let result = try mesh.decimated(DecimationOptions(target: .ratio(0.25)))
    #expect(result.stopped == .target)
    #expect(abs(result.trianglesAfter - mesh.triangles.count / 4) <= 2)
    #expect(try badEdges(result.mesh) == 0)
    #expect(try crossings(result.mesh) == 0)
    let volume = mesh.plainVolume
    #expect(abs(result.mesh.plainVolume - volume) < 0.05 * volume)
    let exact = DecimationOptions(target: .triangles(600))
    #expect(try mesh.decimated(exact).trianglesAfter <= 601)
  }

  @Test func passesAreLimited() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 3)
    let one = try mesh.decimated(DecimationOptions(maximumPasses: 1))
    #expect(one.stopped == .passes && one.passes == 1)
    #expect(one.trianglesAfter < mesh.triangles.count)
    let five = try mesh.decimated(DecimationOptions(maximumPasses: 5))
    #expect(five.trianglesAfter < one.trianglesAfter)
  }

  @Test func theMeasuresAreThoseOfTheResult() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 3)
    let result = try mesh.decimated(DecimationOptions(target: .ratio(0.2)))
    let deviation = try #require(result.deviation)
    #expect(try farthest(mesh, from: result.mesh) < 1.2 * deviation.forward)
    #expect(try farthest(result.mesh, from: mesh) < 1.5 * deviation.backward)
    #expect(deviation.hausdorff < 0.5)
    #expect((1...60).contains(try #require(result.largestTurn)))
    let unmeasured = try mesh.decimated(DecimationOptions(target: .ratio(0.2), measures: false))
    #expect(unmeasured.deviation == nil && unmeasured.largestTurn == nil)
    #expect(unmeasured.mesh == result.mesh)
  }

  // MARK: What is kept

  @Test func lockedVerticesStay() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 3)
    let locked = mesh.positions.indices.map { $0 % 37 == 0 }
    let result = try mesh.decimated(DecimationOptions(target: .ratio(0.2), lockedVertices: locked))
    let left = Set(result.mesh.positions)
    for (v, p) in mesh.positions.enumerated() where locked[v] { #expect(left.contains(p)) }
    #expect(result.trianglesAfter < mesh.triangles.count / 3)
  }

  @Test func heavyRegionsKeepMoreTriangles() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 3)
    let weights = mesh.positions.map { $0.z > 0 ? Float(1000) : 1 }
    let result = try mesh.decimated(DecimationOptions(target: .ratio(0.1), weights: weights))
    let above = result.mesh.positions.count { $0.z > 0 }
    #expect(above > 2 * (result.mesh.positions.count - above))
  }

  @Test func coloursStayWhereTheyAre() throws {
    let sheet = try subdivided(Primitive.box(maximum: SIMD3(8, 8, 8)), times: 3)
    let attributes = sheet.triangles.indices.map { i in
      let (a, b, c) = sheet.corners(i)
      return FacetColors.attribute(
        for: (a + b + c).x < 12 ? Color(red: 255, green: 0, blue: 0) : Color(red: 0, green: 0, blue: 255),
        .visCAM)
    }
    let colored = Mesh(
      unchecked: sheet.positions, triangles: sheet.triangles,
      colors: FacetColors(convention: .visCAM, attributes: attributes))
    let result = try colored.decimated(DecimationOptions(accuracy: 0.01))
    let colors = try #require(result.mesh.colors)
    #expect(result.trianglesAfter < 200)
    for i in result.mesh.triangles.indices {
      let (a, b, c) = result.mesh.corners(i)
      let isRed = try #require(colors[i]).red > 0
      // On its own side of the border at x = 4, all of it.
      for p in [a, b, c] { #expect(isRed ? p.x < 4.01 : p.x > 3.99) }
    }
  }

  @Test func anOpenSheetKeepsItsBorder() throws {
    let box = try subdivided(Primitive.box(maximum: SIMD3(10, 10, 10)), times: 3)
    let open = box.keeping { i in
      let (a, b, c) = box.corners(i)
      return a.z < 10 || b.z < 10 || c.z < 10
    }.withoutUnusedVertices()
    let result = try open.decimated(DecimationOptions(accuracy: 0))
    #expect(result.trianglesAfter == 10)
    #expect(try badEdges(result.mesh) == 4)
  }

  @Test func whatIsNotManifoldIsLeftAlone() throws {
    let box = try subdivided(Primitive.box(maximum: SIMD3(10, 10, 10)), times: 2)
    // A fin on an edge of the box, and a second box that touches it at a corner.
    let touching = Mesh(unchecked: box.positions.map { $0 + SIMD3(10, 10, 10) }, triangles: box.triangles)
    let fin: [SIMD3<Float>] = [box.corners(0).0, box.corners(0).1, SIMD3(-5, -5, -5)]
    let mesh = try Mesh.welded(TriangleSoup(corners: box.soup.corners + touching.soup.corners + fin))
    let result = try mesh.decimated(DecimationOptions(accuracy: 0.01))
    #expect(result.untouchedTriangles > 3)
    #expect(result.trianglesAfter < mesh.triangles.count / 2)
    #expect(try farthest(mesh, from: result.mesh) <= 0.01)
  }

  @Test func whatCrossesAlreadyDoesNotCrossMore() throws {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)
    let other = sphere.positions.map { $0 + SIMD3<Float>(9, 1, 2) }
    let count = UInt32(sphere.positions.count)
    let mesh = Mesh(
      unchecked: sphere.positions + other,
      triangles: sphere.triangles
        + sphere.triangles.map { Triangle($0.a + count, $0.b + count, $0.c + count) })
    let result = try mesh.decimated(DecimationOptions(accuracy: 0.2))
    #expect(result.trianglesAfter < mesh.triangles.count / 2)
    #expect(try crossings(result.mesh) <= crossings(mesh))
    #expect(try farthest(result.mesh, from: mesh) <= 0.2)
  }

  // MARK: Runs

  @Test func threadsDoNotMatter() throws {
    // More than one chunk.
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 5)
    for options in [
      DecimationOptions(target: .ratio(0.2), measures: false),
      DecimationOptions(maximumAngle: 12, maximumPasses: 3, measures: false),
    ] {
      let one = try mesh.decimated(options, RunContext(threads: 1))
      for threads in [2, 3] {
        let several = try mesh.decimated(options, RunContext(threads: threads))
        #expect(several.mesh == one.mesh)
      }
    }
  }

  @Test func itCanBeCancelledAndSaysHowFarItIs() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 3)
    let cancellation = Cancellation()
    let seen = Lock([Double]())
    let run = RunContext(
      cancellation: cancellation,
      progress: { fraction in
        seen.withLock { $0.append(fraction) }
        if fraction > 0.4 { cancellation.cancel() }
      })
    #expect(throws: MeshError.cancelled) { try mesh.decimated(DecimationOptions(accuracy: 0.1), run) }
    let progress = Lock([Double]())
    _ = try mesh.decimated(
      DecimationOptions(accuracy: 0.1),
      RunContext(threads: 1, progress: { f in progress.withLock { $0.append(f) } }))
    let fractions = progress.withLock { $0 }
    #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(fractions.count > 5)
  }

  @Test func memoryIsAskedForFirst() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 3)
    #expect {
      try mesh.decimated(DecimationOptions(), RunContext(memoryBudget: 100_000))
    } throws: { error in
      guard case .memoryBudgetExceeded(let needed, 100_000, _)? = error as? MeshError else { return false }
      return needed > 100_000
    }
  }

  @Test func optionsOutsideTheirRangeAreRefused() throws {
    let box = Primitive.box(maximum: SIMD3(1, 1, 1))
    let wrong: [DecimationOptions] = [
      DecimationOptions(accuracy: -0.1), DecimationOptions(accuracy: .nan),
      DecimationOptions(maximumAngle: 91),
      DecimationOptions(maximumPasses: 0), DecimationOptions(target: .triangles(-1)),
      DecimationOptions(target: .ratio(0)), DecimationOptions(target: .ratio(1.1)),
      DecimationOptions(lockedVertices: [true]), DecimationOptions(weights: [1]),
      DecimationOptions(weights: [Float](repeating: 0, count: 8)),
    ]
    for options in wrong {
      #expect {
        try box.decimated(options)
      } throws: { error in
        if case .invalidOption? = error as? MeshError { true } else { false }
      }
    }
    #expect(try Mesh.empty.decimated().trianglesAfter == 0)
  }

  // MARK: Anything at all

  @Test(arguments: 0..<6)
  func soupsDoNotTrapAndKeepThePromise(_ seed: UInt64) throws {
    let mesh = Mesh.gridSoup(
      triangles: 30 + 8 * Int(seed), side: 3 + Int(seed) % 4, seed: seed, allowingDegenerate: true)
    for options in [
      DecimationOptions(accuracy: 0), DecimationOptions(accuracy: 0.3),
      DecimationOptions(target: .ratio(0.3)), DecimationOptions(maximumAngle: 20),
    ] {
      let result = try mesh.decimated(options)
      if options.maximumAngle != nil { #expect(try #require(result.largestTurn) <= 20.1) }
      #expect(result.trianglesAfter <= mesh.triangles.count)
      #expect(try crossings(result.mesh) <= crossings(mesh))
      if let accuracy = options.accuracy {
        #expect(try farthest(mesh, from: result.mesh) <= max(accuracy, 1e-5))
        #expect(try farthest(result.mesh, from: mesh) <= max(accuracy, 1e-5))
      }
    }
  }

  @Test(arguments: 0..<2)
  func damagedPartsKeepThePromise(_ seed: UInt64) throws {
    let mesh = Damage.random(seed: seed).part().mesh
    let result = try mesh.decimated(DecimationOptions(accuracy: 0.2))
    #expect(try farthest(mesh, from: result.mesh) <= 0.2)
    #expect(try farthest(result.mesh, from: mesh) <= 0.2)
    #expect(try crossings(result.mesh) <= crossings(mesh))
  }
}
