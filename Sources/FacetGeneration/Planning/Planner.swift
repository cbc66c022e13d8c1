import FacetContract

/// Turns what is asked for into a program.
public protocol Planner: Sendable {
  /// - Parameter failures: What came of the programs that this planner gave for the brief before, the oldest first.
  /// - Throws: ``GenerationJobError``: `promptTooAmbiguous` naming what is missing, `geometryValidationFailed` naming
  ///   the dimensions that contradict each other, `codeGenerationFailed` when there is no program to be had.
  func plan(_ brief: Brief, after failures: [FailedPlan]) async throws(GenerationJobError) -> Plan

  /// Whether another try may give another program: a language model's may, the grammar's is always the same.
  var canRevise: Bool { get }
}

/// A program that did not lead to the part, and why, for whoever writes the next one.
public struct FailedPlan: Sendable, Hashable {
  public var program: String
  public var problem: String

  public init(program: String, problem: String) {
    self.program = program
    self.problem = problem
  }
}
