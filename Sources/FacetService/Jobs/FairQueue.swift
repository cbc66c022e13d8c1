#if Server
  /// Jobs that wait. The account with the fewest running is served first, of equals the one that was served longest
  /// ago: however much one account asks for, another's single job is next.
  struct FairQueue {
    private var waiting: [String: [Job]] = [:]
    private var running: [String: Int] = [:]
    private var lastServed: [String: Int] = [:]
    private var clock = 0

    private(set) var count = 0

    mutating func add(_ job: Job) {
      waiting[job.account, default: []].append(job)
      count += 1
    }

    /// Takes the next job out; it counts as running until ``finished(_:)``.
    mutating func next() -> Job? {
      let account = waiting.keys.min { rank($0) < rank($1) }
      guard let account, var jobs = waiting[account] else { return nil }
      let job = jobs.removeFirst()
      waiting[account] = jobs.isEmpty ? nil : jobs
      count -= 1
      clock += 1
      lastServed[account] = clock
      running[account, default: 0] += 1
      return job
    }

    mutating func finished(_ job: Job) {
      let left = running[job.account, default: 1] - 1
      running[job.account] = left == 0 ? nil : left
      // Who has nothing waiting or running is forgotten, or the table would grow with every account.
      if left == 0, waiting[job.account] == nil { lastServed[job.account] = nil }
    }

    private func rank(_ account: String) -> (Int, Int, String) {
      (running[account] ?? 0, lastServed[account] ?? 0, account)
    }
  }
#endif
