import FacetTestSupport
import Testing

@testable import Facet

@Suite struct RepairStateTests {
  /// Twins and bad edges after random changes are those of a topology made anew.
  @Test func edgesMatchedWhereChangedAreAllEdgesMatchedAnew() throws {
    let run = RunContext(threads: 2)
    for seed in 0..<24 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let count = seed % 2 == 0 ? 400 : 60
      var state = try RepairState(
        .gridSoup(triangles: count, side: 4, seed: seed, allowingDegenerate: true), run)
      for _ in 0..<4 {
        for _ in 0..<Int.random(in: 1...12, using: &random) {
          let f = Int.random(in: state.triangles.indices, using: &random)
          let v = { UInt32.random(in: 0..<UInt32(state.positions.count), using: &random) }
          switch Int.random(in: 0..<4, using: &random) {
          case 0: state.remove(f)
          case 1: state.append(Triangle(v(), v(), v()), like: f)
          case 2: state.replace(f, with: state.triangles[f].flipped)
          default: state.replace(f, with: state.triangles[f].with(v(), at: 1))
          }
        }
        try state.matchEdges(run)
        let topology = try Topology(state.mesh, run)
        #expect(state.topology == topology)
        #expect(try state.badEdges == topology.badEdges(of: state.mesh, run))
      }
    }
  }

  /// Sheets that were turned over and sewn together by patches are those of the mesh looked at anew.
  @Test(arguments: 0..<12 as Range<UInt64>)
  func sheetsKeptUpToDateAreThoseMadeAnew(_ seed: UInt64) throws {
    let run = RunContext(threads: Int(seed % 3) + 1)
    let shape = CleanShape.allCases[Int(seed) % CleanShape.allCases.count]
    let damage = Damage(
      shape, [.flippedTriangles, .flippedPatch, .missingTriangles, .largeHole], seed: seed)
    var state = try RepairState(damage.part().mesh, run)
    func check(_ place: SourceLocation = #_sourceLocation) throws {
      let kept = try state.sheets(run)
      let new = try MeasuredSheets(state.mesh, state.topology, run)
      #expect(kept.sheets == new.sheets, "\(damage)", sourceLocation: place)
      for (a, b) in zip(kept.measures, new.measures) {
        #expect(a.bounds == b.bounds, sourceLocation: place)
        #expect(abs(a.area - b.area) <= 1e-9 * b.area, sourceLocation: place)
        #expect(abs(a.volume - b.volume) <= 1e-9 * state.mesh.plainArea * 100, sourceLocation: place)
      }
    }
    let before = try state.sheets(run)
    let agreement = SheetAgreement(before.sheets, before.measures, state.badEdges)
    #expect(!(try state.turn(agreement.isFlipped, run)).isEmpty, "\(damage)")
    let turned = try state.sheets(run).count
    #expect(turned < before.count, "\(damage)")
    try check()
    // All of them, back and forth.
    _ = try state.turn(Array(repeating: true, count: turned), run)
    try check()
    _ = try state.turn(Array(repeating: true, count: turned), run)
    #expect(try state.fillHoles(.init(), run))
    try check()
  }

  @Test func verticesAtOnePositionBecomeOne() throws {
    let box = Primitive.box(maximum: SIMD3(1, 2, 3))
    let loose = Mesh(
      unchecked: box.soup.corners,
      triangles: (0..<12).map { Triangle(3 * $0, 3 * $0 + 1, 3 * $0 + 2) })
    let state = try RepairState(loose, RunContext())
    #expect(state.badEdges.count == 0)
    let zeros = Mesh(
      unchecked: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(-0.0, 0, -0.0), SIMD3(1, 0, 0)], triangles: [])
    let pairs = try zeros.coincidentVertices(RunContext())
    #expect(pairs.map(\.vertex) == [2, 3] && pairs.map(\.first) == [0, 1])
  }

  @Test func verticesAtOnePositionAreFound() throws {
    for seed in 0..<6 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let side: ClosedRange<Int> = seed % 2 == 0 ? -3...3 : -40...40
      let count = seed < 4 ? 3000 : 200_000
      let positions = (0..<count).map { _ in
        SIMD3<Float>(
          Float(Int.random(in: side, using: &random)), Float(Int.random(in: side, using: &random)),
          Float(Int.random(in: side, using: &random)) * -0.5)
      }
      let mesh = Mesh(unchecked: positions, triangles: [])
      var first: [SIMD3<Float>: UInt32] = [:]
      var expected: [SIMD2<UInt32>] = []
      for (v, p) in positions.enumerated() {
        if let known = first[p] { expected.append(SIMD2(UInt32(v), known)) } else { first[p] = UInt32(v) }
      }
      for threads in [1, 3] {
        let found = try mesh.coincidentVertices(RunContext(threads: threads))
        #expect(found.map { SIMD2($0.vertex, $0.first) } == expected)
      }
      // Those among which some few are.
      let asked = (0..<20).map { _ in UInt32.random(in: 0..<UInt32(count), using: &random) }
      let places = Set(asked.map { positions[Int($0)] })
      let found = try mesh.coincidentVertices(with: asked, RunContext(threads: 2))
      #expect(
        found.map { SIMD2($0.vertex, $0.first) }
          == expected.filter { places.contains(positions[Int($0.x)]) })
    }
  }

  @Test func finishedMeshKeepsOrderAndColours() throws {
    var state = try RepairState(Primitive.coloredBracket(segments: 8), RunContext())
    let before = Primitive.coloredBracket(segments: 8)
    state.remove(2)
    state.append(before.triangles[5].flipped, like: 5)
    let mesh = try state.finish()
    #expect(mesh.triangles.count == before.triangles.count)
    let attributes = before.colors!.attributes
    #expect(mesh.colors!.attributes == attributes[..<2] + attributes[3...] + [attributes[5]])
    #expect(mesh.triangles.dropLast() == before.triangles[..<2] + before.triangles[3...])
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func finishedMeshIsWhatIsLeft(_ seed: UInt64) throws {
    // More triangles than one chunk has, and vertices that only removed triangles named, or none.
    var random = SeededGenerator(seed: seed)
    let soup = Mesh.gridSoup(triangles: 40_000, side: 34, seed: seed)
    var state = try RepairState(soup, RunContext())
    let share = [0, 1, 40, 20_000, 39_998, 40_000][Int(seed)]
    var removed = Set((0..<40_000).shuffled(using: &random).prefix(share))
    if share == 1 { removed = [39_999] }
    for f in removed.sorted() { state.remove(f) }
    try state.matchEdges(RunContext(threads: 2))
    let expected = soup.keeping { !removed.contains($0) }.withoutUnusedVertices()
    for threads in [1, 3] {
      let mesh = try state.finish(RunContext(threads: threads))
      #expect(mesh == expected)
    }
  }
}
