import Facet

/// The words of a pipeline before validation: `repair,reduce-triangles:accuracy-mm=0.05,thumbnail`.
///
/// Steps are separated by commas. A step is an operation's name or alias; its parameters follow it, each as
/// `name=value` in the command line's spelling (the API's is understood too), after a colon or, like steps,
/// after a comma: `scale:axis=X:scale-to-size-mm=10` and `scale:axis=X,scale-to-size-mm=10` are the same. A
/// parameter without `=value` is a switch that is turned on: `scale:axis=X:scale-to-size-mm=10:uniform`.
/// Spaces around names and values do not count.
public struct PipelineStep: Sendable, Hashable {
  public var operation: String
  public var parameters: [Parameter]

  public struct Parameter: Sendable, Hashable {
    public var name: String
    /// nil for a switch that is only named.
    public var value: String?

    public init(_ name: String, _ value: String?) {
      self.name = name
      self.value = value
    }
  }

  public init(_ operation: String, _ parameters: [Parameter] = []) {
    self.operation = operation
    self.parameters = parameters
  }

  /// - Throws: ``PipelineSyntaxError`` for a step or a parameter without a name.
  public static func parse(_ text: String) throws(PipelineSyntaxError) -> [PipelineStep] {
    var steps: [PipelineStep] = []
    for (index, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      var pieces = part.split(separator: ":", omittingEmptySubsequences: false).map(trimmed)
      guard pieces.contains(where: { !$0.isEmpty }) else {
        throw PipelineSyntaxError(part: index + 1, problem: "is empty")
      }
      if !pieces[0].contains("=") {
        guard !pieces[0].isEmpty else {
          throw PipelineSyntaxError(part: index + 1, problem: "has no operation before the colon")
        }
        steps.append(PipelineStep(pieces.removeFirst()))
      } else if steps.isEmpty {
        throw PipelineSyntaxError(part: 1, problem: "is a parameter, but no operation stands before it")
      }
      for piece in pieces {
        let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
        guard let name = halves.first, !name.isEmpty else {
          throw PipelineSyntaxError(part: index + 1, problem: "has a parameter without a name")
        }
        steps[steps.count - 1].parameters.append(.init(name, halves.count > 1 ? halves[1] : nil))
      }
    }
    return steps
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Why a list of steps could not be understood.
public struct PipelineSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The part between commas at fault, from 1.
  public var part: Int
  public var problem: String

  public var description: String {
    "part \(part) of the steps \(problem); write them like 'scale:axis=X:scale-to-size-mm=10,thumbnail'"
  }
}

/// Steps one after the other, each on the mesh that the one before left.
public enum Pipeline {
  /// Runs the steps in order. One that makes no mesh (a thumbnail, an analysis) hands on what it got.
  ///
  /// - Parameters:
  ///   - steps: Operations, or what stands for them.
  ///   - perform: Runs one of them; the place to write its files while they are at hand.
  /// - Returns: A result for each step, in order. Of the meshes only the newest is kept.
  /// - Throws: What the first step that fails throws.
  public static func run<Step, Failure: Error>(
    _ steps: [Step], on input: OperationInput, _ run: RunContext,
    perform: (Step, OperationInput, RunContext) throws(Failure) -> OperationResult
  ) throws(Failure) -> [OperationResult] {
    var current = input
    var results: [OperationResult] = []
    for (index, step) in steps.enumerated() {
      let count = Double(steps.count)
      let slice = run.slice(Double(index) / count...Double(index + 1) / count)
      let result = try perform(step, current, slice)
      if let mesh = result.mesh {
        current.mesh = mesh
        current.original = result.original
        for earlier in results.indices {
          results[earlier].mesh = nil
          results[earlier].original = nil
        }
      }
      slice.report(1)
      results.append(result)
    }
    return results
  }

  /// Runs operations in order.
  public static func run(
    _ operations: [any MeshOperation], on input: OperationInput, _ run: RunContext
  ) throws(MeshError) -> [OperationResult] {
    try Pipeline.run(operations, on: input, run) {
      (operation, input, run) throws(MeshError) in
      try run.checkCancellation()
      return try operation.run(input, run)
    }
  }
}
