import FacetTestSupport
import Testing

@testable import Facet

@Suite struct WithoutSelfIntersectionsTests {
  private func resolved(
    _ mesh: Mesh, _ options: RepairOptions = RepairOptions(), threads: Int = 1
  ) throws -> StageResult {
    try mesh.withoutSelfIntersections(options, RunContext(threads: threads))
  }

  private func volume(_ mesh: Mesh) throws -> Double { try mesh.measured().volume }

  private func box(_ low: SIMD3<Float>, _ high: SIMD3<Float>) -> Mesh {
    Primitive.box(minimum: low, maximum: high)
  }

  private func shellCount(_ mesh: Mesh) throws -> Int {
    let topology = try Topology(mesh)
    return try topology.shells(topology.badEdges(of: mesh)).count
  }

  // MARK: What is known of the result

  @Test func whatIsSaidToBeClearCrossesNowhere() throws {
    var clear = 0
    for seed in 0..<40 as Range<UInt64> {
      let mesh: Mesh
      if seed % 4 == 0 {
        mesh = .gridSoup(triangles: 40, side: 3, seed: seed, allowingDegenerate: true)
      } else {
        var random = SeededGenerator(seed: seed)
        let ball = Primitive.icosphere(radius: 5, subdivisions: 2)
        let shift = SIMD3<Float>(
          Float.random(in: -4...4, using: &random), Float.random(in: -4...4, using: &random), 0.3)
        let count = UInt32(ball.positions.count)
        mesh = Mesh(
          unchecked: ball.positions + ball.positions.map { $0 * 0.8 + shift },
          triangles: ball.triangles
            + ball.triangles.map { Triangle($0.a + count, $0.b + count, $0.c + count) })
      }
      let result = try resolved(mesh, threads: 2)
      if !result.isClear { continue }
      clear += 1
      #expect(try result.mesh.selfIntersections(BVH(result.mesh)).pairCount == 0, "seed \(seed)")
    }
    #expect(clear >= 30)
  }

  @Test func trackedTrianglesKnowHowOftenTheSurfaceWinds() throws {
    let run = RunContext(threads: 2)
    let ball = Primitive.icosphere(radius: 5, subdivisions: 3)
    let bvh = try BVH(ball)
    var tracked = TrackedTriangles(ball, bvh, try WindingNumber(ball, bvh))
    #expect(tracked.suspects.isEmpty)
    // Twice some vertices are moved, some triangles split, and the last one is gone.
    var mesh = ball
    for round in 0..<2 {
      var positions = mesh.positions
      positions[7 + round] *= 1.5
      var triangles = Array(mesh.triangles.dropLast())
      var sources = Array(0..<UInt32(triangles.count))
      let t = triangles[100]
      positions.append((positions[Int(t.a)] + positions[Int(t.b)]) / 2)
      triangles[100] = Triangle(t.a, UInt32(positions.count - 1), t.c)
      triangles.append(Triangle(UInt32(positions.count - 1), t.b, t.c))
      sources.append(100)
      let next = Mesh(unchecked: positions, triangles: triangles)
      let isKept = mesh.triangles.indices.map { $0 != 100 }
      tracked = try tracked.advanced(from: mesh, isKept, to: next, sources: sources, run)
      mesh = next
      let suspects = Set(tracked.suspects)
      // All that has just changed, and what touches that.
      let changed = mesh.triangles.indices.filter { i in
        let t = mesh.triangles[i]
        return t.has(UInt32(7 + round)) || t.has(UInt32(positions.count - 1))
      }
      #expect(changed.count >= 7)
      for i in changed {
        #expect(suspects.contains(UInt32(i)))
        let own = mesh.triangles[i]
        for (j, t) in mesh.triangles.enumerated() where own.has(t.a) || own.has(t.b) || own.has(t.c) {
          #expect(suspects.contains(UInt32(j)))
        }
      }
      #expect(suspects.count < mesh.triangles.count / 2)
      let winding = try tracked.winding(of: mesh, run)
      let right = try WindingNumber(mesh, BVH(mesh))
      var random = SeededGenerator(seed: 5)
      for _ in 0..<200 {
        let point = SIMD3<Float>(
          Float.random(in: -7...7, using: &random), Float.random(in: -7...7, using: &random),
          Float.random(in: -7...7, using: &random))
        #expect(abs(winding.at(point) - right.at(point)) < 0.04)
      }
    }
  }

  // MARK: What has nothing to resolve

  @Test func aSoundPartComesBackAsItIs() throws {
    for mesh in [box(.zero, SIMD3(1, 2, 3)), Primitive.bracket(), Mesh.empty] {
      let result = try resolved(mesh)
      #expect(result.mesh == mesh)
      #expect(result.entry.count == 0)
    }
  }

  @Test func partsApartAndPartsInPartsThatCrossNothingStay() throws {
    let mesh = box(.zero, SIMD3(repeating: 4)).merged(with: box(SIMD3(repeating: 1), SIMD3(repeating: 2)))
    #expect(try resolved(mesh).mesh == mesh)
  }

  // MARK: Boxes

  @Test func twoOverlappingBoxesBecomeTheirUnion() throws {
    let mesh = box(.zero, SIMD3(repeating: 4)).merged(with: box(SIMD3(1, 1, 1), SIMD3(6, 6, 6)))
    let result = try resolved(mesh)
    #expect(try volume(result.mesh) == 64 + 125 - 27)
    #expect(try surfaceFault(result.mesh) == nil)
    #expect(try result.mesh.solidity().isSolid)
    #expect(try shellCount(result.mesh) == 1)
    #expect(result.entry.count == 12)
    #expect(result.entry.largestMove == 0)
  }

  @Test func facesInOnePlaneAreMerged() throws {
    // Top, bottom and one side lie in one plane each, whole or in part.
    let mesh = box(.zero, SIMD3(4, 4, 4)).merged(with: box(SIMD3(2, 0, 0), SIMD3(6, 3, 4)))
      .merged(with: box(SIMD3(1, 1, 2), SIMD3(5, 2, 6)))
    let result = try resolved(mesh)
    #expect(try volume(result.mesh) == 64 + 24 + 8)
    #expect(try surfaceFault(result.mesh) == nil)
    #expect(try result.mesh.solidity().isSolid)
  }

  @Test func boxesWithCommonEdgesAndCornersAreUnited() throws {
    let mesh = box(.zero, SIMD3(2, 2, 2)).merged(with: box(SIMD3(0, 0, 1), SIMD3(2, 2, 3)))
      .merged(with: box(SIMD3(1, 1, 0), SIMD3(3, 3, 2))).merged(with: box(SIMD3(0, 0, 0), SIMD3(1, 1, 4)))
    let result = try resolved(mesh)
    // By unit cells.
    #expect(try volume(result.mesh) == 8 + 4 + 6 + 1)
    #expect(try surfaceFault(result.mesh) == nil)
  }

  @Test func aPartInsideAnotherGoesWhereSomethingCrosses() throws {
    let inner = box(SIMD3(repeating: 1), SIMD3(repeating: 2))
    let mesh = box(.zero, SIMD3(repeating: 4)).merged(with: box(SIMD3(3, 1, 1), SIMD3(6, 2, 2)))
    let result = try resolved(mesh.merged(with: inner))
    #expect(try volume(result.mesh) == 64 + 2)
    #expect(try shellCount(result.mesh) == 1)
    #expect(try result.mesh.solidity().isSolid)
  }

  @Test func aCavityStaysWhereSomethingCrosses() throws {
    let cavity = box(SIMD3(repeating: 1), SIMD3(repeating: 2)).insideOut
    let mesh = box(.zero, SIMD3(repeating: 4)).merged(with: box(SIMD3(3, 1, 1), SIMD3(6, 2, 2)))
    let result = try resolved(mesh.merged(with: cavity))
    #expect(try volume(result.mesh) == 64 + 2 - 1)
    #expect(try shellCount(result.mesh) == 2)
    #expect(try result.mesh.solidity().isSolid)
  }

  @Test func anIdenticalSecondPartVanishes() throws {
    let one = box(.zero, SIMD3(3, 4, 5))
    // Identical triangles cross nothing; the third box makes it a case.
    let mesh = one.merged(with: one).merged(with: box(SIMD3(1, 1, 1), SIMD3(7, 2, 2)))
    let result = try resolved(mesh)
    #expect(try volume(result.mesh) == 60 + 4)
    #expect(try result.mesh.solidity().isSolid)
  }

  @Test func anInternalWallGoes() throws {
    let wall = Mesh(
      unchecked: [SIMD3(2, 0, 0), SIMD3(2, 4, 0), SIMD3(2, 4, 4), SIMD3(2, 0, 4)],
      triangles: [Triangle(0, 1, 2), Triangle(0, 2, 3)])
    let bar = box(SIMD3(1, 1, 1), SIMD3(3, 2, 7))
    for wall in [wall, wall.insideOut] {
      let result = try resolved(box(.zero, SIMD3(repeating: 4)).merged(with: bar).merged(with: wall))
      #expect(try abs(volume(result.mesh) - (64 + 6)) < 1e-6)
      #expect(try surfaceFault(result.mesh) == nil)
    }
  }

  // MARK: What is kept

  @Test func trianglesThatMeetNothingStayAsTheyWere() throws {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)
    let mesh = sphere.merged(with: Primitive.icosphere(radius: 2, subdivisions: 2, center: SIMD3(10, 0, 0)))
    let result = try resolved(mesh)
    #expect(try result.mesh.solidity().isSolid)
    func key(_ m: Mesh, _ i: Int) -> [SIMD3<Float>] {
      let (a, b, c) = m.corners(i)
      return [a, b, c]
    }
    let known = Set(result.mesh.triangles.indices.map { key(result.mesh, $0) })
    let far = sphere.triangles.indices.filter { i in key(sphere, i).allSatisfy { $0.x < 6 } }
    #expect(far.count > 900)
    #expect(far.allSatisfy { known.contains(key(sphere, $0)) })
  }

  @Test func coloursGoWithTheTriangles() throws {
    let (a, b) = (box(.zero, SIMD3(repeating: 4)), box(SIMD3(1, 1, 1), SIMD3(6, 6, 6)))
    let both = a.merged(with: b)
    let colors = FacetColors(convention: .visCAM, attributes: (0..<24).map { $0 < 12 ? 0x8001 : 0x8002 })
    let result = try resolved(Mesh(unchecked: both.positions, triangles: both.triangles, colors: colors))
    for i in result.mesh.triangles.indices {
      let (p, q, r) = result.mesh.corners(i)
      let isFirst = [p, q, r].allSatisfy { a.bounds.contains($0) }
      let isSecond = [p, q, r].allSatisfy { b.bounds.contains($0) }
      // Both only for none: the boxes have no face in common.
      #expect(isFirst != isSecond)
      #expect(result.mesh.colors?.attributes[i] == (isFirst ? 0x8001 : 0x8002))
    }
  }

  @Test func shellsAreKeptWhenAsked() throws {
    let options = RepairOptions(keepsShells: true)
    let mesh = Primitive.interpenetrating()
    #expect(try resolved(mesh, options).mesh == mesh)
    // A shell that crosses itself is resolved all the same.
    let folded = selfCrossingBar()
    let both = mesh.merged(with: folded)
    let result = try resolved(both, options)
    #expect(result.entry.count == (try resolved(folded).entry.count))
    #expect(result.mesh.triangles.prefix(mesh.triangles.count) == mesh.triangles[...])
    let expected = try volume(mesh) + volume(resolved(folded).mesh)
    #expect(try abs(volume(result.mesh) - expected) < 1e-3)
  }

  /// A square bar bent so far that one end goes through the other.
  private func selfCrossingBar() -> Mesh {
    let path: [SIMD3<Float>] = [
      SIMD3(100, 0, 0), SIMD3(130, 0, 0), SIMD3(130, 30, 0), SIMD3(110, 30, 1), SIMD3(110, -20, 1),
    ]
    var positions: [SIMD3<Float>] = []
    var triangles: [Triangle] = []
    for (i, p) in path.enumerated() {
      let before = path[max(i - 1, 0)]
      let after = path[min(i + 1, path.count - 1)]
      let along = (after - before).normalized
      let side = cross(along, SIMD3(0, 0, 1)).normalized * 3
      for offset in [side, SIMD3(0, 0, 3), -side, SIMD3(0, 0, -3)] { positions.append(p + offset) }
    }
    for i in 0..<UInt32(path.count - 1) {
      for k in 0..<UInt32(4) {
        let (a, b) = (4 * i + k, 4 * i + (k + 1) % 4)
        triangles += [Triangle(a, b, b + 4), Triangle(a, b + 4, a + 4)]
      }
    }
    let last = UInt32(4 * path.count - 4)
    triangles += [
      Triangle(0, 2, 1), Triangle(0, 3, 2), Triangle(last, last + 1, last + 2),
      Triangle(last, last + 2, last + 3),
    ]
    let bar = Mesh(unchecked: positions, triangles: triangles)
    return (try! bar.measured().volume) > 0 ? bar : bar.insideOut
  }

  @Test func aShellThatRunsThroughItselfIsResolved() throws {
    let bar = selfCrossingBar()
    #expect(try bar.solidity().intersectingTriangles ?? 0 > 0)
    let result = try resolved(bar)
    #expect(try result.mesh.solidity().isSolid)
    #expect(try volume(result.mesh) < volume(bar))
    #expect(try volume(result.mesh) > 0.8 * volume(bar))
  }

  // MARK: Round parts

  @Test func overlappingSpheresHaveTheVolumeOfTheirUnion() throws {
    let (radius, distance) = (10.0, 8.0)
    let mesh = Primitive.icosphere(radius: radius, subdivisions: 3)
      .merged(with: Primitive.icosphere(radius: radius, subdivisions: 3, center: SIMD3(distance, 0.3, 0.2)))
    let result = try resolved(mesh)
    #expect(try result.mesh.solidity().isSolid)
    let apart = (distance * distance + 0.13).squareRoot()
    let common = Double.pi * (4 * radius + apart) * (2 * radius - apart) * (2 * radius - apart) / 12
    let expected = 8 * Double.pi / 3 * radius * radius * radius - common
    // Facets lie inside the spheres.
    #expect(try abs(volume(result.mesh) - expected) < 0.03 * expected)
    #expect(result.entry.largestMove < 2e-6)
  }

  @Test func aTorusAndItselfShiftedAreUnited() throws {
    let torus = Primitive.torus(majorRadius: 10, minorRadius: 3, majorSegments: 32, minorSegments: 16)
    let shifted = Mesh(unchecked: torus.positions.map { $0 + SIMD3(5, 0.1, 0.2) }, triangles: torus.triangles)
    let result = try resolved(torus.merged(with: shifted))
    #expect(try result.mesh.solidity().isSolid)
    #expect(try volume(result.mesh) > volume(torus) && volume(result.mesh) < 2 * volume(torus))
    // The same in the other order.
    let other = try resolved(shifted.merged(with: torus))
    #expect(try abs(volume(result.mesh) - volume(other.mesh)) < 1e-3)
  }

  @Test func surfacesAHairApartAreUnitedDespiteRounding() throws {
    var random = SeededGenerator(seed: 5)
    func offset() -> Float { .random(in: -1e-5...1e-5, using: &random) }
    for _ in 0..<10 {
      // A tilted box, and the same with its corners moved by a few last places.
      let along = SIMD3<Double>(0.8, 0.5, 0.33).normalized
      let across = cross(along, SIMD3(offset() < 0 ? 1 : 0, 0.2, 1)).normalized
      let up = cross(along, across)
      let tilted = box(SIMD3(-30, -20, -10), SIMD3(30, 20, 10)).positions.map { p in
        SIMD3<Float>(along * Double(p.x) + across * Double(p.y) + up * Double(p.z))
      }
      let triangles = box(.zero, SIMD3(repeating: 1)).triangles
      let moved = tilted.map { $0 + SIMD3(offset(), offset(), offset()) }
      let mesh = Mesh(unchecked: tilted, triangles: triangles)
        .merged(with: Mesh(unchecked: moved, triangles: triangles))
      let result = try resolved(mesh)
      #expect(try surfaceFault(result.mesh) == nil)
      #expect(try abs(volume(result.mesh) - 48000) < 0.1)
    }
  }

  @Test func theSampleThatCrossesIsMended() throws {
    let result = try resolved(Primitive.interpenetrating())
    #expect(try result.mesh.solidity().isSolid)
    #expect(try abs(volume(result.mesh) - (12000 + 12 * 9 * 20)) < 1e-6)
  }

  // MARK: Whatever comes in

  @Test(arguments: [2, 3, 6]) func boxesOnAGridBecomeTheirUnion(side: Int) throws {
    var random = SeededGenerator(seed: UInt64(side))
    for _ in 0..<25 {
      let solids = GridSolids(count: .random(in: 2...4, using: &random), side: side, areBoxes: true, &random)
      let result = try resolved(solids.mesh)
      if result.entry.count == 0 { continue }
      #expect(try surfaceFault(result.mesh) == nil)
      #expect(try abs(volume(result.mesh) - Double(solids.cellVolume)) < 1e-5)
    }
  }

  @Test(arguments: [2, 3, 8]) func tetrahedraOnAGridBecomeTheirUnion(side: Int) throws {
    var random = SeededGenerator(seed: UInt64(side))
    for _ in 0..<25 {
      let solids = GridSolids(count: .random(in: 2...4, using: &random), side: side, areBoxes: false, &random)
      let result = try resolved(solids.mesh)
      if result.entry.count == 0 { continue }
      #expect(try surfaceFault(result.mesh) == nil)
      #expect(try solids.mismatches(result.mesh, points: 100, &random) == 0)
    }
  }

  @Test func soupsOfAnyKindComeBackWithoutATrap() throws {
    for seed in 0..<15 {
      let soups = [
        Mesh.gridSoup(triangles: 20, side: 3, seed: UInt64(seed), allowingDegenerate: true),
        Mesh.randomSoup(triangles: 30, size: 0.4, seed: UInt64(seed)),
      ]
      for soup in soups {
        let result = try resolved(soup)
        _ = try Mesh(positions: result.mesh.positions, triangles: result.mesh.triangles)
        if result.entry.count > 0 {
          #expect(try result.mesh.solidity().intersectingTriangles == 0)
        }
      }
    }
  }

  @Test(arguments: [-140, -60, 60, 118, 125]) func theSizeOfThePartDoesNotMatter(exponent: Int) throws {
    let scale = Float(sign: .plus, exponent: exponent, significand: 1)
    let mesh = box(.zero, SIMD3(repeating: 4)).merged(with: box(SIMD3(1, 1, 1), SIMD3(6, 6, 6)))
    let scaled = Mesh(unchecked: mesh.positions.map { $0 * scale }, triangles: mesh.triangles)
    let result = try resolved(scaled)
    if exponent > 116 {
      // Too large for what is built around it.
      #expect(result.mesh == scaled)
    } else {
      let expected = try resolved(mesh).mesh
      #expect(result.mesh.triangles == expected.triangles)
      #expect(result.mesh.positions == expected.positions.map { $0 * scale })
    }
  }

  @Test func theNumberOfThreadsDoesNotMatter() throws {
    let mesh = Primitive.icosphere(radius: 10, subdivisions: 3)
      .merged(with: Primitive.icosphere(radius: 9, subdivisions: 3, center: SIMD3(5, 3, 2)))
    let one = try resolved(mesh, threads: 1)
    let two = try resolved(mesh, threads: 2)
    #expect(one.mesh == two.mesh)
    #expect(one.entry == two.entry)
  }

  @Test func itCanBeCancelledAndRefusedAndTellsHowFarItIs() throws {
    let mesh = Primitive.interpenetrating()
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try mesh.withoutSelfIntersections(RepairOptions(), RunContext(threads: 1, cancellation: cancellation))
    }
    #expect(throws: MeshError.self) {
      try mesh.withoutSelfIntersections(RepairOptions(), RunContext(threads: 1, memoryBudget: 1000))
    }
    let reported = Lock<[Double]>([])
    _ = try mesh.withoutSelfIntersections(
      RepairOptions(), RunContext(threads: 1) { value in reported.withLock { $0.append(value) } })
    let values = reported.withLock { $0 }
    #expect(values.last == 1)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
