import FacetTestSupport
import Testing

@testable import Facet

@Suite struct ThinningTests {
  /// A box whose faces are grids of `side` by `side` squares, with the box that it is as input.
  private func griddedBox(side: Int) throws -> (mesh: Mesh, input: Mesh, source: [UInt32]) {
    let input = Primitive.box(minimum: .zero, maximum: SIMD3(repeating: Float(side)))
    var positions: [SIMD3<Float>] = []
    var triangles: [Triangle] = []
    for axis in 0..<3 {
      for isHigh in [false, true] {
        let first = UInt32(positions.count)
        for v in 0...side {
          for u in 0...side {
            var p = SIMD3<Float>.zero
            p[axis] = isHigh ? Float(side) : 0
            p[(axis + 1) % 3] = Float(u)
            p[(axis + 2) % 3] = Float(v)
            positions.append(p)
          }
        }
        let row = UInt32(side + 1)
        for v in 0..<UInt32(side) {
          for u in 0..<UInt32(side) {
            let a = first + v * row + u
            for t in [Triangle(a, a + 1, a + row + 1), Triangle(a, a + row + 1, a + row)] {
              triangles.append(isHigh ? t : t.flipped)
            }
          }
        }
      }
    }
    let mesh = try Mesh(positions: positions, triangles: triangles).weldingVertices(within: 0)
    let bvh = try BVH(input)
    let source = mesh.positions.map { UInt32(bvh.closestPoint(input, to: $0)!.triangle) }
    return (mesh, input, source)
  }

  @Test func aBoxKeepsItsCornersAndLittleElse() throws {
    let (mesh, input, source) = try griddedBox(side: 20)
    #expect(mesh.triangles.count == 4800)
    let thin = try #require(
      try Thinning.thinned(mesh, input: input, source: source, voxel: 1, RunContext(threads: 2)))
    #expect(thin.triangles.count <= 40)
    #expect(try thin.problemWithGuarantees() == nil)
    #expect(thin.plainVolume == 8000)
    #expect(thin.bounds == mesh.bounds)
    let corners = Set(input.positions)
    #expect(corners.isSubset(of: Set(thin.positions)))
  }

  @Test func threadsDoNotMatter() throws {
    let (mesh, input, source) = try griddedBox(side: 60)
    let one = try Thinning.thinned(mesh, input: input, source: source, voxel: 1, RunContext(threads: 1))
    let two = try Thinning.thinned(mesh, input: input, source: source, voxel: 1, RunContext(threads: 2))
    #expect(one != nil && one == two)
  }

  @Test func aCurvedPartIsLeftAsItIs() throws {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 4)
    let bvh = try BVH(sphere)
    let source = sphere.positions.map { UInt32(bvh.closestPoint(sphere, to: $0)!.triangle) }
    let thin = try Thinning.thinned(sphere, input: sphere, source: source, voxel: 0.5, RunContext())
    #expect(thin == nil)
  }

  @Test func verticesOffThePlaneByMoreThanTheToleranceStay() throws {
    let (mesh, input, source) = try griddedBox(side: 20)
    // A dent in the middle of the top, an eighth of a voxel deep.
    var positions = mesh.positions
    let dent = try #require(positions.firstIndex(of: SIMD3(10, 10, 20)))
    positions[dent].z -= 0.125
    let dented = Mesh(unchecked: positions, triangles: mesh.triangles)
    let thin = try #require(
      try Thinning.thinned(dented, input: input, source: source, voxel: 1, RunContext()))
    #expect(thin.positions.contains(positions[dent]))
    #expect(thin.triangles.count < 100)
    #expect(abs(thin.plainVolume - dented.plainVolume) < 1e-9)
  }
}
