/// Tokens become terms: the longest entry of the lexicon wins.
enum TermReader {
  static func items(_ tokens: [Token]) -> [Item] {
    var items: [Item] = []
    items.reserveCapacity(tokens.count)
    var index = 0
    while index < tokens.count {
      switch tokens[index] {
      case .number(let quantity): items.append(Item(term: .number(quantity), text: quantity.text))
      case .product(let factors):
        items.append(Item(term: .product(factors), text: factors.map(\.text).joined(separator: " × ")))
      case .degrees(let angle): items.append(Item(term: .degrees(angle), text: "\(Figure.text(angle))°"))
      case .thread(let thread): items.append(Item(term: .thread(thread), text: thread.text))
      case .point(let first, let second):
        items.append(Item(term: .point(first, second), text: "(\(first.text), \(second.text))"))
      case .mark(let mark): items.append(Item(term: marks[mark] ?? .unknown, text: String(mark)))
      case .word:
        let (item, count) = words(tokens, at: index)
        items.append(item)
        index += count - 1
      }
      index += 1
    }
    return items
  }

  private static let marks: [Character: Term] = [
    ",": .comma, "x": .comma, ".": .stop, ";": .stop, ":": .colon, "=": .equals, "(": .open, ")": .close,
  ]

  private static func words(_ tokens: [Token], at index: Int) -> (Item, count: Int) {
    var phrase: [String] = []
    for token in tokens[index...].prefix(Lexicon.longest) {
      guard case .word(let word) = token else { break }
      phrase.append(word)
    }
    let first = phrase[0]
    // "by" between figures is a product's; elsewhere it only joins.
    // "all dimensions in mm"
    if first != "in", LengthUnit(word: first) != nil { return (Item(term: .harmless, text: first), 1) }
    if first == "by" { return (Item(term: .comma, text: first), 1) }
    if first == "x" || first == "y" || first == "z" {
      let axis: Axis = first == "x" ? .x : first == "y" ? .y : .z
      return (Item(term: .axis(axis), text: first), 1)
    }
    for count in stride(from: phrase.count, through: 1, by: -1) {
      let text = phrase.prefix(count).joined(separator: " ")
      if let (term, isPlural) = Lexicon.lookUp(text) {
        return (Item(term: term, text: text, isPlural: isPlural), count)
      }
    }
    return (Item(term: .unknown, text: first), 1)
  }
}
