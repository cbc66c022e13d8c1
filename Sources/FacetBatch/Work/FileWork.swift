#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import Foundation

  /// Does all steps for one file, in this process.
  struct FileWork {
    let setup: WorkSetup
    let task: WorkTask
    let run: RunContext
    /// Told how far it is.
    let tell: (WorkNews) -> Void

    private var record: BatchRecord
    private var seconds: [(operation: String, seconds: Double)] = []

    init(_ setup: WorkSetup, _ task: WorkTask, _ run: RunContext, tell: @escaping (WorkNews) -> Void) {
      self.setup = setup
      self.task = task
      self.run = run
      self.tell = tell
      record = BatchRecord(
        task.input, .done, version: EngineVersion.current, pipeline: setup.pipeline.fingerprint)
    }

    /// What ends the work on a file.
    private struct Problem: Error {
      let failure: ToolkitFailure
      let step: OperationName
      /// What the engine said, where it did.
      var cause: MeshError?
    }

    /// - Parameter deadline: Whose cancellation the run has.
    static func perform(
      _ setup: WorkSetup, _ task: WorkTask, _ deadline: Deadline, tell: @escaping (WorkNews) -> Void
    ) -> WorkNews {
      let run = RunContext(
        threads: setup.threads, memoryBudget: task.isAlone ? setup.budget : setup.share,
        cancellation: deadline.cancellation)
      var work = FileWork(setup, task, run, tell: tell)
      return work.perform(deadline)
    }

    private mutating func perform(_ deadline: Deadline) -> WorkNews {
      let began = ContinuousClock.now
      do throws(Problem) {
        let source = try open()
        if isStillKnown { return .unchanged }
        let results = try perform(on: try read(source))
        tell(.finishing)
        try keep(results.files)
      } catch {
        if case .cancelled? = error.cause, !deadline.isPassed { return .dropped }
        if case .memoryBudgetExceeded? = error.cause, !task.isAlone, setup.share < setup.budget {
          return .needsMore
        }
        note(error)
      }
      record.timings = BatchRecord.Timings(
        finished: Date.now.formatted(.iso8601), seconds: (ContinuousClock.now - began) / .seconds(1),
        steps: seconds)
      return .record(record)
    }

    // MARK: The file

    private mutating func open() throws(Problem) -> ByteSource {
      do throws(MeshError) {
        let source = try ByteSource.file(task.input.path)
        record.sha256 = try SHA256Digest.hex(of: source, run)
        record.bytes = source.count
        tell(.step(OperationName.import.rawValue, sha256: record.sha256, bytes: source.count))
        return source
      } catch {
        throw problem(error, .reading, .import)
      }
    }

    /// Whether the file is the one that is known, and all that was made of it is still there.
    private var isStillKnown: Bool {
      guard let known = task.known, known.sha256 == record.sha256 else { return false }
      return known.outputs.allSatisfy { output in
        guard let file = try? ByteSource.file(setup.folder.path(output.path)), file.count == output.bytes
        else {
          return false
        }
        return (try? SHA256Digest.hex(of: file, run)) == output.sha256
      }
    }

    private mutating func read(_ source: ByteSource) throws(Problem) -> OperationInput {
      let began = ContinuousClock.now
      do throws(MeshError) {
        let reading = setup.pipeline.reading
        let operation = reading.makeOperation()
        let options = operation.importOptions ?? ImportOptions()
        let input = OperationInput(try Mesh.read(source, options, run), from: source, options)
        record.warnings = input.report?.messages ?? []
        note(try operation.run(input, run).fields + input.mesh.dimensionFields, of: reading, since: began)
        return input
      } catch {
        throw problem(error, .reading, .import)
      }
    }

    // MARK: The steps

    private mutating func perform(on input: OperationInput) throws(Problem) -> [OperationResult] {
      var pictures = ReportPictures(setup, name: task.input.name)
      do throws(Problem) {
        let results = try Pipeline.run(setup.pipeline.steps, on: input, run) {
          (request, input, run) throws(Problem) in
          let result = try perform(request, on: input, run)
          try draw { () throws(MeshError) in
            try pictures.add(result, of: request.operation, on: input.mesh, run)
          }
          return result
        }
        let last = results.last { $0.mesh != nil }?.mesh ?? input.mesh
        try draw { () throws(MeshError) in try pictures.add(part: last, run) }
        record.pictures = pictures.drawn
        return results
      } catch {
        // What went wrong is easier to understand with the part at hand.
        try? pictures.add(part: input.mesh, run)
        record.pictures = pictures.drawn
        throw error
      }
    }

    private func draw(_ body: () throws(MeshError) -> Void) throws(Problem) {
      do throws(MeshError) {
        try body()
      } catch {
        throw problem(error, .running(.thumbnail), .thumbnail)
      }
    }

    private mutating func perform(
      _ request: OperationRequest, on input: OperationInput, _ run: RunContext
    ) throws(Problem) -> OperationResult {
      let name = request.operation
      tell(.step(name.rawValue, sha256: record.sha256, bytes: record.bytes))
      let began = ContinuousClock.now
      let operation = request.makeOperation()
      do throws(ToolkitFailure) {
        try request.check(against: input.mesh, .batch)
      } catch {
        throw Problem(failure: error, step: name)
      }
      do throws(MeshError) {
        try run.checkCancellation()
        let result = try operation.run(input, run)
        note(result.fields, of: request, since: began)
        return result
      } catch {
        throw problem(error, .running(name), name)
      }
    }

    private mutating func note(
      _ figures: [JSONValue.Member], of request: OperationRequest, since began: ContinuousClock.Instant
    ) {
      let name = request.operation.rawValue
      record.steps.append(
        .init(operation: name, parameters: .object(request.arguments.values), figures: .object(figures)))
      seconds.append((name, (ContinuousClock.now - began) / .seconds(1)))
    }

    // MARK: What is kept

    /// Writes files aside, and gives them their names when all are complete.
    private mutating func keep(_ files: [(ending: String, file: ResultFile)]) throws(Problem) {
      var outputs: [(aside: String, output: BatchRecord.Output)] = []
      for (index, file) in files.enumerated() {
        let aside = setup.scratch + "/\(index)"
        do throws(MeshError) {
          try file.file.write(to: aside, run)
          let written = try ByteSource.file(aside)
          outputs.append(
            (
              aside,
              .init(
                path: BatchFolder.files(task.input.name, file.ending), bytes: written.count,
                sha256: try SHA256Digest.hex(of: written, run))
            ))
        } catch {
          throw problem(error, .running(.export), .export)
        }
      }
      do throws(MeshError) {
        for (aside, output) in outputs { try setup.folder.move(aside, to: output.path) }
      } catch {
        throw problem(error, .running(.export), .export)
      }
      record.outputs = outputs.map(\.output)
    }

    // MARK: What goes wrong

    private func problem(_ error: MeshError, _ stage: ToolkitFailure.Stage, _ step: OperationName) -> Problem
    {
      Problem(
        failure: ToolkitFailure(
          error, during: stage, file: stage == .reading ? task.input.path : nil, .batch),
        step: step, cause: error)
    }

    private mutating func note(_ problem: Problem) {
      record.note(problem.failure, during: problem.step.rawValue)
      record.outcome = .failed
      switch problem.cause {
      case .cancelled?:
        record.limit = .seconds(setup.timeout)
        record.errors[0].message = "\(problem.failure.first.message) (it took longer than \(setup.timeout) s)"
      case .memoryBudgetExceeded?: record.limit = .bytes(setup.budget)
      default:
        if case .temporaryError = problem.failure.first { record.outcome = .stopped }
      }
    }
  }

  extension Mesh {
    fileprivate var dimensionFields: [JSONValue.Member] {
      let size = bounds.isEmpty ? .zero : bounds.maximum - bounds.minimum
      return [
        .init("dimensionXMm", .number(Double(size.x))), .init("dimensionYMm", .number(Double(size.y))),
        .init("dimensionZMm", .number(Double(size.z))),
      ]
    }
  }

  extension ToolkitSettings {
    /// Whoever starts a batch decides what his machine can bear: no limit on triangles but the engine's.
    static let batch = ToolkitSettings(maximumTriangles: Mesh.maximumTriangleCount)
  }
#endif
