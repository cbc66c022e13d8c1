#if CommandLine
  import FacetBatch

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Tells on standard error how far a batch is: a bar on a terminal, else a line a file.
  actor BatchProgress {
    private let quiet: Bool
    private let isTerminal: Bool
    private let began = ContinuousClock.now
    private var nextDrawing = ContinuousClock.now
    private(set) var summary = BatchSummary()

    init(total: Int, quiet: Bool) {
      self.quiet = quiet
      isTerminal = isatty(STDERR_FILENO) == 1
      summary.totals.files = total
      summary.totals.missing = total
    }

    func add(_ result: BatchResult) {
      summary.totals.missing -= 1
      summary.totals.count(result.outcome)
      switch result {
      case .unchanged: summary.unchanged += 1
      case .record(let record): tell(record)
      }
      draw()
    }

    /// Clears the bar, and takes the time.
    func finish() {
      clear()
      summary.seconds = seconds
    }

    /// A line above the bar.
    func say(_ line: String) {
      guard !quiet else { return }
      clear()
      writeToStandardError(line.printable + "\n")
    }

    private var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }

    private var ended: Int { summary.totals.files - summary.totals.missing }

    private func tell(_ record: BatchRecord) {
      let problems = record.errors.map { "error \($0.code): \($0.message)" }.joined(separator: "; ")
      if record.outcome != .done {
        say(isTerminal ? "\(record.name): \(problems)" : "\(place) \(record.name): \(problems)")
      } else if !isTerminal {
        let time = record.timings.map { " in \($0.seconds.asDuration)" } ?? ""
        say("\(place) \(record.name): done" + time)
      }
    }

    private var place: String { "[\(ended)/\(summary.totals.files)]" }

    private func draw() {
      guard isTerminal, !quiet, ContinuousClock.now >= nextDrawing else { return }
      nextDrawing = .now + .milliseconds(100)
      writeToStandardError("\r\u{1b}[K" + line)
    }

    private func clear() {
      if isTerminal, !quiet { writeToStandardError("\r\u{1b}[K") }
    }

    /// `batch [####......] 40 %  12/30, 3.1 a second, 6 s left, 2 failed`
    private var line: String {
      let bar = ProgressBar.line("batch", Double(ended) / Double(max(1, summary.totals.files)))
      // Files that were settled before take no time to speak of: they say nothing about the rest.
      let rate = Double(ended - summary.unchanged) / max(seconds, 1e-3)
      var parts = ["\(ended.grouped)/\(summary.totals.files.grouped)"]
      if rate > 0 {
        parts.append("\((rate * 10).rounded() / 10) a second")
        parts.append("\((Double(summary.totals.missing) / rate).asDuration) left")
      }
      let failed = summary.totals.failed + summary.totals.stopped
      if failed > 0 { parts.append("\(failed.grouped) failed") }
      return bar + "  " + parts.joined(separator: ", ")
    }
  }

  extension String {
    /// Without control characters: names come from strangers, and terminals do what these say.
    fileprivate var printable: String {
      String(
        String.UnicodeScalarView(
          unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
  }
#endif
