#if CommandLine
  import FacetBatch
  import FacetContract
  import FacetOperations

  /// How a batch went.
  struct BatchSummary: Sendable {
    var totals = BatchReport.Totals()
    /// Files that were settled before.
    var unchanged = 0
    /// nil where no time was taken.
    var seconds: Double?

    init(_ totals: BatchReport.Totals = .init()) { self.totals = totals }

    /// The codes of the command's help.
    var exitStatus: Int32 {
      if totals.stopped + totals.missing > 0 { return ToolkitError.ExitStatus.retryLater.rawValue }
      return totals.failed > 0 ? ToolkitError.ExitStatus.failed.rawValue : 0
    }

    var text: String {
      var parts = ["\(totals.done.grouped) done"]
      if totals.failed > 0 { parts.append("\(totals.failed.grouped) failed") }
      if totals.stopped > 0 { parts.append("\(totals.stopped.grouped) stopped by the machine: try again") }
      if totals.missing > 0 { parts.append("\(totals.missing.grouped) still to be done") }
      if unchanged > 0 { parts.append("\(unchanged.grouped) of them before") }
      let time = seconds.map { " in \($0.asDuration)" } ?? ""
      return "\(totals.files.grouped) \(totals.files == 1 ? "file" : "files")\(time): "
        + parts.joined(separator: ", ") + "\n"
    }

    func json(report: String?) -> JSONValue {
      var members: [JSONValue.Member] = [
        .init("files", .integer(totals.files)), .init("done", .integer(totals.done)),
        .init("failed", .integer(totals.failed)), .init("stopped", .integer(totals.stopped)),
        .init("missing", .integer(totals.missing)),
      ]
      if let seconds {
        members += [.init("unchanged", .integer(unchanged)), .init("seconds", .number(seconds))]
      }
      members.append(.init("report", report.map(JSONValue.string) ?? .null))
      return .object(members)
    }
  }

  extension Double {
    /// Seconds for people: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`.
    var asDuration: String {
      if self < 9.95 { return "\((self * 10).rounded() / 10) s" }
      let whole = Int(rounded())
      if whole < 60 { return "\(whole) s" }
      if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
      return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
  }
#endif
