import FacetTestSupport
import Testing

@testable import Facet

/// What hollowing asks of the part, against the same asked of every triangle.
@Suite struct HollowingKernelTests {
  private static let parts: [Mesh] = [
    Primitive.bracket(segments: 24), Primitive.threadedRod(majorRadius: 6, pitch: 2, turns: 3),
    .randomSoup(triangles: 300, size: 0.3, seed: 5), Primitive.box(maximum: SIMD3(30, 20, 10)),
  ]

  /// A point near a part.
  private func point(_ part: Mesh, _ random: inout SeededGenerator) -> SIMD3<Float> {
    let (low, size) = (part.bounds.minimum, part.bounds.size)
    let share = SIMD3<Float>.random(in: -0.2...1.2, using: &random)
    return low + size * share
  }

  private func squaredDistance(_ part: Mesh, _ f: Int, _ p: SIMD3<Float>) -> Float {
    let (a, b, c) = part.corners(f)
    let offset = closestOffset(a - p, b - p, c - p)
    return dot(offset, offset)
  }

  private func withScene(
    _ part: Mesh, _ body: (PartScene, PartScene.Scratch) throws(MeshError) -> Void
  ) throws {
    let run = RunContext()
    let bvh = try BVH(part, run)
    try PartScene.with(part, bvh, WindingNumber(part, bvh, run), run) { (scene) throws(MeshError) in
      try body(scene, PartScene.Scratch(scene))
    }
  }

  @Test(arguments: 0..<4) func theNearestIsThatOfAllTriangles(_ i: Int) throws {
    let part = HollowingKernelTests.parts[i]
    var random = SeededGenerator(seed: UInt64(i))
    try withScene(part) { (scene, scratch) in
      for n in 0..<60 {
        let p = n % 10 == 0 ? part.positions[n % part.positions.count] : point(part, &random)
        let all = part.triangles.indices.map { squaredDistance(part, $0, p) }
        let least = all.min()!
        let hint =
          n % 3 == 0 ? .max : UInt32.random(in: 0..<UInt32(part.triangles.count), using: &random)
        let found = scene.nearest(to: p, hint: hint, scratch)
        #expect(found.squared == least && Int(found.triangle) == all.firstIndex(of: least)!)
      }
    }
  }

  @Test func sidesAreThoseOfTheWindingNumber() throws {
    let parts = [
      Primitive.bracket(segments: 24), Primitive.threadedRod(majorRadius: 6, pitch: 2, turns: 3),
      Primitive.tube(outerRadius: 8, innerRadius: 7.2, height: 20, segments: 40),
      Primitive.interpenetrating(),
    ]
    for (i, part) in parts.enumerated() {
      var random = SeededGenerator(seed: UInt64(i) + 20)
      try withScene(part) { (scene, scratch) in
        var sides = SideFinder(scene, step: 1)
        var place = point(part, &random)
        for n in 0..<1500 {
          // Mostly near the last one, as blocks are.
          place = n % 8 == 0 ? point(part, &random) : place + .random(in: -1...1, using: &random)
          let nearest = scene.nearest(to: place, hint: .max, scratch)
          if nearest.squared < 1e-6 { continue }
          #expect(sides.isInside(place, nearest, scratch) == (scene.winding.at(place) > 0.5))
        }
      }
    }
  }

  @Test func discsHoldTheirTriangles() {
    var random = SeededGenerator(seed: 8)
    var (beyond, below, near) = (0, 0, 0)
    for n in 0..<3000 {
      let far = SIMD3<Float>.random(in: -100...100, using: &random)
      let flatness: Float = [0, 0.01, 0.3][n % 3]
      let way = SIMD3<Float>.random(in: -1...1, using: &random).normalized
      let positions = (0..<6).map { _ in
        let p = SIMD3<Float>.random(in: -1...1, using: &random)
        return far + p - way * dot(p, way) + way * (Float.random(in: -1...1, using: &random) * flatness)
      }
      let triangles = (0..<4).map { _ in
        Triangle(
          .random(in: 0..<6, using: &random), .random(in: 0..<6, using: &random),
          .random(in: 0..<6, using: &random))
      }
      let mesh = Mesh(unchecked: positions, triangles: triangles)
      let disc = triangles.withUnsafeBufferPointer { triangles in
        positions.withUnsafeBufferPointer { SlotDisc(triangles, $0) }
      }
      let p = far + SIMD3<Float>.random(in: -4...4, using: &random)
      let least = (0..<4).map { squaredDistance(mesh, $0, p) }.min()!.squareRoot()
      let reach = n % 2 == 0 ? least * 1.000001 : Float.random(in: 0...4, using: &random)
      let isBeyond = disc.isBeyond(SIMD4(p, 0), reach * reach * 1.00002)
      #expect(!isBeyond || least > reach)
      beyond += isBeyond ? 1 : 0
      if !isBeyond && least > reach { near += 1 }
      let along = n % 5 == 0 ? way : SIMD3<Float>.random(in: -1...1, using: &random).normalized
      let highest = triangles.flatMap { [$0.a, $0.b, $0.c] }
        .map { dot(SIMD3<Double>(positions[Int($0)]) - SIMD3<Double>(p), SIMD3<Double>(along)) }.max()!
      #expect(!disc.isBelow(Float(highest).nextDown, along, p))
      if disc.isBelow(Float(highest) + 0.5, along, p) { below += 1 }
    }
    // And hardly anything else.
    #expect(beyond > 800 && near < 700 && below > 1000)
  }

  @Test func fourTrianglesAtOnce() {
    var random = SeededGenerator(seed: 21)
    let near = NearTriangles()
    for n in 0..<400 {
      near.removeAll()
      let far = SIMD3<Float>.random(in: -50...50, using: &random)
      let count = 1 + n % 11
      var positions: [SIMD3<Float>] = []
      for k in 0..<count {
        let a = far + SIMD3<Float>.random(in: -3...3, using: &random)
        let b = a + SIMD3<Float>.random(in: -2...2, using: &random)
        // Needles, segments and points too.
        let c: SIMD3<Float> =
          switch k % 5 {
          case 0: a + (b - a) * 0.4 + SIMD3<Float>.random(in: -1e-4...1e-4, using: &random)
          case 1 where n % 4 == 0: b
          case 2 where n % 4 == 0: a
          default: a + SIMD3<Float>.random(in: -2...2, using: &random)
          }
        positions += [a, b, c]
        let from = SIMD3<Double>(a)
        let normal = cross(SIMD3<Double>(b) - from, SIMD3<Double>(c) - from).normalized
        let t = Triangle(UInt32(3 * k), UInt32(3 * k + 1), UInt32(3 * k + 2))
        #expect(near.add(t, normal: SIMD3<Float>(normal)))
      }
      let mesh = Mesh(
        unchecked: positions,
        triangles: (0..<UInt32(count)).map { Triangle(3 * $0, 3 * $0 + 1, 3 * $0 + 2) })
      positions.withUnsafeBufferPointer { positions in
        near.arrange(positions, from: far)
        for _ in 0..<5 {
          let p = far + SIMD3<Float>.random(in: -5...5, using: &random)
          let least = mesh.triangles.indices.map { squaredDistance(mesh, $0, p) }.min()!
          #expect(abs(near.squaredDistance(to: p).squareRoot() - least.squareRoot()) < 2e-5)
          #expect(dot(near.offset(from: p, positions), near.offset(from: p, positions)) == least)
        }
      }
    }
  }

  /// No triangle that is nearer than the limit to any point of a quad is left out, and what is told of the quad from
  /// those found is what is so.
  @Test(arguments: 0..<4) func aProofLeavesNothingOut(_ i: Int) throws {
    let part = HollowingKernelTests.parts[i]
    var random = SeededGenerator(seed: UInt64(40 + i))
    var (held, failed) = (0, 0)
    try withScene(part) { (scene, scratch) in
      for _ in 0..<150 {
        let middle = point(part, &random)
        let seen = scene.nearest(to: middle, hint: .max, scratch)
        let distance = seen.squared.squareRoot()
        let size = Float.random(in: 0.05...0.5, using: &random) * max(distance, 0.01)
        let corner = { () -> SIMD3<Float> in
          let away = SIMD3<Float>.random(in: -1...1, using: &random)
          let across = (SIMD3<Float>.zero - seen.offset).normalized
          return middle + (away - across * (0.9 * dot(away, across))) * size
        }
        let (a, b, c) = (corner(), corner(), corner())
        let proof = WallProof(
          scene: scene, limit: max(distance * .random(in: 0.8...1.05, using: &random), 0.005))
        let facing = cross(b - a, c - a).normalized
        let across = dot(facing, seen.offset) < 0 ? facing : SIMD3<Float>.zero - facing
        let isComplete = proof.findNear(a, b, c, c, across: across, scratch)
        if !isComplete { continue }
        scratch.near.arrange(scene.points.positions, from: a)
        let corners = SampledWall.Corners(
          a: a, b: b, c: c,
          squares: SIMD3(
            scene.nearest(to: a, hint: .max, scratch).squared,
            scene.nearest(to: b, hint: .max, scratch).squared,
            scene.nearest(to: c, hint: .max, scratch).squared))
        let sampled = SampledWall(limit: proof.limit)
        let worst =
          scratch.near.count == 0
          ? nil : sampled.worst(of: corners) { scratch.near.squaredDistance(to: $0) }
        var least = Float.infinity
        for s in 0...10 {
          for t in 0...10 - s {
            let p = a + (b - a) * (Float(s) / 10) + (c - a) * (Float(t) / 10)
            let exact = scene.nearest(to: p, hint: .max, scratch).squared.squareRoot()
            least = min(least, exact)
            if exact < proof.limit * 0.99999 {
              #expect(abs(scratch.near.squaredDistance(to: p).squareRoot() - exact) < 2e-5)
            }
          }
        }
        if let worst {
          failed += 1
          #expect(worst.distance <= least + 2e-5)
        } else {
          held += 1
          #expect(least >= proof.limit * 0.99999)
        }
        if sampled.holds(corners) { #expect(worst == nil) }
      }
    }
    #expect(held > 20 && failed > 20, "\(held) \(failed)")
  }

  /// What is said to fall short of the wall in the end is all that does.
  @Test(arguments: 0..<2) func nothingFallsShortUnsaid(_ i: Int) throws {
    let part =
      i == 0
      ? Primitive.bracket(segments: 12)
      : Primitive.torus(majorRadius: 7, minorRadius: 4, majorSegments: 17, minorSegments: 9)
    let run = RunContext(threads: 2)
    let (wall, voxel): (Float, Float) = (1.5, i == 0 ? 1.8 : 1)
    let bvh = try BVH(part, run)
    try PartScene.with(part, bvh, WindingNumber(part, bvh, run), run) { (scene) throws(MeshError) in
      let surface = CavitySurface(scene: scene, level: wall * 1.0001, voxel: voxel, lattice: nil)
      let field = try OffsetField(surface, part.bounds, run)
      let labels = try field.labels(run).labels
      let lattice = try ContourLattice(labels, run)
      let shell = OffsetShell(try Contour(lattice, run))
      _ = try shell.place(field, surface, run)
      let proof = WallProof(scene: scene, limit: wall)
      let short = Set(try shell.settle(proof, run).map(\.quad))
      #expect(lattice.quadCount > 50)
      for shortfall in try shell.shortfalls(proof, run) { #expect(short.contains(shortfall.quad)) }
    }
  }

  @Test func binsKnowWhatPassesThroughABox() throws {
    let part = Primitive.bracket(segments: 12)
    let mesh = CavityMesh(positions: part.positions, triangles: part.triangles, sources: [], distances: [])
    var random = SeededGenerator(seed: 3)
    let (low, size) = (part.bounds.minimum, part.bounds.size)
    let places = (0..<12).map { _ in
      let p = low + size * SIMD3<Float>.random(in: 0...1, using: &random)
      return Box(minimum: p - SIMD3(repeating: 3), maximum: p + SIMD3(repeating: 3))
    }
    var bins = try TriangleBins(places, width: 2, of: mesh, RunContext(threads: 2))
    func own(_ i: Int) -> Box { Box(part.corners(i).0, part.corners(i).1, part.corners(i).2) }
    var found = 0
    for place in places {
      for _ in 0..<8 {
        let p = place.minimum + SIMD3<Float>.random(in: 0...4, using: &random)
        let box = Box(minimum: p, maximum: p + SIMD3<Float>.random(in: 0...2, using: &random))
        let there = part.triangles.indices.filter { own($0).intersects(box) }.map { UInt32($0) }
        #expect(bins.triangles(near: box) { own(Int($0)).intersects(box) } == there)
        var seen: [UInt32] = []
        let areAll = bins.allSatisfy(near: box, boxOf: { own(Int($0)) }) { triangle, place in
          seen.append(triangle)
          return place.intersects(box)
        }
        #expect(areAll && seen.sorted() == there)
        if let last = there.last {
          #expect(!bins.allSatisfy(near: box, boxOf: { own(Int($0)) }) { triangle, _ in triangle != last })
        }
        found += there.count
      }
    }
    #expect(found > 20)
    let far = Box(minimum: low - 40, maximum: low - 39)
    #expect(bins.triangles(near: far) { _ in true } == nil)
    #expect(!bins.allSatisfy(near: far, boxOf: { own(Int($0)) }) { _, _ in true })
    let new = UInt32(part.triangles.count)
    bins.add(new, places[0])
    #expect(bins.triangles(near: places[0]) { _ in true }?.last == new)
  }
}
