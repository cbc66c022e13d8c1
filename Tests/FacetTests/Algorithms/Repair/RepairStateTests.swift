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

  @Test func finishedMeshKeepsOrderAndColours() throws {
    var state = try RepairState(Primitive.coloredBracket(segments: 8), RunContext())
    let before = Primitive.coloredBracket(segments: 8)
    state.remove(2)
    state.append(before.triangles[5].flipped, like: 5)
    let mesh = state.finish()
    #expect(mesh.triangles.count == before.triangles.count)
    let attributes = before.colors!.attributes
    #expect(mesh.colors!.attributes == attributes[..<2] + attributes[3...] + [attributes[5]])
    #expect(mesh.triangles.dropLast() == before.triangles[..<2] + before.triangles[3...])
  }
}
