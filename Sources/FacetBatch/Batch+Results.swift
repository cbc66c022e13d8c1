#if CommandLine
  import Dispatch
  import Facet
  import FacetContract
  import FacetOperations

  extension Batch {
    /// What comes of the files, in the order in which they end.
    public struct Results: AsyncSequence, Sendable {
      public typealias Element = BatchResult
      public typealias Failure = any Error

      /// The number of files.
      public let count: Int
      private let stream: AsyncThrowingStream<BatchResult, any Error>

      init(_ batch: Batch, _ journal: sending Journal, _ tasks: [WorkTask]) {
        count = tasks.count
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: BatchResult.self)
        self.stream = stream
        let log = Log(journal, continuation)
        let work = Task {
          let queue = WorkQueue(tasks, stop: batch.options.stop)
          var failure: (any Error)?
          do {
            try await withTaskCancellationHandler {
              try await batch.work(queue, log)
            } onCancel: {
              Task { await queue.close() }
            }
          } catch {
            failure = error
          }
          // Whoever has seen the last result may begin another batch in the folder.
          await log.close()
          BatchFolder.remove(batch.folder.scratch(batch.options.shard))
          continuation.finish(throwing: failure)
        }
        continuation.onTermination = { _ in work.cancel() }
      }

      public func makeAsyncIterator() -> AsyncThrowingStream<BatchResult, any Error>.AsyncIterator {
        stream.makeAsyncIterator()
      }
    }

    /// Writes records down before it hands them on.
    fileprivate actor Log {
      /// nil once it is closed, which lets go of the folder.
      private var journal: Journal?
      private let continuation: AsyncThrowingStream<BatchResult, any Error>.Continuation

      init(
        _ journal: sending Journal, _ continuation: AsyncThrowingStream<BatchResult, any Error>.Continuation
      ) {
        self.journal = journal
        self.continuation = continuation
      }

      func add(_ result: BatchResult) throws {
        if case .record(let record) = result { try journal?.append(record) }
        continuation.yield(result)
      }

      func close() { journal = nil }
    }

    /// What came of a file, made out when it is written down.
    typealias PendingResult = @Sendable () -> BatchResult

    /// Workers go on while what they said is read and written down.
    fileprivate func work(_ queue: WorkQueue, _ log: Log) async throws {
      let (results, continuation) = AsyncStream.makeStream(of: PendingResult.self)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          // A task of its own: what is done is written down also when everything else is cancelled.
          try await Task { for await result in results { try await log.add(result()) } }.value
        }
        group.addTask {
          defer { continuation.finish() }
          try await work(queue) { continuation.yield($0) }
        }
        for try await _ in group {}
      }
    }

    private func work(
      _ queue: WorkQueue, _ report: @escaping @Sendable (@escaping PendingResult) -> Void
    ) async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for slot in 0..<options.jobs {
          let setup = try setup(slot)
          group.addTask {
            switch options.isolation {
            case .none: await WorkerThread(setup: setup, queue: queue, report: report).serve()
            case .processes(let executable, let arguments):
              try await WorkerProcess(
                executable: executable, arguments: arguments, setup: setup, queue: queue, report: report
              ).serve()
            }
          }
        }
        let watch = Task {
          while !Task.isCancelled, let stop = options.stop {
            if stop.isCancelled { return await queue.close() }
            try? await Task.sleep(for: .milliseconds(50))
          }
        }
        defer { watch.cancel() }
        for try await _ in group {}
      }
    }

    private func setup(_ slot: Int) throws(ToolkitFailure) -> WorkSetup {
      let scratch = folder.scratch(options.shard) + "/\(slot)"
      try BatchFolder.make(folder: scratch)
      return WorkSetup(
        pipeline: pipeline, folder: folder, scratch: scratch, drawsPictures: options.drawsPictures,
        threads: options.threads, share: options.memoryBudget / options.jobs, budget: options.memoryBudget,
        timeout: options.timeout)
    }
  }
#endif
