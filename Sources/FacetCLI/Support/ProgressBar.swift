#if CommandLine
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// A bar on standard error, once the work has taken a second, ten times a second at most.
  final class ProgressBar: Sendable {
    private struct State {
      var fraction = 0.0
      var nextDrawing: ContinuousClock.Instant
      var isVisible = false
    }

    private let label: String
    private let state: Mutex<State>

    /// A bar, or nil where nobody looks: standard error is no terminal.
    init?(label: String, quiet: Bool) {
      guard !quiet, isatty(STDERR_FILENO) == 1 else { return nil }
      self.label = label
      state = Mutex(State(nextDrawing: .now + .seconds(1)))
    }

    /// Called from whichever thread works.
    func report(_ fraction: Double) {
      state.withLock { state in
        state.fraction = max(state.fraction, fraction)
        let now = ContinuousClock.now
        guard now >= state.nextDrawing else { return }
        state.nextDrawing = now + .milliseconds(100)
        state.isVisible = true
        writeToStandardError("\r\u{1b}[K" + ProgressBar.line(label, state.fraction))
      }
    }

    /// Clears the line.
    func finish() {
      state.withLock { state in
        if state.isVisible { writeToStandardError("\r\u{1b}[K") }
        state.isVisible = false
      }
    }

    static func line(_ label: String, _ fraction: Double) -> String {
      let width = 30
      let filled = Int(min(max(fraction, 0), 1) * Double(width))
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
      return "\(label) [\(bar)] \(Int(min(max(fraction, 0), 1) * 100)) %"
    }
  }
#endif
