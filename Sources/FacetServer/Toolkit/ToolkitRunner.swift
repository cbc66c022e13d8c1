#if Server
  import Facet
  import FacetContract
  import FacetOperations
  import FacetService
  import Foundation

  /// Does the toolkit API's operations.
  struct ToolkitRunner: JobRunner {
    let presenter: ToolkitPresenter
    private let models: ModelCache
    private var settings: ToolkitSettings { presenter.settings }

    init(_ presenter: ToolkitPresenter, _ models: ModelCache) {
      self.presenter = presenter
      self.models = models
    }

    func run(_ job: Job, _ workspace: Workspace, _ run: RunContext) -> JobOutcome {
      do {
        let request = try ToolkitContract.validate(job.name, try JSONValue(parsing: Data(job.request.utf8)))
        let (members, files) = try perform(request, job, workspace, run)
        let reply = JSONValue.object([.init("operationId", .string(job.id))] + members)
        return .succeeded(reply.text(), files: files)
      } catch let error as MemoryNeeded {
        models.removeAll()
        return .needsMemory(ToolkitPresenter.stored(error.failure))
      } catch {
        return .failed(ToolkitPresenter.stored(ToolkitFailure(error, settings)))
      }
    }

    func notification(of job: Job) -> String { presenter.status(of: job, progress: 1).text() }

    private func perform(
      _ request: OperationRequest, _ job: Job, _ workspace: Workspace, _ run: RunContext
    ) throws -> ([JSONValue.Member], [NewFile]) {
      guard let file = workspace.input, let path = workspace.inputPath else {
        throw ServiceError.fileNotFound(job.input ?? "")
      }
      let operation = request.makeOperation()
      let options = operation.importOptions ?? ImportOptions()
      let input = try engine(during: .reading, file: file.id) { () throws(MeshError) in
        let source = try ByteSource.file(path)
        return OperationInput(try models.read(source, options, run.slice(0...0.15)), from: source, options)
      }
      try request.check(against: input.mesh, settings)
      var result = try engine(during: .running(request.operation)) { () throws(MeshError) in
        try operation.run(input, run.slice(0.15...0.9))
      }
      // Bytes that are the model already are not written again. Text is, because it takes longer to read; and so is what
      // may only be read with salvage.
      if request.operation == .import, input.report?.encoding == .binary, !options.salvage {
        result.original = input.original
      }
      let files = try keep(result, of: request.operation, file, workspace, run.slice(0.9...1))
      return (members(files, result, of: request.operation), files.map(\.file))
    }

    private func engine<Value>(
      during stage: ToolkitFailure.Stage, file: String? = nil, _ body: () throws(MeshError) -> Value
    ) throws -> Value {
      do {
        return try body()
      } catch {
        let failure = ToolkitFailure(error, during: stage, file: file, settings)
        if case .memoryBudgetExceeded = error { throw MemoryNeeded(failure: failure) }
        throw failure
      }
    }

    // MARK: Results

    private typealias KeptFile = (fieldNames: [String], file: NewFile)

    /// Writes what the operation made: what its form calls `resultId` or `fileId`, then the files beside it, each by
    /// its label.
    private func keep(
      _ result: OperationResult, of operation: OperationName, _ input: StoredFile, _ workspace: Workspace,
      _ run: RunContext
    ) throws -> [KeptFile] {
      var files: [KeptFile] = []
      let references = ToolkitForm.of(operation).references.map(\.rawValue)
      if !references.isEmpty, let made = result.file ?? ResultFile(meshOf: result, as: .stl) {
        files.append((references, try keep(made, of: operation, input, workspace, run)))
      }
      for extra in result.extras {
        let name = (extra.label ?? "extra") + "FileId"
        files.append(([name], try keep(extra, of: operation, input, workspace, run)))
      }
      return files
    }

    private func keep(
      _ made: ResultFile, of operation: OperationName, _ input: StoredFile, _ workspace: Workspace,
      _ run: RunContext
    ) throws -> NewFile {
      let stem = input.name.hasSuffix(".stl") ? String(input.name.dropLast(4)) : input.name
      let name = "\(stem).\(made.label ?? operation.rawValue).\(made.pathExtension)"
      if case .original = made.content, let same = workspace.keepInput(name, mediaType: made.mediaType) {
        return same
      }
      return try workspace.keep(name, mediaType: made.mediaType) { path in
        try engine(during: .running(operation)) { () throws(MeshError) in try made.write(to: path, run) }
      }
    }

    private func members(
      _ files: [KeptFile], _ result: OperationResult, of operation: OperationName
    ) -> [JSONValue.Member] {
      files.flatMap { kept in kept.fieldNames.map { .init($0, .string(kept.file.id)) } } + result.fields
    }
  }

  /// The engine would allocate more than the job's share.
  private struct MemoryNeeded: Error {
    let failure: ToolkitFailure
  }
#endif
