#if CommandLine
  import Facet
  import FacetOperations
  import Foundation

  /// What a report asks of all records before it can write the first one. The rest of a line is skipped: reading it takes
  /// ten times as long.
  struct RecordSummary: Decodable {
    let name: String
    let outcome: BatchRecord.Outcome
    let bytes: Int?
    /// As ISO 8601 in UTC; nil in merged reports.
    let finished: String?

    /// - Parameter columns: Gets the names of the record's scalar figures.
    /// - Returns: nil for what is no record.
    init?(line: Data, columns: FigureColumns) {
      let decoder = JSONDecoder()
      decoder.userInfo[FigureColumns.key] = columns
      guard let summary = try? decoder.decode(RecordSummary.self, from: line) else { return nil }
      self = summary
    }

    init(from decoder: any Decoder) throws {
      let record = try decoder.container(keyedBy: MemberName.self)
      name = try record.decode(String.self, forKey: "name")
      let outcome = try record.decode(String.self, forKey: "outcome")
      guard let outcome = BatchRecord.Outcome(rawValue: outcome) else {
        throw DecodingError.dataCorruptedError(forKey: "outcome", in: record, debugDescription: outcome)
      }
      self.outcome = outcome
      bytes = try record.decodeIfPresent(Int.self, forKey: "bytes")
      finished =
        record.contains("timings")
        ? try record.nestedContainer(keyedBy: MemberName.self, forKey: "timings")
          .decode(String.self, forKey: "finished") : nil
      let columns = decoder.userInfo[FigureColumns.key] as? FigureColumns
      var steps = try record.nestedUnkeyedContainer(forKey: "steps")
      while !steps.isAtEnd {
        let index = steps.currentIndex
        let step = try steps.nestedContainer(keyedBy: MemberName.self)
        columns?.note(try step.nestedContainer(keyedBy: MemberName.self, forKey: "figures"), ofStep: index)
      }
    }
  }

  /// The names of figures that are neither lists nor objects, collected from many records.
  final class FigureColumns: Sendable {
    private let found = Lock<[Set<String>]>([])

    /// Of each step, in order.
    var names: [[String]] { found.withLock { $0.map { $0.sorted() } } }

    fileprivate static let key = CodingUserInfoKey(rawValue: "figure columns")!

    fileprivate func note(_ figures: KeyedDecodingContainer<MemberName>, ofStep step: Int) {
      let known = found.withLock { $0.indices.contains(step) ? $0[step] : [] }
      // To ask a scalar whether it is a list costs an error: only those are asked that are not known.
      let new = figures.allKeys.filter { key in
        !known.contains(key.stringValue) && (try? figures.nestedUnkeyedContainer(forKey: key)) == nil
          && (try? figures.nestedContainer(keyedBy: MemberName.self, forKey: key)) == nil
      }
      found.withLock { found in
        while found.count <= step { found.append([]) }
        found[step].formUnion(new.map(\.stringValue))
      }
    }
  }
#endif
