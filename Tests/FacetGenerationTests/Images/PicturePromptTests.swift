import FacetContract
import Testing

@testable import FacetGeneration

@Suite struct PicturePromptTests {
  @Test(
    arguments: [
      ("80mm wide, 3mm thick", [.width: 80, .thickness: 3]),
      ("80 mm wide and 3 mm thick", [.width: 80, .thickness: 3]),
      ("Make it 60 mm tall with a 5 mm extrusion", [.tallness: 60, .thickness: 5]),
      ("100mm overall, thickness 2.5 mm", [.length: 100, .thickness: 2.5]),
      ("width 80 mm thickness 3 mm", [.width: 80, .thickness: 3]),
      ("thickness: 3mm; width = 8 cm", [.width: 80, .thickness: 3]),
      ("a 3 mm thick plate 80 mm wide", [.width: 80, .thickness: 3]),
      ("extrude by 1/4\", 2 1/2 in wide", [.width: 63.5, .thickness: 6.35]),
      ("3 inches long, 0.5in deep", [.length: 76.2, .thickness: 12.7]),
      ("4 in in width and 2 mm thick", [.width: 101.6, .thickness: 2]),
      ("80 in width, 2 thick", [.width: 80, .thickness: 2]),
      ("height 5mm, 80-mm-wide", [.height: 5, .width: 80]),
      ("outer diameter 50 mm, 4 mm thick", [.diameter: 50, .thickness: 4]),
      ("Ø50 mm × 4 mm thick", [.diameter: 50, .thickness: 4]),
      ("80x60x5 mm", [.width: 80, .tallness: 60, .thickness: 5]),
      ("80 by 60 mm, 5mm thick", [.width: 80, .tallness: 60, .thickness: 5]),
      ("80mm overall width, 1,5 mm thick", [.width: 80, .thickness: 1.5]),
      ("1,200 mm wide and 10 mm thick", [.width: 1200, .thickness: 10]),
      ("a flat 3D bracket 40 mm long extruded 6mm", [.length: 40, .thickness: 6]),
      ("", [:]),
    ] as [(String, [PicturePrompt.Measure: Double])])
  func lengths(_ prompt: String, _ lengths: [PicturePrompt.Measure: Double]) throws {
    let said = try PicturePrompt(prompt)
    #expect(Set(said.lengths.keys) == Set(lengths.keys))
    for (measure, value) in lengths {
      #expect(abs((said.lengths[measure] ?? 0) - value) < 1e-9)
    }
  }

  @Test(arguments: [
    ("scale 0.5 mm per pixel, 3mm thick", 0.5), ("0.1mm/px", 0.1), ("4 pixels per mm", 0.25),
    ("300 dpi", 25.4 / 300), ("0.01 inch per pixel", 0.254),
  ])
  func scales(_ prompt: String, _ perPixel: Double) throws {
    let said = try #require(try PicturePrompt(prompt).millimetresPerPixel)
    #expect(abs(said - perPixel) < 1e-12)
  }

  @Test func holesAreCounted() throws {
    #expect(try PicturePrompt("a plate with 4 holes").holeCount == 4)
    #expect(try PicturePrompt("three small round holes, 80 mm wide").holeCount == 3)
    #expect(try PicturePrompt("no holes").holeCount == 0)
    #expect(try PicturePrompt("80 mm wide").holeCount == nil)
  }

  @Test(arguments: [
    ("an outline drawing, 80 mm wide", TracedPicture.Reading.strokes), ("the line drawings", .strokes),
    ("line art", .strokes), ("a filled shape", .areas), ("the silhouette", .areas), ("80 mm wide", .byWidth),
  ])
  func readings(_ prompt: String, _ reading: TracedPicture.Reading) throws {
    #expect(try PicturePrompt(prompt).reading == reading)
  }

  /// A number that is not understood is named, not passed over.
  @Test(arguments: [
    ("a plate, 80 mm", "80 mm"), ("80 mm wide with 2 mm fillets", "2 mm"), ("with M3 holes", "m3"),
    ("80 mm wide, 3 mm thick, holes of 5 mm", "5 mm"), ("6061 aluminium, 80 mm wide", "6061"),
    ("40x30x20x10 mm", "40 x 30 x 20 x 10 mm"), ("500 pixels wide", "pixels"), ("0.5 per pixel", "unit"),
  ])
  func whatIsNotUnderstood(_ prompt: String, _ named: String) {
    let error = #expect(throws: GenerationJobError.self) { try PicturePrompt(prompt) }
    #expect(error?.code == .promptTooAmbiguous)
    #expect(error?.detail?.contains(named) == true, "\(error?.detail ?? "")")
  }

  @Test(arguments: [
    "80 mm wide, width 90 mm", "0 mm thick", "80 mm wide, -3 mm thick", "20000 mm wide",
    "4 holes or five holes", "0 mm per pixel", "0.5 mm per pixel at 300 dpi", "0.001 mm thick",
  ])
  func whatCannotBe(_ prompt: String) {
    let error = #expect(throws: GenerationJobError.self) { try PicturePrompt(prompt) }
    #expect(error?.code == .geometryValidationFailed, "\(error?.detail ?? "")")
  }
}
