import FacetTestSupport
import Testing

@testable import Facet

@Suite struct ShrinkwrapTests {
  private func wrapped(
    _ mesh: Mesh, _ options: ShrinkwrapOptions, _ location: SourceLocation = #_sourceLocation
  ) throws -> ShrinkwrapResult {
    let result = try mesh.shrinkwrapped(options)
    let problem = try result.mesh.problemWithGuarantees()
    #expect(problem == nil, "\(options)", sourceLocation: location)
    return result
  }

  /// A 40th of the diagonal, so that the tests are quick.
  private func coarse(_ mesh: Mesh, gap: Float? = nil, keepsCavities: Bool = false) -> ShrinkwrapOptions {
    ShrinkwrapOptions(.voxel(Float(mesh.bounds.diagonal / 40)), gap: gap, keepsCavities: keepsCavities)
  }

  /// A mesh of loose triangles.
  private func soup(_ corners: [SIMD3<Float>]) throws -> Mesh {
    try Mesh(
      positions: corners,
      triangles: (0..<UInt32(corners.count / 3)).map { Triangle(3 * $0, 3 * $0 + 1, 3 * $0 + 2) })
  }

  // MARK: Sound parts

  @Test func aBoxKeepsItsEdgesAndCorners() throws {
    let box = Primitive.box(minimum: SIMD3(1, 2, 3), maximum: SIMD3(21, 17, 13))
    let result = try wrapped(box, ShrinkwrapOptions(.voxel(0.7)))
    #expect(abs(result.mesh.plainVolume / 3000 - 1) < 1e-4)
    #expect(result.heldBack == 0)
    #expect(result.mesh.triangles.count < 40)
    for corner in box.positions {
      #expect(result.mesh.positions.contains { length($0 - corner) < 1e-4 })
    }
    // Thinning moves surface by twice a 40th of a voxel at most.
    #expect(try result.mesh.farthest(from: box) < 0.05 * 0.7)
    #expect(try box.farthest(from: result.mesh) < 0.05 * 0.7)
  }

  @Test func aTurnedPartKeepsItsEdges() throws {
    let (s, c) = (Float(0.6), Float(0.8))
    let box = Primitive.box(maximum: SIMD3(20, 15, 10))
    let turned = try Mesh(
      positions: box.positions.map { p in
        let q = SIMD3(c * p.x - s * p.y, s * p.x + c * p.y, p.z)
        return SIMD3(q.x, c * q.y - s * q.z, s * q.y + c * q.z)
      }, triangles: box.triangles)
    let result = try wrapped(turned, ShrinkwrapOptions(.voxel(0.6)))
    #expect(abs(result.mesh.plainVolume / 3000 - 1) < 3e-3)
    let distances = try edgeDistances(of: turned, to: result.mesh)
    #expect(distances.max()! < 0.65 * 0.6)
    #expect(distances.count { $0 < 0.1 * 0.6 } * 100 >= distances.count * 93)
    #expect(result.heldBack < 60)
  }

  /// How far points all along the edges of a mesh are from another one.
  private func edgeDistances(of mesh: Mesh, to other: Mesh) throws -> [Float] {
    let bvh = try BVH(other)
    var distances: [Float] = []
    for t in mesh.triangles {
      for k in 0..<3 {
        let a = mesh.positions[Int(t[k])]
        let b = mesh.positions[Int(t[(k + 1) % 3])]
        for i in 0...40 {
          let found = try #require(bvh.closestPoint(other, to: a + (b - a) * (Float(i) / 40)))
          distances.append(found.distance)
        }
      }
    }
    return distances
  }

  /// A bar of square section on edge, or a groove of that shape along a block: the edges along it pass through
  /// cells whose nodes are all outside, or all inside, unless they happen to pass right over a node.
  @Test(arguments: [(Float(0), false), (0.3, false), (0.45, true), (0.2, true)])
  func edgesThroughCellsWithoutAVertexAreKept(shift: Float, isGroove: Bool) throws {
    let outline: [SIMD2<Float>] =
      isGroove
      ? [
        SIMD2(0, 0), SIMD2(12, 0), SIMD2(12, 7), SIMD2(8 + shift, 7), SIMD2(6 + shift, 5),
        SIMD2(4 + shift, 7), SIMD2(0, 7),
      ]
      : [SIMD2(4, 0), SIMD2(8, 4 + shift), SIMD2(4, 8), SIMD2(0, 4 - shift)]
    let n = UInt32(outline.count)
    var triangles: [Triangle] = []
    for i in 0..<n {
      let j = (i + 1) % n
      triangles += [Triangle(i, j, n + j), Triangle(i, n + j, n + i)]
    }
    // The ends are fans about a vertex that sees all others.
    let apex: UInt32 = isGroove ? 4 : 0
    for k in 1..<n - 1 {
      let (i, j) = ((apex + k) % n, (apex + k + 1) % n)
      triangles += [Triangle(apex, j, i), Triangle(n + apex, n + i, n + j)]
    }
    let part = try Mesh(
      positions: outline.map { SIMD3($0, 0) } + outline.map { SIMD3($0, 15) }, triangles: triangles)
    let result = try wrapped(part, ShrinkwrapOptions(.voxel(0.37)))
    let distances = try edgeDistances(of: part, to: result.mesh)
    #expect(distances.count { $0 < 0.1 * 0.37 } * 100 >= distances.count * 95)
  }

  @Test func aSphereIsMetWithinTheAccuracy() throws {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 4)
    let result = try wrapped(sphere, ShrinkwrapOptions(.voxel(0.8)))
    #expect(result.accuracy == 1.2)
    #expect(try result.mesh.farthest(from: sphere) < 0.2)
    #expect(try sphere.farthest(from: result.mesh) < 0.2)
    #expect(abs(result.mesh.plainVolume / sphere.plainVolume - 1) < 3e-3)
  }

  @Test func holesOfAPartStayOpen() throws {
    let plate = Primitive.plate(width: 40, depth: 30, thickness: 5, holes: [(SIMD2(15, 15), 6)])
    let result = try wrapped(plate, ShrinkwrapOptions(.voxel(0.9)))
    let mesh = result.mesh.withoutUnusedVertices()
    #expect(EdgeOracle(mesh).eulerCharacteristic(of: mesh) == 0)
    #expect(abs(mesh.plainVolume / plate.plainVolume - 1) < 3e-3)
  }

  @Test func smoothTakesNoiseAwayAndKeepsTheVolume() throws {
    var generator = SeededGenerator(seed: 4)
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)
    let noisy = try Mesh(
      positions: sphere.positions.map { $0 * (1 + .random(in: -0.01...0.01, using: &generator)) },
      triangles: sphere.triangles)
    let run = RunContext()
    let field = try DistanceField(noisy, voxel: 1, band: 2, run)
    let labels = try field.labels(of: noisy, bvh: BVH(noisy), run)
    let plain = try field.contour(of: noisy, labels, ShrinkwrapOptions(.detailed), run).mesh
    let smooth = try field.contour(of: noisy, labels, ShrinkwrapOptions(.smooth), run).mesh
    #expect(try smooth.problemWithGuarantees() == nil)
    #expect(smooth.plainArea < plain.plainArea)
    #expect(try smooth.farthest(from: noisy) < 1)
    #expect(abs(smooth.plainVolume / noisy.plainVolume - 1) < 0.01)
  }

  // MARK: Broken parts

  @Test func cavitiesAreFilledOrKept() throws {
    let hollow = Primitive.sphereInSphere(outerRadius: 10, innerRadius: 6, subdivisions: 3)
    let filled = try wrapped(hollow, coarse(hollow))
    let kept = try wrapped(hollow, coarse(hollow, keepsCavities: true))
    #expect(abs(kept.mesh.plainVolume / hollow.plainVolume - 1) < 0.02)
    #expect(filled.mesh.plainVolume > kept.mesh.plainVolume * 1.05)
  }

  @Test func whatIsBrokenOnPurposeBecomesSolid() throws {
    let parts = [
      Primitive.punctured(), Primitive.partlyFlipped(), Primitive.sharedEdge(), Primitive.duplicated(),
      Primitive.interpenetrating(), Primitive.looseSphere(), Primitive.withNoise(),
    ]
    for part in parts { _ = try wrapped(part, coarse(part)) }
  }

  @Test func openingsUpToTheGapAreClosed() throws {
    let open = Primitive.punctured()
    let whole = Double.pi * 100 * 20
    let closed = try wrapped(open, ShrinkwrapOptions(.voxel(1), gap: 25))
    let entered = try wrapped(open, ShrinkwrapOptions(.voxel(1), gap: 2))
    #expect(closed.mesh.plainVolume > 0.8 * whole)
    #expect(entered.mesh.plainVolume < 0.4 * whole)
  }

  // MARK: Any soup

  @Test func aTriangleAndTwoCrossingPlanesBecomePlates() throws {
    let triangle = try soup([SIMD3(0, 0, 0), SIMD3(10, 0, 1), SIMD3(0, 10, 2)])
    let planes = try soup([
      SIMD3(-5, -5, 0), SIMD3(5, -5, 0), SIMD3(5, 5, 0), SIMD3(-5, -5, 0), SIMD3(5, 5, 0), SIMD3(-5, 5, 0),
      SIMD3(0, -5, -5), SIMD3(0, 5, -5), SIMD3(0, 5, 5), SIMD3(0, -5, -5), SIMD3(0, 5, 5), SIMD3(0, -5, 5),
    ])
    for mesh in [triangle, planes] {
      for options in [coarse(mesh), ShrinkwrapOptions(.voxel(1.3)), coarse(mesh, gap: 1)] {
        let result = try wrapped(mesh, options)
        #expect(try result.mesh.farthest(from: mesh) <= result.accuracy)
        #expect(try mesh.farthest(from: result.mesh) <= result.accuracy)
      }
    }
  }

  @Test func thePlatesOfFlatSheetsHaveFewTriangles() throws {
    let flat = try soup([SIMD3(0, 0, 0), SIMD3(10, 0, 0), SIMD3(0, 10, 0)])
    let tilted = try soup([SIMD3(0, 0, 0), SIMD3(10, 0, 1), SIMD3(0, 10, 2)])
    for (mesh, most) in [(flat, 60), (tilted, 1500)] {
      let voxel: Float = 0.14
      let result = try wrapped(mesh, ShrinkwrapOptions(.voxel(voxel)))
      #expect(result.mesh.triangles.count < most)
      // Both sides at the plate's distance: its volume is the triangle's area, thickened along an axis.
      let (a, b, c) = mesh.corners(0)
      let n = cross(b - a, c - a)
      let thick = Double(2 * SheetPlate.half * voxel * (abs(n.x) + abs(n.y) + abs(n.z)) / 2)
      #expect(result.mesh.plainVolume > thick && result.mesh.plainVolume < 1.15 * thick)
      #expect(try result.mesh.farthest(from: mesh) <= result.accuracy)
    }
  }

  @Test func aHundredLooseTrianglesBecomeSolid() throws {
    let mesh = Mesh.randomSoup(triangles: 100, size: 0.2, seed: 1)
    for options in [coarse(mesh), ShrinkwrapOptions(.voxel(0.07), keepsCavities: true)] {
      _ = try wrapped(mesh, options)
    }
  }

  @Test(arguments: 0..<4)
  func anySoupOnAnIntegerGridBecomesSolid(group: Int) throws {
    for i in 0..<12 {
      let seed = UInt64(group * 100 + i)
      var generator = SeededGenerator(seed: seed)
      let mesh = Mesh.gridSoup(
        triangles: Int.random(in: 1...10, using: &generator), side: 3, seed: seed, allowingDegenerate: true)
      let voxel = Float.random(in: 0.25...0.7, using: &generator)
      let gap = i % 3 == 0 ? Float.random(in: 0...1, using: &generator) : nil
      _ = try wrapped(mesh, ShrinkwrapOptions(.voxel(voxel), gap: gap, keepsCavities: i % 2 == 0))
    }
  }

  @Test func whatHasNoAreaBecomesATinyPart() throws {
    let point = SIMD3<Float>(3, 4, 5)
    let inAPoint = try soup([point, point, point])
    let onALine = try soup([point, point + 1, point + 2, point + 1, point, point + 5])
    for mesh in [inAPoint, onALine] {
      let result = try wrapped(mesh, ShrinkwrapOptions(.rough))
      #expect(try mesh.farthest(from: result.mesh) <= result.accuracy)
    }
  }

  @Test func farFromTheOriginRoundingBreaksNothing() throws {
    let box = Primitive.box(maximum: SIMD3(90, 70, 50))
    let offset = SIMD3<Float>(1e6, -1e6, 1e6)
    let far = try Mesh(positions: box.positions.map { $0 + offset }, triangles: box.triangles)
    let result = try wrapped(far, coarse(far))
    #expect(abs(result.mesh.plainVolume / 315_000 - 1) < 0.03)
    let soup = Mesh.randomSoup(triangles: 30, size: 0.3, seed: 5)
    let farSoup = try Mesh(
      positions: soup.positions.map { $0 * 40 + offset }, triangles: soup.triangles)
    _ = try wrapped(farSoup, coarse(farSoup))
  }

  // MARK: The run

  @Test func whatCannotBeIsRefused() throws {
    #expect(throws: MeshError.emptyMesh(operation: "shrinkwrap")) { try Mesh.empty.shrinkwrapped() }
    let box = Primitive.box()
    #expect(throws: MeshError.self) { try box.shrinkwrapped(ShrinkwrapOptions(.voxel(0))) }
    #expect(throws: MeshError.self) { try box.shrinkwrapped(ShrinkwrapOptions(.voxel(1e-8))) }
    #expect(throws: MeshError.self) { try box.shrinkwrapped(ShrinkwrapOptions(gap: -1)) }
    #expect(throws: MeshError.self) {
      try box.shrinkwrapped(ShrinkwrapOptions(.detailed), RunContext(memoryBudget: 1 << 16))
    }
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try box.shrinkwrapped(ShrinkwrapOptions(.rough), RunContext(cancellation: cancellation))
    }
  }

  @Test func threadsDoNotMatter() throws {
    for mesh in [Primitive.bracket(segments: 12), Mesh.randomSoup(triangles: 40, seed: 3)] {
      let one = try mesh.shrinkwrapped(coarse(mesh), RunContext(threads: 1))
      let three = try mesh.shrinkwrapped(coarse(mesh), RunContext(threads: 3))
      #expect(one.mesh == three.mesh)
      #expect(one.heldBack == three.heldBack)
    }
  }

  @Test(arguments: [false, true]) func progressNeverFallsAndEndsAtOne(isBroken: Bool) throws {
    var part = Primitive.box()
    if isBroken {
      // Open, and in patches that do not agree about the outside.
      let rest = part.triangles.dropFirst()
      part = try Mesh(
        positions: part.positions, triangles: rest.enumerated().map { $0 % 4 == 1 ? $1.flipped : $1 })
    }
    let seen = Lock<[Double]>([])
    let run = RunContext(threads: 1, progress: { value in seen.withLock { $0.append(value) } })
    _ = try part.shrinkwrapped(ShrinkwrapOptions(.voxel(0.05)), run)
    let values = seen.withLock { $0 }
    #expect(values == values.sorted())
    #expect(values.last == 1)
  }
}
