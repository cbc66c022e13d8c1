import Facet
import FacetTestSupport
import Testing

/// The documentation quotes what stands at the code.
@Suite struct RepairPageTests {
  @Test func thePageSaysWhatEveryStageDoes() throws {
    let definitions = try Repository.definitions(
      of: "public enum RepairStage: ", in: "Sources/Facet/Algorithms/Repair/RepairLedger.swift", each: "case "
    )
    #expect(definitions.count == RepairStage.allCases.count)
    var list = ""
    for (stage, definition) in zip(RepairStage.allCases, definitions) {
      #expect(definition.name == "\(stage)")
      list += "- **\(stage.rawValue)** (counts \(stage.unit)): \(definition.text)\n"
    }
    let page = "Sources/Facet/Facet.docc/Repairing.md"
    #expect(try Repository.updatedSection("stages", of: page, to: list) == list)
  }
}
