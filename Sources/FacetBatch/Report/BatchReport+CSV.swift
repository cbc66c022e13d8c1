#if CommandLine
  import FacetOperations

  extension BatchReport {
    /// The headings of comma-separated values (RFC 4180): a line a file follows, with a column for each scalar figure of
    /// each step.
    func tableHead(keepsTimings: Bool) -> [UInt8] {
      let steps = ([pipeline.reading] + pipeline.steps).map(\.operation.rawValue)
      var headings = ["name", "input", "outcome", "code", "message", "step", "sha256", "bytes", "warnings"]
      for (index, names) in columns.enumerated() {
        headings += names.map { BatchReport.heading(steps, index) + "." + $0 }
      }
      headings += ["outputs", "outputs sha256"] + (keepsTimings ? ["seconds"] : [])
      return BatchReport.line(headings)
    }

    func tableRow(_ record: BatchRecord, keepsTimings: Bool) -> [UInt8] {
      var cells = [
        record.name, record.input, record.outcome.rawValue,
        record.errors.map { String($0.code) }.joined(separator: "; "),
        record.errors.map(\.message).joined(separator: "; "), record.errors.first?.step ?? "",
        record.sha256 ?? "", record.bytes.map(String.init) ?? "", record.warnings.joined(separator: "; "),
      ]
      for (index, names) in columns.enumerated() {
        let figures = record.steps.indices.contains(index) ? record.steps[index].figures : .object([])
        cells += names.map { BatchReport.cell(figures[$0] ?? .null) }
      }
      cells += [
        record.outputs.map(\.path).joined(separator: "; "),
        record.outputs.map(\.sha256).joined(separator: "; "),
      ]
      if keepsTimings { cells.append(record.timings.map { String($0.seconds) } ?? "") }
      return BatchReport.line(cells)
    }

    /// A step's name, with its number where the pipeline has several of that name.
    private static func heading(_ steps: [String], _ index: Int) -> String {
      let same = steps.indices.filter { steps[$0] == steps[index] }
      guard same.count > 1, let place = same.firstIndex(of: index) else { return steps[index] }
      return steps[index] + " \(place + 1)"
    }

    private static func cell(_ value: JSONValue) -> String {
      switch value {
      case .null: ""
      case .string(let text): text
      default: value.text()
      }
    }

    private static func line(_ cells: [String]) -> [UInt8] {
      Array((cells.map(quoted).joined(separator: ",") + "\r\n").utf8)
    }

    /// A cell that begins like a formula gets an apostrophe: spreadsheets would compute it, and file names come from
    /// strangers.
    private static func quoted(_ cell: String) -> String {
      var cell = cell
      if let first = cell.first, "=+@\t\r".contains(first) || (first == "-" && Double(cell) == nil) {
        cell = "'" + cell
      }
      guard cell.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else {
        return cell
      }
      return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
    }
  }
#endif
