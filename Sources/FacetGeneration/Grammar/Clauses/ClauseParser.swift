import FacetContract

/// Reads the terms from left to right and gathers what is said about each thing.
///
/// What stands before a noun belongs to it ("a 5 mm deep slot"), what stands after it does too, as far as it can be
/// said of it ("…, 3 mm thick" after a hole is said of the plate). "The holes" speaks of holes already mentioned.
/// Nothing is dropped: what finds no owner is refused by name.
struct ClauseParser {
  let items: [Item]
  var index = 0
  var mentions: [Mention] = []
  /// What stands before a noun that is still to come.
  var pending = Details()
  /// The thing spoken of last.
  var current: Int?
  /// The body spoken of last.
  var body: Int?
  /// The last little word, which says how the next place is meant.
  var link: Link?
  /// Whether an article or a count has opened a noun phrase whose noun is still to come.
  var isExpectingNoun = false
  /// Whether "each" or "both" was said of the place to come.
  var isEvery = false
  /// Whether all that came before may be no more than the part's name.
  var isTitle = false
  /// Whether the noun to come was announced as known ("the", "each").
  var isReference = false

  init(_ items: [Item]) { self.items = items }

  func term(_ offset: Int = 0) -> Term? {
    items.indices.contains(index + offset) ? items[index + offset].term : nil
  }

  func notUnderstood(_ text: String) -> GenerationJobError {
    .ambiguous("“\(String(text.prefix(40)))” is not understood")
  }

  mutating func read() throws(GenerationJobError) {
    while index < items.count {
      try step()
    }
    try closeSentence()
  }

  private mutating func step() throws(GenerationJobError) {
    let item = items[index]
    switch item.term {
    case .body(let kind): try self.body(kind, item)
    case .feature(let kind): try feature(kind, item)
    case .number(let quantity): try number(quantity)
    case .product(let factors): try product(factors)
    case .attribute(let name): try attribute(name, item)
    case .thread(let thread):
      try give(Details.with { $0.thread = thread }, ahead: nounAhead(from: index + 1) != nil)
      index += 1
    case .degrees(let angle):
      try give(Details.with { $0.angle = angle }, ahead: nounAhead(from: index + 1) != nil)
      index += 1
    case .flag(let flag): try self.flag(flag)
    case .direction, .place: try place()
    case .point(let first, let second):
      try give(Details.with { $0.points = [[first, second]] }, ahead: false)
      index += 1
    case .axis(let axis): try coordinate(axis)
    case .link(let link):
      if link == .around, case .number? = term(1) {
        throw notUnderstood("\(item.text) \(items[index + 1].text)")
      }
      if link == .around, case .product? = term(1) {
        throw notUnderstood("\(item.text) \(items[index + 1].text)")
      }
      try self.link(link)
    case .colon:
      index += 1
      isTitle = mentions.count == 1
    case .harmless, .equals, .open: index += 1
    case .comma, .close:
      index += 1
      link = nil
      isEvery = false
    case .stop:
      try closeSentence()
      index += 1
    case .unknown: throw notUnderstood(item.text)
    }
  }

  /// A sentence ends: what was said before a noun that never came is said of the thing spoken of last.
  private mutating func closeSentence() throws(GenerationJobError) {
    if !pending.isEmpty {
      let left = pending
      pending = Details()
      try giveToCurrent(left)
    }
    current = body
    link = nil
    isExpectingNoun = false
    isReference = false
    isEvery = false
  }

  // MARK: nouns

  private mutating func body(_ kind: BodyKind, _ item: Item) throws(GenerationJobError) {
    index += 1
    defer {
      isExpectingNoun = false
      isTitle = false
    }
    if isTitle, let last = mentions.indices.last, mentions[last].body != nil, mentions[last].details.isEmpty {
      // "Bolt plate: a plate 70 x 70 x 8 mm": a title, and then the part.
      mentions.removeLast()
      current = nil
      body = nil
    }
    if index >= 2, case .body(let before) = items[index - 2].term, before.isLike(kind), let current,
      mentions[current].body == before, pending.isEmpty
    {
      // "spacer ring": one thing, by two nouns.
      mentions[current].subject = .body(kind)
      mentions[current].word = item.text
      mentions[current].isPlural = item.isPlural
      return
    }
    let same = mentions.lastIndex { $0.body == kind || $0.body != nil && $0.word == item.text }
    if isReference || same != nil && link != nil && link != .with && link != .and && pending.isEmpty {
      let only = mentions.filter { $0.body != nil }.count == 1 ? body : nil
      let known = same ?? only.flatMap { mentions[$0].body!.isLike(kind) ? $0 : nil }
      if let known, pending.count == nil {
        isReference = false
        // "a hole through the plate" goes on speaking of the hole.
        let isObject = link.map { ![.with, .and, .is].contains($0) } ?? false
        if isObject, pending.isEmpty {
          link = nil
          if let current { mentions[current].parent = mentions[current].body == nil ? known : nil }
          return
        }
        current = known
        body = known
        try takePending()
        return
      }
    }
    isReference = false
    mentions.append(
      Mention(subject: .body(kind), word: item.text, isPlural: item.isPlural, details: Details(), parent: nil)
    )
    current = mentions.count - 1
    body = current
    // "A part with 3 mm walls: a box …": features said before their body are its own.
    for place in mentions.indices where mentions[place].body == nil && mentions[place].parent == nil {
      mentions[place].parent = current
    }
    try takePending()
    link = nil
  }

  private mutating func feature(_ kind: FeatureKind, _ item: Item) throws(GenerationJobError) {
    index += 1
    defer { isExpectingNoun = false }
    var kind = kind
    let isEach = isEvery
    defer { if isEach { isEvery = false } }
    if kind == .standoff || kind == .boss, body == nil {
      // A standoff alone is a body.
      let isHexagonal =
        pending.flags.contains(.hexagonal) || pending.values.contains { $0.attribute == .acrossFlats }
      index -= 1
      try self.body(isHexagonal ? .hexagon : .cylinder, item)
      return
    }
    if kind == .cornerRadius, let current, mentions[current].feature == .pocket, link == .with {
      try pocketRadius(current)
      return
    }
    if kind == .tapping {
      // "an M5 thread" on a hole; alone it is a tapped hole.
      pending.flags.insert(.tapped)
      if let current, mentions[current].feature == .hole, pending.thread != nil {
        try takePending()
        return
      }
      kind = .hole
    }
    if kind == .leg || kind == .web, pending.values.isEmpty, pending.figures.isEmpty,
      link == .on || link == .in
        || link == .of || link == .through || link == .along || link == .at
    {
      try legAsPlace(item)
      return
    }
    let known = mentions.lastIndex { $0.feature == kind }
    let isTold = known.map { mentions[$0].details.isSized } ?? true
    if let known, isReference || !isTold, pending.count == nil {
      isReference = false
      let isObject = link.map { [.of, .on, .in, .at, .through, .to, .around].contains($0) } ?? false
      if isObject, let current, mentions[current].feature != kind,
        mentions[current].feature?.isPlaced ?? false
      {
        mentions[current].parent = known
        link = nil
        return
      }
      current = known
      try takePending()
      link = nil
      return
    }
    isReference = false
    var mention = Mention(
      subject: .feature(kind), word: item.text, isPlural: item.isPlural, details: Details(), parent: body)
    for (word, flag) in FeatureWords.flags where item.text.contains(word) {
      mention.details.flags.insert(flag)
    }
    if kind == .counterbore || kind == .countersink {
      // With a hole before it, it is that hole's; alone it is a hole of its own.
      if let hole = mentions.lastIndex(where: {
        $0.feature == .hole && $0.parent == body || $0.feature == .hole
      }),
        pending.thread == nil, link == .with || link == .and || pending.count == nil && current == hole
      {
        mention.parent = hole
      }
    } else if kind == .hole || kind == .countersink, let current, link == .with || link == .in,
      mentions[current].feature == .boss || mentions[current].feature == .standoff
        || mentions[current].feature == .hub || mentions[current].feature == .pocket
    {
      mention.parent = current
    } else if kind == .lip || kind == .step, let current, mentions[current].feature == .lid {
      mention.parent = current
    }
    if isEach { mention.isPlural = true }
    mentions.append(mention)
    current = mentions.count - 1
    try takePending()
    link = nil
  }

  /// "a pocket … with 5 mm corner radius", "… with a corner radius of 5 mm"
  private mutating func pocketRadius(_ pocket: Int) throws(GenerationJobError) {
    while term() == .link(.of) || term() == .colon || term() == .equals { index += 1 }
    if pending.figures.isEmpty, case .number(let quantity)? = term() {
      index += 1
      pending.figures = [quantity]
    }
    guard let radius = pending.figures.popLast() else {
      throw .missing("corner radius", of: "pocket", example: "5 mm corner radius")
    }
    mentions[pocket].details.values.append(.init(attribute: .radius, quantity: radius))
    try takePending()
    link = nil
  }

  /// "on the horizontal leg": a face, not a dimension.
  private mutating func legAsPlace(_ item: Item) throws(GenerationJobError) {
    var place = pending.places.popLast() ?? Place(text: item.text)
    place.noun = .leg
    place.link = link
    place.isEvery = place.isEvery || isEvery || item.isPlural
    isEvery = false
    place.text += place.text == item.text ? "" : " " + item.text
    isReference = false
    isExpectingNoun = false
    link = nil
    if case .place(.face) = term() { index += 1 }
    try giveToCurrent(Details.with { $0.places = [place] })
  }

  private mutating func takePending() throws(GenerationJobError) {
    guard let current else { return }
    let details = pending
    pending = Details()
    try assign(details, to: current)
  }

  // MARK: little words

  private mutating func link(_ word: Link) throws(GenerationJobError) {
    index += 1
    switch word {
    case .the:
      isReference = true
    case .a:
      // An article after a finished phrase opens the next one.
      isExpectingNoun = true
      isExpectingNoun = nounAhead(from: index) != nil
      isReference = false
    case .each, .both:
      isReference = true
      isEvery = true
    case .it:
      if current == nil { current = body }
    case .through:
      if let current, mentions[current].feature == .hole { mentions[current].details.flags.insert(.through) }
      link = .through
    case .for:
      try skipPurpose()
      link = .for
    case .with:
      link = .with
      isReference = false
    case .is: break
    default: link = word
    }
  }

  /// "for a 608 bearing", "for a 52 mm filter thread": the words up to the purpose's last noun say nothing about the
  /// shape. "for M5 screws" does, and stays.
  private mutating func skipPurpose() throws(GenerationJobError) {
    var end: Int?
    var figures = 0
    var place = index
    scan: while place < items.count, place < index + 6 {
      switch items[place].term {
      case .link(.a), .link(.the), .link(.and), .harmless: break
      case .number, .product, .thread:
        // One figure may name the purpose, as a filter's size does; more would be dimensions.
        figures += 1
        if figures > 1 || end != nil { break scan }
      default:
        let words = items[place].text.split(separator: " ").map(String.init)
        guard
          words.allSatisfy({
            Lexicon.purposes.contains($0) || Lexicon.purposes.contains(String($0.dropLast()))
          })
        else { break scan }
        end = place
      }
      place += 1
    }
    if let end { index = end + 1 }
  }
}

extension Details {
  static func with(_ change: (inout Details) -> Void) -> Details {
    var details = Details()
    change(&details)
    return details
  }
}

/// Adjectives inside the names of features.
enum FeatureWords {
  static let flags: [(String, Flag)] = [
    ("through", .through), ("thru", .through), ("blind", .blind), ("central", .centered),
    ("center", .centered),
    ("centre", .centered), ("square", .square), ("rectangular", .rectangular), ("axial", .centered),
    ("circular", .round), ("triangular", .triangular), ("clearance", .clearance),
  ]
}
