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
    let report: @Sendable (BatchResult) async throws -> Void

    /// A worker that has not said anything this long after the time for its file is ended.
    private static let grace = Duration.seconds(5)
    /// A crash is told by the batch, at once. Large arrays go back to the system when they are done with: by itself glibc
    /// soon keeps them, and a large file would leave its mark on the memory of all that follow.
    private static let environment: [Environment.Key: String?] = [
      "SWIFT_BACKTRACE": "enable=no", "MALLOC_MMAP_THRESHOLD_": "262144",
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
            var answer: WorkNews?
            while answer == nil, let line = try await lines.next() {
              switch (try? JSONValue(parsing: line)).flatMap(WorkNews.init) {
              case .step(let step, let sha256, let bytes)?:
                (current.step, current.sha256, current.bytes) = (step, sha256, bytes)
              case let news: answer = news
              }
            }
            watchdog.cancel()
            guard let answer else {
              current.isLate = (try? await watchdog.value) != nil
              return current
            }
            try await take(answer, of: current.task)
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
      return try await retry(unfinished, result.terminationStatus)
    }

    private func take(_ answer: WorkNews, of task: WorkTask) async throws {
      switch answer {
      case .record(let record): try await report(.record(record))
      case .needsMore: return await queue.postpone(task)
      case .unchanged: try await report(task.unchanged)
      case .dropped, .step: break
      }
      await queue.end(task)
    }

    /// - Returns: The task, when it is to be tried once more; otherwise what came of it has been told.
    private func retry(_ unfinished: Unfinished, _ status: TerminationStatus) async throws -> Unfinished? {
      var again = unfinished
      again.attempt += 1
      if !unfinished.isLate, again.attempt <= WorkerProcess.attempts { return again }
      var record = BatchRecord(
        unfinished.task.input, .failed, version: EngineVersion.current, pipeline: setup.pipeline.fingerprint)
      (record.sha256, record.bytes) = (unfinished.sha256, unfinished.bytes)
      let failure: ToolkitFailure
      if unfinished.isLate {
        failure = ToolkitFailure(
          .timeout, detail: "it took longer than \(setup.timeout) s, and did not stop when asked to")
        record.limit = .seconds(setup.timeout)
      } else {
        failure = ToolkitFailure(
          .operationFailed, detail: "the process that worked on it ended by itself, \(status.inWords), twice")
      }
      record.note(failure, during: unfinished.step)
      try await report(.record(record))
      await queue.end(unfinished.task)
      return nil
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
