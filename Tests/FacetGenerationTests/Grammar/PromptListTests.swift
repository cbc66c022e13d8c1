import FacetContract
import Testing

@testable import FacetGeneration

/// Every prompt of the list, as far as the plan says: the program's measures are taken by prompts.py.
@Suite struct PromptListTests {
  @Test func listIsWhole() throws {
    let list = try PromptList.read()
    #expect(list.parts.count == 60)
    #expect(list.refusals.count == 30)
    #expect(Set(list.parts.map(\.prompt) + list.refusals.map(\.prompt)).count == 90)
  }

  @Test func partsArePlanned() async throws {
    for entry in try PromptList.read().parts {
      let mode = entry.mode.flatMap(GenerationRequest.DesignMode.init) ?? .standard
      do {
        let plan = try await GrammarPlanner().plan(Brief(entry.prompt, designMode: mode), after: [])
        #expect(plan.expectation.throughHoles == entry.genus, "\(entry.prompt)")
        #expect(plan.expectation.shells == entry.shells ?? 1, "\(entry.prompt)")
        #expect(plan.expectation.size != nil, "\(entry.prompt)")
        if let size = plan.expectation.size {
          for (axis, text) in entry.size.enumerated() {
            if let figure = Double(text) { #expect(abs(size[axis] - figure) < 1e-9, "\(entry.prompt)") }
          }
        }
      } catch {
        Issue.record("\(entry.prompt): \(error.code) \(error.detail ?? "")")
      }
    }
  }

  @Test func refusalsHaveTheirCodeAndNameTheirReason() async throws {
    for entry in try PromptList.read().refusals {
      let mode = entry.mode.flatMap(GenerationRequest.DesignMode.init) ?? .standard
      do {
        _ = try await GrammarPlanner().plan(Brief(entry.prompt, designMode: mode), after: [])
        Issue.record("planned: \(entry.prompt)")
      } catch {
        #expect(error.code.rawValue == entry.code, "\(entry.prompt): \(error.detail ?? "")")
        if let name = entry.names {
          #expect(error.detail?.contains(name) == true, "\(entry.prompt): \(error.detail ?? "")")
        }
      }
    }
  }
}
