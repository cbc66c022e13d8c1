#if CommandLine
  import Dispatch
  import Facet
  import Synchronization

  /// Cancels a run when its time is up, or when everything is to stop.
  final class Deadline: Sendable {
    let cancellation = Cancellation()
    private let hasPassed = Atomic<Bool>(false)
    // Dispatch sources may be used from any thread; their type does not say so.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    /// - Parameter stop: Looked at every 20 ms.
    init(after seconds: Double, or stop: Cancellation?) {
      timer = DispatchSource.makeTimerSource(queue: Deadline.queue)
      let end = ContinuousClock.now + .seconds(seconds)
      timer.schedule(deadline: .now() + 0.02, repeating: 0.02)
      timer.setEventHandler { [weak self] in
        if ContinuousClock.now >= end {
          self?.hasPassed.store(true, ordering: .relaxed)
          self?.cancellation.cancel()
        }
        if stop?.isCancelled == true { self?.cancellation.cancel() }
      }
      timer.resume()
    }

    deinit { timer.cancel() }

    var isPassed: Bool { hasPassed.load(ordering: .relaxed) }

    private static let queue = DispatchQueue(label: "facet deadlines", qos: .userInteractive)
  }
#endif
