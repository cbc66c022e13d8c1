#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import Foundation

  /// Many files through one pipeline: a file that fails, crashes its worker, runs out of time or of memory is reported,
  /// and the rest goes on.
  ///
  /// ```swift
  /// var list = InputList()
  /// try list.add("parts")
  /// let batch = Batch(
  ///   pipeline: try PipelineRequest(steps: "repair,thumbnail"), inputs: try list.inputs(), folder: BatchFolder("result"))
  /// for try await result in try batch.results() {
  ///   if case .record(let record) = result, record.outcome != .done { print(record.name, record.errors) }
  /// }
  /// try BatchReport(of: [batch.folder]).write(to: batch.folder)
  /// ```
  ///
  /// The results are the same bytes on any number of workers, in any order, and after any number of interruptions.
  public struct Batch: Sendable {
    public var pipeline: PipelineRequest
    /// Of the whole batch, also where this is one of its shards.
    public var inputs: [BatchInput]
    public var folder: BatchFolder
    public var options: BatchOptions

    public init(
      pipeline: PipelineRequest, inputs: [BatchInput], folder: BatchFolder,
      options: BatchOptions = BatchOptions()
    ) {
      self.pipeline = pipeline
      self.inputs = inputs
      self.folder = folder
      self.options = options
    }

    /// How the files are kept from harming each other and the batch.
    public enum Isolation: Sendable {
      /// Not at all: they are worked on by threads of this process, which a crash would end.
      case none
      /// Each worker is a process of its own that calls ``BatchWorker/serve(stop:)``.
      case processes(executable: String, arguments: [String])
    }

    /// The files of this shard, sorted by name.
    public var shardInputs: [BatchInput] { options.shard?.part(of: inputs) ?? inputs }

    /// Does the work, and gives what came of each file as it ends; what is given is in the journal already.
    ///
    /// Cancelling the task that reads them drops the files that are worked on, and leaves nothing half made.
    ///
    /// - Throws: Code 13 for a folder that another batch has; code 11 or 10 for one that cannot be written. The
    ///   sequence throws the same when the disk fills up.
    public func results() throws(ToolkitFailure) -> Results {
      let journal = try open()
      let known = try options.resumes ? knownFiles() : [:]
      let tasks = shardInputs.map { WorkTask(input: $0, known: known[$0.name]) }
      return Results(self, journal, tasks)
    }

    private func open() throws(ToolkitFailure) -> Journal {
      try BatchFolder.make(folder: folder.path)
      guard options.resumes || folder.journals.isEmpty || isOnlyMissingShard else {
        throw ToolkitFailure(
          .invalidParameter("out"),
          detail:
            "\(folder.path) holds the report of another run; --resume goes on with it, a new folder begins anew"
        )
      }
      let journal = try Journal(folder.journal(options.shard))
      BatchFolder.remove(folder.scratch(options.shard))
      try folder.describe(pipeline, inputs)
      return journal
    }

    /// Whether the reports in the folder are those of other shards of the same batch.
    private var isOnlyMissingShard: Bool {
      guard let shard = options.shard, !shard.isWhole, let there = try? folder.description() else {
        return false
      }
      return !folder.journals.contains(folder.journal(shard)) && there.inputs == inputs
        && there.pipeline == pipeline
    }

    /// Of each file that an earlier run has done, with these steps and this version, what to compare it with.
    private func knownFiles() throws(ToolkitFailure) -> [String: WorkTask.Known] {
      let fingerprint = pipeline.fingerprint
      var known: [String: WorkTask.Known] = [:]
      for journal in folder.journals {
        try Journal.forEachRecord(in: journal, reading: BatchRecord.init(line:)) { (_, record) in
          guard record.pipeline == fingerprint, record.version == EngineVersion.current, isSettled(record),
            let sha256 = record.sha256
          else { return }
          known[record.name] = .init(sha256: sha256, outputs: record.outputs, outcome: record.outcome)
        }
      }
      return known
    }

    /// Whether doing it again would give the same.
    private func isSettled(_ record: BatchRecord) -> Bool {
      switch (record.outcome, record.limit) {
      case (.done, _), (.failed, nil): true
      case (.failed, .seconds(let seconds)?): options.timeout <= seconds
      case (.failed, .bytes(let bytes)?): options.memoryBudget <= bytes
      case (.stopped, _), (.missing, _): false
      }
    }
  }
#endif
