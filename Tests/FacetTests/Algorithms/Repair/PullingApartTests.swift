import FacetTestSupport
import Testing

@testable import Facet

@Suite struct PullingApartTests {
  @Test func fansThatTouchAlongManyEdgesComeApart() throws {
    // A checkerboard of cubes, each touching its neighbours along edges.
    var part = PartBuilder()
    var cubes = 0
    for x in 0..<3 {
      for y in 0..<3 where (x + y) % 2 == 0 {
        let low = SIMD3<Float>(Float(x), Float(y), 0)
        part.append(Primitive.box(minimum: low, maximum: low + 1))
        cubes += 1
      }
    }
    let result = try part.mesh.geometricallyRepaired()
    let read = try Mesh.welded(result.mesh.soup).analyzed()
    #expect(read.badEdges == 0 && read.shells == cubes && read.intersectingTriangles == 0)
    #expect(abs(read.volume - Double(cubes)) < 1e-3)
    #expect(result.ledger.entries.last!.stage == .touchingVertices)
  }

  @Test func piecesThatTouchInAVertexStay() throws {
    // No edge has too many triangles there, and a vertex alone does no harm.
    let parts = Primitive.box(maximum: SIMD3(1, 1, 1)).merged(
      with: Primitive.box(minimum: SIMD3(1, 1, 1), maximum: SIMD3(2, 2, 2)))
    #expect(try parts.geometricallyRepaired().ledger.entries.isEmpty)
  }

  @Test func aTwistedPairOfTetrahedraKeepsItsVolume() throws {
    // They share an edge and are far from axis-parallel.
    let p: [SIMD3<Float>] = [
      SIMD3(0.1, 0.2, 0.3), SIMD3(7.3, 1.9, -2.2), SIMD3(3, 6, 1), SIMD3(2, 2, 7), SIMD3(4, -5, -3),
      SIMD3(3, -2, -8),
    ]
    func tetrahedron(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> [Triangle] {
      let faces = [Triangle(a, b, c), Triangle(a, d, b), Triangle(b, d, c), Triangle(c, d, a)]
      let mesh = Mesh(unchecked: p, triangles: faces)
      return mesh.plainVolume > 0 ? faces : faces.map(\.flipped)
    }
    let mesh = Mesh(unchecked: p, triangles: tetrahedron(0, 1, 2, 3) + tetrahedron(0, 1, 4, 5))
    let result = try mesh.geometricallyRepaired()
    let read = try Mesh.welded(result.mesh.soup).analyzed()
    #expect(read.badEdges == 0 && read.shells == 2 && read.intersectingTriangles == 0)
    #expect(abs(read.volume / mesh.plainVolume - 1) < 1e-4)
  }
}
