#if CommandLine
  import Facet
  import FacetOperations

  /// What a reduction did, said to people: how many triangles went, how far the surface moved, and why it ended.
  struct ReductionReport {
    private let result: OperationResult
    private let name: String

    init(_ result: OperationResult, name: String) {
      self.result = result
      self.name = name
    }

    var text: String {
      let before = integer("trianglesBefore")
      let after = integer("trianglesAfter")
      var text = "\(name): "
      if after == before {
        text += "\(before.counted("triangle")), none taken away\n"
      } else {
        let share = Double(after) / Double(before)
        text += "\(before.grouped) → \(after.counted("triangle")), \(share.percentage) of them\n"
        text += "  \(distance)\n"
        text += "  turned    at most \(number("largestTurnDegrees").readable)°\n"
      }
      text += "  stopped   \(reason)\n"
      let untouched = integer("untouchedTriangles")
      if untouched > 0 {
        let (verb, them) = untouched == 1 ? ("is", "it") : ("are", "them")
        text +=
          "  left      \(untouched.counted("triangle")) at non-manifold edges \(verb) as before; repair first "
          + "to reduce \(them) too\n"
      }
      return text
    }

    private var distance: String {
      let length = number("deviationMm").readable
      return result["isAccuracyProven"]?.asBool == true
        ? "distance  at most \(length) mm, and within the accuracy everywhere: proven"
        : "distance  at most \(length) mm, measured at vertices and in the middle of triangles"
    }

    private var reason: String {
      switch result["stoppedBecause"]?.asString.flatMap(DecimationResult.StopReason.init) {
      case .target: "there are as few as were asked for"
      case .accuracy: "any further step would go beyond the accuracy"
      case .angle: "any further step would turn the surface by more than the largest angle"
      case .passes: "the iterations are used up"
      case .shape: "any further step would spoil the shape: turn triangles over, make needles or crossings"
      case nil: ""
      }
    }

    private func integer(_ field: String) -> Int { result[field]?.asInteger ?? 0 }
    private func number(_ field: String) -> Double { result[field]?.asNumber ?? 0 }
  }
#endif
