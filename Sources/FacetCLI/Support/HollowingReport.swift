#if CommandLine
  import FacetOperations

  /// What hollowing made, said to people: the wall, what it saves, and what stays inside.
  struct HollowingReport {
    private let result: OperationResult
    private let name: String

    init(_ result: OperationResult, name: String) {
      self.result = result
      self.name = name
    }

    var text: String {
      switch result["outcome"]?.asString {
      case "hollowed": break
      case "tooThin":
        return integer("filledCavities") > 0
          ? "\(name): no cavity is as large as asked for; it stays as it was\n"
          : "\(name): too thin to be hollowed with such walls; it stays as it was\n"
      case "insideOut": return "\(name): not hollowed, for it is inside out; repair it first\n"
      default: return "\(name): not hollowed, for its surface is not closed; repair it first\n"
      }
      let before = number("volumeBeforeMm3")
      let after = number("volumeAfterMm3")
      var text =
        "\(name): hollow, walls nowhere thinner than \(number("minimumWallMm").readable) mm: proven\n"
      text +=
        "  material  \(before.readable) → \(after.readable) mm³, \((1 - after / before).percentage) saved\n"
      let cavities = integer("cavities")
      let trapped = integer("trappedCavities")
      text += "  cavities  \(cavities.grouped)"
      if trapped > 0 {
        text += cavities == 1 ? ", closed" : ", \(trapped.grouped) of them closed"
        text += ": powder or resin would stay inside; --drain-holes lets it out"
      }
      text += "\n"
      let missed = integer("missedDrainHoles")
      if missed > 0 { text += "  left out  \(missed.counted("drain hole")): no cavity is there\n" }
      let pruned = integer("prunedPockets")
      if pruned > 0 { text += "  left      \(pruned.counted("pocket")) too small to be worth a cavity\n" }
      let filled = integer("filledCavities")
      if filled > 0 {
        let cavities = filled == 1 ? "1 cavity" : "\(filled.grouped) cavities"
        text += "  filled    \(cavities) smaller than asked for\n"
      }
      return text
    }

    private func integer(_ field: String) -> Int { result[field]?.asInteger ?? 0 }
    private func number(_ field: String) -> Double { result[field]?.asNumber ?? 0 }
  }
#endif
