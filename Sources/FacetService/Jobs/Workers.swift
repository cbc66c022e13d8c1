#if Server
  import Facet
  import Foundation
  import Logging
  import Synchronization

  /// Threads that do the jobs. Mesh work takes seconds, so it has threads of its own: requests are never behind it.
  ///
  /// Each job gets an equal share of the memory. One that needs more waits until it is alone, and then has it all.
  final class Workers: @unchecked Sendable {
    private let journal: JobJournal
    private let runner: any JobRunner
    private let settings: ServiceSettings
    private let logger: Logger

    private let condition = NSCondition()
    // Under the condition's lock:
    private var queue = FairQueue()
    private var large: [Job] = []
    private var running: [String: Running] = [:]
    /// Whether what runs is a large job.
    private var isOneAlone = false
    private var threads = 0
    private var isStopping = false

    /// Told about each job that has ended.
    var onEnd: @Sendable (Job) -> Void = { _ in }

    private final class Running: Sendable {
      let cancellation = Cancellation()
      let progress = Atomic<Double>(0)
      let deadline: Date
      let isTimedOut = Atomic<Bool>(false)

      init(deadline: Date) { self.deadline = deadline }

      /// Threads report in any order.
      func advance(to fraction: Double) {
        var known = progress.load(ordering: .relaxed)
        while known < fraction {
          let (isDone, newer) = progress.weakCompareExchange(
            expected: known, desired: fraction, ordering: .relaxed)
          if isDone { return }
          known = newer
        }
      }
    }

    init(_ journal: JobJournal, _ runner: any JobRunner, _ settings: ServiceSettings, _ logger: Logger) {
      self.journal = journal
      self.runner = runner
      self.settings = settings
      self.logger = logger
    }

    func start() {
      for index in 0..<settings.workers {
        start("facet worker \(index)") { [self] in
          #if canImport(Glibc)
            // On Linux this is the thread's: whoever asks is answered at once, however busy the workers are. Threads
            // that a worker starts inherit it.
            setpriority(.init(PRIO_PROCESS.rawValue), 0, 10)
          #endif
          while let (job, isLarge, state) = take() { perform(job, isLarge, state) }
        }
      }
      start("facet deadlines") { [self] in watchDeadlines() }
    }

    func add(_ job: Job) {
      locked {
        queue.add(job)
        condition.broadcast()
      }
    }

    /// Ends what runs, to be begun again by the next process, and waits until the threads are gone.
    func stop() {
      condition.lock()
      isStopping = true
      for state in running.values { state.cancellation.cancel() }
      condition.broadcast()
      while threads > 0 { condition.wait() }
      condition.unlock()
    }

    /// How far a job is, from 0 to 1; nil when it is not running.
    func progress(of job: String) -> Double? {
      locked { running[job] }?.progress.load(ordering: .relaxed)
    }

    var counts: (waiting: Int, running: Int) { locked { (queue.count + large.count, running.count) } }

    // MARK: Threads

    private func locked<Value>(_ body: () -> Value) -> Value {
      condition.lock()
      defer { condition.unlock() }
      return body()
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
      locked { threads += 1 }
      let thread = Thread { [self] in
        body()
        locked {
          threads -= 1
          condition.broadcast()
        }
      }
      thread.name = name
      thread.stackSize = 8 << 20
      thread.start()
    }

    private func take() -> (Job, isLarge: Bool, Running)? {
      condition.lock()
      defer { condition.unlock() }
      while !isStopping {
        // Once a large job waits nothing else begins, or it would wait forever.
        if let job = large.first {
          if running.isEmpty {
            large.removeFirst()
            isOneAlone = true
            return (job, true, begin(job))
          }
        } else if !isOneAlone, let job = queue.next() {
          return (job, false, begin(job))
        }
        condition.wait()
      }
      return nil
    }

    private func begin(_ job: Job) -> Running {
      let state = Running(deadline: settings.now() + settings.timeout)
      running[job.id] = state
      return state
    }

    private func watchDeadlines() {
      condition.lock()
      defer { condition.unlock() }
      while !isStopping {
        let now = settings.now()
        for state in running.values where state.deadline <= now {
          state.isTimedOut.store(true, ordering: .relaxed)
          state.cancellation.cancel()
        }
        _ = condition.wait(until: Date() + 0.25)
      }
    }

    // MARK: One job

    private enum Next {
      case done, again, alone
    }

    private func perform(_ job: Job, _ isLarge: Bool, _ state: Running) {
      var next = Next.again
      do {
        next = try work(on: job, isLarge, state)
      } catch {
        // What was done could not be written down: the disk is full. Later it may not be.
        logger.error("operation is put off", metadata: ["operation": "\(job.id)", "error": "\(error)"])
        try? journal.putBack(job.id)
        Thread.sleep(forTimeInterval: 1)
      }
      locked {
        running[job.id] = nil
        queue.finished(job)
        if isLarge { isOneAlone = false }
        switch next {
        case .done: break
        case .again: queue.add(job)
        case .alone: large.append(job)
        }
        condition.broadcast()
      }
    }

    private func work(on job: Job, _ isLarge: Bool, _ state: Running) throws -> Next {
      guard let (begun, workspace) = try journal.begin(job.id) else { return .done }
      let outcome = runner.run(begun, workspace, context(state, isLarge))
      if case .succeeded(let text, let files) = outcome {
        try end(begun, .succeeded, text, files, workspace)
      } else if state.isTimedOut.load(ordering: .relaxed) {
        try end(begun, .timedOut, nil, [], workspace)
      } else if state.cancellation.isCancelled {
        // The service stops; the next process goes on.
        try journal.putBack(begun.id)
      } else if case .needsMemory = outcome, !isLarge {
        try journal.putBack(begun.id)
        return .alone
      } else if case .failed(let text) = outcome {
        try end(begun, .failed, text, [], workspace)
      } else if case .needsMemory(let text) = outcome {
        try end(begun, .failed, text, [], workspace)
      }
      return .done
    }

    private func end(
      _ job: Job, _ state: Job.State, _ outcome: String?, _ files: [NewFile], _ workspace: Workspace
    ) throws {
      do {
        guard let ended = try journal.end(job.id, state, outcome, files) else {
          workspace.discard(files)
          return
        }
        onEnd(ended)
      } catch {
        workspace.discard(files)
        throw error
      }
    }

    private func context(_ state: Running, _ isLarge: Bool) -> RunContext {
      let busy = locked { min(settings.workers, running.count + queue.count) }
      let processors = ProcessInfo.processInfo.activeProcessorCount
      return RunContext(
        threads: isLarge ? processors : max(1, processors / max(1, busy)),
        memoryBudget: isLarge ? settings.memoryBudget : settings.memoryBudget / settings.workers,
        cancellation: state.cancellation, progress: { state.advance(to: $0) })
    }
  }
#endif
