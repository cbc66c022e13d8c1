#if CommandLine
  import Facet

  /// How a batch is done. Nothing of it changes the results.
  public struct BatchOptions: Sendable {
    /// Files that are worked on at the same time.
    public var jobs: Int
    /// Threads that each is worked on with.
    public var threads: Int
    /// Seconds for one file.
    public var timeout: Double
    /// Bytes for all together. A file that needs more than its share of it is worked on alone, in the end.
    public var memoryBudget: Int
    /// Which part of the batch; nil for all of it.
    public var shard: Shard?
    /// Goes on with what an earlier run has left in the folder: what is done, by content, steps and version, is not done
    /// again.
    public var resumes: Bool
    /// Whether pictures for the report are drawn.
    public var drawsPictures: Bool
    public var isolation: Batch.Isolation
    /// Once it is cancelled no more files are begun.
    public var stop: Cancellation?

    /// - Parameters:
    ///   - jobs: nil for all processors this process may run on.
    ///   - threads: nil for an equal share of them, at least 1.
    ///   - memoryBudget: nil for three quarters of what the machine has.
    public init(
      jobs: Int? = nil, threads: Int? = nil, timeout: Double = 600, memoryBudget: Int? = nil,
      shard: Shard? = nil,
      resumes: Bool = false, drawsPictures: Bool = true, isolation: Batch.Isolation = .none,
      stop: Cancellation? = nil
    ) {
      let machine = RunContext()
      self.jobs = max(1, jobs ?? machine.threads)
      self.threads = max(1, threads ?? machine.threads / self.jobs)
      self.timeout = timeout
      self.memoryBudget = memoryBudget ?? machine.memoryBudget / 4 * 3
      self.shard = shard
      self.resumes = resumes
      self.drawsPictures = drawsPictures
      self.isolation = isolation
      self.stop = stop
    }
  }
#endif
