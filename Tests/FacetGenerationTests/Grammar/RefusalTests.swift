import FacetContract
import Testing

@testable import FacetGeneration

/// What is missing, not understood or contradictory, and the words that say so.
@Suite struct RefusalTests {
  struct Refused: Sendable, CustomTestStringConvertible {
    var prompt: String
    var names: [String]
    var testDescription: String { prompt }
    init(_ prompt: String, _ names: String...) {
      self.prompt = prompt
      self.names = names
    }
  }

  private func check(_ refused: Refused, _ code: GenerationJobError.Code) {
    do {
      let plan = try GrammarPlanner.plan(refused.prompt, isAssembly: false)
      Issue.record("planned: \(refused.prompt)\n\(plan.program)")
    } catch {
      #expect(error.code == code, "\(refused.prompt): \(error.detail ?? "")")
      for name in refused.names {
        #expect(error.detail?.contains(name) == true, "\(refused.prompt): \(error.detail ?? "")")
      }
    }
  }

  private static let block = "A 100x60x20 mm block with "

  @Test(arguments: [
    Refused(
      block + "a 20 mm diameter pocket 5 mm deep and a 6 mm blind hole 9 mm deep", "counts from the floor"),
    Refused(block + "a 5 mm hole in the corner", "corner"),
    Refused(block + "2 mm fillets on the top left edge", "top left"),
    Refused("A plate around 100 x 60 x 5 mm", "around"), Refused(block + "5 mm holes on each face", "faces"),
    Refused("A rod 20 mm diameter 50 mm long with a 1 mm chamfer at the end", "end"),
    Refused(block + "two 5 mm holes 10 mm from each edge", "which edge"),
    Refused("An M8 washer", "outer diameter"),
    Refused(block + "a 5 mm hole 8 mm in diameter", "5 mm"),
    Refused("", "what the part is"), Refused("   ", "what the part is"),
    Refused("40x20x10mm", "what the part is"),
    Refused("A plate 100 x 60 mm", "thickness"), Refused("A box", "length"),
    Refused("A 40x20x10 box", "unit"),
    Refused("A cylinder 20 mm in diameter", "height"), Refused("A rod 100 mm long", "diameter"),
    Refused("A tube 20 mm outer diameter, 50 mm long", "inner diameter"), Refused("A sphere", "diameter"),
    Refused("A washer 20 mm outer diameter, 10 mm inner diameter", "thickness"),
    Refused("A cone 30 mm high", "base diameter"),
    Refused("A truncated cone 30 mm base diameter, 40 mm high", "top diameter"),
    Refused("A cube", "side length"),
    Refused("An L-bracket 3 mm thick with an 80 mm horizontal leg", "vertical leg"),
    Refused("An L-bracket with 50 mm legs", "thickness"),
    Refused("A U-channel 100 mm long, 3 mm thick", "width"),
    Refused("A flange 100 mm diameter", "thickness"), Refused("An enclosure 100x80x40 mm", "wall thickness"),
    Refused("A cap 30 mm diameter, 15 mm tall", "wall thickness"),
    Refused("A knurled knob 20 mm high", "diameter"),
    Refused("A hexagonal prism 20 mm tall", "across flats"), Refused("A bracket", "kind of bracket"),
    Refused("A knob 30 mm diameter, 15 mm high", "hex knob or knurled knob"),
    Refused(block + "a hole", "diameter"), Refused(block + "holes", "diameter"),
    Refused(block + "5 mm holes", "positions"),
    Refused(block + "four 5 mm holes", "positions", "4"), Refused(block + "a 5 mm blind hole", "depth"),
    Refused(block + "four 5 mm holes in the corners", "distance from the edges"),
    Refused(block + "a tapped hole", "metric size"),
    Refused(block + "a pocket 20 x 10 mm", "depth"), Refused(block + "a slot 20 mm long", "width"),
    Refused(block + "a 6 mm hole with a counterbore", "head diameter"),
    Refused(block + "a 6 mm hole with a 10 mm counterbore", "depth"),
    Refused(block + "fillets on the top edges", "radius"),
    Refused(block + "2 mm fillets", "edges"), Refused(block + "a boss 10 mm tall", "diameter"),
    Refused(block + "a boss 10 mm diameter", "height"), Refused(block + "a rib 3 mm thick", "height"),
    Refused(block + "six 5 mm holes on a bolt circle", "bolt circle"),
    Refused(block + "a 5 mm hole on the side", "which side"),
    Refused(block + "a 5 mm hole on the left", "left face"),
    Refused(block + "a 5 mm hole 10 mm from the edge", "which edge"),
    Refused(block + "two 5 mm holes 10 mm from the corners", "corners"),
    Refused(block + "four 5 mm holes spaced 10 mm apart", "in a row or in a square"),
    Refused("An L-bracket with 50 mm legs, 4 mm thick, with a 5 mm hole", "leg"),
    Refused("A hollow box 50x40x30 mm with 2 mm walls", "open"),
    Refused(block + "a 5 mm hole and a wobbly bit", "wobbly"),
    Refused("A tapered box 40x20x10 mm", "tapered"),
    Refused("A box about 40x20x10 mm", "about"), Refused("A box around 40x20x10 mm", "around"),
    Refused("A 40x20x10 mm box without holes", "without"), Refused(block + "a 10-15 mm hole", "range"),
    Refused("A 40x20x10 mm box and a 20 mm cube", "assembly"), Refused("Two 20 mm cubes", "assembly"),
    Refused("An enclosure 60x40x30 mm with 2 mm walls and a lid 2 mm thick", "assembly"),
    Refused(block + "a gusset", "gusset"), Refused(block + "a 2 mm snap ring", "snap ring"),
    Refused(block + "an M99 hole", "M99"), Refused(block + "1 mm chamfers on the left edges", "left"),
    Refused(block + "a 30° 1 mm chamfer on the top edges", "30°"),
    Refused("A 5 inch plate 100 x 60 mm, 5 thick", "unit"),
    Refused(block + "a square 5 mm boss 10 mm tall", "square"),
    Refused(block + "a hexagonal 5 mm hole", "hexagonal"),
  ])
  func asksForWhatIsMissing(refused: Refused) { check(refused, .promptTooAmbiguous) }

  @Test(arguments: [
    Refused(
      "A 100x100x5 mm plate with 20 mm fillets on the vertical edges and four 5 mm holes in the corners, 6 mm from the edges",
      "breaks through"),
    Refused(
      "A flange 80 mm diameter, 10 mm thick with a 30 mm bore and a 10 mm hole in the center", "overlap"),
    Refused(block + "a 20 mm diameter pocket 5 mm deep and a 6 mm blind hole 4 mm deep", "overlap"),
    Refused(block + "a 70 mm hole", "70 mm", "60 mm"),
    Refused(block + "a 5 mm hole at x=60 y=0", "5 mm", "100 mm"),
    Refused(block + "a 10 mm hole at x=48 y=0", "breaks through"),
    Refused(block + "two 10 mm holes spaced 8 mm apart", "8 mm", "10 mm"),
    Refused(block + "a 5 mm blind hole 25 mm deep", "25 mm", "20 mm"),
    Refused(block + "a 5 mm blind hole 20 mm deep", "20 mm"),
    Refused(block + "a 30 x 20 mm pocket 20 mm deep", "20 mm"),
    Refused(block + "a 120 x 20 mm pocket 5 mm deep", "120 mm", "100 mm"),
    Refused(block + "a slot 110 mm long and 6 mm wide", "110 mm"),
    Refused(block + "a slot 6 mm long and 8 mm wide", "6 mm", "8 mm"),
    Refused(block + "30 mm fillets on the vertical edges", "30 mm", "60 mm"),
    Refused(block + "10 mm fillets on all edges", "10 mm", "20 mm"),
    Refused(block + "a 6 mm hole with a 5 mm counterbore 3 mm deep", "5 mm", "6 mm"),
    Refused(block + "a 6 mm hole with a 10 mm counterbore 20 mm deep", "20 mm"),
    Refused(block + "a 6 mm hole with a 60 mm countersink", "60 mm"),
    Refused(block + "six 10 mm holes on a 55 mm bolt circle", "55 mm", "60 mm"),
    Refused(block + "two 5 mm holes 60 mm from each end", "60 mm", "100 mm"),
    Refused(block + "two 5 mm holes 20 mm from each end, spaced 50 mm apart", "50 mm", "60 mm"),
    Refused(block + "a boss 70 mm diameter and 10 mm tall", "70 mm"),
    Refused(block + "a boss 20 mm diameter and 10 mm tall with a 25 mm hole", "25 mm", "20 mm"),
    Refused(block + "a 5.2 mm M6 tapped hole", "M6", "5.2 mm"),

    Refused(block + "a 5 mm through hole 8 mm deep", "8 mm"),
    Refused("A 100x60x5 mm plate, 8 mm thick", "5 mm", "8 mm"), Refused("A 0 mm x 20 mm x 10 mm box", "0 mm"),
    Refused("A 20 m x 20 mm x 10 mm box", "10000 mm"),
    Refused("A cylinder -5 mm diameter, 20 mm tall", "-5 mm"),
    Refused("A tube 20 mm outer diameter, 25 mm inner diameter, 50 mm long", "25 mm", "20 mm"),
    Refused("A tube 20 mm outer diameter, 10 mm inner diameter, 3 mm wall, 50 mm long", "5 mm", "3 mm"),
    Refused("A tube 20 mm outer diameter, 10 mm wall, 50 mm long", "10 mm", "20 mm"),
    Refused("An enclosure 50x40x30 mm with 20 mm walls", "20 mm", "40 mm"),
    Refused("An L-bracket with 50 mm legs, 60 mm thick, 20 mm wide", "60 mm", "50 mm"),
    Refused("A flange 100 mm outer diameter, 120 mm inner diameter, 10 mm thick", "120 mm", "100 mm"),
    Refused(
      "A flange 100 mm outer diameter, 10 mm thick with six 9 mm holes on a 95 mm bolt circle", "95 mm",
      "100 mm"),
    Refused(
      "A 100x100x5 mm plate with 20 mm fillets on the vertical edges and four 5 mm holes in the corners, 6 mm from the edges",
      "breaks through"),
    Refused(
      "A flange 80 mm diameter, 10 mm thick with a 30 mm bore and a 10 mm hole in the center", "overlap"),
    Refused(block + "a 20 mm diameter pocket 5 mm deep and a 6 mm blind hole 4 mm deep", "overlap"),
    Refused("A cube 20 x 20 x 30 mm", "equal sides"),
    Refused("A hollow sphere 20 mm diameter with 12 mm walls", "12 mm", "10 mm"),
    Refused("A 60mm diameter lens cap with a 56mm inner retention lip, 3mm wall thickness", "56 mm", "54 mm"),
    Refused(
      "Flange 60 mm diameter, 8 mm thick, 30 mm bore, four 6 mm holes on a 34 mm bolt circle", "overlap"),
  ])
  func provesContradictions(refused: Refused) {
    check(refused, .geometryValidationFailed)
  }

  /// No word that is in no table may be overlooked, wherever it stands.
  @Test func unknownWordsAreNeverDropped() throws {
    for entry in try PromptList.read().parts {
      let words = entry.prompt.split(separator: " ")
      for place in 0...words.count {
        var with = words
        with.insert("wobbly", at: place)
        let prompt = with.joined(separator: " ")
        do {
          _ = try GrammarPlanner.plan(prompt, isAssembly: entry.mode == "assembly")
          Issue.record("planned: \(prompt)")
        } catch { #expect(error.code == .promptTooAmbiguous, "\(prompt): \(error.detail ?? "")") }
      }
    }
  }

  /// A figure more is said of something, or refused: it never leaves the plan as it is.
  @Test func figuresAreNeverDropped() throws {
    for entry in try PromptList.read().parts {
      let isAssembly = entry.mode == "assembly"
      let plan = try GrammarPlanner.plan(entry.prompt, isAssembly: isAssembly)
      let words = entry.prompt.split(separator: " ")
      for place in 0...words.count {
        var with = words
        with.insert("37.25 mm", at: place)
        let prompt = with.joined(separator: " ")
        if let other = try? GrammarPlanner.plan(prompt, isAssembly: isAssembly) {
          #expect(other != plan, "\(prompt)")
        }
      }
    }
  }
}
