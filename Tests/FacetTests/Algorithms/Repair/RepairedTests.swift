import FacetTestSupport
import Testing

@testable import Facet

@Suite struct RepairedTests {
  /// What a file would hold of the mesh.
  private func readBack(_ mesh: Mesh) throws -> Mesh {
    try Mesh.read(ByteSource(mesh.encoded(ExportOptions(format: .stl)))).mesh
  }

  private func expectSolid(_ mesh: Mesh, volume: Double, within share: Double, _ what: String) throws {
    let solidity = try readBack(mesh).solidity()
    #expect(solidity.isSolid, "\(what): \(solidity)")
    #expect(abs(solidity.volume - volume) <= share * volume, "\(what): \(solidity.volume) for \(volume)")
  }

  @Test(arguments: Sample.all.filter { $0.facts.isSound }.map(\.name))
  func aSoundPartComesBackAsItIs(_ name: String) throws {
    let part = try #require(Sample.named(name)).make()
    let repaired = try part.repaired()
    #expect(repaired.isUnchanged && repaired.mesh == part)
  }

  @Test func everyBrokenSampleComesOutSolidWithItsVolume() throws {
    let ball = try Primitive.icosphere(radius: 10, subdivisions: 2).measured().volume
    let bracket = try Primitive.bracket().measured().volume
    let cases: [(mesh: Mesh, volume: Double, share: Double, what: String)] = [
      (Primitive.partlyFlipped(), ball, 1e-5, "flipped"),
      (Primitive.sharedEdge(), 16000, 1e-3, "non-manifold edge"),
      (Primitive.duplicated(), 3000, 1e-6, "duplicate"),
      (Primitive.interpenetrating(), 12000 + 12 * 9 * 20, 1e-6, "self-crossing"),
      (Primitive.withNoise(), bracket, 1e-6, "noise"),
      (Primitive.looseSphere(), ball, 0.05, "loose"),
    ]
    for part in cases {
      try expectSolid(part.mesh.repaired().mesh, volume: part.volume, within: part.share, part.what)
    }
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func damagedPartsComeOutSolidWithTheirVolume(seed: UInt64) throws {
    let damage = Damage.random(seed: seed)
    let part = damage.part()
    try expectSolid(part.mesh.repaired().mesh, volume: part.volume, within: 0.01, "\(damage)")
  }

  // MARK: The last resort

  @Test func aRepairedSoupIsNotRepairedAgain() throws {
    for seed in 0..<8 as Range<UInt64> {
      let soup = Mesh.gridSoup(triangles: 12, side: 4, seed: seed, allowingDegenerate: seed % 2 == 0)
      let coarse = ShrinkwrapOptions.Resolution.voxel(Float(soup.bounds.diagonal / 20))
      let once = try readBack(soup.repaired(RepairOptions(wrapResolution: coarse)).mesh)
      let twice = try once.repaired()
      #expect(twice.solidity.isSolid && twice.isUnchanged && twice.mesh == once, "seed \(seed)")
    }
  }

  @Test func whatIsWrappedSaysHowFarItIs() throws {
    let soup = Mesh.gridSoup(triangles: 12, side: 4, seed: 3, allowingDegenerate: false)
    let repaired = try soup.repaired(RepairOptions(wrapResolution: .voxel(0.4)))
    #expect(repaired.ledger.entries.contains { $0.stage == .shrinkwrap })
    if repaired.ledger.entries.last?.stage == .shrinkwrap {
      #expect(repaired.hausdorff == (try soup.deviation(from: repaired.mesh).hausdorff))
    } else {
      #expect(repaired.hausdorff == nil)
    }
  }

  @Test func aWrapIsAsFineAsThePartsEdges() throws {
    let soup = Mesh.gridSoup(triangles: 30, side: 3, seed: 1, allowingDegenerate: false)
    #expect(try soup.wrapVoxel() == Float(soup.bounds.diagonal / 50))
    let fine = Primitive.icosphere(radius: 10, subdivisions: 6)
    #expect(try fine.wrapVoxel() == Float(fine.bounds.diagonal / 500))
    let between = Primitive.icosphere(radius: 10, subdivisions: 3)
    let voxel = try between.wrapVoxel()
    #expect(voxel > 0.2 && voxel < 0.5)
    #expect(throws: MeshError.self) {
      try between.repaired(RepairOptions(wrapResolution: .voxel(0)))
    }
  }

  @Test func shellsStayWhenTheyAreToStay() throws {
    let boxes = Primitive.interpenetrating()
    let kept = try boxes.repaired(RepairOptions(keepsShells: true))
    #expect(kept.isUnchanged && kept.mesh == boxes)
    #expect(kept.solidity.intersectingTriangles ?? 0 > 0)
    // What else is wrong is mended.
    let open = try boxes.keeping { $0 != 3 }.repaired(RepairOptions(keepsShells: true))
    #expect(open.solidity.badEdges == 0)
    #expect(abs(open.solidity.volume - (12000 + 12 * 9 * 28)) < 0.01)
    #expect(open.ledger.entries.map(\.stage) == [.holes])
  }

  @Test func theLedgerSaysWhatWasDone() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let broken = Mesh(
      unchecked: box.positions,
      triangles: [box.triangles[0].flipped] + box.triangles[1..<11] + [box.triangles[5]])
    let repaired = try broken.repaired()
    #expect(repaired.solidity.isSolid && repaired.solidity.volume == 1000)
    let entries = repaired.ledger.entries
    #expect(entries.map(\.stage) == [.duplicateTriangles, .orientation, .holes])
    #expect(entries.map(\.count) == [1, 1, 1])
    #expect(entries.map(\.area) == [50, 50, 50])
    #expect(entries.allSatisfy { $0.largestMove == 0 })
  }

  @Test func nothingCannotBeRepaired() {
    #expect(throws: MeshError.emptyMesh(operation: "repair")) { try Mesh.empty.repaired() }
    #expect(throws: MeshError.self) {
      try Primitive.box().repaired(RepairOptions(stitchTolerance: -1))
    }
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
    for seed in [3, 8, 12] as [UInt64] {
      let part = Damage.random(seed: seed).part().mesh
      let one = try part.repaired(RepairOptions(), RunContext(threads: 1))
      let three = try part.repaired(RepairOptions(), RunContext(threads: 3))
      #expect(one.mesh == three.mesh && one.ledger == three.ledger)
    }
  }

  @Test func aCancelledRunStopsAndASmallBudgetIsRefused() {
    let part = Damage.random(seed: 1).part().mesh
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try part.repaired(RepairOptions(), RunContext(cancellation: cancellation))
    }
    #expect(throws: MeshError.self) { try part.repaired(RepairOptions(), RunContext(memoryBudget: 1000)) }
  }

  @Test func progressRisesToItsEnd() throws {
    let seen = ProgressLog()
    _ = try Damage.random(seed: 2).part().mesh.repaired(
      RepairOptions(), RunContext(threads: 1, progress: { seen.add($0) }))
    #expect(zip(seen.values, seen.values.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
