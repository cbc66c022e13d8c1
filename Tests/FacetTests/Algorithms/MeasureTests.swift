import Facet
import FacetTestSupport
import Testing

@Suite struct MeasureTests {
  @Test func boxesAreExact() throws {
    let box = Primitive.box(minimum: SIMD3(1, 2, 3), maximum: SIMD3(3, 5, 7))
    let measures = try box.measured()
    #expect(measures.volume == 24)
    #expect(measures.area == 52)
    #expect(measures.dimensions == SIMD3(2, 3, 4))
    #expect(measures.bounds == box.bounds)
  }

  @Test func anInsideOutPartHasNegativeVolume() throws {
    let sample = try #require(Sample.named("inside-out"))
    #expect(try sample.make().measured().volume == -3000)
  }

  @Test(arguments: Sample.all.map(\.name)) func formulasAgree(name: String) throws {
    let sample = try #require(Sample.named(name))
    let unit = sample.units.millimetres
    let measures = try sample.make().measured()
    if let volume = sample.facts.volume {
      #expect(abs(measures.volume * unit * unit * unit / volume - 1) < 1e-6)
    }
    if let area = sample.facts.area { #expect(abs(measures.area * unit * unit / area - 1) < 1e-6) }
  }

  @Test func farFromTheOriginNothingIsLost() throws {
    // A unit box at 2²³ mm, where a Float's last place is 1 mm: the sums see exact numbers.
    let corner = SIMD3<Float>(repeating: 8_388_608)
    let far = try Primitive.box(minimum: corner, maximum: corner + 3).measured()
    #expect(far.volume == 27)
    #expect(far.area == 54)
  }

  @Test func verticesThatNoTriangleNamesDoNotCount() throws {
    let box = Primitive.box()
    let mesh = try Mesh(positions: box.positions + [SIMD3(100, 0, 0)], triangles: box.triangles)
    #expect(try mesh.measured().dimensions == SIMD3(1, 1, 1))
  }

  @Test func nothingMeasuresNothing() throws {
    let measures = try Mesh.empty.measured()
    #expect(measures.area == 0 && measures.volume == 0 && measures.dimensions == .zero)
    #expect(measures.bounds.isEmpty)
  }

  @Test func theSameBitsOnAnyNumberOfThreads() throws {
    let mesh = Mesh.randomSoup(triangles: 40_000, seed: 7)
    let one = try mesh.measured(RunContext(threads: 1))
    for threads in [2, 5] { #expect(try mesh.measured(RunContext(threads: threads)) == one) }
    #expect(abs(one.area / mesh.plainArea - 1) < 1e-12)
  }
}
