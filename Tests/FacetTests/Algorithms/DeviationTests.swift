import Facet
import Testing

@Suite struct DeviationTests {
  private let box = Primitive.box(maximum: SIMD3(10, 10, 10))

  private func moved(_ mesh: Mesh, by offset: SIMD3<Float>) -> Mesh {
    Mesh(unchecked: mesh.positions.map { $0 + offset }, triangles: mesh.triangles)
  }

  @Test func aMeshIsNowhereFromItself() throws {
    #expect(try box.changedTriangles(into: box).isEmpty)
    #expect(try box.deviation(from: box).hausdorff == 0)
  }

  @Test func orderAndNumberingDoNotCountTheWayRoundDoes() throws {
    let t = box.triangles
    let turned = Mesh(
      unchecked: box.positions, triangles: t.reversed().map { Triangle($0.b, $0.c, $0.a) })
    #expect(try box.changedTriangles(into: turned).isEmpty)
    // The same corners under other numbers.
    let loose = Mesh(
      unchecked: box.soup.corners,
      triangles: t.indices.map { Triangle(UInt32(3 * $0), UInt32(3 * $0 + 1), UInt32(3 * $0 + 2)) })
    #expect(try box.changedTriangles(into: loose).isEmpty)
    let flipped = Mesh(unchecked: box.positions, triangles: [t[0].flipped] + t.dropFirst())
    let changed = try box.changedTriangles(into: flipped)
    #expect(changed.before == [true] + [Bool](repeating: false, count: 11))
    #expect(changed.after == changed.before)
    #expect(try box.deviation(from: flipped).hausdorff < 1e-6)
  }

  @Test func aTriangleThatIsTurnedOverIsWhereItWas() throws {
    let part = Primitive.bracket()
    let turned = Mesh(
      unchecked: part.positions, triangles: part.triangles.map { Triangle($0.a, $0.c, $0.b) })
    // It has changed, but not moved.
    #expect(
      try part.changedTriangles(into: turned).before == Array(repeating: true, count: part.triangles.count))
    #expect(try part.deviation(from: turned).hausdorff == 0)
  }

  @Test func aMissingTriangleIsAsFarAsItsFarthestSample() throws {
    let open = box.keeping { $0 != 0 }
    let changed = try box.changedTriangles(into: open)
    #expect(changed.before.filter { $0 }.count == 1 && changed.before[0])
    #expect(!changed.after.contains(true))
    let deviation = try box.deviation(from: open)
    // The middle of the triangle is nearest to its long side, where the face's other half begins.
    #expect(abs(deviation.forward - 10 / Float(18).squareRoot()) < 1e-5)
    #expect(deviation.backward == 0)
  }

  @Test func aPartMovedAsideIsThatFar() throws {
    let deviation = try box.deviation(from: moved(box, by: SIMD3(0.25, 0, 0)))
    #expect(deviation.forward == 0.25 && deviation.backward == 0.25)
  }

  @Test func theDistancesAreOneSided() throws {
    // The small box inside is 4 mm from the big one's faces; the big one's corners are farther from it.
    let inner = Primitive.box(minimum: SIMD3(4, 4, 4), maximum: SIMD3(6, 6, 6))
    let deviation = try inner.deviation(from: box)
    #expect(abs(deviation.forward - 4) < 1e-5)
    #expect(abs(deviation.backward - Float(48).squareRoot()) < 1e-5)
    #expect(deviation.hausdorff == deviation.backward)
  }

  @Test func nothingIsInfinitelyFarFromSomething() throws {
    #expect(try Mesh.empty.deviation(from: box).hausdorff == .infinity)
    #expect(try Mesh.empty.deviation(from: .empty).hausdorff == 0)
  }

  @Test func threadsDoNotMatterAndCancellingDoes() throws {
    let sphere = Primitive.icosphere(radius: 10)
    let other = moved(sphere, by: SIMD3(0.1, 0.2, 0.3))
    let one = try sphere.deviation(from: other, RunContext(threads: 1))
    #expect(try sphere.deviation(from: other, RunContext(threads: 3)) == one)
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try sphere.deviation(from: other, RunContext(cancellation: cancellation))
    }
    #expect(throws: MeshError.self) { try sphere.deviation(from: other, RunContext(memoryBudget: 1000)) }
  }
}
