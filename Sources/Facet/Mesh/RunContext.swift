import Synchronization

/// How an operation runs: how many threads and how much memory it may use, whom it tells how far it is,
/// and whether it should stop.
///
/// Results never depend on it: any thread count gives the same bytes.
public struct RunContext: Sendable {
  /// Threads that a parallel loop may use, at least 1.
  public let threads: Int
  /// Bytes that one operation may allocate beyond its input. Estimated before allocating.
  public let memoryBudget: Int
  private let cancellation: Cancellation?
  private let progress: (@Sendable (Double) -> Void)?
  private let lower: Double
  private let upper: Double

  /// - Parameters:
  ///   - threads: At least 1; nil for all processors this process may run on.
  ///   - memoryBudget: In bytes; nil for what the machine has: work that needs more would not end.
  ///   - progress: Told a fraction from 0 to 1, never falling, on whichever thread works.
  public init(
    threads: Int? = nil,
    memoryBudget: Int? = nil,
    cancellation: Cancellation? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) {
    self.init(
      threads: max(1, threads ?? RunContext.processors),
      memoryBudget: memoryBudget ?? RunContext.physicalMemory,
      cancellation: cancellation, progress: progress, lower: 0, upper: 1)
  }

  private init(
    threads: Int, memoryBudget: Int, cancellation: Cancellation?,
    progress: (@Sendable (Double) -> Void)?, lower: Double, upper: Double
  ) {
    self.threads = threads
    self.memoryBudget = memoryBudget
    self.cancellation = cancellation
    self.progress = progress
    self.lower = lower
    self.upper = upper
  }

  /// The part of this run that a stage takes: its 0…1 is `range` of this one's.
  public func slice(_ range: ClosedRange<Double>) -> RunContext {
    RunContext(
      threads: threads, memoryBudget: memoryBudget, cancellation: cancellation, progress: progress,
      lower: lower + (upper - lower) * range.lowerBound,
      upper: lower + (upper - lower) * range.upperBound)
  }

  /// The same run on another number of threads.
  public func on(threads: Int) -> RunContext {
    RunContext(
      threads: max(1, threads), memoryBudget: memoryBudget, cancellation: cancellation,
      progress: progress, lower: lower, upper: upper)
  }

  /// Tells the observer that `fraction` (0…1) of this slice is done.
  public func report(_ fraction: Double) {
    progress?(lower + (upper - lower) * min(max(fraction, 0), 1))
  }

  /// - Throws: ``MeshError/cancelled`` once somebody has asked to stop.
  public func checkCancellation() throws(MeshError) {
    if let cancellation, cancellation.isCancelled { throw .cancelled }
  }

  /// Refuses work whose estimated memory is over the budget, before anything is allocated.
  ///
  /// - Throws: ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func reserve(bytes: Int, for purpose: String) throws(MeshError) {
    guard bytes <= memoryBudget else {
      throw .memoryBudgetExceeded(neededBytes: bytes, budgetBytes: memoryBudget, purpose: purpose)
    }
  }
}

/// A switch that stops the runs it was given to. Safe to throw from any thread or a signal's handler thread.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public func cancel() { flag.store(true, ordering: .relaxed) }

  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
