import Facet
import FacetTestSupport
import Testing

@Suite struct DamageTests {
  @Test(arguments: CleanShape.allCases) func cleanShapesAreSolid(_ shape: CleanShape) throws {
    #expect((300...3000).contains(shape.mesh.triangles.count))
    #expect(try shape.mesh.solidity().isSolid)
  }

  @Test(arguments: Damage.Kind.allCases) func eachKindDoesDamageAndTheSameEachTime(_ kind: Damage.Kind) throws
  {
    let index = Damage.Kind.allCases.firstIndex(of: kind)!
    let shape: CleanShape = [.bracket, .sphere, .bracket, .tube][index % 4]
    let damage = Damage(shape, [kind], seed: UInt64(index))
    let part = damage.part()
    if index % 4 == 0 { #expect(part.mesh == damage.part().mesh) }
    #expect(part.mesh != part.clean)
    let analysis = try part.mesh.analyzed()
    switch kind {
    case .missingTriangles, .largeHole:
      #expect(analysis.contours > 0)
      #expect(part.mesh.triangles.count < part.clean.triangles.count)
    case .flippedTriangles, .flippedPatch:
      #expect(analysis.badEdges > 0 && analysis.invertedNormals > 0)
    case .duplicates, .opposedDuplicates: #expect(analysis.duplicateTriangles > 0)
    case .cracks: #expect(analysis.nearBadEdges > 0)
    case .wideCracks: #expect(analysis.badEdges > 0 && analysis.nearBadEdges == 0)
    case .overlappingPart: #expect(analysis.intersectingTriangles > 0 && analysis.shells == 2)
    case .invertedShellOutside, .invertedShellInside:
      #expect(analysis.shells == 2)
      #expect((analysis.invertedNormals > 0) == (kind == .invertedShellOutside))
    case .tJunctions:
      #expect(analysis.badEdges > 0)
      #expect(part.mesh.triangles.count > part.clean.triangles.count)
    case .internalWalls:
      #expect(analysis.badEdges > 0 && analysis.contours == 0)
      #expect(analysis.intersectingTriangles == 0)
    case .floatingSheets:
      #expect(analysis.badEdges == 4 && analysis.shells == 2)
      #expect(analysis.intersectingTriangles == 0)
    }
  }

  @Test func coloursStayWithTheirTriangles() {
    let part = Damage(.bracket, [.tJunctions, .missingTriangles], seed: 5).part()
    let clean = Set(part.clean.colors!.attributes)
    #expect(clean.count == 3)
    #expect(Set(part.mesh.colors!.attributes) == clean)
    #expect(part.mesh.colors!.attributes.count == part.mesh.triangles.count)
  }

  @Test func volumeInsideABoxIsExact() {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 3)
    let whole = sphere.plainVolume
    let half = sphere.volume(inside: Box(minimum: SIMD3(-20, 0, -20), maximum: SIMD3(20, 20, 20)))
    #expect(abs(half - whole / 2) < 1e-6 * whole)
    let octant = sphere.volume(inside: Box(minimum: .zero, maximum: SIMD3(20, 20, 20)))
    #expect(abs(octant - whole / 8) < 1e-6 * whole)
    let inner = sphere.volume(inside: Box(minimum: SIMD3(-1, -2, -3), maximum: SIMD3(3, 2, 1)))
    #expect(abs(inner - 64) < 1e-9)
    // The eight octants of another point add up.
    var sum = 0.0
    for corner in 0..<8 {
      let at = SIMD3<Float>(1.5, -2.25, 3.125)
      let far = SIMD3<Float>(
        corner & 1 == 0 ? -20 : 20, corner & 2 == 0 ? -20 : 20, corner & 4 == 0 ? -20 : 20)
      sum += sphere.volume(inside: Box(minimum: lesser(at, far), maximum: greater(at, far)))
    }
    #expect(abs(sum - whole) < 1e-9 * whole)
  }
}
