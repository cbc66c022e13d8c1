import Facet
import FacetTestSupport
import Testing

@Suite struct SampleTests {
  @Test func namesAreUniqueAndFindTheirSample() {
    #expect(Set(Sample.all.map(\.name)).count == Sample.all.count)
    #expect(Sample.all.count >= 12)
    for sample in Sample.all { #expect(Sample.named(sample.name)?.summary == sample.summary) }
    #expect(Sample.named("no such part") == nil)
  }

  @Test(arguments: Sample.all.map(\.name)) func factsHold(name: String) throws {
    let sample = try #require(Sample.named(name))
    let (mesh, facts) = (sample.make(), sample.facts)
    let unit = sample.units.millimetres
    #expect(mesh.positions.count == facts.vertices)
    #expect(Set(mesh.positions).count == facts.vertices)
    #expect(mesh.triangles.count == facts.triangles)
    #expect(EdgeOracle(mesh).badEdges == facts.badEdges)
    if let volume = facts.volume {
      #expect(abs(mesh.plainVolume * unit * unit * unit / volume - 1) < 1e-6)
    }
    if let area = facts.area {
      #expect(abs(mesh.plainArea * unit * unit / area - 1) < 1e-6)
    }
    let size = SIMD3<Double>(mesh.bounds.size) * unit
    for axis in 0..<3 { #expect(abs(size[axis] - facts.dimensions[axis]) < 1e-5) }
  }
}
