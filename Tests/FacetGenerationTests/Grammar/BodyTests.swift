import FacetContract
import Testing

@testable import FacetGeneration

/// A prompt and what its part has to be.
struct Planned: Sendable, CustomTestStringConvertible {
  var prompt: String
  var size: SIMD3<Double>
  var holes = 0
  var shells = 1
  var isAssembly = false
  var testDescription: String { prompt }

  init(_ prompt: String, _ size: SIMD3<Double>, holes: Int = 0, shells: Int = 1, isAssembly: Bool = false) {
    self.prompt = prompt
    self.size = size
    self.holes = holes
    self.shells = shells
    self.isAssembly = isAssembly
  }

  func check(_ location: SourceLocation = #_sourceLocation) {
    do {
      let plan = try GrammarPlanner.plan(prompt, isAssembly: isAssembly)
      let size = plan.expectation.size ?? .zero
      for axis in 0..<3 {
        #expect(abs(size[axis] - self.size[axis]) < 1e-6, "\(prompt): \(size)", sourceLocation: location)
      }
      #expect(plan.expectation.throughHoles == holes, "\(prompt)", sourceLocation: location)
      #expect(plan.expectation.shells == shells, "\(prompt)", sourceLocation: location)
      #expect(plan.program.hasPrefix("import cadquery as cq\n"), sourceLocation: location)
      #expect(plan.program.contains("\nresult = "), sourceLocation: location)
      #expect(!plan.program.contains("nan") && !plan.program.contains("inf"), sourceLocation: location)
    } catch {
      Issue.record("\(prompt): \(error.code) \(error.detail ?? "")", sourceLocation: location)
    }
  }
}

@Suite struct BodyTests {
  @Test(arguments: [
    Planned("A 40x20x10mm box", [40, 20, 10]),
    Planned("Box L=40mm W=20mm H=10mm", [40, 20, 10]),
    Planned("A 40 mm (L) x 20 mm (W) x 10 mm (H) block", [40, 20, 10]),
    Planned("A 100mm wide, 50mm deep, 25mm high box", [100, 50, 25]),
    Planned("A 100 mm x 50 mm x 10 mm thick plate", [100, 50, 10]),
    Planned("A 5mm plate 60mm x 40mm", [60, 40, 5]),
    Planned("50 mm square plate, 5 mm thick", [50, 50, 5]),
    Planned("A 20 mm cube", [20, 20, 20]),
    Planned("Cube with side length 2 cm", [20, 20, 20]),
    Planned("A 20mm x 20mm x 60mm post", [20, 20, 60]),
    Planned("Rod, Ø12 mm, 80 mm long", [12, 12, 80]),
    Planned("A cylinder of radius 10 mm and height 30 mm", [20, 20, 30]),
    Planned("A circular plate 60 mm in diameter and 5 mm thick", [60, 60, 5]),
    Planned("A tube 50mm long with an outside diameter of 20mm and a 2mm wall", [20, 20, 50], holes: 1),
    Planned("Washer OD 20 mm, ID 10 mm, 2 mm thick", [20, 20, 2], holes: 1),
    Planned(
      "A hollow cylinder with outer radius 15 mm, inner radius 10 mm, and height 40 mm", [30, 30, 40],
      holes: 1),
    Planned("A washer for an M6 bolt, 12 mm outer diameter, 1.6 mm thick", [12, 12, 1.6], holes: 1),
    Planned("Spacer ring: inner diameter 25mm, outer diameter 35mm, thickness 5mm", [35, 35, 5], holes: 1),
    Planned("A 25 mm ball", [25, 25, 25]),
    Planned("A hollow sphere, 40 mm diameter, 3 mm wall", [40, 40, 40], shells: 2),
    Planned("Cone, 30 mm base diameter, 50 mm high", [30, 30, 50]),
    Planned("Frustum with 40 mm bottom diameter, 60 mm top diameter, 20 mm height", [60, 60, 20]),
    Planned("L bracket 50x40x3 mm, 30 mm wide", [50, 30, 40]),
    Planned("An L-bracket: 80mm horizontal leg, 60mm vertical leg, 3mm thick", [80, 40, 60]),
    Planned("L-bracket with 50 mm legs, 4 mm thick, 25 mm wide", [50, 25, 50]),
    Planned("U-channel, 100 mm long, 40 mm wide, 30 mm high, 3 mm thick", [40, 100, 30]),
    Planned("A U-shaped bracket: base 50 mm wide, legs 30 mm tall, 4 mm thick, 40 mm long", [50, 40, 30]),
    Planned(
      "A flange with 100 mm outer diameter, 40 mm inner diameter, 10 mm thick", [100, 100, 10], holes: 1),
    Planned("An enclosure 100x80x40 mm with 2 mm walls", [100, 80, 40]),
    Planned("A box 50x40x30 mm with 2 mm walls, closed", [50, 40, 30], shells: 2),
    Planned("A 50mm x 50mm x 50mm box with a 3 mm shell, open at the bottom", [50, 50, 50]),
    Planned("An end cap, 32 mm outer diameter, 2 mm wall, 15 mm tall", [32, 32, 15]),
    Planned("A hex standoff, 5.5 mm across flats, 20 mm long", [2 * 5.5 / 3.0.squareRoot(), 5.5, 20]),
    Planned("A hexagonal prism with 10 mm sides, 30 mm tall", [20, 10 * 3.0.squareRoot(), 30]),
    Planned("Hex knob 25 mm across flats, 12 mm high", [2 * 25 / 3.0.squareRoot(), 25, 12]),
    Planned("A knurled knob 30 mm in diameter and 15 mm high", [30, 30, 15]),
  ])
  func bodies(planned: Planned) { planned.check() }

  @Test func assembliesLieSideBySide() throws {
    Planned("A 50 mm cube and a 30 mm diameter sphere", [90, 50, 50], shells: 2, isAssembly: true).check()
    Planned(
      "Two 20 mm cubes and a 100x50x5 mm plate with an 8 mm hole", [160, 50, 20], holes: 1, shells: 3,
      isAssembly: true
    )
    .check()
    Planned(
      "An enclosure of 100 x 70 x 30 mm with 2 mm walls and a lid, 2 mm thick", [210, 70, 30], shells: 2,
      isAssembly: true
    )
    .check()
    let plan = try GrammarPlanner.plan("A 50 mm cube and a 30 mm diameter sphere", isAssembly: true)
    #expect(plan.program.contains("name=\"cube\"") && plan.program.contains("name=\"sphere\""))
  }

  @Test func everyKindHasWordsOfItsOwn() {
    var owners: [String: BodyKind] = [:]
    for kind in BodyKind.allCases {
      for word in kind.words.split(separator: ",").map(\.trimmingSpaces) {
        #expect(owners[word] == nil, "\(word)")
        owners[word] = kind
      }
    }
    for kind in FeatureKind.allCases {
      for word in kind.words.split(separator: ",").map(\.trimmingSpaces) {
        #expect(owners[word] == nil, "\(word)")
        #expect(Lexicon.table[word] == .feature(kind), "\(word)")
      }
    }
  }

  /// Dimensions of the program stand at its top, by their names.
  @Test func dimensionsAreNamed() throws {
    let program = try GrammarPlanner.plan("A 40x20x10mm box with a 5mm hole", isAssembly: false).program
    for line in ["length = 40.0", "width = 20.0", "height = 10.0", "hole_diameter = 5.0"] {
      #expect(program.contains("\n\(line)\n"))
    }
  }
}
