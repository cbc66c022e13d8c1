import FacetTestSupport
import Foundation
import Testing

/// The documentation quotes the definitions that stand at the code.
@Suite struct AnalysisPageTests {
  @Test func thePageDefinesEveryCountAsTheCodeDoes() throws {
    let definitions = try definitions()
    #expect(definitions.count >= 18)
    let list = definitions.map { "- **\($0.name)**: \($0.text)\n" }.joined()
    let page = "Sources/Facet/Facet.docc/Analyzing.md"
    #expect(try Repository.updatedSection("definitions", of: page, to: list) == list)
  }

  /// The stored properties of `Analysis` and their documentation comments, in one line each.
  private func definitions() throws -> [(name: String, text: String)] {
    let source = try Repository.text("Sources/Facet/Algorithms/Analyze/Analysis.swift")
    let body = try #require(source.components(separatedBy: "public struct Analysis: ").last)
      .components(separatedBy: "\n}\n")[0]
    var definitions: [(name: String, text: String)] = []
    var comment: [String] = []
    for line in body.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      if line.hasPrefix("/// ") {
        comment.append(String(line.dropFirst(4)))
      } else if line.hasPrefix("public var "), line.contains("=") {
        let name = line.dropFirst("public var ".count).prefix { $0.isLetter }
        definitions.append((String(name), comment.joined(separator: " ")))
        comment = []
      } else {
        comment = []
      }
    }
    return definitions.filter { !$0.text.isEmpty }
  }
}
