import FacetBatch
import FacetContract
import Testing

@Suite struct ShardTests {
  @Test func shardsAreAllOfTheListAndNothingTwice() throws {
    let list = Array(0..<23)
    for count in [1, 2, 5, 23, 40] {
      let parts = try (1...count).map { try #require(Shard($0, of: count)).part(of: list) }
      #expect(parts.flatMap { $0 }.sorted() == list)
      #expect(parts.map(\.count).max()! - parts.map(\.count).min()! <= 1)
    }
  }

  @Test func textsAreReadStrictly() {
    #expect(Shard("3/8") == Shard(3, of: 8))
    for text in ["", "3", "0/8", "9/8", "3/0", "-1/8", "a/8", "3/8/1", "3/"] { #expect(Shard(text) == nil) }
  }

  @Test func aTaskOfASlurmArrayKnowsItsShard() throws {
    func task(_ id: String, min: String, count: String, step: String = "1") throws -> Shard? {
      try Shard.scheduled(
        [
          "SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_MIN": min, "SLURM_ARRAY_TASK_COUNT": count,
          "SLURM_ARRAY_TASK_STEP": step,
        ], count: nil)
    }
    #expect(try task("1", min: "1", count: "8") == Shard(1, of: 8))
    #expect(try task("7", min: "0", count: "8") == Shard(8, of: 8))
    #expect(try task("14", min: "10", count: "3", step: "2") == Shard(3, of: 3))
    // Tasks 3 and 5 alone: which part of what the second is cannot be told.
    #expect(throws: ToolkitFailure.self) { try task("5", min: "3", count: "2") }
    let again = ["SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_COUNT": "2"]
    #expect(try Shard.scheduled(again, count: 8) == Shard(5, of: 8))
    #expect(throws: ToolkitFailure.self) { try Shard.scheduled(again, count: 4) }
  }

  @Test func aPodOfAnIndexedJobHasToBeToldHowManyThereAre() throws {
    #expect(try Shard.scheduled(["JOB_COMPLETION_INDEX": "0"], count: 4) == Shard(1, of: 4))
    #expect(throws: ToolkitFailure.self) { try Shard.scheduled(["JOB_COMPLETION_INDEX": "4"], count: 4) }
    #expect(throws: ToolkitFailure.self) { try Shard.scheduled(["JOB_COMPLETION_INDEX": "0"], count: nil) }
  }

  @Test func withoutASchedulerThereIsNone() throws {
    #expect(try Shard.scheduled([:], count: nil) == nil)
    #expect(throws: ToolkitFailure.self) { try Shard.scheduled([:], count: 4) }
  }
}
