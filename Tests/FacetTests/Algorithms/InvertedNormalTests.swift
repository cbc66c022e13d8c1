import FacetTestSupport
import Testing

@testable import Facet

@Suite struct InvertedNormalTests {
  private func inverted(_ mesh: Mesh) throws -> Set<Int> {
    let topology = try Topology(mesh)
    let result = try topology.inverted(in: mesh, topology.badEdges(of: mesh), BVH(mesh))
    return Set(result.indices.filter { result[$0] })
  }

  private let small = Primitive.box(minimum: SIMD3(repeating: 3), maximum: SIMD3(repeating: 6))
  private let large = Primitive.box(maximum: SIMD3(repeating: 10))

  @Test func aCavityFacesIntoItselfAndIsRight() throws {
    #expect(try inverted(large.merged(with: small.insideOut)).isEmpty)
  }

  @Test func aPartInsideAPartOverlapsIt() throws {
    #expect(try inverted(large.merged(with: small)).isEmpty)
  }

  @Test func aHollowPartThatIsInsideOutIsSoThroughout() throws {
    #expect(try inverted(large.insideOut.merged(with: small)) == Set(0..<24))
  }

  @Test func onlyTheShellThatFacesInwardIsInverted() throws {
    let far = Primitive.box(minimum: SIMD3(repeating: 20), maximum: SIMD3(repeating: 30))
    #expect(try inverted(large.merged(with: far.insideOut)) == Set(12..<24))
    #expect(try inverted(large.insideOut.merged(with: far)) == Set(0..<12))
  }

  @Test func neighboursThatDisagreeGiveWayToTheLargerArea() throws {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 2)
    // Whole stretches of neighbours are flipped: every third, seventh, fiftieth eight.
    for stride in [3, 7, 50] {
      let flips = Set(sphere.triangles.indices.filter { $0 / 8 % stride == 0 })
      let mesh = Mesh(
        unchecked: sphere.positions,
        triangles: sphere.triangles.enumerated().map { flips.contains($0) ? $1.flipped : $1 })
      #expect(try inverted(mesh) == flips)
      // Turned inside out as a whole, it is the others that face inward.
      #expect(try inverted(mesh.insideOut) == Set(sphere.triangles.indices).subtracting(flips))
    }
  }

  @Test func aPartWithAHoleShowsItsOutsideByItsBulge() throws {
    let cup = Primitive.punctured()
    #expect(try inverted(cup).isEmpty)
    #expect(try inverted(cup.insideOut).count == cup.triangles.count)
  }

  @Test func looseTrianglesShowItByTheOthers() throws {
    let loose = Primitive.looseSphere()
    #expect(try inverted(loose).isEmpty)
    let flips: Set<Int> = [3, 77, 200, 311]
    let mesh = Mesh(
      unchecked: loose.positions,
      triangles: loose.triangles.enumerated().map { flips.contains($0) ? $1.flipped : $1 })
    #expect(try inverted(mesh) == flips)
  }

  @Test func aLooseSideOfABoxThatFacesInwardIsFound() throws {
    // Six sides that do not share a vertex.
    let box = Primitive.box(maximum: SIMD3(repeating: 10))
    var sides = Mesh.empty
    for side in 0..<6 {
      let one = box.without { i, _ in i / 2 != side }
      sides = sides.merged(with: side == 4 ? one.insideOut : one)
    }
    #expect(try inverted(sides) == [8, 9])
  }

  @Test func aFlatSheetHasNoOutside() throws {
    let sheet = try Mesh(
      positions: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(1, 1, 0), SIMD3(0, 1, 0)],
      triangles: [Triangle(0, 1, 2), Triangle(0, 2, 3)])
    #expect(try inverted(sheet).isEmpty)
    #expect(try inverted(sheet.insideOut).isEmpty)
  }

  @Test func aTwistedStripDoesNotHang() throws {
    // Five triangles around a Möbius strip: no choice is right, any will do.
    let ring = circleOutline(radius: 5, segments: 5)
    let positions: [SIMD3<Float>] = (0..<5).map { SIMD3(ring[$0], Float($0 % 2)) }
    let triangles: [Triangle] = (0..<5).map { (i: Int) -> Triangle in
      Triangle(UInt32(i), UInt32((i + 1) % 5), UInt32((i + 2) % 5))
    }
    let mesh = try Mesh(positions: positions, triangles: triangles)
    #expect(try inverted(mesh).count < 5)
  }
}
