import Testing

@testable import Facet

/// Welding by the book: a dictionary over coordinate bits, in corner order.
private func naivelyWelded(_ corners: [SIMD3<Float>]) -> Mesh {
  var ids: [SIMD3<UInt32>: UInt32] = [:]
  var positions: [SIMD3<Float>] = []
  var indices: [UInt32] = []
  for corner in corners {
    let canonical = SIMD3<Float>(
      corner.x == 0 ? 0 : corner.x, corner.y == 0 ? 0 : corner.y, corner.z == 0 ? 0 : corner.z)
    let key = SIMD3(canonical.x.bitPattern, canonical.y.bitPattern, canonical.z.bitPattern)
    if let id = ids[key] {
      indices.append(id)
    } else {
      ids[key] = UInt32(positions.count)
      indices.append(UInt32(positions.count))
      positions.append(canonical)
    }
  }
  let triangles = stride(from: 0, to: indices.count, by: 3).map {
    Triangle(indices[$0], indices[$0 + 1], indices[$0 + 2])
  }
  return Mesh(unchecked: positions, triangles: triangles)
}

/// Corners on a small grid, so that most coincide; zeros of both signs.
private func gridSoup(facets: Int, side: Int, seed: UInt64) -> TriangleSoup {
  var random = SplitMix(seed)
  func coordinate() -> Float {
    let value = Float(Int(random.next() % UInt64(side)) - side / 2) / 4
    return value == 0 && random.next() % 2 == 0 ? -0.0 : value
  }
  return TriangleSoup(
    corners: (0..<facets * 3).map { _ in SIMD3(coordinate(), coordinate(), coordinate()) })
}

struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

private func bits(_ mesh: Mesh) -> [UInt32] {
  mesh.positions.flatMap { [$0.x.bitPattern, $0.y.bitPattern, $0.z.bitPattern] }
    + mesh.triangles.flatMap { [$0.a, $0.b, $0.c] }
}

@Suite struct WeldingTests {
  @Test(arguments: [1, 2, 5]) func weldsAsADictionaryWouldOnAnyNumberOfThreads(threads: Int) throws {
    let run = RunContext(threads: threads)
    for (seed, (facets, side)) in [(1, 2), (7, 3), (500, 4), (9_000, 40)].enumerated() {
      let soup = gridSoup(facets: facets, side: side, seed: UInt64(seed))
      let mesh = try Mesh.welded(soup, run)
      #expect(bits(mesh) == bits(naivelyWelded(soup.corners)), "\(facets) facets on a grid of \(side)")
    }
  }

  @Test func theResultDoesNotDependOnHowTheSoupIsCut() throws {
    let soup = gridSoup(facets: 3000, side: 12, seed: 8)
    let expected = bits(naivelyWelded(soup.corners))
    for chunk in [1, 7, 100, 2999, 3000] {
      for announced in [nil, 3000] {
        let merger = WeldMerger(triangles: announced)
        let segment = WeldedSegment(expecting: 16)
        for start in stride(from: 0, to: 3000, by: chunk) {
          segment.removeAll()
          for facet in start..<min(3000, start + chunk) {
            segment.append(
              soup.corners[3 * facet], soup.corners[3 * facet + 1], soup.corners[3 * facet + 2])
          }
          try merger.append(segment)
        }
        #expect(bits(merger.finish()) == expected, "chunks of \(chunk)")
      }
    }
  }

  @Test func distinctCornersMakeTheTablesGrow() throws {
    var corners: [SIMD3<Float>] = []
    for i in 0..<30_000 { corners.append(SIMD3(Float(i), Float(i % 3), -Float(i))) }
    let mesh = try Mesh.welded(TriangleSoup(corners: corners))
    #expect(mesh.positions == corners)
    #expect(mesh.triangles.last == Triangle(29_997, 29_998, 29_999))
  }

  @Test func theBudgetIsAskedAgainWhenASoupSharesNothing() throws {
    // A closed mesh of 20 000 facets would fit into 1.5 MB; this has 60 000 vertices.
    let corners = (0..<60_000).map { SIMD3(Float($0), 0, 0) }
    let run = RunContext(memoryBudget: 1_500_000)
    #expect {
      try Mesh.welded(TriangleSoup(corners: corners), run)
    } throws: { error in
      guard case .memoryBudgetExceeded(_, 1_500_000, "welding") = error as? MeshError else { return false }
      return true
    }
    #expect(
      try Mesh.welded(
        TriangleSoup(corners: corners.map { $0 * 0.001 }.map { SIMD3($0.x.rounded(), 0, 0) }), run
      ).positions.count == 61)
  }

  @Test func theOriginIsAVertexLikeAnyOther() throws {
    let origin = SIMD3<Float>(0, -0.0, 0)
    let mesh = try Mesh.welded(
      TriangleSoup(corners: [SIMD3(1, 0, 0), origin, SIMD3(0, 1, 0), origin, -origin, origin]))
    #expect(mesh.positions == [SIMD3(1, 0, 0), .zero, SIMD3(0, 1, 0)])
    #expect(mesh.triangles == [Triangle(0, 1, 2), Triangle(1, 1, 1)])
  }

  @Test func coordinatesOnAGridSpreadOverTheTable() {
    // A table half full needs 1.5 looks a hit when hashes are random; clustered ones would need many more.
    for step in [1, 0.5, 1.0 / 1024, 1000] as [Float] {
      var used = Set<UInt32>()
      for x in 0..<20 {
        for y in 0..<20 {
          for z in 0..<20 {
            let p = SIMD3(Float(x), Float(y), Float(z)) * step
            used.insert(
              positionHash(UInt64(p.x.bitPattern) | UInt64(p.y.bitPattern) << 32, p.z.bitPattern) & 0x3FFF)
          }
        }
      }
      // 8000 balls in 16384 boxes hit 6330 of them.
      #expect(used.count > 6200, "step \(step)")
    }
  }

  @Test func soupsThatDoNotHoldTogetherAreRefused() {
    let corner = SIMD3<Float>(1, 2, 3)
    #expect(
      throws: MeshError.invalidOption(name: "corner count", value: "4", allowed: "three for each facet")
    ) {
      try Mesh.welded(TriangleSoup(corners: [corner, corner, corner, corner]))
    }
    #expect(throws: MeshError.nonFinitePosition(vertex: 1)) {
      try Mesh.welded(TriangleSoup(corners: [corner, SIMD3(0, .nan, 0), corner]))
    }
    #expect(throws: MeshError.colorCountMismatch(colors: 2, triangles: 1)) {
      try Mesh.welded(
        TriangleSoup(
          corners: [corner, corner, corner], colors: FacetColors(convention: .visCAM, attributes: [1, 2])))
    }
  }

  @Test func anEmptySoupIsAnEmptyMesh() throws {
    #expect(try Mesh.welded(TriangleSoup()) == .empty)
  }

  @Test func coloursGoWithTheFacets() throws {
    var soup = gridSoup(facets: 50, side: 3, seed: 1)
    soup.colors = FacetColors(convention: .visCAM, attributes: (0..<50).map { UInt16($0) })
    #expect(try Mesh.welded(soup).colors == soup.colors)
    #expect(try Mesh.welded(soup).soup.colors == soup.colors)
  }
}

@Suite struct WeldToleranceTests {
  /// The definition: a vertex joins the lowest-numbered kept vertex within the tolerance.
  private func naively(_ mesh: Mesh, within tolerance: Float) -> Mesh {
    var kept: [SIMD3<Float>] = []
    var renamed: [UInt32] = []
    for p in mesh.positions {
      let near = kept.firstIndex {
        let d = SIMD3<Double>($0) - SIMD3<Double>(p)
        return (d * d).sum() <= Double(tolerance) * Double(tolerance)
      }
      if near == nil { kept.append(p) }
      renamed.append(UInt32(near ?? kept.count - 1))
    }
    return Mesh(
      unchecked: kept,
      triangles: mesh.triangles.map { Triangle(renamed[Int($0.a)], renamed[Int($0.b)], renamed[Int($0.c)]) })
  }

  @Test(arguments: [0, 1e-6, 0.2, 0.25, 0.3, 0.5, 3, 1e6] as [Float])
  func joinsAsTheDefinitionSays(tolerance: Float) throws {
    for seed in 1...2 as ClosedRange<UInt64> {
      var soup = gridSoup(facets: 100, side: 9, seed: seed)
      var random = SplitMix(seed)
      for i in soup.corners.indices {
        soup.corners[i] += SIMD3(
          .random(in: -0.1...0.1, using: &random), .random(in: -0.1...0.1, using: &random),
          Float(Int.random(in: -1...1, using: &random)) * 0.05)
      }
      let exact = try Mesh.welded(soup)
      let welded = try Mesh.welded(soup, tolerance: tolerance)
      #expect(bits(welded) == bits(naively(exact, within: tolerance)))
      #expect(welded.triangles.count == 100)
    }
  }

  @Test func aChainOfCloseVerticesDoesNotCollapse() throws {
    let positions = (0..<5).map { SIMD3<Float>(Float($0), 0, 0) }
    let mesh = try Mesh(positions: positions, triangles: [Triangle(0, 1, 2), Triangle(2, 3, 4)])
    let welded = try mesh.weldingVertices(within: 1)
    #expect(welded.positions == [positions[0], positions[2], positions[4]])
    #expect(welded.triangles == [Triangle(0, 0, 1), Triangle(1, 1, 2)])
  }

  @Test func farFromTheOriginAndTinyTolerancesWork() throws {
    let far: Float = 3e38
    let corners = [SIMD3(far, -far, far), SIMD3(-far, far, -far), SIMD3(1, 2, 3)]
    for tolerance in [Float.leastNonzeroMagnitude, 1e-20, 1, 1e30] {
      let mesh = try Mesh.welded(TriangleSoup(corners: corners), tolerance: tolerance)
      #expect(mesh.positions == corners, "\(tolerance)")
    }
    let flat = try Mesh.welded(
      TriangleSoup(corners: [corners[2], corners[2], corners[2]]), tolerance: .leastNonzeroMagnitude)
    #expect(flat.positions == [corners[2]])
  }
}
