import FacetContract

/// Divides a prompt into tokens. Nothing is ever left out but blanks and hyphens between words.
struct Lexer {
  private let characters: [Character]
  private var index = 0
  private var tokens: [Token] = []

  private init(_ prompt: String) {
    characters = prompt.lowercased().map { Lexer.plain[$0] ?? $0 }
  }

  /// Signs that mean the same, as one.
  private static let plain: [Character: Character] = [
    "×": "x", "✕": "x", "⨯": "x", "*": "x", "”": "\"", "“": "\"", "″": "\"", "’": "'", "′": "'", "‘": "'",
    "–": "-", "—": "-", "‑": "-", "−": "-", "⌀": "ø", "∅": "ø", "º": "°", "[": "(", "]": ")", "!": ".",
    "?": ".",
    "\n": ".", "\r\n": ".", "\t": " ", "\u{a0}": " ", "\u{202f}": " ", "•": ",", "&": "+",
  ]

  private static let spelled: [String: Double] = [
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
    "eleven": 11, "twelve": 12, "sixteen": 16, "twenty": 20, "single": 1,
  ]

  private static let vulgar: [Character: Double] = [
    "½": 0.5, "¼": 0.25, "¾": 0.75, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625, "⅞": 0.875, "⅓": 1 / 3, "⅔": 2 / 3,
  ]

  /// - Throws: `promptTooAmbiguous` for a range ("10-15 mm") and for figures without a unit where several units or
  ///   none are used.
  static func tokens(_ prompt: String) throws(GenerationJobError) -> [Token] {
    var lexer = Lexer(prompt)
    try lexer.read()
    return try TokenJoiner.joined(lexer.tokens)
  }

  private func at(_ offset: Int) -> Character? {
    let place = index + offset
    return place >= 0 && place < characters.count ? characters[place] : nil
  }

  private static func isDigit(_ character: Character?) -> Bool {
    character.map { $0.isASCII && $0.isNumber } ?? false
  }

  private static func isLetter(_ character: Character?) -> Bool { character?.isLetter ?? false }

  private mutating func read() throws(GenerationJobError) {
    while let character = at(0) {
      if character.isWhitespace {
        index += 1
      } else if character == "3", at(1) == "d", !Lexer.isLetter(at(2)), !Lexer.isDigit(at(2)),
        !Lexer.isDigit(at(-1)), at(-1) != "."
      {
        tokens.append(.word("3d"))
        index += 2
      } else if startsNumber {
        try readNumber()
      } else if character == "ø" {
        tokens.append(.word("ø"))
        index += 1
      } else if character.isLetter {
        readWord()
      } else {
        readSign(character)
      }
    }
  }

  private var startsNumber: Bool {
    guard let character = at(0) else { return false }
    if Lexer.isDigit(character) || Lexer.vulgar[character] != nil { return true }
    if character == ".", Lexer.isDigit(at(1)), !Lexer.isDigit(at(-1)) { return true }
    guard character == "-", Lexer.isDigit(at(1)) || at(1) == "." && Lexer.isDigit(at(2)) else { return false }
    // A minus sign stands apart; a hyphen hangs on the word before it.
    return at(-1).map { $0 == " " || $0 == "=" || $0 == "(" || $0 == "," || $0 == ":" } ?? true
  }

  private mutating func digits() -> String {
    var text = ""
    while let digit = at(0), Lexer.isDigit(digit) {
      text.append(digit)
      index += 1
    }
    return text
  }

  private mutating func readNumber() throws(GenerationJobError) {
    var sign = 1.0
    if at(0) == "-" {
      sign = -1
      index += 1
    }
    var text = digits()
    // 1,000 with exactly three digits after the comma; a point's coordinates stand in brackets.
    while !text.isEmpty, text.count <= 3, at(0) == ",", (1...3).allSatisfy({ Lexer.isDigit(at($0)) }),
      !Lexer.isDigit(at(4)), at(4) != ",", text != "0", tokens.last != .mark("(")
    {
      index += 1
      text += digits()
    }
    if at(0) == ".", Lexer.isDigit(at(1)) {
      index += 1
      text += "." + digits()
    }
    var value = text.isEmpty ? 0 : Double(text.hasPrefix(".") ? "0" + text : text) ?? .infinity
    value += try fraction(after: text, &value)
    tokens.append(.number(Quantity(value: sign * value)))
    readUnit()
    if at(0) == "-", Lexer.isDigit(at(1)) {
      throw .ambiguous("a range was given after \(Figure.text(sign * value)); give one figure")
    }
  }

  /// What follows a whole number as a fraction: "1 1/2", "1-1/2", "½"; and "1/4", which replaces it.
  private mutating func fraction(
    after text: String, _ value: inout Double
  ) throws(GenerationJobError) -> Double {
    if let sign = at(0), let part = Lexer.vulgar[sign] {
      index += 1
      return part
    }
    if at(0) == "/", Lexer.isDigit(at(1)) {
      index += 1
      let below = Double(digits()) ?? 0
      if below == 0 { throw .contradiction("\(text)/0 is no figure") }
      let quotient = value / below
      value = 0
      return quotient
    }
    guard !text.contains("."), at(0) == " " || at(0) == "-", Lexer.isDigit(at(1)) else { return 0 }
    let start = index
    index += 1
    let above = digits()
    if at(0) == "/", Lexer.isDigit(at(1)) {
      index += 1
      let below = Double(digits()) ?? 0
      if below > 0, let above = Double(above), above < below { return above / below }
    }
    index = start
    return 0
  }

  /// A unit that hangs on the figure or follows after a blank or a hyphen.
  private mutating func readUnit() {
    if at(0) == "\"" || at(0) == "'" {
      if at(0) == "'" && at(1) == "'" { index += 1 }
      attach(at(0) == "\"" || at(-1) == "'" ? .inch : .foot)
      index += 1
      return
    }
    if at(0) == "°" {
      index += 1
      makeDegrees()
      return
    }
    let isGlued = Lexer.isLetter(at(0))
    let skip = isGlued ? 0 : 1
    guard isGlued || (at(0) == " " || at(0) == "-") && Lexer.isLetter(at(1)) else { return }
    var word = ""
    while let letter = at(skip + word.count), letter.isLetter, word.count < 13 { word.append(letter) }
    // "10mmx20": the x belongs to the next figure.
    if word.count > 1, word.hasSuffix("x"), LengthUnit(word: String(word.dropLast())) != nil {
      word.removeLast()
    }
    if ["degree", "degrees", "deg"].contains(word) {
      index += skip + word.count
      makeDegrees()
      return
    }
    guard let unit = LengthUnit(word: word) else { return }
    // "2 in the middle" is no inch.
    if unit == .inch, word == "in", !isGlued, !isInch(after: skip + 2) { return }
    if unit == .metre, word == "m", Lexer.isDigit(at(skip + 1)) { return }
    index += skip + word.count
    if at(0) == ".", word == "in", Lexer.isLetter(at(2)) || Lexer.isDigit(at(2)) { index += 1 }
    attach(unit)
  }

  private func isInch(after offset: Int) -> Bool {
    guard at(offset) == " " else { return true }
    var word = ""
    while let letter = at(offset + 1 + word.count), letter.isLetter, word.count < 12 { word.append(letter) }
    return ![
      "the", "a", "an", "each", "every", "its", "total", "all", "both", "one", "two", "three", "four", "from",
      "row",
      "rows", "line",
    ].contains(word)
      && !(["diameter", "length", "width", "height", "depth", "thickness", "radius"].contains(word)
        && characters.indices.contains { index in
          characters[index] == "m" && index + 1 < characters.count && characters[index + 1] == "m"
        })
  }

  private mutating func attach(_ unit: LengthUnit) {
    if case .number(var quantity) = tokens.last {
      quantity.unit = unit
      tokens[tokens.count - 1] = .number(quantity)
    }
  }

  private mutating func makeDegrees() {
    if case .number(let quantity) = tokens.last { tokens[tokens.count - 1] = .degrees(quantity.value) }
  }

  private mutating func readWord() {
    let isAfterFigure = Lexer.isDigit(at(-1)) || Lexer.letterAfterFigure(tokens.last)
    var word = ""
    while let letter = at(0), letter.isLetter || letter == "'" && Lexer.isLetter(at(1)) {
      if letter == "ø" { break }
      word.append(letter)
      index += 1
      // "40x20", "4xM5" and "4xØ5": the x stands for itself.
      if word == "x", Lexer.isDigit(at(0)) || at(0) == "m" && Lexer.isDigit(at(1)) || at(0) == "ø" { break }
      if word == "x", isAfterFigure, at(0).map({ !$0.isLetter }) ?? true { break }
    }
    if word == "x", !isCoordinate {
      tokens.append(.mark("x"))
    } else if word == "m", Lexer.isDigit(at(0)) {
      readThread()
    } else if word == "r" || word == "d" || word == "dia" || word == "diam", Lexer.isDigit(at(0)) {
      tokens.append(.word(word == "r" ? "radius" : "diameter"))
    } else if word == "half" || word == "quarter", at(0) == " " || at(0) == "-", isInchAhead {
      tokens.append(.number(Quantity(value: word == "half" ? 0.5 : 0.25)))
      readUnit()
    } else if let value = Lexer.spelled[word] {
      tokens.append(.number(Quantity(value: value, isSpelled: true)))
    } else {
      if word.hasSuffix("'s") { word.removeLast(2) }
      tokens.append(.word(word))
    }
  }

  /// Whether the x just read names a coordinate: "x=10", "x: 10", "at x 10".
  private var isCoordinate: Bool {
    let next = at(0) == " " ? at(1) : at(0)
    return next == "=" || next == ":" || tokens.last == .word("at")
  }

  /// "half inch"
  private var isInchAhead: Bool { "inch".enumerated().allSatisfy { at($0.offset + 1) == $0.element } }

  private static func letterAfterFigure(_ token: Token?) -> Bool {
    if case .number = token { true } else { false }
  }

  /// "5", "5x0.8" or "5 x 0.8" after an M.
  private mutating func readThread() {
    func figure(_ lexer: inout Lexer) -> Double {
      var text = lexer.digits()
      if lexer.at(0) == ".", Lexer.isDigit(lexer.at(1)) {
        lexer.index += 1
        text += "." + lexer.digits()
      }
      return Double(text) ?? .infinity
    }
    var thread = MetricThread(diameter: figure(&self))
    let start = index
    while at(0) == " " { index += 1 }
    if at(0) == "x" {
      index += 1
      while at(0) == " " { index += 1 }
      if Lexer.isDigit(at(0)) {
        let pitch = figure(&self)
        if pitch > 0, pitch < thread.diameter * 0.4 {
          thread.pitch = pitch
          // "M3 x 0.5 mm"
          let end = index
          if at(0) == " " { index += 1 }
          if at(0) == "m", at(1) == "m", !Lexer.isLetter(at(2)) { index += 2 } else { index = end }
          tokens.append(.thread(thread))
          return
        }
      }
    }
    index = start
    tokens.append(.thread(thread))
  }

  private mutating func readSign(_ sign: Character) {
    index += 1
    switch sign {
    case "-", "\"", "'", "_": break
    case "+": tokens.append(.word("and"))
    case "/": tokens.append(.mark(","))
    case ".", ",", ";", ":", "=", "(", ")": tokens.append(.mark(sign))
    default: tokens.append(.word(String(sign)))
    }
  }
}
