import FacetTestSupport
import Testing

/// The documentation quotes the definitions that stand at the code.
@Suite struct AnalysisPageTests {
  @Test func thePageDefinesEveryCountAsTheCodeDoes() throws {
    let definitions = try Repository.definitions(
      of: "public struct Analysis: ", in: "Sources/Facet/Algorithms/Analyze/Analysis.swift",
      each: "public var ")
    #expect(definitions.count >= 18)
    let list = definitions.map { "- **\($0.name)**: \($0.text)\n" }.joined()
    let page = "Sources/Facet/Facet.docc/Analyzing.md"
    #expect(try Repository.updatedSection("definitions", of: page, to: list) == list)
  }
}
