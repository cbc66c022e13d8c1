import Facet
import FacetTestSupport
import Testing

@Suite struct HollowingTests {
  /// The inner shells alone, turned outward.
  private func cavity(_ result: HollowingResult, of part: Mesh) throws -> Mesh {
    let inner = result.mesh.triangles.dropFirst(part.triangles.count)
    return try Mesh(
      positions: result.mesh.positions, triangles: inner.map { Triangle($0.a, $0.c, $0.b) }
    ).withoutUnusedVertices()
  }

  @Test func aBoxHasABoxInside() throws {
    let part = Primitive.box(maximum: SIMD3(20, 16, 12))
    let result = try part.hollowed(HollowingOptions(wall: 2, voxel: 0.5))
    #expect(result.outcome == .hollowed)
    #expect(Array(result.mesh.triangles.prefix(12)) == part.triangles)
    #expect(Array(result.mesh.positions.prefix(8)) == part.positions)
    #expect(result.cavities == 1)
    #expect(result.certifiedWall == 2)
    #expect(try result.mesh.problemWithGuarantees() == nil)
    let inside = try cavity(result, of: part)
    // Flat walls are where they belong, and meet in sharp edges and corners.
    #expect(abs(try inside.measured().volume - 16 * 12 * 8) < 1)
    #expect(abs(result.volumeAfter - (20 * 16 * 12 - 16 * 12 * 8)) < 1)
    #expect(inside.bounds.minimum.x > 2 && inside.bounds.minimum.x < 2.001)
    #expect(inside.bounds.maximum.z < 10 && inside.bounds.maximum.z > 9.999)
  }

  @Test func whatIsTooThinStaysAsItIs() throws {
    let part = Primitive.box(maximum: SIMD3(20, 16, 3.9))
    let result = try part.hollowed(HollowingOptions(wall: 2, voxel: 0.5))
    #expect(result.outcome == .tooThin)
    #expect(result.mesh == part)
  }

  @Test func whatHasNoInsideIsNotHollowed() throws {
    let box = Primitive.box(maximum: SIMD3(20, 16, 12))
    let open = try Mesh(positions: box.positions, triangles: Array(box.triangles.dropLast()))
    #expect(try open.hollowed(HollowingOptions(wall: 2)).outcome == .notClosed(badEdges: 3))
    let turned = try Mesh(
      positions: box.positions, triangles: box.triangles.map { Triangle($0.a, $0.c, $0.b) })
    #expect(try turned.hollowed(HollowingOptions(wall: 2)).outcome == .insideOut)
  }
}
