#if CommandLine
  import FacetOperations

  /// What a wall thickness analysis found, said to people: whether walls are too thin, where, and how thick the part
  /// is otherwise.
  struct ThicknessReport {
    private let result: OperationResult
    private let name: String

    init(_ result: OperationResult, name: String) {
      self.result = result
      self.name = name
    }

    /// Regions told one by one; `--json` has them all.
    private static let shown = 10

    var text: String {
      var text = "\(name): \(verdict)\n"
      switch result["inputState"]?.asString {
      case "insideOut": text += "  the model is inside out: judged as if it were turned; repair turns it\n"
      case "open":
        text +=
          "  the surface is not closed: for \(number(result["unmeasuredAreaMm2"]).readable) mm² of it there is no "
          + "answer; repair first\n"
      default: break
      }
      let regions = result["regions"]?.asArray ?? []
      let rows = regions.prefix(ThicknessReport.shown).map(row)
      let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
      for row in rows {
        let columns = zip(row, widths).map { $1 > 0 ? $0.padded(to: $1 + 2) : "" }.joined() + row[4]
        text += "  " + (row[4].isEmpty ? columns.trimmed : columns) + "\n"
      }
      if regions.count > rows.count {
        text +=
          "  and \((regions.count - rows.count).counted("more region", "more regions")); --json lists them\n"
      }
      return text + histogram
    }

    private var verdict: String {
      let regions = result["regions"]?.asArray ?? []
      let certain = regions.count { $0["isCertain"]?.asBool == true }
      if certain > 0 {
        let others = regions.count - certain
        return certain.counted("thin wall") + (others > 0 ? ", and \(others) that may be" : "")
      }
      if result["hasPossibleThinWalls"]?.asBool == true {
        return "\(regions.count.counted("wall")) may be too thin"
      }
      return "no thin walls"
    }

    private func row(_ region: JSONValue) -> [String] {
      let place = (region["center"]?.asArray ?? []).map { number($0).readable }.joined(separator: ", ")
      let bounds = ["lowerBoundMm", "upperBoundMm"].map { number(region[$0]).readable }
      return [
        number(region["minimumMm"]).readable + " mm",
        bounds[0] == bounds[1] ? "" : "(\(bounds[0]) to \(bounds[1]))",
        "over \(number(region["areaMm2"]).readable) mm²", "at \(place)",
        region["isCertain"]?.asBool == true ? "" : "perhaps",
      ]
    }

    /// The surface's area by thickness, as bars: two steps of the histogram each, and the last one.
    private var histogram: String {
      let bins = result["histogram"]?.asArray ?? []
      var rows: [(label: String, area: Double)] = []
      for pair in stride(from: 0, to: bins.count - 1, by: 2) {
        let both = bins[pair..<min(pair + 2, bins.count - 1)]
        rows.append(
          (
            "\(number(both.first?["fromMm"]).readable) to \(number(both.last?["toMm"]).readable) mm",
            both.reduce(0) { $0 + number($1["areaMm2"]) }
          ))
      }
      if let last = bins.last { rows.append(("more", number(last["areaMm2"]))) }
      let largest = rows.map(\.area).max() ?? 0
      guard largest > 0 else { return "" }
      let width = rows.map(\.label.count).max() ?? 0
      let areaWidth = rows.map(\.area.readable.count).max() ?? 0
      var text = "  surface by thickness\n"
      for row in rows {
        let bar = String(repeating: "█", count: Int((row.area / largest * 30).rounded(.up)))
        text +=
          "    " + row.label.paddedLeft(to: width) + "  " + row.area.readable.paddedLeft(to: areaWidth)
          + " mm²"
          + (bar.isEmpty ? "" : "  " + bar) + "\n"
      }
      return text
    }

    private func number(_ value: JSONValue?) -> Double { value?.asNumber ?? 0 }
  }
#endif
