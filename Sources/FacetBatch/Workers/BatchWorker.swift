#if CommandLine
  import Facet
  import FacetOperations
  import Foundation

  /// The other end of a worker process: what ``Batch/Isolation/processes(executable:arguments:)`` starts calls it.
  public enum BatchWorker {
    /// Works on the files that standard input names, a line each, and says on standard output what came of them, until
    /// the input ends.
    ///
    /// - Parameter stop: Drops the file that is worked on, and leaves nothing half made.
    public static func serve(stop: Cancellation = Cancellation()) {
      endWithParent(stop)
      guard let line = readLine(), let json = try? JSONValue(parsing: line.utf8),
        let setup = WorkSetup(json: json)
      else { return }
      limitMemory(to: setup.budget)
      // Bytes of files since memory was given back last.
      var worked = 0
      while !stop.isCancelled, let line = readLine() {
        guard let json = try? JSONValue(parsing: line.utf8), let task = WorkTask(json: json) else { return }
        let deadline = Deadline(after: setup.timeout, or: stop)
        let news = FileWork.perform(setup, task, deadline, tell: say)
        say(news)
        if case .record(let record) = news { worked += record.bytes ?? 0 }
        if worked > givesMemoryBackEvery {
          giveMemoryBack()
          worked = 0
        }
      }
    }

    /// Bytes of files. Small ones leave little, and what was given back costs a page fault when it is wanted again.
    private static let givesMemoryBackEvery = 2 << 20

    private static func say(_ news: WorkNews) {
      var bytes = Array((news.json.text() + "\n").utf8)[...]
      while !bytes.isEmpty {
        let written = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress!, $0.count) }
        if written > 0 {
          bytes = bytes.dropFirst(written)
        } else if errno != EINTR {
          // Nobody listens any more.
          exit(1)
        }
      }
    }

    /// A worker whose parent is gone (`kill -9`) works for nobody: it stops, and a second later ends.
    private static func endWithParent(_ stop: Cancellation) {
      let parent = getppid()
      Thread.detachNewThread {
        while getppid() == parent { Thread.sleep(forTimeInterval: 0.05) }
        stop.cancel()
        Thread.sleep(forTimeInterval: 1)
        exit(1)
      }
    }

    /// Lets the system have the allocator's free pages. Those between blocks that are in use glibc keeps by itself, and so a
    /// large file would leave its mark on the memory of all that follow.
    private static func giveMemoryBack() {
      #if canImport(Glibc)
        // The platform's module does not have it.
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)(0)
      #endif
    }

    /// The engine estimates before it allocates; should an estimate be wrong, this process ends and not the machine.
    private static func limitMemory(to budget: Int) {
      #if os(Linux)
        let slack = 1 << 30
        var limit = rlimit(rlim_cur: rlim_t(budget + slack), rlim_max: rlim_t(budget + slack))
        setrlimit(.init(RLIMIT_DATA.rawValue), &limit)
      #endif
    }
  }
#endif
