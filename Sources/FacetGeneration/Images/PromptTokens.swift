/// The words, numbers and signs of a prompt, in lower case.
enum PromptToken: Sendable, Hashable {
  case word(String)
  case number(Double)
  /// One of `x / : = , . ; ( ) + % " '` and whatever else stands alone.
  case sign(Character)

  var word: String? { if case .word(let word) = self { word } else { nil } }

  /// Splits a prompt. A comma between digits is a decimal comma, unless three digits follow it; hyphens part words;
  /// numbers and units may be written together, numbers within words (M3, 2D) stay there.
  static func read(_ prompt: String) -> [PromptToken] {
    var tokens: [PromptToken] = []
    let characters = Array(prompt.lowercased())
    var index = 0
    func character(_ offset: Int) -> Character? {
      characters.indices.contains(offset) ? characters[offset] : nil
    }
    func isDigit(_ offset: Int) -> Bool {
      character(offset).map { $0.isASCII && $0.isNumber } ?? false
    }
    while let next = character(index) {
      let startsNumber = isDigit(index) || next == "." && isDigit(index + 1)
      if startsNumber {
        let start = index
        var text = ""
        var hasPoint = false
        while let digit = character(index) {
          if isDigit(index) {
            text.append(digit)
          } else if digit == ".", !hasPoint, isDigit(index + 1) {
            hasPoint = true
            text.append(".")
          } else if digit == ",", !hasPoint, isDigit(index + 1) {
            let digits = (1...4).prefix { isDigit(index + $0) }.count
            if digits != 3 {
              hasPoint = true
              text.append(".")
            }
          } else {
            break
          }
          index += 1
        }
        // A minus sign, not the hyphen of “3-5” or “80-mm-wide”.
        let isNegative =
          start > 0 && (characters[start - 1] == "-" || characters[start - 1] == "−")
          && (start == 1 || characters[start - 2].isWhitespace)
        if character(index) == "d", !(character(index + 1)?.isLetter ?? false) {
          // 2D and 3D are words.
          tokens.append(.word(text + "d"))
          index += 1
          continue
        }
        if let value = Double(text) { tokens.append(.number(isNegative ? -value : value)) }
      } else if next == "ø" || next == "⌀" {
        tokens.append(.word("diameter"))
        index += 1
      } else if next.isLetter {
        var text = ""
        while let letter = character(index), letter.isLetter || isDigit(index) {
          // “80x60” and “x60”: the sign between two numbers.
          if text == "x", isDigit(index) { break }
          text.append(letter)
          index += 1
        }
        tokens.append(text == "x" ? .sign("x") : .word(text))
      } else {
        switch next {
        case "×", "*": tokens.append(.sign("x"))
        case "″", "”", "“", "\"": tokens.append(.sign("\""))
        case _ where next.isWhitespace || next == "-" || next == "−" || next == "–": break
        default: tokens.append(.sign(next))
        }
        index += 1
      }
    }
    return tokens
  }
}
