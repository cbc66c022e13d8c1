import FacetTestSupport
import Testing

@testable import Facet

@Suite struct NearBadEdgeTests {
  /// Two unit squares in a plane, `gap` apart.
  private func squares(gap: Float, turned: Bool = false) -> Mesh {
    var part = PartBuilder()
    part.quad(SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(1, 1, 0), SIMD3(0, 1, 0))
    let x = 1 + gap
    let (a, b, c, d) = (
      SIMD3<Float>(x, 0, 0), SIMD3<Float>(x + 1, 0, 0), SIMD3<Float>(x + 1, 1, 0), SIMD3<Float>(x, 1, 0)
    )
    if turned { part.quad(a, d, c, b) } else { part.quad(a, b, c, d) }
    return part.mesh
  }

  @Test func aGapWithinTheToleranceIsOnePair() throws {
    #expect(try squares(gap: 0.001).analyzed().nearBadEdges == 1)
    #expect(try squares(gap: 0.1).analyzed().nearBadEdges == 0)
    // A thousandth of the part's diagonal is as far as any tolerance reaches.
    #expect(try squares(gap: 0.1).analyzed(AnalysisOptions(stitchTolerance: 1)).nearBadEdges == 0)
    #expect(try squares(gap: 0.001).analyzed(AnalysisOptions(stitchTolerance: 0)).nearBadEdges == 0)
  }

  @Test func edgesThatRunTheSameWayWouldNotClose() throws {
    #expect(try squares(gap: 0.001, turned: true).analyzed().nearBadEdges == 0)
  }

  @Test func anEdgeIsInOnePairAtMost() throws {
    // Three sheets end at one seam; only two of them can be stitched.
    let sheet = squares(gap: 0.0005)
    let third = Mesh(
      unchecked: [SIMD3(1.001, 0, 0), SIMD3(1.001, 0, 1), SIMD3(1.001, 1, 0)], triangles: [Triangle(0, 1, 2)])
    let mesh = sheet.merged(with: third)
    #expect(try mesh.analyzed().nearBadEdges == 1)
  }

  @Test func neighboursAroundASmallHoleAreNoPair() throws {
    // A ring of edges of 2 µm around a hole: within the tolerance of each other, but no gap.
    let tube = Primitive.tube(outerRadius: 1, innerRadius: 0.005, height: 1, segments: 16)
    let open = tube.without { i, _ in i / 32 == 2 }
    let analysis = try open.analyzed()
    #expect(analysis.badEdges > 0)
    #expect(analysis.nearBadEdges == 0)
  }

  @Test func hugeCoordinatesAreNoTrouble() throws {
    let mesh = try Mesh(
      positions: [SIMD3(-3e38, 0, 0), SIMD3(3e38, 0, 0), SIMD3(0, 3e38, 0), SIMD3(0, -3e38, 0)],
      triangles: [Triangle(0, 1, 2)])
    #expect(
      try Topology(mesh).badEdges(of: mesh).stitchablePairs(in: mesh, tolerance: 1, diagonal: 1e39).isEmpty)
  }

  @Test func pairsAreThoseOfATryOfAll() throws {
    // Triangles of a sphere, moved at random by up to a few tolerances, so that gaps of all sizes occur.
    var generator = SeededGenerator(seed: 21)
    for tolerance: Float in [0.002, 0.005, 0.01] {
      let loose = Primitive.looseSphere()
      var positions = loose.positions
      for f in loose.triangles.indices {
        let shift = SIMD3<Float>.random(in: -0.004...0.004, using: &generator)
        for k in 0..<3 { positions[3 * f + k] += shift }
      }
      let mesh = Mesh(unchecked: positions, triangles: loose.triangles)
      let bad = try Topology(mesh).badEdges(of: mesh)
      let pairs = try bad.stitchablePairs(in: mesh, tolerance: tolerance, diagonal: 35)
      #expect(pairs == allPairs(bad, mesh, tolerance))
      #expect(pairs.count > 10)
    }
  }

  private func allPairs(_ bad: BadEdges, _ mesh: Mesh, _ tolerance: Float) -> [SIMD2<UInt32>] {
    let ends = bad.boundary.map { h -> (SIMD3<Float>, SIMD3<Float>) in
      let t = mesh.triangles[Int(h) / 3]
      return (mesh.positions[Int(t[Int(h) % 3])], mesh.positions[Int(t[(Int(h) + 1) % 3])])
    }
    var candidates: [(gap: Float, i: Int, j: Int)] = []
    for j in ends.indices {
      for i in 0..<j {
        let gap = max(length(ends[i].0 - ends[j].1), length(ends[i].1 - ends[j].0))
        let shorter = min(length(ends[i].1 - ends[i].0), length(ends[j].1 - ends[j].0))
        if gap <= tolerance && gap <= shorter / 4 { candidates.append((gap, i, j)) }
      }
    }
    candidates.sort { $0 < $1 }
    var taken = Set<Int>()
    return candidates.compactMap { candidate in
      if taken.contains(candidate.i) || taken.contains(candidate.j) { return nil }
      taken.formUnion([candidate.i, candidate.j])
      return SIMD2(UInt32(candidate.i), UInt32(candidate.j))
    }
  }
}
