import FacetContract

/// What a prompt says about a picture: how large the part is and how thick.
///
/// Every length and number in it is understood or the prompt is refused: a size that is passed over makes a wrong part.
struct PicturePrompt: Sendable, Hashable {
  /// What a length can measure.
  enum Measure: String, Sendable, CaseIterable {
    case width = "width"
    /// Up the picture, without doubt: “tall”.
    case tallness = "height in the picture"
    /// “Height” and “high”: up the picture when the thickness is given otherwise, else the thickness.
    case height = "height"
    /// Of the box around the part, its longer side: “long”, “overall”.
    case length = "longer side"
    case diameter = "outer diameter"
    case thickness = "thickness"
  }

  /// In mm, as far as they are given.
  var lengths: [Measure: Double] = [:]
  var millimetresPerPixel: Double?
  var holeCount: Int?
  var reading = TracedPicture.Reading.byWidth

  /// What a part may measure, in mm. Ours.
  static let sizes = 0.01...10_000

  /// - Throws: `promptTooAmbiguous` for a length or number that it cannot tell the meaning of,
  ///   `geometryValidationFailed` for one that is given twice differently or cannot be.
  init(_ prompt: String) throws(GenerationJobError) {
    var reader = Reader(tokens: PromptToken.read(prompt))
    while reader.index < reader.tokens.count { try read(&reader) }
  }

  private mutating func read(_ reader: inout Reader) throws(GenerationJobError) {
    if reader.take(["line", "drawing"]) || reader.take(["outline", "drawing"])
      || reader.take(["line", "art"])
    {
      reading = .strokes
      return
    }
    switch reader.tokens[reader.index] {
    case .word("silhouette"), .word("filled"):
      reading = .areas
      reader.index += 1
    case .word(let word):
      if let count = Self.countWords[word], reader.isHoleCount(from: reader.index + 1) {
        try setHoleCount(count)
      } else if Self.hasDigits(word), !["2d", "3d"].contains(word) {
        throw .picture("“\(word)” cannot be read from a picture's prompt, which gives a size and a thickness")
      }
      reader.index += 1
    case .sign:
      reader.index += 1
    case .number(let number):
      if reader.isHoleCount(from: reader.index + 1), number >= 0, let count = Int(exactly: number) {
        try setHoleCount(count)
        reader.index += 1
      } else if let perPixel = try reader.takeScale() {
        try set(perPixel)
      } else {
        try readLengths(&reader)
      }
    }
  }

  /// `80 x 60 x 5 mm`, `Ø50 x 5 mm`, `80 mm wide`, `width: 80 mm`.
  private mutating func readLengths(_ reader: inout Reader) throws(GenerationJobError) {
    let start = reader.index
    let quantities = reader.takeQuantities()
    let text = reader.text(start..<reader.index)
    if quantities.count > 1 {
      guard quantities.count <= 3 else {
        throw .picture("“\(text)”: width, height and thickness are all there is")
      }
      // The unit may come last: 80 x 60 mm.
      let unit = quantities.compactMap(\.unit).last ?? 1
      let isDisc = quantities.count == 2 && reader.follows("diameter", start)
      let measures: [Measure] = isDisc ? [.diameter, .thickness] : [.width, .tallness, .thickness]
      for (quantity, measure) in zip(quantities, measures) {
        try set(measure, quantity.value * (quantity.unit ?? unit))
      }
      return
    }
    let quantity = quantities[0]
    guard let measure = reader.measure(of: start) else {
      throw .picture(
        "what “\(text)” measures is not said: “wide”, “tall”, “overall”, “thick” or the like is needed")
    }
    try set(measure, quantity.value * (quantity.unit ?? 1))
  }

  private mutating func set(_ measure: Measure, _ value: Double) throws(GenerationJobError) {
    guard Self.sizes.contains(value) else {
      throw .init(
        .geometryValidationFailed,
        detail: "the \(measure.rawValue) of \(figure(value)) mm is not within "
          + "\(figure(Self.sizes.lowerBound)) and \(figure(Self.sizes.upperBound)) mm")
    }
    if let other = lengths[measure], abs(other - value) > 1e-9 * value {
      throw .init(
        .geometryValidationFailed,
        detail: "the \(measure.rawValue) is given as \(figure(other)) mm and as \(figure(value)) mm")
    }
    lengths[measure] = value
  }

  private mutating func set(_ perPixel: Double) throws(GenerationJobError) {
    guard perPixel > 0, perPixel.isFinite else {
      throw .init(.geometryValidationFailed, detail: "the scale must be greater than 0")
    }
    if let other = millimetresPerPixel, abs(other - perPixel) > 1e-9 * perPixel {
      throw .init(
        .geometryValidationFailed,
        detail: "the scale is given as \(figure(other)) and as \(figure(perPixel)) mm per pixel")
    }
    millimetresPerPixel = perPixel
  }

  private mutating func setHoleCount(_ count: Int) throws(GenerationJobError) {
    if let other = holeCount, other != count {
      throw .init(.geometryValidationFailed, detail: "both \(other) and \(count) holes are asked for")
    }
    holeCount = count
  }

  private static let countWords = [
    "no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
  ]

  private static func hasDigits(_ word: String) -> Bool { word.contains { $0.isASCII && $0.isNumber } }
}

/// Goes through a prompt's tokens. The lengths of the grammar of prompts without pictures are its own affair.
private struct Reader {
  let tokens: [PromptToken]
  var index = 0
  /// Words that already said what a length is.
  var isUsed: Set<Int> = []

  init(tokens: [PromptToken]) { self.tokens = tokens }

  struct Quantity {
    var value: Double
    /// In mm; nil when none is written.
    var unit: Double?
  }

  func word(_ index: Int) -> String? { tokens.indices.contains(index) ? tokens[index].word : nil }

  func follows(_ wanted: String, _ index: Int) -> Bool {
    word(index - 1) == wanted && !isUsed.contains(index - 1)
  }

  func text(_ range: Range<Int>) -> String {
    tokens[range].map { token in
      switch token {
      case .word(let word): word
      case .number(let number): figure(number)
      case .sign(let sign): String(sign)
      }
    }.joined(separator: " ")
  }

  mutating func take(_ words: [String]) -> Bool {
    for (offset, wanted) in words.enumerated() {
      guard let word = word(index + offset), word == wanted || word == wanted + "s" else { return false }
    }
    for offset in words.indices { isUsed.insert(index + offset) }
    index += words.count
    return true
  }

  // MARK: Quantities

  private static let units: [String: Double] = [
    "mm": 1, "millimetre": 1, "millimetres": 1, "millimeter": 1, "millimeters": 1, "cm": 10, "centimetre": 10,
    "centimetres": 10, "centimeter": 10, "centimeters": 10, "inch": 25.4, "inches": 25.4,
  ]

  /// The unit at an index, in mm. “In” is one unless a word follows that makes it “in the picture”.
  private func unit(_ index: Int) -> Double? {
    if tokens.indices.contains(index), tokens[index] == .sign("\"") { return 25.4 }
    guard let word = word(index) else { return nil }
    if word == "in" {
      guard let next = self.word(index + 1) else { return 25.4 }
      let measures = ["width", "height", "length", "thickness", "diameter", "size", "total", "depth"]
      return ["the", "a", "this", "each", "every"].contains(next) || measures.contains(next) ? nil : 25.4
    }
    return Self.units[word]
  }

  /// One length, or several with “x” or “by” between them.
  mutating func takeQuantities() -> [Quantity] {
    var quantities: [Quantity] = []
    while let quantity = takeQuantity() {
      quantities.append(quantity)
      guard tokens.indices.contains(index + 1), tokens[index] == .sign("x") || word(index) == "by",
        case .number = tokens[index + 1]
      else { break }
      index += 1
    }
    return quantities
  }

  /// `80`, `1/2 in`, `1 1/2 in`.
  private mutating func takeQuantity() -> Quantity? {
    guard case .number(var value)? = tokens.indices.contains(index) ? tokens[index] : nil else { return nil }
    func fraction(_ index: Int) -> Double? {
      guard tokens.indices.contains(index + 2), case .number(let upper) = tokens[index],
        tokens[index + 1] == .sign("/"), case .number(let lower) = tokens[index + 2], lower > 0
      else { return nil }
      return upper / lower
    }
    if let fraction = fraction(index) {
      value = fraction
      index += 3
    } else if let fraction = fraction(index + 1) {
      value += fraction
      index += 4
    } else {
      index += 1
    }
    let unit = unit(index)
    if unit != nil { index += 1 }
    return Quantity(value: value, unit: unit)
  }

  /// `0.5 mm per pixel`, `0.5 mm/px`, `4 pixels per mm`, `300 dpi`, in mm per pixel; nil, and nothing taken, when it is
  /// something else.
  mutating func takeScale() throws(GenerationJobError) -> Double? {
    let start = index
    guard let quantity = takeQuantity() else { return nil }
    func isPixel(_ index: Int) -> Bool { ["px", "pixel", "pixels"].contains(word(index) ?? "") }
    func isPer(_ index: Int) -> Bool {
      ["per", "a", "each"].contains(word(index) ?? "")
        || tokens.indices.contains(index) && tokens[index] == .sign("/")
    }
    if ["dpi", "ppi"].contains(word(index) ?? "") {
      index += 1
      return 25.4 / quantity.value
    }
    if isPer(index), isPixel(index + 1) {
      guard let unit = quantity.unit else { throw .picture("the scale has no unit: “0.5 mm per pixel”") }
      index += 2
      return quantity.value * unit
    }
    if isPixel(index) {
      guard isPer(index + 1), let unit = unit(index + 2) else {
        throw .picture("lengths in pixels cannot be read; “4 pixels per mm” can")
      }
      index += 3
      return unit / quantity.value
    }
    index = start
    return nil
  }

  func isHoleCount(from index: Int) -> Bool {
    // “4 holes”, “four small round holes”.
    for offset in 0..<3 {
      guard let word = word(index + offset), unit(index + offset) == nil else { return false }
      if ["hole", "holes"].contains(word) { return true }
    }
    return false
  }

  // MARK: What a length measures

  private static let measures: [String: PicturePrompt.Measure] = [
    "wide": .width, "width": .width, "tall": .tallness, "tallness": .tallness, "high": .height,
    "height": .height,
    "long": .length, "length": .length, "overall": .length, "across": .length, "diameter": .diameter,
    "dia": .diameter, "diam": .diameter, "od": .diameter, "thick": .thickness, "thickness": .thickness,
    "deep": .thickness, "depth": .thickness, "extrude": .thickness, "extruded": .thickness,
    "extrusion": .thickness, "extruding": .thickness,
  ]

  /// Words that may stand between a length and what it measures.
  private static let fillers: Set = [
    "in", "of", "is", "to", "by", "be", "at", "the", "a", "an", "it", "its", "about", "total", "maximum",
    "max",
    "outer", "outside", "picture", "image", "drawing", "part", "plate", "shape", "outline", "piece", "should",
    "with",
    "exactly", "make", "which", "measures", "set",
  ]

  /// What the length at an index measures, by the word before it or else after it; each word says so only once.
  mutating func measure(of start: Int) -> PicturePrompt.Measure? {
    if let found = look(from: start - 1, by: -1) ?? look(from: index, by: 1) {
      isUsed.insert(found.index)
      // “80 mm overall width”: the width. “50 mm outer diameter”: fillers.
      if found.measure == .length, found.index >= index, let next = word(found.index + 1),
        let better = Self.measures[next], better != .thickness
      {
        isUsed.insert(found.index + 1)
        index = found.index + 2
        return better
      }
      if found.index >= index { index = found.index + 1 }
      return found.measure
    }
    return nil
  }

  private func look(from start: Int, by step: Int) -> (measure: PicturePrompt.Measure, index: Int)? {
    var index = start
    for _ in 0..<6 {
      guard tokens.indices.contains(index), !isUsed.contains(index) else { return nil }
      switch tokens[index] {
      case .word(let word):
        if let measure = Self.measures[word] { return (measure, index) }
        guard Self.fillers.contains(word) else { return nil }
      case .sign(let sign):
        guard sign == ":" || sign == "=" else { return nil }
      case .number:
        return nil
      }
      index += step
    }
    return nil
  }
}

/// A number for people: up to four decimals, without zeros at the end.
func figure(_ value: Double) -> String {
  let rounded = (value * 10_000).rounded() / 10_000
  guard rounded != 0 || value == 0 else { return "\(value)" }
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
}
