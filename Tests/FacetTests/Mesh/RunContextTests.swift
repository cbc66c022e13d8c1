import Facet
import Testing

@Suite struct RunContextTests {
  @Test func workThatNeedsMoreThanItsBudgetIsRefused() throws {
    let run = RunContext(memoryBudget: 1000)
    try run.reserve(bytes: 1000, for: "work")
    #expect(throws: MeshError.memoryBudgetExceeded(neededBytes: 1001, budgetBytes: 1000, purpose: "work")) {
      try run.slice(0.2...0.4).reserve(bytes: 1001, for: "work")
    }
  }

  @Test func withoutABudgetTheMachineIsTheLimit() throws {
    let memory = RunContext.physicalMemory
    // No machine that builds this has less than half a gigabyte, and none an exabyte.
    #expect(memory > 1 << 29 && memory < 1 << 60)
    try RunContext().reserve(bytes: memory, for: "work")
    #expect(throws: MeshError.self) { try RunContext().reserve(bytes: memory + 1, for: "work") }
  }
}
