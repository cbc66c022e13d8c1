#if CommandLine
  import FacetOperations

  /// What a repair did, said to people: the ledger, and what came of it.
  struct RepairReport {
    private let result: OperationResult
    private let name: String

    init(_ result: OperationResult, name: String) {
      self.result = result
      self.name = name
    }

    var text: String {
      var text = "\(name): \(verdict), \((result["triangles"]?.asInteger ?? 0).counted("triangle"))\n"
      let rows = (result["ledger"]?.asArray ?? []).map(row)
      if rows.isEmpty { return text + "  nothing had to be changed\n" }
      let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
      for row in rows {
        text += "  " + row[0].padded(to: widths[0] + 2) + row[1].padded(to: widths[1] + 2) + row[2] + "\n"
      }
      let distance = result["hausdorffMm"]?.asNumber ?? 0
      return text + "  before and after are at most \(distance.readable) mm apart\n"
    }

    private var verdict: String {
      if result["isSolid"]?.asBool == true { return "solid" }
      let wrong = [
        ("badEdges", "bad edge"), ("intersectingTriangles", "crossing triangle"),
      ].compactMap { field, what -> String? in
        guard let count = result[field]?.asInteger, count > 0 else { return nil }
        return count.counted(what)
      }
      if wrong.isEmpty, (result["volumeMm3"]?.asNumber ?? 0) <= 0 { return "not solid (no volume)" }
      return "not solid" + (wrong.isEmpty ? "" : " (\(wrong.joined(separator: ", ")) left)")
    }

    /// The stage, what it changed, and how far that went.
    private func row(_ entry: JSONValue) -> [String] {
      let count = entry["count"]?.asInteger ?? 0
      let move = entry["largestMoveMm"]?.asNumber ?? 0
      let area = entry["areaMm2"]?.asNumber ?? 0
      return [
        entry["stage"]?.asString ?? "", "\(count.grouped) \(entry["what"]?.asString ?? "")",
        "over \(area.readable) mm²" + (move > 0 ? ", moved by at most \(move.readable) mm" : ""),
      ]
    }
  }
#endif
