import Facet
import Testing

@Suite struct AnalysisSampleTests {
  @Test(arguments: Sample.all.map(\.name)) func analysisFindsTheFactsOfEverySample(name: String) throws {
    let sample = try #require(Sample.named(name))
    let facts = sample.facts
    let unit = sample.units.millimetres
    // Files in inches become millimetres when they are read.
    let mesh = try sample.make().scaled(ScaleOptions(.factor(unit), about: .origin)).mesh
    let analysis = try mesh.analyzed()
    #expect(analysis.vertices == facts.vertices)
    #expect(analysis.triangles == facts.triangles)
    #expect(analysis.shells == facts.shells)
    #expect(analysis.badEdges == facts.badEdges)
    #expect(analysis.contours == facts.contours)
    #expect(analysis.planarHoles == facts.planarHoles)
    #expect(analysis.nearBadEdges == facts.nearBadEdges)
    #expect(analysis.invertedNormals == facts.invertedNormals)
    #expect(analysis.noiseShells == facts.noiseShells)
    #expect(analysis.overlappingTriangles == facts.overlappingTriangles)
    #expect(analysis.intersectingTriangles == facts.intersectingTriangles)
    if let volume = facts.volume { #expect(abs(analysis.volume / volume - 1) < 1e-6) }
    if let area = facts.area { #expect(abs(analysis.surfaceArea / area - 1) < 1e-6) }
    for axis in 0..<3 { #expect(abs(analysis.dimensions[axis] - facts.dimensions[axis]) < 1e-5) }
    #expect(analysis.badContours == facts.badContours)
    #expect(analysis.isSolid == (facts.badEdges == 0 && analysis.volume > 0))
  }
}
