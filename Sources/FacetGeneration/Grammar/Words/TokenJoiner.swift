import FacetContract

/// The second look at the tokens: products, points, and the unit of figures that have none.
enum TokenJoiner {
  static func joined(_ tokens: [Token]) throws(GenerationJobError) -> [Token] {
    var result: [Token] = []
    result.reserveCapacity(tokens.count)
    var index = 0
    func token(_ place: Int) -> Token? { place < tokens.count ? tokens[place] : nil }
    while index < tokens.count {
      if let (first, second, next) = point(tokens, index) {
        result.append(.point(first, second))
        index = next
      } else if case .number(let first) = tokens[index], !first.isSpelled {
        var factors = [first]
        index += 1
        while isTimes(token(index)), case .number(let factor)? = token(index + 1), !factor.isSpelled {
          factors.append(factor)
          index += 2
        }
        // One unit at the end is meant for all.
        if factors.count > 1, let unit = factors.last?.unit,
          factors.dropLast().allSatisfy({ $0.unit == nil }),
          !isCount(factors, token(index))
        {
          for place in factors.indices { factors[place].unit = unit }
        } else if factors.count > 2, let unit = factors.first?.unit,
          factors.dropFirst().allSatisfy({ $0.unit == nil })
        {
          for place in factors.indices { factors[place].unit = unit }
        }
        result.append(factors.count == 1 ? .number(first) : .product(factors))
      } else {
        result.append(tokens[index])
        index += 1
      }
    }
    return result
  }

  private static func isTimes(_ token: Token?) -> Bool {
    token == .mark("x") || token == .word("by")
  }

  /// "4 x 5 mm holes": a count and one figure, not two sides; only a round feature has one figure.
  private static func isCount(_ factors: [Quantity], _ next: Token?) -> Bool {
    guard factors.count == 2, factors[0].count != nil, case .word(let word)? = next else { return false }
    return [
      "hole", "holes", "diameter", "dia", "through", "thru", "blind", "fillets", "bolt", "screw", "mounting",
      "clearance", "counterbored", "countersunk", "tapped", "deep", "drill", "drilled", "bores", "ø",
      "bosses",
      "standoffs", "pegs", "corner",
    ].contains(word)
  }

  /// "(10, 5)" or "(10, 5 mm)"
  private static func point(_ tokens: [Token], _ index: Int) -> (Quantity, Quantity, next: Int)? {
    guard index + 4 < tokens.count, tokens[index] == .mark("("), case .number(var first) = tokens[index + 1],
      tokens[index + 2] == .mark(","), case .number(let second) = tokens[index + 3],
      tokens[index + 4] == .mark(")")
    else { return nil }
    if first.unit == nil { first.unit = second.unit }
    return (first, second, index + 5)
  }

  /// The unit of figures without one: the only unit that the prompt uses, mm when it speaks of metric screws.
  static func unit(_ tokens: [Token]) -> LengthUnit? {
    var units: Set<LengthUnit> = []
    var hasThread = false
    for token in tokens {
      switch token {
      case .number(let quantity): if let unit = quantity.unit { units.insert(unit) }
      case .product(let factors): for factor in factors { if let unit = factor.unit { units.insert(unit) } }
      case .point(let first, let second):
        for quantity in [first, second] { if let unit = quantity.unit { units.insert(unit) } }
      case .thread: hasThread = true
      case .word(let word) where word != "in" && word != "m":
        if let unit = LengthUnit(word: word) { units.insert(unit) }
      default: break
      }
    }
    if units.isEmpty, hasThread { return .millimetre }
    return units.count == 1 ? units.first : nil
  }
}
