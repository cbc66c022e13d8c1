import Facet
import Testing

@Suite struct SolidityTests {
  @Test func aBoxIsSolidAndAnOpenOneIsNot() throws {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let sound = try box.solidity()
    #expect(sound.isSolid && sound.volume == 1000 && sound.intersectingTriangles == 0)
    let open = try box.keeping { $0 != 3 }.solidity()
    #expect(!open.isSolid && open.badEdges == 3 && open.badContours == 1)
    // Who did not look for crossings does not know.
    #expect(try !box.solidity(findingCrossings: false).isSolid)
    #expect(try !Mesh.empty.solidity().isSolid)
  }

  @Test func itIsJudgedAsAFileWouldHoldIt() throws {
    // Two boxes that share an edge by position only: a file welds it.
    let first = Primitive.box(maximum: SIMD3(1, 1, 1))
    let second = Primitive.box(minimum: SIMD3(1, 1, 0), maximum: SIMD3(2, 2, 1))
    let offset = UInt32(first.positions.count)
    let both = Mesh(
      unchecked: first.positions + second.positions,
      triangles: first.triangles
        + second.triangles.map { Triangle($0.a + offset, $0.b + offset, $0.c + offset) })
    #expect(try Topology(both).badEdges(of: both).count == 0)
    #expect(try both.solidity().badEdges == 1)
  }

  @Test func anInsideOutBoxHasNoPositiveVolume() throws {
    let box = Primitive.box(maximum: SIMD3(1, 1, 1))
    let turned = Mesh(unchecked: box.positions, triangles: box.triangles.map(\.flipped))
    let solidity = try turned.solidity()
    #expect(solidity.volume == -1 && !solidity.isSolid && solidity.badEdges == 0)
  }
}
