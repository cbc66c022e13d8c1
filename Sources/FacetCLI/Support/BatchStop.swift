#if CommandLine
  import FacetBatch

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// What signals do to a batch: Ctrl-C lets the files that are worked on be finished (the batch itself sees to that),
  /// a second one and SIGTERM drop them.
  enum BatchStop {
    /// Does the batch, and tells of each result.
    static func during(_ batch: Batch, _ progress: BatchProgress) async throws {
      // A worker that has crashed must not take this process with it, nor must a reader of its output that is gone.
      signal(SIGPIPE, SIG_IGN)
      let results = try batch.results()
      try await withThrowingTaskGroup(of: Void.self) { group in
        let work = Task { for try await result in results { await progress.add(result) } }
        group.addTask { try await work.value }
        group.addTask {
          var hasSaid = false
          while !Task.isCancelled {
            if Signals.asksToDrop { return work.cancel() }
            if Signals.exitStatus != nil, !hasSaid {
              hasSaid = true
              await progress.say("finishing the files that are worked on; Ctrl-C again drops them")
            }
            try await Task.sleep(for: .milliseconds(50))
          }
        }
        try await group.next()
        group.cancelAll()
      }
    }
  }
#endif
