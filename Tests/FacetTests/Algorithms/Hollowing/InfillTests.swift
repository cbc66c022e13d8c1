import FacetTestSupport
import Testing

@testable import Facet

@Suite struct InfillTests {
  /// The distance from the gyroid, mm: by going towards the foot of the perpendicular in small steps, in double precision.
  private func gyroidDistance(_ point: SIMD3<Float>, center: SIMD3<Float>, cell: Double) -> Double {
    let place = SIMD3<Double>(point - center) * (2 * .pi / cell)
    func sines(_ p: SIMD3<Double>) -> (SIMD3<Double>, SIMD3<Double>) {
      (SIMD3(sine(p.x), sine(p.y), sine(p.z)), SIMD3(cosine(p.x), cosine(p.y), cosine(p.z)))
    }
    var foot = place
    for _ in 0..<40 {
      let (s, c) = sines(foot)
      let value = s.x * c.y + s.y * c.z + s.z * c.x
      let gradient = SIMD3(c.x * c.y - s.z * s.x, c.y * c.z - s.x * s.y, c.z * c.x - s.y * s.z)
      let normal = gradient.normalized
      let away = place - foot
      foot += (away - normal * dot(away, normal)) * 0.5
      foot -= gradient * (value / max(dot(gradient, gradient), 0.05))
    }
    return length(place - foot) * cell / (2 * .pi)
  }

  /// By Taylor's series about zero.
  private func sine(_ x: Double) -> Double {
    var turn = x.truncatingRemainder(dividingBy: 2 * .pi)
    if turn > .pi { turn -= 2 * .pi }
    if turn < -.pi { turn += 2 * .pi }
    var (term, sum) = (turn, turn)
    for k in 1..<16 {
      term *= -turn * turn / Double((2 * k) * (2 * k + 1))
      sum += term
    }
    return sum
  }

  private func cosine(_ x: Double) -> Double { sine(x + .pi / 2) }

  @Test func sinesAndCosines() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      let turns = SIMD3<Float>.random(in: -20...20, using: &random)
      let (s, c) = sineAndCosine(turns)
      for axis in 0..<3 {
        let x = Double(turns[axis]) * 2 * .pi
        #expect(abs(Double(s[axis]) - sine(x)) < 1e-6 && abs(Double(c[axis]) - cosine(x)) < 1e-6)
      }
    }
  }

  @Test func theWayToTheGyroidIsRightUpToATenthOfACell() throws {
    let center = SIMD3<Float>(3, -2, 7)
    let lattice = try #require(InfillLattice(.gyroid(cell: 6, wall: 0.8), center: center))
    var random = SeededGenerator(seed: 9)
    var (near, far) = (0, 0)
    for _ in 0..<400 {
      let point = center + SIMD3<Float>.random(in: -9...9, using: &random)
      let exact = gyroidDistance(point, center: center, cell: 6)
      let found = Double(length(lattice.offset(from: point, within: 0.6)))
      if exact < 0.6 {
        near += 1
        #expect(abs(found - exact) < 0.002 * exact + 1e-5)
      } else if exact < 1.2 {
        far += 1
        #expect(found > 0.6)
      }
    }
    #expect(near > 50 && far > 50)
  }

  @Test func theWayToTheStruts() throws {
    let lattice = try #require(InfillLattice(.cubic(cell: 5, wall: 1), center: SIMD3(1, 2, 3)))
    // From the middle of a strut nowhere; along none of the axes is a strut level.
    var random = SeededGenerator(seed: 2)
    for _ in 0..<200 {
      let point = SIMD3<Float>.random(in: -20...20, using: &random)
      let way = lattice.offset(from: point, within: 1)
      #expect(length(way) < 5 * 0.7072)
      let there = lattice.offset(from: point + way, within: 1)
      #expect(length(there) < 1e-4)
    }
    #expect(length(lattice.offset(from: SIMD3(1, 2, 3), within: 1)) < 1e-6)
  }

  private func check(
    _ part: Mesh, _ result: HollowingResult, wall: Float, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(result.outcome == .hollowed, sourceLocation: sourceLocation)
    #expect(
      Array(result.mesh.triangles.prefix(part.triangles.count)) == part.triangles,
      sourceLocation: sourceLocation)
    #expect(try result.mesh.problemWithGuarantees() == nil, sourceLocation: sourceLocation)
    let tree = try BVH(part)
    let nearest = result.mesh.positions.dropFirst(part.positions.count).reduce(Float.infinity) {
      min($0, tree.closestPoint(part, to: $1)!.distance)
    }
    #expect(
      nearest >= result.certifiedWall && result.certifiedWall >= wall * 0.975, sourceLocation: sourceLocation)
  }

  /// The inner vertices that are on the lattice: far from the part.
  private func onLattice(_ part: Mesh, _ result: HollowingResult, farther distance: Float) throws -> [SIMD3<
    Float
  >] {
    let tree = try BVH(part)
    return result.mesh.positions.dropFirst(part.positions.count).filter {
      tree.closestPoint(part, to: $0)!.distance > distance
    }
  }

  @Test func aCellOfGyroidHasItsVolumeAndItsWall() throws {
    // One cell inside.
    let part = Primitive.box(maximum: SIMD3(8, 8, 8))
    let options = HollowingOptions(wall: 1, voxel: 0.3, infill: .gyroid(cell: 6, wall: 0.6))
    let result = try part.hollowed(options)
    try check(part, result, wall: 1)
    // Weyl's volume of a tube about a minimal surface of area 3.0915 a² and Euler number -8.
    let (a, h): (Double, Double) = (6, 0.3)
    let exact = 2 * h * 3.0915 * a * a - 4 * Double.pi / 3 * 8 * h * h * h
    let lattice = result.volumeAfter - (512 - 216)
    #expect(abs(lattice / exact - 1) < 0.06)
    let vertices = try onLattice(part, result, farther: 1.4)
    #expect(vertices.count > 500)
    var sum = 0.0
    for p in vertices { sum += gyroidDistance(p, center: SIMD3(4, 4, 4), cell: a) }
    #expect(abs(sum / Double(vertices.count) / h - 1) < 0.05)
  }

  @Test func strutsHaveTheirVolume() throws {
    let part = Primitive.box(maximum: SIMD3(10, 10, 10))
    let options = HollowingOptions(wall: 1, voxel: 0.4, infill: .cubic(cell: 5, wall: 1.2))
    let result = try part.hollowed(options)
    try check(part, result, wall: 1)
    #expect(result.cavities == 1)
    // What the cavity's share of three sets of cylinders has, of points evenly spread.
    let lattice = try #require(InfillLattice(options.infill, center: SIMD3(5, 5, 5)))
    var (inside, all) = (0, 0)
    for x in stride(from: Float(1.1), to: 9, by: 0.2) {
      for y in stride(from: Float(1.1), to: 9, by: 0.2) {
        for z in stride(from: Float(1.1), to: 9, by: 0.2) {
          all += 1
          if length(lattice.offset(from: SIMD3(x, y, z), within: 1)) < 0.6 { inside += 1 }
        }
      }
    }
    let exact = Double(inside) / Double(all) * 512
    #expect(abs((result.volumeAfter - (1000 - 512)) / exact - 1) < 0.06)
    // Without the walls of the box: three cylinders a cell, less where they meet.
    let endless = 3 * Double.pi * 0.36 / 25 - 8 * 2.0.squareRoot() * 0.216 / 125
    #expect(abs(exact / 512 / endless - 1) < 0.15)
  }

  @Test func bothLabyrinthsAreWholeAndDrain() throws {
    let part = Primitive.box(maximum: SIMD3(9, 9, 9))
    var options = HollowingOptions(
      wall: 1, voxel: 0.5, infill: .gyroid(cell: 6.5, wall: 1), smallestCavity: 10)
    options.drains = .automatic(count: 1, diameter: 1.5)
    options.makesPlugs = true
    let result = try part.hollowed(options, RunContext(threads: 1))
    #expect(result.cavities == 2 && result.trappedCavities == 0 && result.missedDrains == 0)
    #expect(try result.mesh.problemWithGuarantees() == nil)
    // One surface, with handles around which there are ways in both labyrinths.
    #expect(try result.mesh.analyzed().shells == 1)
    #expect(result.mesh.positions.count - result.mesh.triangles.count / 2 <= -6)
    let plugs = try #require(result.plugs)
    #expect(try plugs.problemWithGuarantees() == nil)
    #expect(try plugs.analyzed().shells == 2)
  }

  @Test(arguments: [HollowingOptions.Infill.gyroid(cell: 6.5, wall: 1), .cubic(cell: 4, wall: 1.5)])
  func sameOnAnyNumberOfThreads(infill: HollowingOptions.Infill) throws {
    let part = Primitive.box(maximum: SIMD3(6.5, 6, 6))
    let options = HollowingOptions(wall: 1, voxel: 0.5, infill: infill)
    let one = try part.hollowed(options, RunContext(threads: 1))
    #expect(try part.hollowed(options, RunContext(threads: 3)).mesh == one.mesh)
    try check(part, one, wall: 1)
  }

  @Test func aLatticeOverTheBudgetIsRefusedAtOnce() throws {
    let part = Primitive.box(maximum: SIMD3(400, 400, 400))
    for infill in [HollowingOptions.Infill.gyroid(cell: 4, wall: 0.8), .cubic(cell: 4, wall: 0.9)] {
      #expect {
        try part.hollowed(
          HollowingOptions(wall: 2, voxel: 0.2, infill: infill), RunContext(memoryBudget: 1 << 30))
      } throws: { error in
        guard case MeshError.memoryBudgetExceeded = error else { return false }
        return true
      }
    }
  }

  @Test func stopsWhenAsked() throws {
    let part = Primitive.box(maximum: SIMD3(8, 8, 8))
    let options = HollowingOptions(wall: 1, voxel: 0.5, infill: .gyroid(cell: 7, wall: 1))
    for at in [0.12, 0.5] {
      let stop = Cancellation()
      let run = RunContext(threads: 2, cancellation: stop) { if $0 >= at { stop.cancel() } }
      #expect(throws: MeshError.cancelled) { try part.hollowed(options, run) }
    }
  }

  @Test(arguments: [
    HollowingOptions.Infill.gyroid(cell: 0, wall: 1), .gyroid(cell: 8, wall: -1), .cubic(cell: .nan, wall: 1),
    // Walls thinner than two voxels, labyrinths that would close, struts thinner than three, cells that would.
    .gyroid(cell: 8, wall: 0.9), .gyroid(cell: 6, wall: 1), .cubic(cell: 8, wall: 1.4),
    .cubic(cell: 2.4, wall: 1.5),
  ])
  func whatWouldNotBeALatticeIsRefused(_ infill: HollowingOptions.Infill) {
    let part = Primitive.box(maximum: SIMD3(20, 16, 12))
    #expect {
      try part.hollowed(HollowingOptions(wall: 2, voxel: 0.5, infill: infill))
    } throws: { error in
      guard case MeshError.invalidOption(let name, _, _) = error else { return false }
      return name.hasPrefix("infill")
    }
  }

  @Test func withoutAVoxelItIsFineEnoughForTheLattice() throws {
    let part = Primitive.box(maximum: SIMD3(9, 9, 9))
    let result = try part.hollowed(HollowingOptions(wall: 3, infill: .cubic(cell: 6, wall: 1.2)))
    #expect(abs(result.voxel - 0.4) < 1e-6)
  }

  @Test func smallCavitiesAreFilledIfAsked() throws {
    // A large and a small one, and in the large one material around a hole.
    let hole = Primitive.box(minimum: SIMD3(8, 8, 8), maximum: SIMD3(10, 10, 10))
    var part = Primitive.box(maximum: SIMD3(18, 18, 18)).adding(
      Primitive.box(minimum: SIMD3(30, 0, 0), maximum: SIMD3(37, 7, 7)))
    part = part.adding(Mesh(unchecked: hole.positions, triangles: hole.triangles.map(\.flipped)))
    var options = HollowingOptions(wall: 2, voxel: 1)
    // A cube of 3, and one of 14 less one of 2 with 2 around it, rounded.
    #expect(try part.hollowed(options).cavities == 2)
    options.smallestCavity = 40
    let one = try part.hollowed(options)
    #expect(one.cavities == 1 && one.filledCavities == 1 && one.prunedPockets == 0)
    #expect(try one.mesh.problemWithGuarantees() == nil)
    #expect(abs(one.volumeBefore - one.volumeAfter - (2744 - 165)) < 60)
    // The volume is that without the material within.
    options.smallestCavity = 2650
    let none = try part.hollowed(options)
    #expect(none.outcome == .tooThin && none.filledCavities == 2 && none.mesh == part)
    options.smallestCavity = -1
    #expect(throws: MeshError.self) { try part.hollowed(options) }
  }
}
