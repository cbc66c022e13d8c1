import FacetContract

/// Places: "on the top face", "in each corner", "20 mm from each end", "centered vertically".
extension ClauseParser {
  /// Reads directions and a noun of place that stand together.
  private mutating func placeWords() -> Place {
    var place = Place(link: link, isEvery: isEvery, text: "")
    isEvery = false
    var words: [String] = []
    reading: while let next = term() {
      switch next {
      case .direction(let direction):
        if place.noun != nil { break reading }
        place.directions.append(direction)
      case .link(.and):
        // "top and bottom edges"
        guard case .direction = term(1), place.noun == nil, !place.directions.isEmpty else { break reading }
      case .comma:
        guard place.noun == nil, !place.directions.isEmpty, case .direction = term(1) else { break reading }
      case .place(let noun):
        // "the center of the top face": the face is said next.
        if place.noun != nil { break reading }
        place.noun = noun
        if items[index].isPlural || place.directions.contains(.all) { place.isEvery = true }
      case .feature(.leg), .feature(.web):
        // "on the horizontal leg"; "an 80 mm horizontal leg" is a dimension.
        guard place.noun == nil, let link = place.link, link != .with, link != .and else { break reading }
        place.noun = .leg
        if items[index].isPlural { place.isEvery = true }
      case .attribute(.length) where items[index].text == "long" && isLongPlace:
        place.directions.append(.long)
      case .attribute(.wall): place.noun = .wall
      case .attribute(.floor): place.noun = .floor
      case .attribute(.side): place.noun = .side
      case .link(.the), .link(.each), .link(.both):
        guard words.isEmpty else { break reading }
        if next != .link(.the) { place.isEvery = true }
        index += 1
        continue reading
      case .number(let quantity) where quantity.count == 4 || quantity.count == 2:
        // "the four corners", "both of the two ends"
        guard case .place = term(1), words.isEmpty || place.noun == nil else { break reading }
        place.isEvery = true
        index += 1
        continue reading
      default: break reading
      }
      words.append(items[index].text)
      index += 1
      if case .place? = Optional(items[index - 1].term), place.noun != nil {
        // "corner edges", "edge of the top face" end here.
        break reading
      }
    }
    // "face" after a place that is named: "front wall face"
    place.text = words.joined(separator: " ")
    return place
  }

  /// "long side", not "100 mm long".
  var isLongPlace: Bool {
    switch term(1) {
    case .place, .feature(.leg): true
    default: false
    }
  }

  mutating func place() throws(GenerationJobError) {
    if case .place(.side)? = term(), !items[index].isPlural, case .number? = term(1) {
      // "a square plate of side 60 mm"
      try attribute(.side, items[index])
      return
    }
    let wasReference = isReference
    let start = index
    var place = placeWords()
    if index == start { throw notUnderstood(items[start].text) }
    isReference = false
    // "the top edges filleted", "corner holes", "80 mm horizontal leg": said of the noun that follows.
    let isBefore =
      nounAhead(from: index) != nil && (link == nil || link == .with || link == .and || link == .of)
    if isBefore || link == nil && !wasReference && isExpectingNoun {
      place.link = nil
      pending.places.append(place)
      return
    }
    if link == nil || link == .with || link == .and, let current, mentions[current].body != nil,
      !(mentions[current].details.flags.contains(.open) || isOpenAhead), nounAhead(from: index) != nil
    {
      pending.places.append(place)
      return
    }
    if case .feature(let kind)? = term(), kind.isEdgeTreatment {
      pending.places.append(place)
      return
    }
    link = nil
    try give(Details.with { $0.places = [place] }, ahead: false)
  }

  private var isOpenAhead: Bool {
    if term() == .flag(.open) { return true }
    return term(1) == .flag(.open)
  }

  /// The rest of "20 mm from each end and 10 mm from the top".
  mutating func distance(_ quantity: Quantity) throws(GenerationJobError) {
    guard term() == .link(.from) else { throw notUnderstood(items[index - 1].text) }
    index += 1
    link = .from
    while term() == .link(.the) || term() == .link(.each) || term() == .link(.both) || term() == .link(.of)
      || term() == .harmless
    {
      if term() == .link(.each) || term() == .link(.both) { isEvery = true }
      index += 1
    }
    let start = index
    var place = placeWords()
    link = nil
    isReference = false
    if index == start {
      guard case .link(.it)? = term() else {
        throw .ambiguous("\(quantity.text) from what is not understood; name an edge, an end or a corner")
      }
      index += 1
      place.noun = .edge
    }
    place.link = .from
    let placed = placedMention()
    let details = Details.with { $0.distances = [.init(quantity: quantity, place: place)] }
    if let placed {
      try mentions[placed].details.add(details)
    } else {
      try pending.add(details)
    }
  }

  /// The feature that a position is said of: the one spoken of last, or what it belongs to.
  private func placedMention() -> Int? {
    var place = current
    while let candidate = place {
      if mentions[candidate].feature?.isPlaced ?? false {
        // A counterbore on a hole stands where the hole stands.
        if let parent = mentions[candidate].parent, mentions[parent].feature == .hole { return parent }
        return candidate
      }
      place = mentions[candidate].parent
    }
    return mentions.lastIndex { $0.feature?.isPlaced ?? false }
  }
}
