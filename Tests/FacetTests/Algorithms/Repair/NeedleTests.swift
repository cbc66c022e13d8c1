import FacetTestSupport
import Testing

@testable import Facet

@Suite struct NeedleTests {
  private func removed(from mesh: Mesh) throws -> RepairState {
    var state = try RepairState(mesh, RunContext())
    try state.removeNeedles(RunContext())
    return state
  }

  /// A box whose first triangle has, on its longest edge, a cap of three points on one line.
  private func boxWithCap() -> (mesh: Mesh, cap: Int) {
    let box = Primitive.box(maximum: SIMD3(4, 8, 2))
    let t = box.triangles[0]
    let middle = (box.positions[Int(t.a)] + box.positions[Int(t.b)]) / 2
    return (
      Mesh(
        unchecked: box.positions + [middle],
        triangles: [Triangle(t.a, 8, t.c), Triangle(8, t.b, t.c), Triangle(t.a, t.b, 8)]
          + box.triangles.dropFirst()), 2
    )
  }

  @Test func aCapIsFlippedIntoItsNeighbour() throws {
    let (mesh, cap) = boxWithCap()
    #expect(try mesh.solidity().badEdges == 0)
    #expect(mesh.area(of: cap) == 0)
    let state = try removed(from: mesh)
    #expect(state.ledger.entries.map(\.stage) == [.needles] && state.ledger.entries[0].count == 1)
    let result = try state.finish()
    #expect(result.triangles.indices.allSatisfy { result.area(of: $0) > 1 })
    #expect(result.positions == mesh.positions)
    #expect(try result.solidity().isSolid)
    #expect(abs(result.plainVolume - 64) < 1e-9)
  }

  @Test func aNeedleIsCollapsed() throws {
    // Split an edge of a sphere at a vertex one last place away from its end.
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 2)
    let t = sphere.triangles[17]
    var near = sphere.positions[Int(t.a)]
    near.x = near.x.nextUp
    let v = UInt32(sphere.positions.count)
    var triangles = sphere.triangles
    for f in triangles.indices {
      let s = triangles[f]
      for corner in 0..<3 {
        let (p, q, r) = (s[corner], s[(corner + 1) % 3], s[(corner + 2) % 3])
        guard (p, q) == (t.a, t.b) || (p, q) == (t.b, t.a) else { continue }
        triangles[f] = Triangle(p, v, r)
        triangles.append(Triangle(v, q, r))
      }
    }
    let mesh = Mesh(unchecked: sphere.positions + [near], triangles: triangles)
    #expect(mesh.triangles.count == sphere.triangles.count + 2)
    let state = try removed(from: mesh)
    let result = try state.finish()
    #expect(state.ledger.entries[0].count == 2)
    #expect(state.ledger.entries[0].largestMove < 2e-6)
    #expect(result.triangles.count == sphere.triangles.count)
    #expect(try result.solidity().isSolid)
  }

  @Test func aClosedSurfaceWithACapStaysAsItIs() throws {
    let (mesh, _) = boxWithCap()
    #expect(try mesh.geometricallyRepaired().isUnchanged)
    // Where something else is wrong, the cap goes too.
    let open = mesh.without { i, _ in i == 9 }
    #expect(try open.geometricallyRepaired().ledger.entries.map(\.stage) == [.holes, .needles])
  }

  @Test(arguments: CleanShape.allCases) func soundPartsAreLeftAlone(_ shape: CleanShape) throws {
    #expect(try removed(from: shape.mesh).ledger.entries.isEmpty)
  }

  /// Four at a time or one by one: the same triangles are too flat.
  @Test func flatTrianglesAreThoseFoundOneByOne() throws {
    for seed in 0..<40 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let scale: Float = [1, 1e-20, 1e18, 1e25][Int(seed % 4)]
      var positions: [SIMD3<Float>] = []
      var triangles: [Triangle] = []
      for i in 0..<UInt32.random(in: 1...80, using: &random) {
        func point(_ range: ClosedRange<Float>) -> SIMD3<Float> {
          SIMD3(
            .random(in: range, using: &random), .random(in: range, using: &random),
            .random(in: range, using: &random))
        }
        let (a, b) = (point(-1...1), point(-1...1))
        let c: SIMD3<Float> =
          switch UInt32.random(in: 0..<8, using: &random) {
          case 0: a + (b - a) * Float.random(in: 0...1, using: &random)
          case 1: a + point(-3e-7...3e-7)
          case 2: a
          case 3: (a + b) / 2 + point(-1e-3...1e-3)
          default: point(-1...1)
          }
        positions += [a * scale, b * scale, c * scale]
        let isDegenerate = UInt32.random(in: 0..<10, using: &random) == 0
        triangles.append(Triangle(3 * i, 3 * i + 1, isDegenerate ? 3 * i : 3 * i + 2))
      }
      let mesh = Mesh(unchecked: positions, triangles: triangles)
      let expected = triangles.indices.filter { f in
        let (a, b, c) = mesh.corners(f)
        return !triangles[f].isDegenerate && isTooFlat(a, b, c)
      }
      #expect(try mesh.flatTriangles(RunContext()).map(Int.init) == expected, "seed \(seed)")
    }
  }
}
