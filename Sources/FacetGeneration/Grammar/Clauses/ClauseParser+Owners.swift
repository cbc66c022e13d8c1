import FacetContract

/// Whose a detail is: of the noun still to come, of the thing spoken of last, or of what that belongs to.
extension ClauseParser {
  mutating func give(_ details: Details, ahead: Bool) throws(GenerationJobError) {
    if ahead || current == nil {
      try pending.add(details)
    } else {
      try giveToCurrent(details)
    }
  }

  mutating func giveToCurrent(_ details: Details) throws(GenerationJobError) {
    guard let current else {
      throw .ambiguous("it is not said what the part is; name a body such as a box, a plate or a cylinder")
    }
    try assign(details, to: current)
  }

  /// Gives each detail to the mention, or to the nearest of its owners of whom it can be said.
  mutating func assign(_ details: Details, to index: Int) throws(GenerationJobError) {
    var rest = details
    rest.values = []
    for value in details.values {
      guard let owner = owner(of: value.attribute, from: index) else {
        throw .ambiguous(
          "“\(value.quantity.text) \(value.attribute.rawValue)” is not understood for the \(mentions[index].name)"
        )
      }
      var value = value
      let details = mentions[owner].details
      if value.attribute == .diameter, mentions[owner].feature == .hole, details.isSized,
        details.flags.contains(.countersunk) || details.flags.contains(.counterbored)
      {
        // "5.5 mm holes, countersunk to 11 mm diameter"
        value.attribute = .headDiameter
      }
      mentions[owner].details.values.append(value)
    }
    if mentions[index].feature.map({ !$0.isPlaced && !$0.isEdgeTreatment }) ?? false, !rest.distances.isEmpty
    {
      throw .ambiguous("a position is not understood for the \(mentions[index].name)")
    }
    try mentions[index].details.add(rest)
  }

  private func owner(of attribute: Attribute, from index: Int) -> Int? {
    var place: Int? = index
    var steps = 0
    while let candidate = place, steps < 4 {
      // A leg has one length; "legs 30 mm tall, 40 mm long" speaks of the bracket.
      let isSaid =
        mentions[candidate].feature == .leg && attribute != .thickness && mentions[candidate].details.isSized
      if mentions[candidate].accepts(attribute), !isSaid { return candidate }
      place = mentions[candidate].parent
      steps += 1
    }
    if let last = mentions.lastIndex(where: { $0.accepts(attribute) && ($0.feature?.isPlaced ?? false) }),
      [.spacing, .boltCircle, .boltCircleRadius, .rows, .columns].contains(attribute)
    {
      return last
    }
    if let body, mentions[body].accepts(attribute) { return body }
    return nil
  }
}
