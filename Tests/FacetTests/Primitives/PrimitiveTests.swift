import FacetTestSupport
import Testing

@testable import Facet

@Suite struct PrimitiveTests {
  /// The sound primitives, how many handles each has, and how many shells.
  static let sound: [(name: String, mesh: Mesh, genus: Int, shells: Int)] = [
    ("box", Primitive.box(), 0, 1),
    ("tetrahedron", Primitive.tetrahedron(), 0, 1),
    ("cylinder", Primitive.cylinder(radius: 5, height: 10, segments: 17), 0, 1),
    ("tube", Primitive.tube(outerRadius: 5, innerRadius: 4, height: 10, segments: 12), 1, 1),
    ("torus", Primitive.torus(majorRadius: 10, minorRadius: 3), 1, 1),
    ("uvSphere", Primitive.uvSphere(radius: 4), 0, 1),
    ("icosphere", Primitive.icosphere(radius: 4), 0, 1),
    ("sphereInSphere", Primitive.sphereInSphere(outerRadius: 4, innerRadius: 3), 0, 2),
    ("bracket", Primitive.bracket(), 4, 1),
    ("gear", Primitive.gear(), 7, 1),
    ("flange", Primitive.flange(), 7, 1),
    ("wedge", Primitive.wedge(degrees: 20, length: 5, width: 3), 0, 1),
    ("finnedBlock", Primitive.finnedBlock(fins: 3, finThickness: 0.5, finHeight: 6), 0, 1),
    ("honeycomb", Primitive.honeycomb(columns: 3, rows: 2, cell: 5, wall: 0.6, height: 4), 6, 1),
    ("engravedPlate", Primitive.engravedPlate(thickness: 2), 0, 1),
    ("threadedRod", Primitive.threadedRod(majorRadius: 4, pitch: 1.25, turns: 3), 0, 1),
    ("threaded tube", Primitive.threadedRod(majorRadius: 4, pitch: 1.25, turns: 3, boreRadius: 2), 1, 1),
  ]

  @Test(arguments: sound.indices) func soundPrimitivesAreClosedAndHaveTheirHandles(index: Int) {
    let (name, mesh, genus, shells) = Self.sound[index]
    let edges = EdgeOracle(mesh)
    #expect(edges.badEdges == 0, "\(name)")
    #expect(edges.eulerCharacteristic(of: mesh) == 2 * shells - 2 * genus, "\(name)")
    #expect(mesh.plainVolume > 0, "\(name)")
    #expect(!mesh.triangles.contains { $0.isDegenerate }, "\(name)")
    #expect(Set(mesh.positions).count == mesh.positions.count, "\(name)")
  }

  @Test func revolvedPartsHaveTheVolumeAndAreaOfTheirProfile() {
    let profile = [SIMD2(15.0, 0), SIMD2(15, 40), SIMD2(12, 40), SIMD2(12, 0)]
    for segments in [3, 8, 64] {
      let mesh = Primitive.revolved(profile, closed: true, segments: segments)
      let volume = Primitive.revolvedVolume(profile, closed: true, segments: segments)
      let area = Primitive.revolvedArea(profile, closed: true, segments: segments)
      #expect(abs(mesh.plainVolume / volume - 1) < 1e-6)
      #expect(abs(mesh.plainArea / area - 1) < 1e-6)
    }
    // A cone's third: not a formula of ours.
    let cone = [SIMD2(0.0, 0), SIMD2(3, 0), SIMD2(0, 4)]
    #expect(abs(Primitive.revolvedVolume(cone, segments: 4) - 4 * 18 / 3) < 1e-12)
  }

  @Test func spheresApproachTheSphere() {
    let sphere = 4 / 3 * Double.pi * 1000
    #expect(abs(Primitive.icosphere(radius: 10, subdivisions: 4).plainVolume / sphere - 1) < 0.003)
    #expect(abs(Primitive.uvSphere(radius: 10).plainVolume / sphere - 1) < 0.005)
  }

  @Test func brokenPrimitivesAreBrokenAsSaid() {
    #expect(EdgeOracle(Primitive.punctured()).boundaryEdges == 38)
    #expect(EdgeOracle(Primitive.punctured()).badEdges == 38)
    #expect(EdgeOracle(Primitive.partlyFlipped()).badEdges == 15)
    #expect(EdgeOracle(Primitive.partlyFlipped()).boundaryEdges == 0)
    #expect(EdgeOracle(Primitive.sharedEdge()).badEdges == 1)
    #expect(EdgeOracle(Primitive.duplicated()).badEdges == 3)
    #expect(EdgeOracle(Primitive.looseSphere()).boundaryEdges == 960)
    #expect(EdgeOracle(Primitive.interpenetrating()).badEdges == 0)
  }

  @Test func polygonsWithHolesAreFilledExactly() {
    let outline = gearOutline(module: 1, teeth: 9)
    let holes = (0..<5).map { i in
      let at = circleOutline(radius: 2, segments: 5)[i]
      return circleOutline(center: SIMD2<Double>(at), radius: 0.5, segments: 5 + i)
    }
    let triangles = triangulated(outline: outline, holes: holes)
    let corners = outline.count + holes.reduce(0) { $0 + $1.count }
    #expect(triangles.count == corners + 2 * holes.count - 2)
    let areas = triangles.map { enclosedArea([$0.0, $0.1, $0.2]) }
    #expect(areas.allSatisfy { $0 > 0 })
    let expected = enclosedArea(outline) - holes.reduce(0) { $0 + enclosedArea($1) }
    #expect(abs(areas.reduce(0, +) - expected) < 1e-5)
  }
}
