import FacetTestSupport
import Testing

@testable import Facet

@Suite struct StitchingTests {
  @Test func looseTrianglesWithinTheToleranceBecomeASphere() throws {
    let loose = Primitive.looseSphere()
    let result = try loose.geometricallyRepaired()
    #expect(result.solidity.badEdges == 0)
    #expect(result.mesh.triangles.count == loose.triangles.count)
    #expect(
      abs(result.solidity.volume / Primitive.icosphere(radius: 10, subdivisions: 2).plainVolume - 1) < 0.01)
    let entry = try #require(result.ledger.entries.first)
    #expect(entry.stage == .nearEdges && entry.count == 480)
    #expect(entry.largestMove > 0 && entry.largestMove <= Tolerances.stitch)
  }

  @Test func toleranceIsNotExceeded() throws {
    let part = Damage(.torus, [.wideCracks], seed: 1).part()
    func stitched(_ tolerance: Float) throws -> RepairState {
      var state = try RepairState(part.mesh, RunContext())
      try state.stitch(tolerance: tolerance, RunContext())
      return state
    }
    let before = try stitched(Tolerances.stitch)
    #expect(before.badEdges.count > 0)
    // A thousandth of the diagonal is the most; the cracks are up to 0.08 mm.
    let wide = try stitched(10)
    #expect(wide.badEdges.count < before.badEdges.count)
    let move = try #require(wide.ledger.entries.first).largestMove
    #expect(Double(move) <= 1e-3 * part.mesh.bounds.diagonal)
    #expect(try stitched(0).ledger.entries.isEmpty)
  }

  @Test func aVertexOnAnEdgeSplitsItsTriangle() throws {
    let box = Primitive.box(maximum: SIMD3(4, 4, 4))
    // Every edge of the first triangle gets a vertex that only its own side knows of.
    let t = box.triangles[0]
    var positions = box.positions
    for (v, w) in [(t.a, t.b), (t.b, t.c), (t.c, t.a)] {
      positions.append((box.positions[Int(v)] + box.positions[Int(w)]) / 2)
    }
    let split = [
      Triangle(t.a, 8, 10), Triangle(8, t.b, 9), Triangle(10, 9, t.c), Triangle(8, 9, 10),
    ]
    let mesh = Mesh(unchecked: positions, triangles: split + box.triangles.dropFirst())
    let result = try mesh.geometricallyRepaired()
    #expect(result.solidity.badEdges == 0)
    #expect(result.mesh.positions == positions)
    #expect(result.mesh.triangles.count == mesh.triangles.count + 3)
    #expect(result.ledger.entries.map(\.stage) == [.nearEdges])
    #expect(result.ledger.entries[0].largestMove < 1e-6)
    #expect(abs(result.solidity.volume - 64) < 1e-9)
  }

  @Test func sidesOfACrackWithDifferentVerticesAreClosed() throws {
    // Two strips along x whose facing borders are divided differently, a hair apart: in the plane z = 0.
    let left = [0, 1, 2.5, 4, 7, 10].map { Float($0) }
    let right = [0, 1.8, 2, 3.3, 6, 8, 10].map { Float($0) }
    var mesh = PartBuilder()
    for (a, b) in zip(left, left.dropFirst()) {
      mesh.quad(SIMD3(a, -3, 0), SIMD3(b, -3, 0), SIMD3(b, -0.001, 0), SIMD3(a, -0.001, 0))
    }
    for (a, b) in zip(right, right.dropFirst()) {
      mesh.quad(SIMD3(a, 0.001, 0), SIMD3(b, 0.001, 0), SIMD3(b, 3, 0), SIMD3(a, 3, 0))
    }
    var state = try RepairState(mesh.mesh, RunContext())
    try state.stitch(tolerance: 0.01, RunContext())
    // What is left is the rim of one rectangle: the crack's ends have met.
    let loops = try state.topology.boundaryLoops(state.badEdges)
    #expect(loops.count == 1)
    #expect(state.badEdges.boundary.count == loops.halfEdges.count)
    #expect(
      state.badEdges.boundary.allSatisfy { h in
        let t = state.triangles[Int(h) / 3]
        let (p, q) = (state.positions[Int(t[Int(h) % 3])], state.positions[Int(t[(Int(h) + 1) % 3])])
        return abs(p.y + q.y) > 1
      })
    #expect(abs(state.mesh.plainArea - 60) < 0.05)
  }

  @Test func aSlitBetweenTwoPartsStaysOpenWhereNoEdgesFit() throws {
    let parts = Primitive.box(maximum: SIMD3(1, 1, 1)).merged(
      with: Primitive.box(minimum: SIMD3(1.001, 0, 0), maximum: SIMD3(2, 1, 1)))
    #expect(try parts.geometricallyRepaired().ledger.entries.isEmpty)
  }
}
