import Facet
import FacetTestSupport

/// What is tried.
enum FuzzOperation: String, CaseIterable {
  case repair, shrinkwrap, reduce, hollow

  /// What is wrong with the outcome, or nil.
  func problem(with input: FuzzInput, _ run: RunContext) -> String? {
    switch self {
    case .repair: RepairCheck(operation: .repair, run: run).problem(with: input)
    case .shrinkwrap: RepairCheck(operation: .shrinkwrap, run: run).problem(with: input)
    case .reduce: ReduceCheck(run: run).problem(with: input)
    case .hollow:
      if case .part(let seed) = input { HollowCheck(run: run).problem(with: seed) } else { nil }
    }
  }
}

/// What goes in: enough to make it again.
enum FuzzInput {
  /// Random triangles between the points of a small grid.
  case soup(seed: UInt64)
  /// A part of which is known what it should be.
  case damage(Damage)
  /// A sound part, and how to hollow it.
  case part(seed: UInt64)

  var description: String {
    switch self {
    case .soup(let seed): "soup \(seed)"
    case .damage(let damage): damage.description
    case .part(let seed): "part \(seed)"
    }
  }
}
