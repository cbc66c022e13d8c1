#if CommandLine
  import Facet

  /// The files that are still to be worked on, handed out to whoever has time.
  ///
  /// A file that needs more memory than its share waits until all others are done, and is then worked on alone.
  actor WorkQueue {
    private var pending: ArraySlice<WorkTask>
    private var large: [WorkTask] = []
    private var running = 0
    private var isOneAlone = false
    private var isClosed = false
    private let stop: Cancellation?
    private var waiting: [CheckedContinuation<WorkTask?, Never>] = []

    /// - Parameter stop: Once it is cancelled nothing more is handed out.
    init(_ tasks: [WorkTask], stop: Cancellation? = nil) {
      pending = tasks[...]
      self.stop = stop
    }

    /// The next task; waits while what runs may still come back. Nil when there is nothing more to do.
    func next() async -> WorkTask? {
      await withCheckedContinuation { continuation in
        waiting.append(continuation)
        serve()
      }
    }

    /// The next task, if there is one that can be begun now.
    func nextIfReady() -> WorkTask? {
      if isClosed || isOneAlone || stop?.isCancelled == true { return nil }
      guard let task = pending.popFirst() else { return nil }
      running += 1
      return task
    }

    /// The worker is done with the task.
    ///
    /// - Parameter news: What ends it.
    /// - Returns: What came of the file, if it is not to be done again.
    func end(_ task: WorkTask, with news: WorkNews) -> BatchResult? {
      if case .needsMore = news {
        postpone(task)
      } else {
        end(task)
      }
      return switch news {
      case .record(let record): .record(record)
      case .unchanged: task.unchanged
      case .needsMore, .dropped, .step, .finishing: nil
      }
    }

    /// The task is done with, whatever came of it.
    func end(_ task: WorkTask) {
      running -= 1
      isOneAlone = false
      serve()
    }

    /// The task is to be done later, when nothing else is.
    private func postpone(_ task: WorkTask) {
      var task = task
      task.isAlone = true
      large.append(task)
      end(task)
    }

    /// Hands out nothing more.
    func close() {
      isClosed = true
      serve()
    }

    private func serve() {
      if stop?.isCancelled == true { isClosed = true }
      while let continuation = waiting.first {
        if !isClosed && !isOneAlone, let task = pending.popFirst() {
          running += 1
          continuation.resume(returning: task)
        } else if !isClosed && running == 0, !large.isEmpty {
          running += 1
          isOneAlone = true
          continuation.resume(returning: large.removeFirst())
        } else if isClosed || running == 0 {
          continuation.resume(returning: nil)
        } else {
          return
        }
        waiting.removeFirst()
      }
    }
  }
#endif
