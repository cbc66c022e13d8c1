import FacetTestSupport
import Testing

@testable import Facet

/// A mesh with its holes filled, and what fills them.
@dynamicMemberLookup
struct FilledMesh {
  let filling: HoleFilling
  let mesh: Mesh

  init(_ mesh: Mesh, _ filling: HoleFilling) {
    self.filling = filling
    var triangles = mesh.triangles
    for (f, t) in filling.renamed { triangles[Int(f)] = t }
    self.mesh = Mesh(
      unchecked: mesh.positions + filling.positions, triangles: triangles + filling.triangles)
  }

  subscript<Value>(dynamicMember path: KeyPath<HoleFilling, Value>) -> Value { filling[keyPath: path] }
}

@Suite struct HoleFillingTests {
  /// The triangles whose centres `isKept` holds for, and no other vertices.
  static func part(_ mesh: Mesh, _ isKept: (SIMD3<Float>) -> Bool) -> Mesh {
    mesh.without { i, _ in
      let (a, b, c) = mesh.corners(i)
      return !isKept((a + b + c) / 3)
    }
  }

  static func filled(
    _ mesh: Mesh, allowsCrossing: Bool = false, _ run: RunContext = .init()
  ) throws -> FilledMesh {
    let topology = try Topology(mesh)
    return FilledMesh(
      mesh,
      try mesh.withHolesFilled(
        HoleFillingOptions(allowsCrossing: allowsCrossing), topology, try topology.badEdges(of: mesh), run))
  }

  /// Fills all holes and checks what must hold of any mesh whose holes could all be filled.
  static func closed(_ mesh: Mesh, _ place: SourceLocation = #_sourceLocation) throws -> Mesh {
    let result = try filled(mesh)
    #expect(result.left == 0, sourceLocation: place)
    #expect(
      Array(result.mesh.triangles.prefix(mesh.triangles.count)) == mesh.triangles, sourceLocation: place)
    #expect(EdgeOracle(result.mesh).badEdges == 0, sourceLocation: place)
    #expect(try result.mesh.solidity().isSolid, sourceLocation: place)
    return result.mesh
  }

  // MARK: Flat holes

  @Test(arguments: 0..<6) func aBoxWithoutAFaceIsTheBoxAgain(face: Int) throws {
    let box = Primitive.box(maximum: SIMD3(3, 2, 1))
    let mesh = try HoleFillingTests.closed(box.without { i, _ in i / 2 == face })
    #expect(mesh.triangles.count == 12)
    #expect(mesh.positions.count == 8)
    #expect(mesh.plainVolume == 6)
  }

  @Test func theEndsOfATubeAreRings() throws {
    let tube = Primitive.tube(outerRadius: 10, innerRadius: 7, height: 20, segments: 24)
    let open = HoleFillingTests.part(tube) { $0.z > 0.1 && $0.z < 19.9 }
    #expect(try HoleFillingTests.filled(open).filled == 4)
    let mesh = try HoleFillingTests.closed(open)
    #expect(mesh.triangles.count == tube.triangles.count)
    #expect(abs(mesh.plainVolume / tube.plainVolume - 1) < 1e-12)
    #expect(abs(mesh.plainArea / tube.plainArea - 1) < 1e-9)
  }

  @Test func aPlateGetsItsFaceBackWithItsBoresOpen() throws {
    let plate = Primitive.plate(
      width: 60, depth: 30, thickness: 4, holes: [(SIMD2(12, 12), 6), (SIMD2(40, 15), 9)], holeSegments: 20)
    let mesh = try HoleFillingTests.closed(HoleFillingTests.part(plate) { $0.z < 3.9 })
    #expect(abs(mesh.plainVolume / plate.plainVolume - 1) < 1e-6)
    #expect(abs(mesh.plainArea / plate.plainArea - 1) < 1e-6)
  }

  @Test func aPinInACupIsCappedByItself() throws {
    // Two rims in one plane that face the same way: not a ring.
    let cup = Primitive.box(maximum: SIMD3(10, 10, 10))
    let pin = Primitive.box(minimum: SIMD3(4, 4, 5), maximum: SIMD3(6, 6, 10))
    let open = HoleFillingTests.part(cup.merged(with: pin)) { $0.z < 9.9 }
    let result = try HoleFillingTests.filled(open, allowsCrossing: true)
    #expect(result.filled == 2)
    #expect(result.mesh.triangles.count == 24)
    #expect(EdgeOracle(result.mesh).badEdges == 0)
    #expect(result.mesh.plainVolume == 1000 + 20)
  }

  @Test func aTubeWithoutABandBecomesTwoTubes() throws {
    let tall = Primitive.cylinder(radius: 5, height: 30, segments: 16)
    // Three storeys, of which the second goes.
    let profile: [SIMD2<Double>] = [
      SIMD2(0, 0), SIMD2(5, 0), SIMD2(5, 10), SIMD2(5, 20), SIMD2(5, 30), SIMD2(0, 30),
    ]
    let storeys = Primitive.revolved(profile, segments: 16)
    let open = HoleFillingTests.part(storeys) { $0.z < 9.9 || $0.z > 20.1 || $0.x * $0.x + $0.y * $0.y < 4 }
    let mesh = try HoleFillingTests.closed(open)
    #expect(abs(mesh.plainVolume / (tall.plainVolume * 2 / 3) - 1) < 1e-6)
  }

  @Test func vertexOnASideMakesNoDegenerateTriangle() throws {
    // The missing face has a vertex in the middle of each side.
    var part = PartBuilder()
    let (o, e): (Float, Float) = (0, 2)
    let ring: [SIMD2<Float>] = [
      SIMD2(0, 0), SIMD2(1, 0), SIMD2(2, 0), SIMD2(2, 1), SIMD2(2, 2), SIMD2(1, 2), SIMD2(0, 2), SIMD2(0, 1),
    ]
    part.wall(.z, from: o, to: e, ring)
    part.face(.z, at: o, facingUp: false, ring)
    let mesh = try HoleFillingTests.closed(part.mesh)
    #expect(mesh.plainVolume == 8)
    for i in part.mesh.triangles.count..<mesh.triangles.count {
      let (a, b, c) = mesh.corners(i)
      #expect(!isFlat(a, b, c))
    }
  }

  // MARK: Holes in curved surfaces

  @Test(arguments: [(9.0, 0.1), (8, 0.25)]) func aHoleInASphereBulges(height: Float, percent: Double) throws {
    // 5 and 10 % of 1280 triangles; a flat lid would cost .7 and 2.8 % of the volume.
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)
    let mesh = try HoleFillingTests.closed(HoleFillingTests.part(sphere) { $0.z < height })
    #expect(abs(mesh.plainVolume / sphere.plainVolume - 1) < percent / 100)
    for p in mesh.positions.suffix(20) { #expect(abs(length(p) - 10) < 0.4) }
  }

  @Test func aHoleAlongAParallelOfASphereBulgesToo() throws {
    // Its rim lies in a plane, but the surface does not end there.
    let sphere = Primitive.uvSphere(radius: 10, segments: 40, rings: 20)
    let mesh = try HoleFillingTests.closed(HoleFillingTests.part(sphere) { $0.z < 8.8 })
    #expect(abs(mesh.plainVolume / sphere.plainVolume - 1) < 0.002)
  }

  @Test func aHoleInATorusFollowsIt() throws {
    let torus = Primitive.torus(majorRadius: 10, minorRadius: 3, majorSegments: 48, minorSegments: 24)
    let open = HoleFillingTests.part(torus) { $0.x < 0 || abs($0.y) > 2 || $0.z < 0 }
    #expect(open.triangles.count < torus.triangles.count - 60)
    let mesh = try HoleFillingTests.closed(open)
    #expect(abs(mesh.plainVolume / torus.plainVolume - 1) < 0.002)
  }

  @Test func anEdgeOfABoxStaysSharp() throws {
    // Two triangles that share an edge of the box: of the four ways to close that, one is the box.
    let box = Primitive.box()
    let whole = box.triangles
    var tried = 0
    for i in 0..<12 {
      for j in i + 1..<12 where i / 2 != j / 2 {
        let shared = [whole[i].a, whole[i].b, whole[i].c].filter {
          [whole[j].a, whole[j].b, whole[j].c].contains($0)
        }
        if shared.count != 2 { continue }
        tried += 1
        let mesh = try HoleFillingTests.closed(box.without { k, _ in k == i || k == j })
        #expect(abs(mesh.plainVolume - 1) < 1e-6)
      }
    }
    #expect(tried == 12)
  }

  @Test func missingTrianglesComeBackOneByOne() throws {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)
    let open = sphere.without { i, _ in i % 37 == 5 }
    let mesh = try HoleFillingTests.closed(open)
    #expect(mesh.triangles.count == sphere.triangles.count)
    #expect(abs(mesh.plainVolume / sphere.plainVolume - 1) < 1e-9)
  }

  // MARK: Loops that meet themselves

  /// An octahedron without two faces that touch in one vertex, which may have been cut in two there.
  private func pinched(isCut: Bool) -> Mesh {
    var positions: [SIMD3<Float>] = [
      SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1), SIMD3(0, 0, -1),
    ]
    var triangles = [
      Triangle(1, 2, 4), Triangle(3, 0, 4), Triangle(1, 0, 5), Triangle(2, 1, 5), Triangle(3, 2, 5),
      Triangle(0, 3, 5),
    ]
    if isCut {
      positions.append(positions[4])
      triangles[1] = Triangle(3, 0, 6)
    }
    return Mesh(unchecked: positions, triangles: triangles)
  }

  @Test(arguments: [false, true]) func holesThatTouchInAVertexAreFilledEach(isCut: Bool) throws {
    let result = try HoleFillingTests.filled(pinched(isCut: isCut))
    #expect(result.filled == 2)
    #expect(result.left == 0)
    #expect(result.mesh.triangles.count == 8)
    #expect(try result.mesh.solidity().isSolid)
    #expect(abs(result.mesh.plainVolume - 4.0 / 3) < 1e-6)
    // The two fans are one again.
    #expect(EdgeOracle(result.mesh).badEdges == 0)
  }

  @Test func aLoneTriangleStaysOpen() throws {
    let mesh = Mesh(
      unchecked: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)], triangles: [Triangle(0, 1, 2)])
    for allowsCrossing in [false, true] {
      let result = try HoleFillingTests.filled(mesh, allowsCrossing: allowsCrossing)
      #expect(result.mesh == mesh)
      #expect(result.filled == 0)
      #expect(result.left == 1)
    }
  }

  @Test func aFlatSheetStaysOpen() throws {
    // What closes it lies upon it.
    var positions: [SIMD3<Float>] = []
    var triangles: [Triangle] = []
    for y in 0...3 { for x in 0...3 { positions.append(SIMD3(Float(x), Float(y), 0)) } }
    for y in 0..<UInt32(3) {
      for x in 0..<UInt32(3) {
        let v = y * 4 + x
        triangles += [Triangle(v, v + 1, v + 5), Triangle(v, v + 5, v + 4)]
      }
    }
    let sheet = Mesh(unchecked: positions, triangles: triangles)
    for allowsCrossing in [false, true] {
      #expect(try HoleFillingTests.filled(sheet, allowsCrossing: allowsCrossing).mesh == sheet)
    }
  }

  // MARK: What is in the way

  @Test func aPatchThatWouldCrossThePartIsNotMade() throws {
    // A rod through the open top of a box, with its own lids.
    let box = Primitive.box(maximum: SIMD3(4, 4, 4)).without { i, _ in i / 2 == 1 }
    let rod = Primitive.box(minimum: SIMD3(1, 1, 3), maximum: SIMD3(2, 2, 6))
    let mesh = box.merged(with: rod)
    let strict = try HoleFillingTests.filled(mesh)
    #expect(strict.filled == 0)
    #expect(strict.left == 1)
    #expect(strict.mesh == mesh)
    let lenient = try HoleFillingTests.filled(mesh, allowsCrossing: true)
    #expect(lenient.filled == 1)
    #expect(lenient.crossings > 0)
    #expect(EdgeOracle(lenient.mesh).badEdges == 0)
  }

  @Test func twoPatchesThatCrossEachOtherAreNotBothMade() throws {
    // Two boxes without the sides where they run into each other.
    let one = Primitive.box(maximum: SIMD3(4, 4, 4)).without { i, _ in i / 2 == 5 }
    let other = Primitive.box(minimum: SIMD3(3, 1, 1), maximum: SIMD3(7, 3, 3)).without { i, _ in i / 2 == 4 }
    let mesh = one.merged(with: other)
    let result = try HoleFillingTests.filled(mesh)
    #expect(result.left >= 1)
    let before = try mesh.selfIntersections(try BVH(mesh)).pairCount
    #expect(try result.mesh.selfIntersections(try BVH(result.mesh)).pairCount == before)
  }

  @Test func colorsStayAndNewTrianglesHaveNone() throws {
    let box = Primitive.box().without { i, _ in i < 2 }
    let word = FacetColors.attribute(for: Color(red: 255, green: 0, blue: 0), .visCAM)
    let colored = Mesh(
      unchecked: box.positions, triangles: box.triangles,
      colors: FacetColors(convention: .visCAM, attributes: Array(repeating: word, count: 10)))
    var state = try RepairState(colored, RunContext())
    #expect(try state.fillHoles(.init(), RunContext()))
    let mesh = try state.finish()
    #expect(mesh.colors?.attributes == Array(repeating: word, count: 10) + [0, 0])
  }

  // MARK: The run

  @Test func nothingToFillIsTheMeshItself() throws {
    let sphere = Primitive.icosphere(radius: 1, subdivisions: 2)
    let result = try HoleFillingTests.filled(sphere)
    #expect(result.mesh == sphere)
    #expect(result.entry == RepairLedger.Entry(.holes, count: 0))
    #expect(try HoleFillingTests.filled(.empty).mesh == .empty)
  }

  @Test func theLedgerTellsHolesAndArea() throws {
    let box = Primitive.box(maximum: SIMD3(3, 2, 1)).without { i, _ in i / 2 == 0 || i == 2 }
    let entry = try HoleFillingTests.filled(box).entry
    #expect(entry == RepairLedger.Entry(.holes, count: 2, largestMove: 0, area: 9))
  }

  @Test func threadsDoNotChangeTheResult() throws {
    var generator = SeededGenerator(seed: 7)
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)
    let open = sphere.without { i, _ in
      let (a, _, _) = sphere.corners(i)
      return a.z > 8.5 || Int.random(in: 0..<12, using: &generator) == 0
    }
    let one = try HoleFillingTests.filled(open, RunContext(threads: 1))
    #expect(one.filled > 20)
    for threads in [2, 5] {
      let more = try HoleFillingTests.filled(open, RunContext(threads: threads))
      #expect(more.mesh == one.mesh)
      #expect(more.area == one.area)
    }
  }

  /// A tall wall whose upper rim, of many edges, runs up and down.
  private func wavyCup(_ segments: Int) -> Mesh {
    let cup = HoleFillingTests.part(Primitive.cylinder(radius: 50, height: 30, segments: segments)) {
      $0.z < 29.9
    }
    var count = 0
    return Mesh(
      unchecked: cup.positions.map { p in
        guard p.z > 29 else { return p }
        count += 1
        return p + SIMD3(0, 0, Float(count % 400 < 200 ? count % 200 : 200 - count % 200) * 0.01)
      }, triangles: cup.triangles)
  }

  @Test func cancellationStopsALongLoopSoon() throws {
    let mesh = wavyCup(20_000)
    let topology = try Topology(mesh)
    let badEdges = try topology.badEdges(of: mesh)
    let clock = ContinuousClock()
    for delay in [5, 60] {
      let cancellation = Cancellation()
      let cancelled = Lock<ContinuousClock.Instant?>(nil)
      // A thread of its own that waits, so that this one can work.
      let run = RunContext(threads: 2)
      var stopped: ContinuousClock.Instant?
      try run.forEachChunk(of: 2, size: 1) { (chunk, _) throws(MeshError) in
        if chunk == 0 {
          let end = clock.now + .milliseconds(delay)
          while clock.now < end {}
          cancelled.withLock { $0 = clock.now }
          cancellation.cancel()
        } else {
          do throws(MeshError) {
            _ = try mesh.withHolesFilled(
              .init(), topology, badEdges, RunContext(threads: 1, cancellation: cancellation))
          } catch {
            #expect(error == .cancelled)
            stopped = clock.now
          }
        }
      }
      if let stopped, let began = cancelled.withLock({ $0 }) {
        // In debug builds, and beside all other tests.
        #expect(stopped - began < .seconds(1))
      } else {
        Issue.record("nothing was there to be cancelled")
      }
    }
  }

  @Test func aBudgetThatIsTooSmallIsRefused() throws {
    let box = Primitive.box().without { i, _ in i < 2 }
    #expect(throws: MeshError.self) { try HoleFillingTests.filled(box, RunContext(memoryBudget: 100)) }
  }

  @Test func aLongLoopThatIsNotFlatIsClosed() throws {
    let mesh = try HoleFillingTests.closed(wavyCup(700))
    #expect(mesh.plainVolume > 3.1 * 2500 * 29)
  }
}
