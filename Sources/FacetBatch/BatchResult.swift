/// What came of one file of a batch.
public enum BatchResult: Sendable {
  /// It was worked on.
  case record(BatchRecord)
  /// An earlier run settled it, and neither it nor what was made of it has changed.
  case unchanged(BatchInput, BatchRecord.Outcome)

  public var outcome: BatchRecord.Outcome {
    switch self {
    case .record(let record): record.outcome
    case .unchanged(_, let outcome): outcome
    }
  }
}
