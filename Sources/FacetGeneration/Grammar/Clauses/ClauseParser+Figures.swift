import FacetContract

/// Figures, and the names that make dimensions of them.
extension ClauseParser {
  /// The next noun of the phrase that goes on at `start`, if one comes before the phrase ends.
  ///
  /// "and" and commas end it, unless an article opened it and only named figures stand between ("a 10 mm wide and
  /// 5 mm deep slot").
  func nounAhead(from start: Int) -> Int? {
    var place = start
    var isJoined = false
    var hasBareFigure = false
    // No phrase is longer; the bound keeps a prompt of nothing but figures cheap.
    let end = min(items.count, start + 24)
    while place < end {
      switch items[place].term {
      case .body, .feature: return isJoined && hasBareFigure ? nil : place
      case .number(let quantity):
        if place + 1 < items.count, case .attribute = items[place + 1].term {
        } else if quantity.unit != nil || !isJoined {
          hasBareFigure = isJoined
        }
      case .product, .thread, .degrees: hasBareFigure = isJoined
      case .attribute, .flag, .direction, .place, .harmless: break
      case .comma, .link(.and):
        guard isExpectingNoun else { return nil }
        isJoined = true
      default: return nil
      }
      place += 1
    }
    return nil
  }

  mutating func number(_ quantity: Quantity) throws(GenerationJobError) {
    var next = index + 1
    // "5 mm in diameter" is one entry of the lexicon; "5 mm of thickness" is not.
    if next + 1 < items.count, items[next].term == .link(.of), case .attribute = items[next + 1].term {
      next += 1
    }
    if next < items.count, case .attribute(let attribute) = items[next].term, !isNamedByNext(next) {
      if quantity.count != nil, attribute == .rows, next + 2 < items.count,
        items[next + 1].term == .link(.of),
        case .number(let columns) = items[next + 2].term, columns.count != nil
      {
        // "two rows of five 8 mm holes"
        try pending.add(
          Details.with {
            $0.values = [
              .init(attribute: .rows, quantity: quantity), .init(attribute: .columns, quantity: columns),
            ]
          })
        isExpectingNoun = true
        index = next + 3
        return
      }
      if quantity.count != nil, attribute == .rows || attribute == .columns {
        try give(Details.with { $0.values = [.init(attribute: attribute, quantity: quantity)] }, ahead: false)
        index = next + 1
        return
      }
      if !quantity.isSpelled {
        index = next + 1
        var named = joined(attribute)
        consumeTrailingSide(&named)
        if named == .radius, isEdgeAhead {
          // "10 mm radius vertical edges"
          mentions.append(
            Mention(
              subject: .feature(.fillet), word: "radius", isPlural: true, details: Details(), parent: body))
          mentions[mentions.count - 1].details.values = [.init(attribute: .radius, quantity: quantity)]
          current = mentions.count - 1
          link = nil
          isExpectingNoun = false
          return
        }
        if named == .inset || named == .offset, term() == .link(.from) {
          try distance(quantity)
          return
        }
        if named == .boltCircle || named == .boltCircleRadius, term() == .link(.of),
          case .number(let count)? = term(1), count.count != nil
        {
          // "a 60 mm bolt circle of six M5 holes"
          index += 1
          isExpectingNoun = true
          try pending.add(Details.with { $0.values = [.init(attribute: named, quantity: quantity)] })
          return
        }
        let ahead = nounAhead(from: index) != nil
        try give(Details.with { $0.values = [.init(attribute: named, quantity: quantity)] }, ahead: ahead)
        return
      }
    }
    if next < items.count, items[next].term == .link(.from) {
      index = next
      try distance(quantity)
      return
    }
    // "a square hole of 10 mm side"
    if case .place(.side)? = term(1), quantity.count == nil || !items[index + 1].isPlural, link != .from {
      index += 2
      try give(
        Details.with { $0.values = [.init(attribute: .side, quantity: quantity)] },
        ahead: nounAhead(from: index) != nil)
      return
    }
    // "60 mm square pattern"
    let isSquareAlone = link == .on && [nil, .stop, .comma, .link(.and)].contains(term(2))
    if term(1) == .flag(.square), term(2) == .attribute(.spacing) || isSquareAlone {
      index += isSquareAlone ? 2 : 3
      try give(
        Details.with {
          $0.values = [.init(attribute: .spacing, quantity: quantity)]
          $0.flags = [.square]
        }, ahead: false)
      return
    }
    // "40 mm (L)"
    if term(1) == .open, case .attribute(let attribute)? = term(2), term(3) == .close {
      index += 4
      try give(
        Details.with { $0.values = [.init(attribute: attribute, quantity: quantity)] },
        ahead: nounAhead(from: index) != nil)
      return
    }
    // "in the four corners"
    if quantity.count != nil, case .place? = term(1), items[index + 1].isPlural {
      try place()
      return
    }
    let noun = nounAhead(from: index + 1)
    if let count = quantity.count, isCount(quantity, noun) {
      pending.count = count
      isExpectingNoun = true
      isReference = false
      index += 1
      // "4 x M5", "one in each corner"
      if term() == .comma, noun == nil { index += 1 }
      return
    }
    if quantity.isSpelled {
      // "one in each corner", "one on each side"
      index += 1
      guard quantity.value == 1, case .link = term() else { throw notUnderstood(items[index - 1].text) }
      return
    }
    index += 1
    try give(Details.with { $0.figures = [quantity] }, ahead: noun != nil)
  }

  private func isFigure(_ term: Term?) -> Bool {
    if case .number = term { true } else { false }
  }

  /// Whether edges or corners are named next.
  private var isEdgeAhead: Bool {
    var offset = 0
    while case .direction? = term(offset) { offset += 1 }
    return body != nil && (term(offset) == .place(.edge) || term(offset) == .place(.corner))
  }

  /// "diameter 20 mm height 10 mm": the attribute after a figure may name the next one.
  private func isNamedByNext(_ place: Int) -> Bool {
    guard place + 1 < items.count, index > 0, case .attribute = items[index - 1].term else { return false }
    if case .number = items[place + 1].term { return true }
    return false
  }

  /// Names of several words that stand apart: "50 mm diameter bolt circle".
  private mutating func joined(_ attribute: Attribute) -> Attribute {
    guard case .attribute(let next) = term() else { return attribute }
    if attribute == .diameter || attribute == .radius, next == .boltCircle {
      index += 1
      return attribute == .diameter ? .boltCircle : .boltCircleRadius
    }
    if attribute == .wall || attribute == .floor, next == .thickness {
      index += 1
      return attribute
    }
    if attribute == .thickness, next == .wall || next == .floor {
      index += 1
      return next
    }
    return attribute
  }

  private func isCount(_ quantity: Quantity, _ noun: Int?) -> Bool {
    if quantity.isSpelled, noun != nil { return true }
    if let noun, quantity.count != nil {
      // "4 holes", "4 M5 holes", "4 6 mm holes", but not "a 5 hole".
      if items[noun].isPlural { return true }
      return index + 1 < items.count && items[index + 1].term == .comma
    }
    // "4 x M5"
    if term(1) == .comma, case .thread = term(2) { return true }
    if case .thread = term(1) { return true }
    // "4 x Ø5 mm"
    if term(1) == .comma, case .attribute(.diameter) = term(2), nounAhead(from: index + 2) != nil {
      return true
    }
    return false
  }

  mutating func product(_ factors: [Quantity]) throws(GenerationJobError) {
    let noun = nounAhead(from: index + 1)
    // "4 x 5 mm holes"
    if factors.count == 2, let count = factors[0].count, factors[1].unit != nil || factors[0].unit == nil,
      let noun, case .feature(let kind) = items[noun].term,
      [.hole, .boss, .standoff, .fillet, .chamfer, .counterbore].contains(kind),
      !items[index...noun].contains(where: { $0.term == .flag(.gridded) })
    {
      pending.count = count
      pending.figures.append(factors[1])
      index += 1
      return
    }
    index += 1
    if term() == .flag(.gridded)
      || term() == .link(.of) && factors.allSatisfy({ $0.unit == nil }) && factors.count == 2,
      let rows = factors[0].count, factors.count == 2, let columns = factors[1].count
    {
      index += 1
      let grid = Details.with {
        $0.flags = [.gridded]
        $0.values = [
          .init(attribute: .rows, quantity: Quantity(value: Double(rows))),
          .init(attribute: .columns, quantity: Quantity(value: Double(columns))),
        ]
      }
      // "a 3x4 grid of 5 mm holes"
      if term() == .link(.of) || items[index - 1].term == .link(.of) {
        if term() == .link(.of) { index += 1 }
        isExpectingNoun = true
        try pending.add(grid)
      } else {
        try give(grid, ahead: nounAhead(from: index) != nil)
      }
      return
    }
    if case .attribute(.spacing) = term() {
      index += 1
      try give(
        Details.with {
          $0.values = factors.map { Details.Value(attribute: .spacing, quantity: $0) }
        }, ahead: false)
      return
    }
    // "100 x 60 x 5 mm thick": the name is the last one's.
    if factors.count == 3, case .attribute(let name)? = term(), !isFigure(term(1)),
      [.height, .thickness, .depth, .length, .width].contains(name)
    {
      index += 1
      try give(
        Details.with {
          $0.products = [Array(factors.dropLast())]
          $0.values = [.init(attribute: name, quantity: factors[2])]
        }, ahead: noun != nil)
      return
    }
    try give(Details.with { $0.products = [factors] }, ahead: noun != nil)
  }

  mutating func attribute(_ attribute: Attribute, _ item: Item) throws(GenerationJobError) {
    if item.text == "long", isLongPlace {
      try place()
      return
    }
    index += 1
    var attribute = attribute
    // "bolt circle with a 50 mm diameter", "diameter of 20 mm", "depth: 5 mm", "walls are 2 mm"
    let start = index
    if case .attribute(let second) = term(), case .attribute? = Optional(items[index - 1].term) {
      if attribute == .boltCircle && second == .diameter
        || (attribute == .wall || attribute == .floor)
          && second == .thickness
      {
        index += 1
      } else if attribute == .boltCircle, second == .radius {
        attribute = .boltCircleRadius
        index += 1
      }
    }
    skip: while let next = term() {
      switch next {
      case .link(.of), .link(.is), .link(.a), .colon, .equals, .link(.to), .link(.at), .harmless: index += 1
      case .link(.with) where attribute == .boltCircle: index += 1
      default: break skip
      }
    }
    switch term() {
    case .number(let quantity):
      index += 1
      try consumeTrailingName(&attribute)
      consumeTrailingSide(&attribute)
      let value = Details.with { $0.values = [.init(attribute: attribute, quantity: quantity)] }
      if [.diameter, .radius, .outerDiameter].contains(attribute), nounAhead(from: index) != nil,
        items[start - 1].text == "ø"
          || items[start - 1].text == "diameter" && isExpectingNoun
      {
        try give(value, ahead: true)
        return
      }
      if attribute == .inset || attribute == .offset, term() == .link(.from) {
        try distance(quantity)
        return
      }
      try give(value, ahead: false)
    // "spacing of 20 mm by 30 mm" comes as a product; "20 mm in x" is not known.
    case .product(let factors) where attribute == .spacing:
      index += 1
      try give(
        Details.with { $0.values = factors.map { Details.Value(attribute: .spacing, quantity: $0) } },
        ahead: false)
    case .product(let factors) where attribute == .diameter || attribute == .outerDiameter:
      // "Ø20 x 50 mm"
      index += 1
      let ahead = nounAhead(from: index) != nil
      try give(
        Details.with {
          $0.values = [.init(attribute: attribute, quantity: factors[0])]
          $0.figures = Array(factors.dropFirst())
        }, ahead: ahead)
    case .degrees(let angle) where attribute == .angle:
      index += 1
      try give(Details.with { $0.angle = angle }, ahead: false)
    case .thread(let thread) where attribute == .diameter:
      index += 1
      try give(Details.with { $0.thread = thread }, ahead: false)
    default:
      index = start
      try attributeAlone(attribute, item)
    }
  }

  /// "bolt circle of 50 mm diameter", "walls of 2 mm thickness": the second name is the same dimension's.
  private mutating func consumeTrailingName(_ attribute: inout Attribute) throws(GenerationJobError) {
    guard case .attribute(let next) = term() else { return }
    if case .number = term(1) { return }
    switch (attribute, next) {
    case (.boltCircle, .diameter), (.wall, .thickness), (.floor, .thickness), (.spacing, .spacing): index += 1
    case (.boltCircle, .radius):
      attribute = .boltCircleRadius
      index += 1
    default: break
    }
  }

  /// "Ø10 outside, Ø5 inside"
  private mutating func consumeTrailingSide(_ attribute: inout Attribute) {
    guard attribute == .diameter || attribute == .radius, case .direction(let side) = term(),
      side == .outer || side == .inner
    else { return }
    switch term(1) {
    case nil, .comma, .stop, .link, .close: break
    default: return
    }
    index += 1
    switch (attribute, side) {
    case (.diameter, .outer): attribute = .outerDiameter
    case (.diameter, _): attribute = .innerDiameter
    case (_, .outer): attribute = .outerRadius
    default: attribute = .innerRadius
    }
  }

  /// A name without a figure: "45 degree angle", "in a row", "on the front wall"; else something is missing.
  private mutating func attributeAlone(_ attribute: Attribute, _ item: Item) throws(GenerationJobError) {
    switch attribute {
    case .clearance:
      try give(Details.with { $0.flags = [.clearance] }, ahead: nounAhead(from: index) != nil)
    case .angle where pending.angle != nil || current.map({ mentions[$0].details.angle != nil }) == true:
      break
    case .rows where !item.isPlural:
      try give(Details.with { $0.flags = [.even] }, ahead: false)
    case .wall, .floor, .side:
      index -= 1
      try place()
    case .length where link == .along:
      link = nil
      try give(
        Details.with { $0.places = [Place(directions: [.long], link: .along, text: "length")] }, ahead: false)
    case .boltCircle, .spacing:
      // The figure may have been said before: "a bolt circle, 50 mm in diameter".
      if attribute == .boltCircle, term() == .comma, case .number(let quantity) = term(1),
        case .attribute(.diameter) = term(2)
      {
        index += 3
        try give(
          Details.with { $0.values = [.init(attribute: .boltCircle, quantity: quantity)] }, ahead: false)
        return
      }
      if attribute == .spacing { break }
      throw .missing("diameter", of: "bolt circle", example: "on a 50 mm bolt circle")
    default:
      throw .ambiguous("the figure for “\(item.text)” is missing")
    }
  }

  /// "x = 10", "y: 5 mm"
  mutating func coordinate(_ axis: Axis) throws(GenerationJobError) {
    let name = items[index].text
    index += 1
    while term() == .equals || term() == .colon || term() == .link(.is) || term() == .link(.of) { index += 1 }
    guard case .number(let quantity) = term() else { throw notUnderstood(name) }
    index += 1
    try give(Details.with { $0.coordinates = [.init(axis: axis, quantity: quantity)] }, ahead: false)
  }

  mutating func flag(_ flag: Flag) throws(GenerationJobError) {
    index += 1
    let ahead = nounAhead(from: index) != nil
    // "50 mm square": both sides
    try give(Details.with { $0.flags = [flag] }, ahead: ahead)
  }
}
