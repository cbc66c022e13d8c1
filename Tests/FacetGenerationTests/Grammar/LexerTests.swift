import FacetContract
import Testing

@testable import FacetGeneration

@Suite struct LexerTests {
  private func number(_ value: Double, _ unit: LengthUnit? = nil) -> Token {
    .number(Quantity(value: value, unit: unit))
  }

  @Test(arguments: [
    ("5mm", 5), ("5 mm", 5), ("5-mm", 5), ("2.5 cm", 25), ("1 inch", 25.4), ("1\"", 25.4), ("1 in", 25.4),
    ("1/2\"", 12.7), ("1 1/2 inches", 38.1), ("1-1/2\"", 38.1), ("½ inch", 12.7), ("2½ in", 63.5),
    (".5 in", 12.7),
    ("1,000 mm", 1000), ("0.2 m", 200), ("1 ft", 304.8), ("2'", 609.6), ("3 millimetres", 3), ("-4 mm", -4),
    ("5 MM", 5),
  ])
  func lengths(text: String, millimetres: Double) throws {
    let tokens = try Lexer.tokens(text)
    #expect(tokens.count == 1)
    guard case .number(let quantity)? = tokens.first else {
      Issue.record("\(tokens)")
      return
    }
    #expect(abs((quantity.millimetres ?? .nan) - millimetres) < 1e-9)
  }

  @Test(arguments: [
    ("40x20x10mm", [40, 20, 10]), ("40 x 20 x 10 mm", [40, 20, 10]), ("50×30×10mm", [50, 30, 10]),
    ("40 by 20 by 10 mm", [40, 20, 10]), ("4 cm x 2 cm x 1 cm", [40, 20, 10]),
    ("40mmx20mmx10mm", [40, 20, 10]),
    ("40mm*20mm*10mm", [40, 20, 10]), ("1\" x 2\" x 3\"", [25.4, 50.8, 76.2]),
    ("10.5 X 20.25 mm", [10.5, 20.25]),
  ])
  func products(text: String, millimetres: [Double]) throws {
    guard case .product(let factors)? = try Lexer.tokens(text).first else {
      Issue.record("no product")
      return
    }
    #expect(factors.count == millimetres.count)
    for (factor, expected) in zip(factors, millimetres) {
      #expect(abs((factor.millimetres ?? .nan) - expected) < 1e-9)
    }
  }

  @Test(arguments: [
    ("M5", MetricThread(diameter: 5)), ("M3x0.5", MetricThread(diameter: 3, pitch: 0.5)),
    ("M3 × 0.5", MetricThread(diameter: 3, pitch: 0.5)), ("M10x1", MetricThread(diameter: 10, pitch: 1)),
    ("m2.5", MetricThread(diameter: 2.5)), ("M8x1.25 mm", MetricThread(diameter: 8, pitch: 1.25)),
  ])
  func threads(text: String, thread: MetricThread) throws {
    #expect(try Lexer.tokens(text) == [.thread(thread)])
  }

  @Test func countsAnglesAndPoints() throws {
    #expect(try Lexer.tokens("four") == [.number(Quantity(value: 4, isSpelled: true))])
    #expect(try Lexer.tokens("4x M5") == [number(4), .mark("x"), .thread(MetricThread(diameter: 5))])
    #expect(try Lexer.tokens("4xM5") == [number(4), .mark("x"), .thread(MetricThread(diameter: 5))])
    #expect(try Lexer.tokens("45-degree") == [.degrees(45)])
    #expect(try Lexer.tokens("90°") == [.degrees(90)])
    #expect(
      try Lexer.tokens("(10, -5 mm)")
        == [.point(Quantity(value: 10, unit: .millimetre), Quantity(value: -5, unit: .millimetre))])
    #expect(try Lexer.tokens("x=10") == [.word("x"), .mark("="), number(10)])
    #expect(try Lexer.tokens("Ø5") == [.word("ø"), number(5)])
    #expect(try Lexer.tokens("R5") == [.word("radius"), number(5)])
  }

  @Test func inIsAPrepositionBeforeAnArticle() throws {
    #expect(try Lexer.tokens("2 in the") == [number(2), .word("in"), .word("the")])
    #expect(try Lexer.tokens("2 in plate") == [number(2, .inch), .word("plate")])
  }

  @Test func rangesAndZeroDenominatorsAreRefused() {
    #expect(throws: GenerationJobError.self) { try Lexer.tokens("10-15 mm") }
    #expect(throws: GenerationJobError.self) { try Lexer.tokens("1/0 inch") }
  }

  @Test func unitOfFiguresWithoutOne() throws {
    #expect(TokenJoiner.unit(try Lexer.tokens("40 mm and 20")) == .millimetre)
    #expect(TokenJoiner.unit(try Lexer.tokens("40 in x 20 and 3 mm")) == nil)
    #expect(TokenJoiner.unit(try Lexer.tokens("40 and 20")) == nil)
    #expect(TokenJoiner.unit(try Lexer.tokens("an M5 hole, 40")) == .millimetre)
    #expect(TokenJoiner.unit(try Lexer.tokens("40 x 20, dimensions in cm")) == .centimetre)
  }

  @Test func everyWordOfTheLexiconIsFound() {
    for word in Lexicon.table.keys { #expect(Lexicon.lookUp(word) != nil) }
    #expect(Lexicon.lookUp("holes")?.isPlural == true)
    #expect(Lexicon.lookUp("boxes")?.isPlural == true)
    #expect(Lexicon.lookUp("flanges")?.isPlural == true)
  }
}
