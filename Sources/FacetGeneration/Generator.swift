#if CommandLine
  import Facet
  import FacetContract

  /// Makes parts from words and pictures: a planner writes a program, a sandbox runs it, and the engine checks what came
  /// of it.
  public protocol PartGenerator: Sendable {
    /// - Parameters:
    ///   - folder: An empty folder that nobody else uses; the part is in it when this returns.
    ///   - run: Told how far it is. Stops when the task is cancelled.
    /// - Throws: ``GenerationJobError``; `CancellationError` when the task was cancelled.
    func generate(
      _ brief: Brief, as format: GenerationRequest.OutputFormat, in folder: String, _ run: RunContext
    ) async throws -> GeneratedPart
  }

  /// A part that was made and found to be what was planned.
  public struct GeneratedPart: Sendable {
    /// Of the file in the format that was asked for.
    public var path: String
    /// The CadQuery program that made it.
    public var program: String
    public var figures: PartFigures
    /// What a language model counted; 0 without one.
    public var tokensUsed: Int

    public init(path: String, program: String, figures: PartFigures, tokensUsed: Int) {
      self.path = path
      self.program = program
      self.figures = figures
      self.tokensUsed = tokensUsed
    }
  }

  public struct Generator: PartGenerator {
    /// For a brief without pictures.
    public var words: any Planner
    public var pictures: any Planner
    public var sandbox: Sandbox
    /// What the operator allows programs in place of what the design mode says.
    public var changes: LimitChanges

    /// Programs that are tried for one part, and times that one may run out of time.
    public static let attempts = 5

    public init(
      words: any Planner, pictures: any Planner, sandbox: Sandbox, changes: LimitChanges = LimitChanges()
    ) {
      self.words = words
      self.pictures = pictures
      self.sandbox = sandbox
      self.changes = changes
    }

    public func generate(
      _ brief: Brief, as format: GenerationRequest.OutputFormat, in folder: String, _ run: RunContext
    ) async throws -> GeneratedPart {
      let planner = brief.pictures.isEmpty ? words : pictures
      let limits = changes.applied(to: brief.designMode.limits)
      try run.reserve(bytes: limits.memoryBytes, for: "the program that makes the part")
      var failures: [FailedPlan] = []
      var last = GenerationJobError(.internalError)
      var tokens = 0
      var plan: Plan?
      for attempt in 0..<Generator.attempts {
        try Task.checkCancellation()
        let share = run.slice(
          Double(attempt) / Double(Generator.attempts)...Double(attempt + 1) / Double(Generator.attempts))
        // A program that ran out of time is tried again as it is, unless there may be a better one.
        if plan == nil || planner.canRevise {
          plan = try await planner.plan(brief, after: failures)
          tokens += plan?.tokensUsed ?? 0
        }
        guard let current = plan else { break }
        share.report(0.2)
        let room = "\(folder)/try-\(attempt + 1)"
        switch try await attempted(current, planner.canRevise, format, room, limits, share) {
        case .made(let path, let figures):
          run.report(1)
          return GeneratedPart(path: path, program: current.program, figures: figures, tokensUsed: tokens)
        case .failed(let error, let problem):
          last = error
          // Whether a file can be written is not the program's doing.
          guard error.code == .sandboxTimeout || planner.canRevise && error.code != .exportFailed else {
            throw error
          }
          failures.append(FailedPlan(program: current.program, problem: problem))
        }
      }
      throw last
    }

    private enum Attempt {
      case made(path: String, PartFigures)
      /// - Parameter problem: For who writes the next program.
      case failed(GenerationJobError, problem: String)
    }

    private func attempted(
      _ plan: Plan, _ isModels: Bool, _ format: GenerationRequest.OutputFormat, _ folder: String,
      _ limits: SandboxLimits,
      _ run: RunContext
    ) async throws -> Attempt {
      switch try await sandbox.run(plan.program, as: format, in: folder, limits) {
      case .timedOut:
        let detail = "the limit is \(Int(limits.seconds.rounded(.up))) seconds a try"
        return .failed(
          GenerationJobError(.sandboxTimeout, detail: detail),
          problem: "The program took too long: \(detail). Make the geometry simpler.")
      case .failed(let failure):
        return .failed(
          GenerationJobError(failure, writtenByModel: isModels), problem: failure.message)
      case .made(let files):
        run.report(0.8)
        let figures: PartFigures
        do {
          figures = try PartFigures(of: files.check, run.slice(0.8...1))
        } catch let problem as PartProblem {
          return .failed(
            GenerationJobError(.geometryValidationFailed, detail: problem.description),
            problem: "The part is not solid: \(problem).")
        } catch let error as MeshError {
          return .failed(GenerationJobError(error, during: .generating), problem: error.description)
        }
        if let difference = figures.difference(from: plan.expectation) {
          return .failed(
            GenerationJobError(.geometryValidationFailed, detail: difference),
            problem: "The part is not as planned: \(difference).")
        }
        return .made(path: files.output, figures)
      }
    }
  }

  extension GenerationJobError {
    /// A program that failed, as the API says it.
    ///
    /// - Parameter isModels: Whether a language model wrote it. The grammar's programs run, so where one fails in the
    ///   kernel, it is the geometry that cannot be.
    init(_ failure: ProgramFailure, writtenByModel isModels: Bool) {
      switch failure.kind {
      case .export: self.init(.exportFailed)
      case .kernel where !isModels:
        self.init(.geometryValidationFailed, detail: "the geometry cannot be made as it is described")
      case .syntax, .forbidden, .program, .kernel, .noResult, .memory: self.init(.codeGenerationFailed)
      }
    }
  }
#endif
