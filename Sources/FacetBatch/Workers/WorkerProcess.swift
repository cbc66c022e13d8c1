#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import Subprocess

  /// A slot of a batch in which files are worked on by a process of its own: one that crashes, or does not come to an
  /// end, takes one file with it, and the next file gets a new process.
  struct WorkerProcess {
    let executable: String
    let arguments: [String]
    let setup: WorkSetup
    let queue: WorkQueue
    /// Told what came of each file.
    let report: @Sendable (@escaping Batch.PendingResult) -> Void

    /// A worker that has not said anything this long after the time for its file is ended.
    private static let grace = Duration.seconds(5)
    /// A crash is told by the batch, at once. Large arrays go back to the system when they are done with: by itself glibc
    /// soon keeps them. (Giving back small ones, too, would cost a page fault for every 4 KiB of each.)
    private static let environment: [Environment.Key: String?] = [
      "SWIFT_BACKTRACE": "enable=no", "MALLOC_MMAP_THRESHOLD_": "1048576",
      "MALLOC_TRIM_THRESHOLD_": "4194304",
    ]
    /// A file whose worker crashed gets another: it may have been the machine's fault.
    private static let attempts = 2

    /// Works until the queue has nothing more.
    func serve() async throws {
      while let task = await queue.next() {
        var unfinished: Unfinished? = Unfinished(task: task, attempt: 1)
        while let current = unfinished, !Task.isCancelled {
          unfinished = try await serve(beginningWith: current)
        }
        if let unfinished { await queue.end(unfinished.task) }
      }
    }

    /// A task whose worker has not answered.
    private struct Unfinished {
      let task: WorkTask
      var attempt: Int
      var step = OperationName.import.rawValue
      var sha256: String?
      var bytes: Int?
      /// It was ended because it took too long.
      var isLate = false
    }

    /// Works in one process until the queue has nothing more, or the process ends.
    ///
    /// - Returns: A task that is to be tried once more.
    private func serve(beginningWith first: Unfinished) async throws -> Unfinished? {
      var options = PlatformOptions()
      // Ctrl-C in a terminal is for the batch, which decides what is to become of its workers.
      options.processGroupID = 0
      options.teardownSequence = [
        .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
      ]
      let result = try await Subprocess.run(
        .path(.init(executable)), arguments: Arguments(arguments),
        environment: .inherit.updating(WorkerProcess.environment), platformOptions: options,
        input: .inputWriter, output: .sequence, error: .currentStandardError
      ) { execution -> Unfinished? in
        var lines = WorkerLines(execution.standardOutput)
        let input = execution.standardInputWriter
        var next: Unfinished? = first
        do {
          _ = try await input.write(setup.json.text() + "\n")
          while var current = next {
            _ = try await input.write(current.task.json.text() + "\n")
            let watchdog = Task {
              try await Task.sleep(for: .seconds(setup.timeout) + WorkerProcess.grace)
              try execution.send(signal: .kill, toProcessGroup: true)
            }
            defer { watchdog.cancel() }
            var isAnswered = false
            while !isAnswered, let line = try await lines.next() {
              isAnswered = await take(line, of: &current)
            }
            watchdog.cancel()
            guard isAnswered else {
              current.isLate = (try? await watchdog.value) != nil
              return current
            }
            next = await queue.next().map { Unfinished(task: $0, attempt: 1) }
          }
          try await input.finish()
        } catch is SubprocessError {
          // It has ended before it could be told anything.
          return next
        }
        return nil
      }
      guard let unfinished = result.closureResult, !Task.isCancelled else { return result.closureResult }
      return await retry(unfinished, result.terminationStatus)
    }

    /// - Returns: Whether the worker is done with the task.
    private func take(_ line: [UInt8], of unfinished: inout Unfinished) async -> Bool {
      let task = unfinished.task
      if WorkNews.isRecord(line) {
        report { [unfinished] in
          if case .record(let record)? = WorkNews(line: line) { return .record(record) }
          return .record(failed(unfinished, .operationFailed, "the process that worked on it told nonsense"))
        }
        await queue.end(task)
        return true
      }
      guard let news = WorkNews(line: line) else { return false }
      if case .step(let step, let sha256, let bytes) = news {
        (unfinished.step, unfinished.sha256, unfinished.bytes) = (step, sha256, bytes)
        return false
      }
      if let result = await queue.end(task, with: news) { report { result } }
      return true
    }

    /// - Returns: The task, when it is to be tried once more; otherwise what came of it has been told.
    private func retry(_ unfinished: Unfinished, _ status: TerminationStatus) async -> Unfinished? {
      var again = unfinished
      again.attempt += 1
      if !unfinished.isLate, again.attempt <= WorkerProcess.attempts { return again }
      var record: BatchRecord
      if unfinished.isLate {
        record = failed(
          unfinished, .timeout, "it took longer than \(setup.timeout) s, and did not stop when asked to")
        record.limit = .seconds(setup.timeout)
      } else {
        record = failed(
          unfinished, .operationFailed,
          "the process that worked on it ended by itself, \(status.inWords), twice")
      }
      report { [record] in .record(record) }
      await queue.end(unfinished.task)
      return nil
    }

    private func failed(_ unfinished: Unfinished, _ error: ToolkitError, _ detail: String) -> BatchRecord {
      var record = BatchRecord(
        unfinished.task.input, .failed, version: EngineVersion.current, pipeline: setup.pipeline.fingerprint)
      (record.sha256, record.bytes) = (unfinished.sha256, unfinished.bytes)
      record.note(ToolkitFailure(error, detail: detail), during: unfinished.step)
      return record
    }
  }

  extension TerminationStatus {
    fileprivate var inWords: String {
      switch self {
      case .exited(let code): "with status \(code)"
      case .signaled(let signal): "by signal \(signal)"
      }
    }
  }
#endif
