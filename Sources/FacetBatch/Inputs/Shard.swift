import FacetContract

/// A part of a batch: every `count`-th of its files, beginning with the `index`-th.
public struct Shard: Sendable, Hashable {
  /// 1…count.
  public let index: Int
  public let count: Int

  /// - Returns: nil unless 1 ≤ index ≤ count.
  public init?(_ index: Int, of count: Int) {
    guard count >= 1, 1...count ~= index else { return nil }
    self.index = index
    self.count = count
  }

  /// Reads `3/8`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
    self.init(index, of: count)
  }

  /// What a cluster's scheduler says about this process; nil where there is none.
  ///
  /// - A task of a Slurm job array: of the tasks that the array has, from `SLURM_ARRAY_TASK_ID`, `_MIN`, `_STEP` and
  ///   `_COUNT`. With a count, the task with ID i is the i-th of as many: so that an array of a few tasks does again
  ///   what these tasks of a larger one did.
  /// - A pod of a Kubernetes indexed job: `JOB_COMPLETION_INDEX`, from 0. The job does not tell its pods how many there
  ///   are, so that is to be given.
  ///
  /// - Parameter count: The number of shards, where it was given.
  /// - Throws: Code 13 where a scheduler is, but what it says is no shard: doing all instead would be done by each.
  public static func scheduled(
    _ environment: [String: String], count: Int?
  ) throws(ToolkitFailure) -> Shard? {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let place: (index: Int, count: Int)
    if let task = number("SLURM_ARRAY_TASK_ID") {
      if let count {
        place = (task, count)
      } else {
        let step = max(1, number("SLURM_ARRAY_TASK_STEP") ?? 1)
        place = (
          (task - (number("SLURM_ARRAY_TASK_MIN") ?? task)) / step + 1, number("SLURM_ARRAY_TASK_COUNT") ?? 0
        )
      }
    } else if let index = number("JOB_COMPLETION_INDEX") {
      guard let count else {
        throw ToolkitFailure(
          .invalidParameter("shards"),
          detail: "this is pod \(index) of an indexed job; say of how many with --shards or FACET_SHARDS")
      }
      place = (index + 1, count)
    } else {
      guard count == nil else {
        throw ToolkitFailure(
          .invalidParameter("shards"), detail: "no scheduler says which of them this is; give --shard i/n")
      }
      return nil
    }
    guard let shard = Shard(place.index, of: place.count) else {
      throw ToolkitFailure(
        .invalidParameter("shards"),
        detail:
          "the scheduler's task is number \(place.index) of \(place.count): arrays run from 1 to n without gaps; "
          + "of a few of them say with --shards or FACET_SHARDS how many there are in all")
    }
    return shard
  }

  /// Whether all of the batch is in it.
  public var isWhole: Bool { count == 1 }

  /// Of a list that is the same for all shards, those of this one.
  public func part<Element>(of list: [Element]) -> [Element] {
    stride(from: index - 1, to: list.count, by: count).map { list[$0] }
  }
}
