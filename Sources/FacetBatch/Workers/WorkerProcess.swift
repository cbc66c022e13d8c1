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
      "SWIFT_BACKTRACE": "enable=no", "MALLOC_MMAP_THRESHOLD_": "8388608",
      "MALLOC_TRIM_THRESHOLD_": "33554432",
    ]
    /// A file whose worker crashed gets another: it may have been the machine's fault.
    private static let attempts = 2

    /// Works until the queue has nothing more.
    func serve() async throws {
      var unfinished: [Unfinished] = []
      while !Task.isCancelled {
        if unfinished.isEmpty {
          guard let task = await queue.next() else { return }
          unfinished = [Unfinished(task: task)]
        }
        unfinished = try await serve(beginningWith: unfinished)
      }
      for left in unfinished { await queue.end(left.task) }
    }

    /// A task whose worker has not answered.
    private struct Unfinished {
      let task: WorkTask
      var attempt = 1
      var step = OperationName.import.rawValue
      var sha256: String?
      var bytes: Int?
      /// Its results are being written.
      var isFinishing = false
      /// It was ended because it took too long.
      var isLate = false
    }

    /// Works in one process until the queue has nothing more, or the process ends.
    ///
    /// - Returns: Tasks that are still to be done.
    private func serve(beginningWith first: [Unfinished]) async throws -> [Unfinished] {
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
      ) { execution -> [Unfinished] in
        var lines = WorkerLines(execution.standardOutput)
        let input = execution.standardInputWriter
        // The one that is worked on, and perhaps the one after it.
        var sent = first
        do {
          _ = try await input.write(setup.json.text() + "\n")
          for unfinished in first { _ = try await input.write(unfinished.task.line) }
          while !sent.isEmpty {
            let watchdog = Task {
              try await Task.sleep(for: .seconds(setup.timeout) + WorkerProcess.grace)
              try execution.send(signal: .kill, toProcessGroup: true)
            }
            defer { watchdog.cancel() }
            var isAnswered = false
            while !isAnswered, let line = try await lines.next() {
              isAnswered = await take(line, of: &sent[0])
              if !isAnswered, sent[0].isFinishing, sent.count == 1, let task = await queue.nextIfReady() {
                sent.append(Unfinished(task: task))
                _ = try await input.write(task.line)
              }
            }
            watchdog.cancel()
            guard isAnswered else {
              sent[0].isLate = (try? await watchdog.value) != nil
              return sent
            }
            sent.removeFirst()
            if sent.isEmpty, let task = await queue.next() {
              sent.append(Unfinished(task: task))
              _ = try await input.write(task.line)
            }
          }
          try await input.finish()
        } catch is SubprocessError {
          // It has ended before it could be told anything.
          return sent
        }
        return []
      }
      let unfinished = result.closureResult
      guard let worked = unfinished.first, !Task.isCancelled else { return unfinished }
      return await retry(worked, result.terminationStatus) + unfinished.dropFirst()
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
      switch news {
      case .step(let step, let sha256, let bytes):
        (unfinished.step, unfinished.sha256, unfinished.bytes) = (step, sha256, bytes)
        return false
      case .finishing:
        (unfinished.step, unfinished.isFinishing) = (OperationName.export.rawValue, true)
        return false
      default: break
      }
      if let result = await queue.end(task, with: news) { report { result } }
      return true
    }

    /// - Returns: The task, when it is to be tried once more; otherwise what came of it has been told.
    private func retry(_ unfinished: Unfinished, _ status: TerminationStatus) async -> [Unfinished] {
      if !unfinished.isLate, unfinished.attempt < WorkerProcess.attempts {
        var again = unfinished
        again.attempt += 1
        again.isFinishing = false
        return [again]
      }
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
      return []
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

  extension WorkTask {
    /// As a worker reads it.
    fileprivate var line: String { json.text() + "\n" }
  }
#endif
