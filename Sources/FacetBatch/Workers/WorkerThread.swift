#if CommandLine
  import Dispatch
  import Facet

  /// A slot of a batch in which files are worked on by a thread of this process.
  struct WorkerThread {
    let setup: WorkSetup
    let queue: WorkQueue
    /// Told what came of each file.
    let report: @Sendable (@escaping Batch.PendingResult) -> Void

    /// Mesh work takes seconds: it would be in the way of others on the threads that tasks share.
    private static let threads = DispatchQueue(label: "facet batch", attributes: .concurrent)

    /// Works until the queue has nothing more.
    func serve() async {
      while let task = await queue.next() {
        let stop = Cancellation()
        let news = await withTaskCancellationHandler {
          await withCheckedContinuation { continuation in
            WorkerThread.threads.async {
              let deadline = Deadline(after: setup.timeout, or: stop)
              continuation.resume(returning: FileWork.perform(setup, task, deadline) { _ in })
            }
          }
        } onCancel: {
          stop.cancel()
        }
        if let result = await queue.end(task, with: news) { report { result } }
      }
    }
  }
#endif
