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
      var history = History()
      for number in 1...Generator.attempts {
        try Task.checkCancellation()
        let share = run.slice(
          Double(number - 1) / Double(Generator.attempts)...Double(number) / Double(Generator.attempts))
        let plan = try await nextPlan(brief, planner, &history)
        share.report(0.2)
        let attempt = try await attempted(
          plan, planner.canRevise, format, "\(folder)/try-\(number)", limits, share)
        if let part = try history.take(attempt, of: plan, planner) {
          run.report(1)
          return part
        }
      }
      throw history.last
    }

    /// What came of the tries so far.
    private struct History {
      var plan: Plan?
      var failures: [FailedPlan] = []
      var last = GenerationJobError(.internalError)
      var tokens = 0

      /// - Returns: The part; nil when there may be one in another try.
      mutating func take(_ attempt: Attempt, of plan: Plan, _ planner: any Planner) throws -> GeneratedPart? {
        switch attempt {
        case .made(let path, let figures):
          return GeneratedPart(path: path, program: plan.program, figures: figures, tokensUsed: tokens)
        case .failed(let error, let problem):
          last = error
          // Whether a file can be written is not the program's doing.
          guard error.code == .sandboxTimeout || planner.canRevise && error.code != .exportFailed else {
            throw error
          }
          failures.append(FailedPlan(program: plan.program, problem: problem))
          return nil
        }
      }
    }

    /// A program that ran out of time is tried again as it is, unless there may be a better one.
    private func nextPlan(_ brief: Brief, _ planner: any Planner, _ history: inout History) async throws
      -> Plan
    {
      if let plan = history.plan, !planner.canRevise { return plan }
      let plan = try await planner.plan(brief, after: history.failures)
      history.plan = plan
      history.tokens += plan.tokensUsed
      return plan
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
        return checked(files, plan, format, run.slice(0.8...1))
      }
    }

    /// Has the engine look at what was made.
    private func checked(
      _ files: MadeFiles, _ plan: Plan, _ format: GenerationRequest.OutputFormat, _ run: RunContext
    ) -> Attempt {
      do {
        let mesh = try Mesh.ofPart(files.check, run.slice(0...0.25))
        let figures = try PartFigures(of: mesh, run.slice(0.25...1))
        if let difference = figures.difference(from: plan.expectation) {
          return .failed(
            GenerationJobError(.geometryValidationFailed, detail: difference),
            problem: "The part is not as planned: \(difference).")
        }
        // What was checked is what is handed out.
        if format == .stl { try mesh.write(to: files.output) }
        return .made(path: files.output, figures)
      } catch let problem as PartProblem {
        return .failed(
          GenerationJobError(.geometryValidationFailed, detail: problem.description),
          problem: "The part is not solid: \(problem).")
      } catch let error as MeshError {
        return .failed(GenerationJobError(error, during: .generating), problem: error.description)
      } catch {
        return .failed(GenerationJobError(.internalError), problem: "\(error)")
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
