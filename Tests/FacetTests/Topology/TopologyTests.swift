import Facet
import FacetTestSupport
import Testing

@Suite struct TopologyTests {
  static func mesh(_ triangles: [Triangle]) -> Mesh {
    let count = triangles.map { Int(max($0.a, $0.b, $0.c)) + 1 }.max() ?? 0
    // Any finite positions do: topology reads indices only.
    return try! Mesh(positions: (0..<count).map { SIMD3(Float($0), 0, 0) }, triangles: triangles)
  }

  private static let (boundary, nonManifold, degenerate) = (
    Topology.boundary, Topology.nonManifold, Topology.degenerate
  )

  @Test func twoTrianglesMeetAlongTheirEdge() throws {
    let mesh = Self.mesh([Triangle(0, 1, 2), Triangle(2, 1, 3)])
    let topology = try Topology(mesh)
    let open = Self.boundary
    #expect(topology.twin == [open, 3, open, 1, open, open])
    let bad = try topology.badEdges(of: mesh)
    #expect(bad.boundary == [0, 2, 4, 5])
    #expect(bad.count == 4)
    let loops = try topology.boundaryLoops(bad)
    #expect(loops.count == 1)
    #expect(Array(loops[0]) == [0, 4, 5, 2])
    #expect(try bad.contours(in: mesh).count == 1)
    #expect(try topology.shells(bad).count == 1)
  }

  @Test func neighboursThatDisagreeAboutTheOutsideHaveNoTwin() throws {
    let mesh = Self.mesh([Triangle(0, 1, 2), Triangle(1, 2, 3)])
    let topology = try Topology(mesh)
    #expect(topology.twin[1] == Self.nonManifold)
    #expect(topology.twin[3] == Self.nonManifold)
    let bad = try topology.badEdges(of: mesh)
    #expect(bad.boundary == [0, 2, 4, 5])
    #expect(bad.nonManifold == [1, 3])
    #expect(bad.nonManifoldCount == 1)
    #expect(bad.count == 5)
    // The turn about vertices 1 and 2 comes to the bad edge: no loop closes.
    #expect(try topology.boundaryLoops(bad).count == 0)
    #expect(try bad.contours(in: mesh).count == 1)
    #expect(try topology.shells(bad).count == 1)
  }

  @Test func anEdgeOfThreeTrianglesIsOneBadEdgeAndJoinsTheirShells() throws {
    let mesh = Self.mesh([Triangle(0, 1, 2), Triangle(1, 0, 3), Triangle(0, 1, 4)])
    let topology = try Topology(mesh)
    #expect([0, 3, 6].allSatisfy { topology.twin[$0] == Self.nonManifold })
    let bad = try topology.badEdges(of: mesh)
    #expect(bad.nonManifoldCount == 1)
    #expect(Array(bad.nonManifold(0)) == [0, 3, 6])
    #expect(bad.count == 7)
    #expect(try topology.shells(bad).count == 1)
  }

  @Test func aTriangleThatNamesAVertexTwiceTakesNoPart() throws {
    // A sound pair with a collapsed triangle between them.
    let mesh = Self.mesh([Triangle(0, 1, 2), Triangle(1, 2, 2), Triangle(2, 1, 3)])
    let topology = try Topology(mesh)
    #expect(topology.degenerateTriangles == 1)
    #expect(topology.twin[3..<6].allSatisfy { $0 == Self.degenerate })
    #expect(topology.twin[1] == 6)
    #expect(topology.twin[6] == 1)
    let bad = try topology.badEdges(of: mesh)
    #expect(bad.count == 4)
    let shells = try topology.shells(bad)
    #expect(shells.ofTriangle == [0, Shells.none, 0])
    #expect(shells.count == 1)
  }

  @Test func touchingInAVertexJoinsNothing() throws {
    let mesh = Self.mesh([Triangle(0, 1, 2), Triangle(0, 3, 4)])
    let topology = try Topology(mesh)
    let bad = try topology.badEdges(of: mesh)
    let loops = try topology.boundaryLoops(bad)
    #expect(try topology.shells(bad).ofTriangle == [0, 1])
    // Each loop stays with its own fan; the chains of bad edges do touch.
    #expect(loops.count == 2)
    #expect(Array(loops[0]) == [0, 1, 2])
    #expect(Array(loops[1]) == [3, 4, 5])
    #expect(try bad.contours(in: mesh).count == 1)
  }

  @Test func twoHolesThatTouchInAVertexAreOneLoop() throws {
    // A fan of four corners around vertex 0 with two opposite sectors missing, inside a closed surround:
    // an octahedron without two faces that share only a vertex.
    let octahedron = [
      Triangle(0, 2, 4), Triangle(2, 1, 4), Triangle(1, 3, 4), Triangle(3, 0, 4),
      Triangle(2, 0, 5), Triangle(1, 2, 5), Triangle(3, 1, 5), Triangle(0, 3, 5),
    ]
    let mesh = Self.mesh(octahedron.filter { $0 != Triangle(0, 2, 4) && $0 != Triangle(1, 3, 4) })
    let topology = try Topology(mesh)
    let bad = try topology.badEdges(of: mesh)
    #expect(bad.boundary.count == 6)
    let loops = try topology.boundaryLoops(bad)
    #expect(loops.count == 1)
    #expect(loops[0].count == 6)
    #expect(try bad.contours(in: mesh).count == 1)
  }

  @Test func soundPartsHaveNoBadEdges() throws {
    for (name, mesh, _, shells) in PrimitiveTests.sound {
      let topology = try Topology(mesh)
      let bad = try topology.badEdges(of: mesh)
      #expect(bad.count == 0, "\(name)")
      #expect(try topology.shells(bad).count == shells, "\(name)")
      #expect(try topology.boundaryLoops(bad).count == 0, "\(name)")
      #expect(try bad.contours(in: mesh).count == 0, "\(name)")
    }
  }

  @Test func anEmptyMeshHasNothing() throws {
    let topology = try Topology(.empty)
    let bad = try topology.badEdges(of: .empty)
    #expect(topology.twin.isEmpty)
    #expect(bad.count == 0)
    #expect(try topology.shells(bad).count == 0)
    #expect(try topology.boundaryLoops(bad).count == 0)
  }

  @Test func cancellationAndMemoryBudgetStopIt() {
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try Topology(Primitive.box(), RunContext(cancellation: cancellation))
    }
    #expect(throws: MeshError.self) { try Topology(Primitive.gear(), RunContext(memoryBudget: 1000)) }
  }
}
