#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import FacetRender
  import Foundation

  /// Does all steps for one file, in this process.
  struct FileWork {
    let setup: WorkSetup
    let fingerprint: String
    let task: WorkTask
    let run: RunContext
    /// Told which step begins.
    let tell: (WorkNews) -> Void

    private var record: BatchRecord
    private var seconds: [(operation: String, seconds: Double)] = []
    private let folder: String

    init(_ setup: WorkSetup, _ task: WorkTask, _ run: RunContext, tell: @escaping (WorkNews) -> Void) {
      self.setup = setup
      self.task = task
      self.run = run
      self.tell = tell
      fingerprint = setup.pipeline.fingerprint
      folder = setup.scratch
      record = BatchRecord(task.input, .done, version: EngineVersion.current, pipeline: fingerprint)
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
        try keep(results.files)
      } catch {
        if case .cancelled? = error.cause, !deadline.isPassed { return .dropped }
        if case .memoryBudgetExceeded? = error.cause, !task.isAlone, setup.share < setup.budget { return .needsMore }
        note(error)
      }
      record.timings = BatchRecord.Timings(
        finished: Date.now.formatted(.iso8601), seconds: (ContinuousClock.now - began) / .seconds(1), steps: seconds)
      return .record(record)
    }

    // MARK: The file

    private mutating func open() throws(Problem) -> ByteSource {
      tell(.step(OperationName.import.rawValue, sha256: nil, bytes: nil))
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
        guard let file = try? ByteSource.file(setup.folder.path(output.path)), file.count == output.bytes else {
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
      let results: [OperationResult]
      do throws(Problem) {
        var pictures: [BatchRecord.Picture] = []
        results = try Pipeline.run(setup.pipeline.steps, on: input, run) { (request, input, run) throws(Problem) in
          let result = try perform(request, on: input, run)
          if setup.drawsPictures { pictures += try picture(of: result, request.operation) }
          return result
        }
        record.pictures = try overview(of: input.mesh, results) + pictures
      } catch {
        // What went wrong is easier to understand with the part at hand.
        record.pictures = (try? overview(of: input.mesh, [])) ?? []
        throw error
      }
      return results
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
        let aside = folder + "/\(index)"
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
      for (aside, output) in outputs { try move(aside, to: output.path) }
      record.outputs = outputs.map(\.output)
    }

    private func move(_ aside: String, to place: String) throws(Problem) {
      let target = setup.folder.path(place)
      if rename(aside, target) == 0 { return }
      do throws(ToolkitFailure) {
        try BatchFolder.make(folder: String(target[..<target.lastIndex(of: "/")!]))
      } catch {
        throw Problem(failure: error, step: .export)
      }
      guard rename(aside, target) == 0 else {
        throw problem(.file(path: target, action: .rename, errno: errno), .running(.export), .export)
      }
    }

    // MARK: Pictures

    /// Pixels on the side of a picture for the report.
    private static let side = 240

    /// The part before and after, or the part where nothing made another of it.
    private func overview(of input: Mesh, _ results: [OperationResult]) throws(Problem) -> [BatchRecord.Picture] {
      guard setup.drawsPictures else { return [] }
      let options = ThumbnailOptions.onWhite(FileWork.side)
      do throws(MeshError) {
        guard let after = results.compactMap(\.mesh).last, after != input else {
          return [try keep(try input.rendered(options, run), showing: .part)]
        }
        return [try keep(try Image.comparison(of: input, with: after, options, run), showing: .changes)]
      } catch {
        throw problem(error, .running(.thumbnail), .thumbnail)
      }
    }

    /// The picture of a step that shows more than a change.
    private func picture(
      of result: OperationResult, _ operation: OperationName
    ) throws(Problem) -> [BatchRecord.Picture] {
      let subject: BatchRecord.Picture.Subject
      switch operation {
      case .wallThicknessAnalysis: subject = .walls
      case .hollowing: subject = .section
      default: return []
      }
      guard let draw = result.picture else { return [] }
      do throws(MeshError) {
        return [try keep(try draw(FileWork.side, run), showing: subject)]
      } catch {
        throw problem(error, .running(.thumbnail), .thumbnail)
      }
    }

    private func keep(_ image: Image, showing subject: BatchRecord.Picture.Subject) throws(MeshError)
      -> BatchRecord.Picture
    {
      let place = BatchFolder.picture(task.input.name, subject)
      let aside = folder + "/picture"
      try ResultFile(.png(try image.encodedPNG())).write(to: aside, run)
      do throws(Problem) {
        try move(aside, to: place)
      } catch {
        throw error.cause ?? .file(path: place, action: .rename, errno: EIO)
      }
      return BatchRecord.Picture(shows: subject, path: place)
    }

    // MARK: What goes wrong

    private func problem(_ error: MeshError, _ stage: ToolkitFailure.Stage, _ step: OperationName) -> Problem {
      Problem(
        failure: ToolkitFailure(error, during: stage, file: stage == .reading ? task.input.path : nil, .batch),
        step: step, cause: error)
    }

    private mutating func note(_ problem: Problem) {
      record.errors = problem.failure.entries.map {
        .init(code: $0.error.code.rawValue, message: $0.message, step: problem.step.rawValue)
      }
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
