import FacetTestSupport
import Testing

@testable import Facet

@Suite struct AnalysisTests {
  @Test func nothingHasNothing() throws {
    #expect(try Mesh.empty.analyzed() == Analysis())
    #expect(!Analysis().isSolid)
  }

  @Test func aSoundPartIsSolid() throws {
    let analysis = try Primitive.box(maximum: SIMD3(2, 3, 4)).analyzed()
    #expect(analysis.isSolid)
    #expect(analysis.volume == 24)
    #expect(analysis.surfaceArea == 52)
    #expect(analysis.dimensions == SIMD3(2, 3, 4))
    #expect(analysis.badContours == 0 && analysis.facetingScore == 0 && analysis.isFacetingScoreOk)
  }

  @Test func wrongTolerancesAreRefused() {
    for bad in [-1, .nan, .infinity] as [Float] {
      #expect(throws: MeshError.self) { try Primitive.box().analyzed(AnalysisOptions(stitchTolerance: bad)) }
      #expect(throws: MeshError.self) {
        try Primitive.box().analyzed(AnalysisOptions(planarityTolerance: bad))
      }
      #expect(throws: MeshError.self) {
        try Primitive.box().analyzed(AnalysisOptions(coplanarityTolerance: bad))
      }
    }
    #expect(throws: MeshError.self) { try Primitive.box().analyzed(AnalysisOptions(creaseAngle: 181)) }
  }

  @Test func anOpenPartIsClosedByFansToHaveAVolume() throws {
    // A box without its lid, wherever it is.
    for shift: Float in [0, 64, -1024] {
      let box = Primitive.box(minimum: SIMD3(repeating: shift), maximum: SIMD3(repeating: shift + 2))
      let open = box.without { _, t in
        [t.a, t.b, t.c].allSatisfy { box.positions[Int($0)].z > shift + 1 }
      }
      let analysis = try open.analyzed()
      #expect(abs(analysis.volume - 8) < 1e-9)
      #expect(analysis.contours == 1 && analysis.badContours == 1 && analysis.planarHoles == 1)
    }
    // A duplicate's edges have one triangle too many on one side: what it adds is taken away.
    #expect(abs(try Primitive.duplicated().analyzed().volume - 3000) < 1e-6)
    // Each loose triangle is closed by itself.
    #expect(abs(try Primitive.looseSphere().analyzed().volume) < 1e-6)
  }

  @Test func degenerateAndDuplicateTrianglesAreCounted() throws {
    let box = Primitive.box()
    let t = box.triangles[0]
    let mesh = try Mesh(
      positions: box.positions,
      triangles: box.triangles + [Triangle(t.b, t.c, t.a), t.flipped, Triangle(0, 0, 3), Triangle(2, 2, 2)])
    let analysis = try mesh.analyzed()
    #expect(analysis.duplicateTriangles == 2)
    #expect(analysis.degenerateTriangles == 2)
    #expect(analysis.shells == 1)
    #expect(analysis.badEdges == 3)
    #expect(analysis.overlappingTriangles == 3)
  }

  @Test func duplicatesAreThoseOfADictionary() throws {
    for seed in 0..<20 {
      let mesh = Mesh.gridSoup(triangles: 60, side: 2, seed: UInt64(seed), allowingDegenerate: true)
      var seen = Set<[UInt32]>()
      let expected = mesh.triangles.indices.filter { i in
        let t = mesh.triangles[i]
        return !t.isDegenerate && !seen.insert([t.a, t.b, t.c].sorted()).inserted
      }
      #expect(try Topology(mesh).duplicateTriangles(in: mesh) == expected.map { UInt32($0) })
    }
    // Two alone, back to back: each other's twins throughout.
    let flat = try Mesh(
      positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)],
      triangles: [Triangle(0, 1, 2), Triangle(0, 2, 1)])
    #expect(try Topology(flat).duplicateTriangles(in: flat) == [1])
  }

  @Test func theSameOnAnyNumberOfThreads() throws {
    let parts = [
      Primitive.punctured(), Primitive.looseSphere(), Primitive.interpenetrating(),
      .gridSoup(triangles: 200, side: 5, seed: 4, allowingDegenerate: true),
      .randomSoup(triangles: 300, seed: 8),
    ]
    for mesh in parts {
      let one = try mesh.analyzed(.init(), RunContext(threads: 1))
      for threads in [2, 5] { #expect(try mesh.analyzed(.init(), RunContext(threads: threads)) == one) }
    }
  }

  @Test func progressRisesToOneAndCancellingAnywhereStopsIt() throws {
    let mesh = Primitive.looseSphere()
    let reports = Lock<[Double]>([])
    _ = try mesh.analyzed(
      .init(), RunContext(threads: 1, progress: { fraction in reports.withLock { $0.append(fraction) } }))
    let seen = reports.withLock { $0 }
    #expect(seen.last == 1)
    #expect(seen.count > 5)
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 <= $1 })

    for stop in stride(from: 0.0, to: 0.95, by: 0.1) {
      let cancellation = Cancellation()
      let run = RunContext(threads: 2, cancellation: cancellation) {
        if $0 >= stop { cancellation.cancel() }
      }
      #expect(throws: MeshError.cancelled) { try mesh.analyzed(.init(), run) }
    }
  }

  @Test func aSmallMemoryBudgetIsRefusedBeforeAnythingIsAllocated() {
    #expect(throws: MeshError.self) {
      try Primitive.gear().analyzed(.init(), RunContext(memoryBudget: 10_000))
    }
  }
}
