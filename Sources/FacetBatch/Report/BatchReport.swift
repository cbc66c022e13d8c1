#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import Foundation

  /// What a batch did, from the journals of its runs and shards: the newest record of each of its files, by name.
  ///
  /// Only what is needed to find the records is kept; they are read again as they are written.
  public struct BatchReport: Sendable {
    public let totals: Totals
    let pipeline: PipelineRequest
    let version: String
    private let entries: [Entry]
    private let journals: [String]
    /// The scalar figures of each step, in the order of the steps.
    let columns: [[String]]
    let folders: [BatchFolder]

    public struct Totals: Sendable, Hashable {
      public var files = 0
      public var done = 0
      /// The file is at fault, or a limit.
      public var failed = 0
      /// Worth another try.
      public var stopped = 0
      /// Without a record.
      public var missing = 0
      /// Of the files that could be read.
      public var bytes = 0

      public init() {}

      /// Counts a file's outcome; a file without one is missing.
      public mutating func count(_ outcome: BatchRecord.Outcome?) {
        switch outcome {
        case .done?: done += 1
        case .failed?: failed += 1
        case .stopped?: stopped += 1
        case .missing?, nil: missing += 1
        }
      }
    }

    private struct Entry: Sendable {
      let input: BatchInput
      /// nil when there is none.
      var record: (journal: Int, line: Range<Int>)?
    }

    /// - Parameter folders: Of one batch: one that its shards share, or one of each.
    /// - Throws: Code 52 for a folder of no batch, 13 for folders of different batches.
    public init(of folders: [BatchFolder]) throws(ToolkitFailure) {
      var descriptions: [BatchDescription] = []
      for folder in folders { descriptions.append(try folder.description()) }
      guard let first = descriptions.first else {
        throw ToolkitFailure(.invalidParameter("folders"), detail: "give at least one")
      }
      if let other = descriptions.firstIndex(where: { $0 != first }) {
        throw ToolkitFailure(
          .invalidParameter("folders"),
          detail:
            "\(folders[0].path) and \(folders[other].path) are of different batches: inputs, steps or versions differ"
        )
      }
      self.folders = folders
      pipeline = first.pipeline
      version = first.version
      journals = folders.flatMap(\.journals)

      var newest: [String: (journal: Int, line: Range<Int>, record: RecordSummary)] = [:]
      let columns = FigureColumns()
      for (index, journal) in journals.enumerated() {
        try Journal.forEachRecord(
          in: journal, reading: { RecordSummary(line: $0, columns: columns) }
        ) { (line, record) in
          if let known = newest[record.name]?.record.finished, known > record.finished ?? "" { return }
          newest[record.name] = (index, line, record)
        }
      }
      var totals = Totals()
      entries = first.inputs.map { input in
        let known = newest[input.name]
        totals.add(known?.record)
        return Entry(input: input, record: known.map { ($0.journal, $0.line) })
      }
      self.totals = totals
      self.columns = columns.names
    }

    /// Writes `report.csv` and `report.html`, and with `asMerged` also a `report.jsonl` sorted by name: the same bytes
    /// for the same results, whatever the sharding.
    ///
    /// - Parameter keepsTimings: Whether to keep what differs from run to run.
    /// - Returns: The path of the page.
    @discardableResult
    public func write(
      to folder: BatchFolder, asMerged: Bool = false, keepsTimings: Bool = false
    ) throws(ToolkitFailure) -> String {
      try BatchFolder.make(folder: folder.path)
      do throws(MeshError) {
        try writing("report.csv", in: folder) { (table) throws(MeshError) in
          try writing("report.html", in: folder) { (page) throws(MeshError) in
            guard asMerged else { return try write(table, page, nil, keepsTimings) }
            try writing("report.jsonl", in: folder) { (lines) throws(MeshError) in
              try write(table, page, lines, keepsTimings)
            }
          }
        }
      } catch {
        throw ToolkitFailure(error, during: .running(.export))
      }
      return folder.path("report.html")
    }

    private func writing(
      _ name: String, in folder: BatchFolder, _ body: (ByteSink) throws(MeshError) -> Void
    ) throws(MeshError) {
      try OutputFile.writing(to: folder.path(name), RunContext(), body)
    }

    private func write(
      _ table: ByteSink, _ page: ByteSink, _ lines: ByteSink?, _ keepsTimings: Bool
    ) throws(MeshError) {
      try table.write(tableHead(keepsTimings: keepsTimings))
      try page.write(pageHead)
      var sources: [ByteSource] = []
      for journal in journals { sources.append(try ByteSource.file(journal)) }
      let homes = folders.flatMap { folder in folder.journals.map { _ in folder } }
      // Most of the time goes into reading records and encoding pictures, which threads can do side by side.
      try RunContext().forEachChunkInOrder(of: entries.count, size: 16, scratch: { Rows() }) {
        (rows, _, range) throws(MeshError) in
        rows = Rows()
        for index in range {
          let entry = entries[index]
          var record = try entry.record.flatMap { (journal, line) throws(MeshError) in
            BatchRecord(line: try sources[journal].bytes(line))
          }
          if !keepsTimings { record?.timings = nil }
          let found = record ?? BatchRecord(entry.input, .missing, version: version, pipeline: "")
          let home = entry.record.map { homes[$0.journal] } ?? folders[0]
          if lines != nil { rows.lines += Array((found.json.text() + "\n").utf8) }
          rows.table += tableRow(found, keepsTimings: keepsTimings)
          rows.page += pageRow(found, in: home, isFirst: index == 0)
        }
      } inOrder: { (rows, _, _) throws(MeshError) in
        try lines?.write(rows.lines)
        try table.write(rows.table)
        try page.write(rows.page)
      }
      try page.write(pageTail)
    }

    /// Some files' part of each of the reports.
    private struct Rows {
      var lines: [UInt8] = []
      var table: [UInt8] = []
      var page: [UInt8] = []
    }
  }

  extension BatchReport.Totals {
    fileprivate mutating func add(_ record: RecordSummary?) {
      files += 1
      bytes += record?.bytes ?? 0
      count(record?.outcome)
    }
  }

  extension JSONValue {
    /// The members that are neither lists nor objects.
    var scalars: [Member] {
      (asMembers ?? []).filter {
        switch $0.value {
        case .array, .object: false
        default: true
        }
      }
    }
  }
#endif
