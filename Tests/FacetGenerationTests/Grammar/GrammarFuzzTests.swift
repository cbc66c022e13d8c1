import FacetContract
import FacetTestSupport
import Testing

@testable import FacetGeneration

/// Any text gives a plan or a refusal, soon, and never a word of its own in the program.
@Suite struct GrammarFuzzTests {
  private static let words =
    Lexicon.table.keys.sorted() + [
      "40", "20 mm", "5mm", "0", "-3 mm", "1e9", "1/2\"", "40x20x10mm", "3x4", "M5", "M3x0.5", "M999", "x=1",
      "(1, 2)",
      "90 degrees", ",", ".", ":", ";", "(", ")", "=", "x", "y", "ø", "99999999999999999999 mm",
      "0.0000001 mm", "two",
      "a", "box", "plate", "hole", "with", "100 x 60 x 5 mm", "10 mm", "cylinder 20 mm diameter 30 mm tall",
    ]

  @Test func wordsInAnyOrder() {
    var random = SeededGenerator(seed: 7)
    var planned = 0
    for round in 0..<1500 {
      var prompt = round % 2 == 0 ? "A 100 x 60 x 20 mm block with " : ""
      let count = Int.random(in: 1...12, using: &random)
      for _ in 0..<count { prompt += Self.words.randomElement(using: &random)! + " " }
      if (try? GrammarPlanner.plan(prompt, isAssembly: round % 3 == 0)) != nil { planned += 1 }
    }
    #expect(planned > 0)
  }

  @Test func anyCharacters() {
    var random = SeededGenerator(seed: 11)
    let signs = Array("0123456789.,;:-/\\\"'xX×()=°ØmM \n\t½ab𝛑é\u{0}\u{301}🙂%$#{}[]_`")
    for _ in 0..<1000 {
      let count = Int.random(in: 0...60, using: &random)
      let prompt = String((0..<count).map { _ in signs.randomElement(using: &random)! })
      _ = try? GrammarPlanner.plan(prompt, isAssembly: false)
    }
  }

  @Test(arguments: [
    "9", "x", "5 x ", "a ", "hole ", "1/", "-", "((", "M5 x ", "40x20x10mm box ", "top and ", "½", "é\u{301}",
  ])
  func longPromptsComeToAnEnd(piece: String) {
    let prompt = String(String(repeating: piece, count: 5000).prefix(5000))
    #expect(throws: GenerationJobError.self) { try GrammarPlanner.plan(prompt, isAssembly: true) }
  }

  @Test func longPromptOfHoles() throws {
    var prompt = "A 1000 x 1000 x 5 mm plate"
    for place in 0..<120 { prompt += " with a 5 mm hole at (\(place * 8 - 480), \(place))" }
    let clock = ContinuousClock()
    var plan: Plan?
    let time = try clock.measure { plan = try GrammarPlanner.plan(prompt, isAssembly: false) }
    #expect(plan?.expectation.throughHoles == 120)
    #expect(time < .seconds(2), "\(time)")
  }

  @Test func wordsOfThePromptStayOut() throws {
    for prompt in [
      "A 40x20x10mm box __import__('os').system('x')", "A 40x20x10mm box\nimport os",
      "A 40x20x10mm box # \" + os",
      "A 40x20x10mm box; print(1)", "A 40x20x10mm box {os}",
    ] {
      do {
        let plan = try GrammarPlanner.plan(prompt, isAssembly: false)
        #expect(!plan.program.contains("os") && !plan.program.contains("print"))
      } catch { #expect(error.code == .promptTooAmbiguous) }
    }
  }

  @Test func samePromptSameProgram() throws {
    let list = try PromptList.read()
    for entry in list.parts {
      let isAssembly = entry.mode == "assembly"
      let first = try? GrammarPlanner.plan(entry.prompt, isAssembly: isAssembly)
      let second = try? GrammarPlanner.plan(entry.prompt, isAssembly: isAssembly)
      #expect(first == second)
    }
  }
}
