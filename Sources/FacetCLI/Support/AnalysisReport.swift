#if CommandLine
  import FacetOperations

  /// What an analysis found, said to people: what the part is, what is wrong with it, and what to do.
  struct AnalysisReport {
    private let result: OperationResult
    private let name: String

    init(_ result: OperationResult, name: String) {
      self.result = result
      self.name = name
    }

    var text: String {
      let format = result["sourceFormat"]?.asString.map { "\($0), " } ?? ""
      var text =
        "\(name): \(format)\(count("triangles").counted("triangle")), "
        + "\(count("vertices").counted("vertex", "vertices"))\n"
      let size = ["X", "Y", "Z"].map { number("dimension\($0)Mm").readable }.joined(separator: " × ")
      for (label, value) in [
        ("size", size + " mm"), ("volume", number("volumeMm3").readable + " mm³" + volumeRemark),
        ("surface", number("surfaceAreaMm2").readable + " mm²"), ("shells", count("shells").grouped),
      ] {
        text += "  " + label.padded(to: 10) + value + "\n"
      }
      let findings = findings
      guard !findings.isEmpty else {
        return text + "\n  Nothing is wrong: closed, facing outward, and no triangle crosses another.\n"
      }
      let width = findings.map(\.count.count).max() ?? 0
      text += "\n  What is wrong\n"
      for finding in findings {
        text += "    " + finding.count.padded(to: width + 2) + finding.meaning + "\n"
        text += "    " + String(repeating: " ", count: width + 2) + "→ " + finding.remedy + "\n"
      }
      return text
    }

    private var volumeRemark: String {
      count("badEdges") > 0 ? ", an indication only: the surface is not closed" : ""
    }

    private struct Finding {
      var count: String
      var meaning: String
      var remedy: String
    }

    private var findings: [Finding] {
      var findings: [Finding] = []
      func add(_ field: String, _ one: String, _ many: String, _ meaning: String, _ remedy: String) {
        let found = count(field)
        guard found > 0 else { return }
        findings.append(Finding(count: found.counted(one, many), meaning: meaning, remedy: remedy))
      }
      add(
        "badEdges", "bad edge", "bad edges",
        "the surface is open, torn or turned over there, in \(count("badContours").counted("place"))",
        "a printer needs a closed surface: close the holes, join the seams")
      add(
        "planarHoles", "flat hole", "flat holes", "an open loop that lies in a plane",
        "cap it with a flat face")
      add(
        "nearBadEdges", "open seam", "open seams", "pairs of bad edges that all but touch",
        "stitch them: join points that lie this near")
      add(
        "invertedNormals", "inverted triangle", "inverted triangles", "the inside is shown as the outside",
        "turn them around")
      if number("volumeMm3") <= 0, count("badEdges") == 0, count("invertedNormals") == 0 {
        findings.append(
          Finding(count: "no volume", meaning: "the part encloses nothing", remedy: "give it thickness"))
      }
      add(
        "intersectingTriangles", "crossing triangle", "crossing triangles", "they cut through others",
        "unite the bodies that overlap into one")
      add(
        "overlappingTriangles", "overlapping triangle", "overlapping triangles",
        "they lie on others: doubled faces", "delete the copies")
      add(
        "noiseShells", "tiny shell", "tiny shells", "loose bits far smaller than the part",
        "delete them unless they are meant")
      if nested("isFacetingScoreOk")?.asBool == false {
        findings.append(
          Finding(
            count: "coarse facets", meaning: "smooth surfaces turn sharply from triangle to triangle",
            remedy: "export the part with a finer tolerance"))
      }
      return findings
    }

    private func count(_ field: String) -> Int { nested(field)?.asInteger ?? 0 }

    private func number(_ field: String) -> Double { nested(field)?.asNumber ?? 0 }

    /// A field of the result or of one of the objects in it.
    private func nested(_ field: String) -> JSONValue? {
      result[field] ?? result["solidityParams"]?[field] ?? result["qualityParams"]?[field]
    }
  }
#endif
