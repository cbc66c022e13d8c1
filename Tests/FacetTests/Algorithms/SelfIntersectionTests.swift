import FacetTestSupport
import Testing

@testable import Facet

@Suite struct SelfIntersectionTests {
  typealias V = SIMD3<Int>

  private func crossings(_ mesh: Mesh, threads: Int = 1) throws -> SelfIntersections {
    let run = RunContext(threads: threads)
    return try mesh.selfIntersections(BVH(mesh, run), run)
  }

  private func check(_ soup: GridSoup, offset: V = .zero, exponent: Int = 0, welded: Bool = true) throws {
    let mesh = try soup.mesh(offset: offset, exponent: exponent, welded: welded)
    let expected = soup.pairs(GridTriangle.cross)
    let found = try crossings(mesh)
    let triangles = Set(expected.flatMap { [UInt32($0.0), UInt32($0.1)] }).sorted()
    #expect(found == SelfIntersections(pairCount: expected.count, triangles: triangles))

    let overlapping = soup.pairs { p, q in GridTriangle.overlap(p, q) }
    let foundOverlapping = try mesh.overlappingTriangles(BVH(mesh), tolerance: 0)
    #expect(foundOverlapping == Set(overlapping.flatMap { [UInt32($0.0), UInt32($0.1)] }).sorted())
  }

  @Test(arguments: [1, 2, 3, 6]) func randomSoupsOnAGridEqualTheOracle(size: Int) throws {
    var random = SeededGenerator(seed: UInt64(size))
    for _ in 0..<100 {
      try check(GridSoup(count: 12, size: size, flat: false, &random))
    }
  }

  @Test func soupsInOnePlaneNeverCrossAndOverlapAsTheOracleSays() throws {
    var random = SeededGenerator(seed: 10)
    for _ in 0..<100 { try check(GridSoup(count: 8, size: 3, flat: true, &random)) }
  }

  @Test func unweldedSoupsEqualTheOracle() throws {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<80 { try check(GridSoup(count: 10, size: 2, flat: false, &random), welded: false) }
  }

  @Test(arguments: [-149, -140, -70, 40, 100, 120])
  func theSizeOfThePartDoesNotMatter(exponent: Int) throws {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<30 { try check(GridSoup(count: 12, size: 3, flat: false, &random), exponent: exponent) }
  }

  @Test func farFromTheOriginNothingIsLost() throws {
    var random = SeededGenerator(seed: 13)
    for _ in 0..<60 {
      try check(
        GridSoup(count: 12, size: 3, flat: false, &random), offset: V(8_388_000, -4_000_000, 16_000_000))
    }
  }

  @Test func planesTiltedByLessThanFloatCanTellAreDecidedExactly() throws {
    // Long thin triangles whose corners lie a unit off a common plane, at the end of Float's precision.
    var random = SeededGenerator(seed: 14)
    for _ in 0..<100 {
      func corner() -> V {
        let x = Int.random(in: -4_000_000...4_000_000, using: &random)
        let y = Int.random(in: -4_000_000...4_000_000, using: &random)
        return V(x, y, x + y + Int.random(in: -1...1, using: &random))
      }
      // The oracle's products need more than 64 bits here; brute force by exact predicates instead.
      var positions: [SIMD3<Float>] = []
      for _ in 0..<24 { positions.append(SIMD3<Float>(corner())) }
      var triangles: [Triangle] = []
      for i in 0..<UInt32(8) { triangles.append(Triangle(i * 3, i * 3 + 1, i * 3 + 2)) }
      let mesh = try Mesh(positions: positions, triangles: triangles)
      var count = 0
      for i in 0..<8 {
        for j in 0..<i where trianglesCross(mesh.corners(i), mesh.corners(j)) { count += 1 }
      }
      #expect(try crossings(mesh).pairCount == count)
    }
  }

  /// A large triangle's box meets nearly all leaves, of which its plane rules most out: none of those that it crosses.
  @Test(arguments: 0..<6 as Range<UInt64>) func largeTrianglesCrossWhatTheyCross(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let scale: Float = [1, 1e-30, 1e18][Int(seed % 3)]
    let ball = Primitive.icosphere(radius: 5, subdivisions: 4)
    var positions = ball.positions
    var triangles = ball.triangles
    for i in 0..<12 {
      func point() -> SIMD3<Float> {
        let p = SIMD3<Float>(
          Float.random(in: -9...9, using: &random), Float.random(in: -9...9, using: &random),
          Float.random(in: -9...9, using: &random))
        // Some in planes along the axes, through vertices of the ball.
        return i % 3 == 0 ? SIMD3(ball.positions[i].x, p.y, p.z) : p
      }
      let first = UInt32(positions.count)
      positions += [point(), point(), point()]
      triangles.append(Triangle(first, first + 1, first + 2))
    }
    let mesh = Mesh(unchecked: positions.map { $0 * scale }, triangles: triangles)
    var pairs: Set<SIMD2<UInt32>> = []
    for i in ball.triangles.count..<triangles.count {
      for j in 0..<i
      where trianglesCross(mesh.corners(i), triangles[i], mesh.corners(j), triangles[j]) {
        pairs.insert(SIMD2(UInt32(j), UInt32(i)))
      }
    }
    #expect(pairs.count > 200)
    let bvh = try BVH(mesh)
    let found = try mesh.selfIntersections(bvh, RunContext(threads: 2))
    #expect(found.pairCount == pairs.count)
    #expect(found.triangles == Set(pairs.flatMap { [$0.x, $0.y] }).sorted())
    let contacts = try #require(try mesh.contactPairs(bvh, limit: .max, RunContext(threads: 2)))
    #expect(pairs.isSubset(of: contacts))
    // And not all pairs with a large one; where products underflow or overflow nothing is certain enough.
    if scale == 1 { #expect(contacts.count < 20 * pairs.count) }
  }

  // MARK: Cases by hand

  private static let floor = GridTriangle(a: V(0, 0, 0), b: V(4, 0, 0), c: V(0, 4, 0))

  @Test(
    "What crosses and what does not",
    arguments: [
      ("pierces", GridTriangle(a: V(1, 1, -1), b: V(1, 1, 1), c: V(2, 2, 1)), 1),
      ("stands on it with a corner", GridTriangle(a: V(1, 1, 0), b: V(1, 1, 1), c: V(2, 2, 1)), 0),
      ("stands on it with an edge", GridTriangle(a: V(1, 1, 0), b: V(2, 1, 0), c: V(2, 2, 1)), 0),
      ("crosses its edge", GridTriangle(a: V(1, -1, -1), b: V(1, 1, 1), c: V(2, -2, 0)), 0),
      ("has a common corner and crosses", GridTriangle(a: V(0, 0, 0), b: V(1, 1, -1), c: V(1, 1, 1)), 1),
      ("has a common corner, points away", GridTriangle(a: V(0, 0, 0), b: V(-1, -1, -1), c: V(-1, -1, 1)), 0),
      ("has a common edge", GridTriangle(a: V(4, 0, 0), b: V(0, 0, 0), c: V(1, 1, 1)), 0),
      ("is the same", GridTriangle(a: V(0, 4, 0), b: V(4, 0, 0), c: V(0, 0, 0)), 0),
      ("lies within it", GridTriangle(a: V(1, 1, 0), b: V(2, 1, 0), c: V(1, 2, 0)), 0),
      ("is a segment through it", GridTriangle(a: V(1, 1, -1), b: V(1, 1, 1), c: V(1, 1, 2)), 1),
      ("is a segment on it", GridTriangle(a: V(1, 1, 0), b: V(1, 1, 1), c: V(1, 1, 2)), 0),
      ("is a point on it", GridTriangle(a: V(1, 1, 0), b: V(1, 1, 0), c: V(1, 1, 0)), 0),
    ])
  func againstAFloor(_ name: String, _ other: GridTriangle, _ count: Int) throws {
    let soup = GridSoup([SelfIntersectionTests.floor, other])
    #expect(soup.pairs(GridTriangle.cross).count == count, "the oracle")
    #expect(try crossings(soup.mesh()).pairCount == count)
  }

  @Test(
    "What overlaps and what does not",
    arguments: [
      ("within", GridTriangle(a: V(1, 1, 0), b: V(2, 1, 0), c: V(1, 2, 0)), true),
      ("same, turned over", GridTriangle(a: V(0, 4, 0), b: V(4, 0, 0), c: V(0, 0, 0)), true),
      ("folded over an edge", GridTriangle(a: V(4, 0, 0), b: V(0, 0, 0), c: V(1, 1, 0)), true),
      ("beyond an edge", GridTriangle(a: V(4, 0, 0), b: V(0, 0, 0), c: V(1, -1, 0)), false),
      ("sharing part of an edge", GridTriangle(a: V(1, 0, 0), b: V(3, 0, 0), c: V(2, -2, 0)), false),
      ("above", GridTriangle(a: V(1, 1, 1), b: V(2, 1, 1), c: V(1, 2, 1)), false),
      ("tilted", GridTriangle(a: V(1, 1, 0), b: V(2, 1, 0), c: V(1, 2, 1)), false),
      ("without area", GridTriangle(a: V(1, 1, 0), b: V(2, 1, 0), c: V(3, 1, 0)), false),
    ])
  func uponAFloor(_ name: String, _ other: GridTriangle, _ overlaps: Bool) throws {
    let mesh = try GridSoup([SelfIntersectionTests.floor, other]).mesh()
    for tolerance: Float in [0, 0.01] {
      let found = try mesh.overlappingTriangles(BVH(mesh), tolerance: tolerance)
      #expect(found == (overlaps ? [0, 1] : []))
    }
  }

  @Test func theToleranceSaysHowFarApartAndHowWide() throws {
    func overlapping(gap: Float, shift: Float, tolerance: Float) throws -> Int {
      let mesh = try Mesh(
        positions: [
          SIMD3(0, 0, 0), SIMD3(4, 0, 0), SIMD3(0, 4, 0),
          SIMD3(0, -4 + shift, gap), SIMD3(4, shift, gap), SIMD3(0, shift, gap),
        ], triangles: [Triangle(0, 1, 2), Triangle(3, 4, 5)])
      return try mesh.overlappingTriangles(BVH(mesh), tolerance: tolerance).count
    }
    #expect(try overlapping(gap: 0.05, shift: 1, tolerance: 0.1) == 2)
    #expect(try overlapping(gap: 0.15, shift: 1, tolerance: 0.1) == 0)
    #expect(try overlapping(gap: 0.05, shift: 0.05, tolerance: 0.1) == 0)
    #expect(try overlapping(gap: 0, shift: 0.05, tolerance: 0) == 2)
    #expect(throws: MeshError.self) { try overlapping(gap: 0, shift: 0, tolerance: -1) }
  }

  // MARK: Runs

  /// Small triangles, so that few of them meet.
  private func bigSoup() throws -> Mesh {
    var random = SeededGenerator(seed: 20)
    let triangles = (0..<1500).map { _ in
      let near = V(random: 0...20, &random)
      return GridTriangle(
        a: near &+ V(random: 0...2, &random), b: near &+ V(random: 0...2, &random),
        c: near &+ V(random: 0...2, &random))
    }
    return try GridSoup(triangles).mesh()
  }

  @Test func anyNumberOfThreadsFindsTheSame() throws {
    let mesh = try bigSoup()
    let one = try crossings(mesh)
    #expect(one.pairCount > 100)
    for threads in [2, 5] { #expect(try crossings(mesh, threads: threads) == one) }
    let bvh = try BVH(mesh)
    let overlapping = try mesh.overlappingTriangles(bvh, tolerance: 0.1, RunContext(threads: 1))
    for threads in [2, 5] {
      let again = try mesh.overlappingTriangles(bvh, tolerance: 0.1, RunContext(threads: threads))
      #expect(again == overlapping)
    }
  }

  @Test func aCancelledRunStops() throws {
    let mesh = try bigSoup()
    let bvh = try BVH(mesh)
    let cancellation = Cancellation()
    cancellation.cancel()
    let run = RunContext(threads: 2, cancellation: cancellation)
    #expect(throws: MeshError.cancelled) { try mesh.selfIntersections(bvh, run) }
    #expect(throws: MeshError.cancelled) { try mesh.overlappingTriangles(bvh, tolerance: 0, run) }
  }

  @Test func progressRisesToTheEnd() throws {
    let mesh = try bigSoup()
    let seen = Lock<[Double]>([])
    let run = RunContext(threads: 2, progress: { fraction in seen.withLock { $0.append(fraction) } })
    _ = try mesh.selfIntersections(BVH(mesh, run.slice(0...0.5)), run.slice(0.5...1))
    let fractions = seen.withLock { $0 }
    #expect(fractions.count > 10)
    #expect(fractions == fractions.sorted())
    #expect(fractions.last == 1)
  }

  @Test func nothingIsFoundInNothing() throws {
    for mesh in [Mesh.empty, try GridSoup([SelfIntersectionTests.floor]).mesh()] {
      let bvh = try BVH(mesh)
      #expect(try mesh.selfIntersections(bvh) == SelfIntersections(pairCount: 0, triangles: []))
      #expect(try mesh.overlappingTriangles(bvh, tolerance: 0) == [])
    }
  }
}
