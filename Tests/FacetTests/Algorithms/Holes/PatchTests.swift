import FacetTestSupport
import Testing

@testable import Facet

@Suite struct PatchMeshTests {
  private let fan = [SIMD3<Int32>(0, 1, 4), SIMD3(1, 2, 4), SIMD3(2, 3, 4), SIMD3(3, 0, 4)]

  private func rebuilt(_ mesh: PatchMesh) throws -> PatchMesh { try #require(PatchMesh(mesh.triangles)) }

  @Test func twinsRunBack() throws {
    let mesh = try #require(PatchMesh(fan))
    #expect(mesh.twin == [-1, 5, 10, -1, 8, 1, -1, 11, 4, -1, 2, 7])
  }

  @Test func edgesOfThreeTrianglesAndTurnedOnesAreRefused() {
    #expect(PatchMesh([SIMD3(0, 1, 2), SIMD3(1, 0, 3), SIMD3(0, 1, 4)]) == nil)
    #expect(PatchMesh([SIMD3(0, 1, 2), SIMD3(0, 1, 3)]) == nil)
  }

  @Test func flipsAndSplitsKeepTheTwins() throws {
    var mesh = try #require(PatchMesh(fan))
    var generator = SeededGenerator(seed: 3)
    for step in 0..<200 {
      if step % 5 == 0 {
        mesh.split(.random(in: 0..<mesh.triangleCount, using: &generator), at: Int32(5 + step / 5))
      } else {
        let h = Int.random(in: 0..<mesh.corners.count, using: &generator)
        guard mesh.twin[h] >= 0 else { continue }
        let quad = mesh.quad(h)
        if mesh.hasEdge(from: PatchMesh.previous(h), to: quad.d) { continue }
        mesh.flip(h)
      }
      #expect(mesh.twin == (try rebuilt(mesh)).twin)
    }
    #expect(mesh.triangleCount == 84)
  }

  @Test func edgesAreFoundOnBothSidesOfAFan() throws {
    let mesh = try #require(PatchMesh([SIMD3(0, 1, 2), SIMD3(0, 2, 3), SIMD3(0, 3, 4)]))
    for h in [0, 3, 6] {
      #expect((1...4).allSatisfy { mesh.hasEdge(from: h, to: Int32($0)) })
      #expect(!mesh.hasEdge(from: h, to: 5))
    }
    #expect(!mesh.hasEdge(from: 1, to: 3))
  }
}

@Suite struct MinimumWeightPatchTests {
  private func bruteForce(_ n: Int, _ cost: ([SIMD3<Int32>]) -> Double) -> Double {
    func all(_ i: Int, _ j: Int) -> [[SIMD3<Int32>]] {
      if j - i < 2 { return [[]] }
      return (i + 1..<j).flatMap { m in
        all(i, m).flatMap { left in
          all(m, j).map { left + $0 + [SIMD3(Int32(i), Int32(m), Int32(j))] }
        }
      }
    }
    return all(0, n - 1).map(cost).min()!
  }

  private func randomLoop(_ n: Int, _ seed: UInt64) -> [SIMD3<Float>] {
    var generator = SeededGenerator(seed: seed)
    return circleOutline(radius: 5, segments: n).map {
      SIMD3(
        $0.x + .random(in: -1...1, using: &generator), $0.y + .random(in: -1...1, using: &generator),
        .random(in: -3...3, using: &generator))
    }
  }

  @Test(arguments: 4...9) func theAreaIsTheLeastOfAll(n: Int) throws {
    let points = randomLoop(n, UInt64(n))
    func area(_ triangles: [SIMD3<Int32>]) -> Double {
      triangles.reduce(0) { sum, t in
        let p = (0..<3).map { SIMD3<Double>(points[Int(t[$0])]) }
        return sum + length(cross(p[1] - p[0], p[2] - p[0]))
      }
    }
    let found = try #require(
      try MinimumWeightPatch.triangles(
        points, rimNormals: Array(repeating: .zero, count: n), .area, .init(), isForbidden: { _, _ in false })
    )
    #expect(found.count == n - 2)
    #expect(PatchMesh(found)?.twin.count { $0 < 0 } == n)
    #expect(abs(area(found) - bruteForce(n, area)) < 1e-9)
  }

  @Test func aRoofGoesOnFromItsSlopes() throws {
    // Rim of two slopes that meet in the ridge from (0, 0, 1) to (4, 0, 1).
    let points: [SIMD3<Float>] = [
      SIMD3(0, 0, 1), SIMD3(0, -1, 0), SIMD3(4, -1, 0), SIMD3(4, 0, 1), SIMD3(4, 1, 0), SIMD3(0, 1, 0),
    ]
    let (south, north) = (SIMD3<Double>(0, -1, 1).normalized, SIMD3<Double>(0, 1, 1).normalized)
    let found = try #require(
      try MinimumWeightPatch.triangles(
        points, rimNormals: [south, south, south, north, north, north], .bends, .init(),
        isForbidden: { _, _ in false }))
    let hasRidge = found.contains { t in [t.x, t.y, t.z].contains(0) && [t.x, t.y, t.z].contains(3) }
    #expect(hasRidge)
  }

  @Test func aForbiddenDiagonalIsNotUsed() throws {
    let square: [SIMD3<Float>] = [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(1, 1, 0.1), SIMD3(0, 1, 0)]
    let normals = [SIMD3<Double>](repeating: .zero, count: 4)
    for (i, j) in [(0, 2), (1, 3)] {
      let found = try MinimumWeightPatch.triangles(
        square, rimNormals: normals, .bends, .init(), isForbidden: { $0 == i && $1 == j })
      #expect(found?.count == 2)
      #expect(
        found?.allSatisfy { t in !([t.x, t.y, t.z].contains(Int32(i)) && [t.x, t.y, t.z].contains(Int32(j))) }
          == true)
    }
    #expect(
      try MinimumWeightPatch.triangles(
        square, rimNormals: normals, .bends, .init(), isForbidden: { _, _ in true }) == nil)
  }

  @Test func trianglesWithoutAreaAreNotMade() throws {
    let line: [SIMD3<Float>] = [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(2, 0, 0), SIMD3(1, 1, 0)]
    let found = try #require(
      try MinimumWeightPatch.triangles(
        line, rimNormals: Array(repeating: .zero, count: 4), .area, .init(), isForbidden: { _, _ in false }))
    #expect(found.allSatisfy { t in !isFlat(line[Int(t.x)], line[Int(t.y)], line[Int(t.z)]) })
    #expect(
      try MinimumWeightPatch.triangles(
        Array(line.prefix(3)), rimNormals: Array(repeating: .zero, count: 3), .area, .init(),
        isForbidden: { _, _ in false }) == nil)
  }
}

@Suite struct EarReductionTests {
  @Test func itLeavesAnEvenRingAndKeepsTheRim() throws {
    let n = 1000
    let points = circleOutline(radius: 10, segments: n).map { SIMD3<Float>($0.x, $0.y, $0.x * $0.y * 0.01) }
    let ears = try EarReduction(
      points, rimNormals: Array(repeating: SIMD3(0, 0, 1), count: n), downTo: 100, .init(),
      isForbidden: { _, _ in false })
    #expect(ears.rest.count == 100)
    #expect(ears.triangles.count == 900)
    let fan = (1..<99).map { SIMD3(ears.rest[0], ears.rest[$0], ears.rest[$0 + 1]) }
    #expect(PatchMesh(ears.triangles + fan)?.twin.count { $0 < 0 } == n)
    // Shortest chords first: no gap grows far beyond the others.
    for (i, v) in ears.rest.enumerated() {
      #expect((Int(ears.rest[(i + 1) % 100]) - Int(v) + n) % n <= 20)
    }
  }

  @Test func theHeapGivesTheLeastAndOfEqualOnesTheLowestNumber() {
    var heap = LeastFirst()
    var generator = SeededGenerator(seed: 1)
    var keys: [Double] = []
    for i in 0..<200 {
      keys.append(Double(Int.random(in: 0..<20, using: &generator)))
      heap.push(keys[i], Int32(i), UInt32(i))
    }
    var found: [Int] = []
    while let top = heap.pop() { found.append(Int(top.number)) }
    #expect(found == (0..<200).sorted { (keys[$0], $0) < (keys[$1], $1) })
  }
}

@Suite struct PatchFairingTests {
  @Test func aSkylineSystemIsSolved() throws {
    // A chain of springs with a long one from end to end.
    let n = 30
    var matrix = try #require(
      SkylineMatrix(first: (0..<n).map { $0 == n - 1 ? 0 : max(0, $0 - 1) }, work: 1e9))
    var dense = [[Double]](repeating: Array(repeating: 0, count: n), count: n)
    func add(_ i: Int, _ j: Int, _ value: Double) {
      matrix.add(i, j, value)
      dense[i][j] += value
      if i != j { dense[j][i] += value }
    }
    for i in 0..<n { add(i, i, 4 + Double(i) / 10) }
    for i in 1..<n - 1 { add(i, i - 1, -1) }
    add(n - 1, 0, -1.5)
    let right = (0..<n).map { SIMD3(Double($0), 1, -Double($0 * $0)) }
    var x = right
    #expect(try matrix.factorize(.init()))
    matrix.solve(&x)
    for i in 0..<n {
      var sum = SIMD3<Double>.zero
      for j in 0..<n { sum += dense[i][j] * x[j] }
      #expect(length(sum - right[i]) < 1e-9)
    }
  }

  @Test func anIndefiniteOrTooLargeMatrixIsRefused() throws {
    var matrix = try #require(SkylineMatrix(first: [0, 0], work: 100))
    matrix.add(0, 0, 1)
    matrix.add(1, 1, 1)
    matrix.add(1, 0, 2)
    #expect(try !matrix.factorize(.init()))
    #expect(SkylineMatrix(first: Array(repeating: 0, count: 100), work: 1000) == nil)
  }

  @Test func aPatchInAPlaneStaysInIt() throws {
    // A disc of rings without its middle; tilted.
    let profile: [SIMD2<Double>] = [
      SIMD2(0, 0), SIMD2(2, 0), SIMD2(3, 0), SIMD2(4, 0), SIMD2(5, 0), SIMD2(0, 9),
    ]
    let disc = Primitive.revolved(profile, segments: 16)
    let ring = HoleFillingTests.part(disc) { length($0) > 2 && $0.z < 0.01 }
    let mesh = Mesh(
      unchecked: ring.positions.map { SIMD3($0.x, $0.y, 0.5 * $0.x - 0.25 * $0.y) }, triangles: ring.triangles
    )
    let topology = try Topology(mesh)
    let loops = try topology.boundaryLoops(try topology.badEdges(of: mesh))
    let halfEdges = try #require(
      (0..<loops.count).map { loops[$0] }.first {
        length(mesh.positions[Int(mesh.corner(Int($0.first!)))]) < 3
      })
    let loop = HoleLoop(halfEdges, of: mesh)
    let rim = loop.vertices.map { mesh.positions[Int($0)] }
    let fan = try #require(PatchMesh((1..<Int32(loop.count) - 1).map { SIMD3(0, $0, $0 + 1) }))
    var patch = PatchRefinement(fan, rim, edgeLengths: Array(repeating: 0.5, count: loop.count))
    try patch.refine(.init(), isForbidden: { _, _ in false })
    #expect(patch.points.count > loop.count + 10)
    let faired = try #require(
      try PatchFairing.positions(patch, rim: loop, in: mesh, topology, .init()))
    for p in faired {
      #expect(abs(p.z - (0.5 * p.x - 0.25 * p.y)) < 1e-5)
      #expect(length(SIMD2(p.x, p.y) * SIMD2(p.x, p.y)) < 16)
    }
  }
}

private func length(_ v: SIMD2<Double>) -> Double { (v * v).sum().squareRoot() }
