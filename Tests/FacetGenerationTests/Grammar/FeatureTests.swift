import FacetContract
import Testing

@testable import FacetGeneration

@Suite struct FeatureTests {
  private static let block = "A 100x60x20 mm block with "

  @Test(arguments: [
    Planned(
      "A hexagonal prism 20 mm across flats and 30 mm tall with 2 mm fillets on the vertical edges",
      [40 / 3.0.squareRoot() - 4 * (2 / 3.0.squareRoot() - 1), 20, 30]),
    Planned(
      "A hexagonal prism 20 mm across flats and 30 mm tall with 1 mm chamfers on the vertical edges",
      [40 / 3.0.squareRoot() - 1, 20, 30]),
    Planned(block + "a 10 mm through hole and a 20 mm hole 5 mm deep", [100, 60, 20], holes: 1),
    Planned(block + "a 40 x 10 mm rectangular slot 5 mm deep", [100, 60, 20]),
    Planned(block + "a 30mm wide, 10mm deep pocket on the top face, 60mm long", [100, 60, 20]),
    Planned(block + "a 40 x 30 mm pocket 10 mm deep with 5 mm corner radius on the top face", [100, 60, 20]),
    Planned("A rod 20 mm diameter 100 mm long with M6 tapped holes 15 mm deep on both ends", [20, 20, 100]),
    Planned(
      "A 12 mm diameter, 40 mm long pin with a 3 mm diameter through hole 5 mm from the top end",
      [12, 12, 40], holes: 1),
    Planned(
      "A 60mm diameter, 15mm tall cap with 2.5mm walls and a 3mm vent hole in the center of the top",
      [60, 60, 15], holes: 1),
    Planned("A 3D model of a plate with dimensions 80mm x 50mm x 6mm", [80, 50, 6]),
    Planned(
      "A sphere of 30 mm diameter with a 10 mm hole through the center",
      [30, 30, 2 * (15.0 * 15 - 25).squareRoot()], holes: 1),
    Planned(
      "Round plate, 100 mm diameter, 6 mm thick, with a 60 mm bolt circle of six M5 holes", [100, 100, 6],
      holes: 6),
    Planned(block + "a 5 mm hole", [100, 60, 20], holes: 1),
    Planned(block + "a 5 mm blind hole 10 mm deep", [100, 60, 20]),
    Planned(block + "four 5 mm holes in the corners, 10 mm from the edges", [100, 60, 20], holes: 4),
    Planned(block + "4 x Ø5 mm corner holes inset 10 mm", [100, 60, 20], holes: 4),
    Planned(block + "two M6 holes 20 mm from each end", [100, 60, 20], holes: 2),
    Planned(block + "two 5 mm holes on the front face, 20 mm from each end", [100, 60, 20], holes: 2),
    Planned(block + "5 mm holes on the left and right faces", [100, 60, 20], holes: 1),
    Planned(block + "a 2x3 grid of 5 mm holes with 15 mm spacing", [100, 60, 20], holes: 6),
    Planned(block + "two rows of five 4 mm holes, spaced 10 mm apart", [100, 60, 20], holes: 10),
    Planned(block + "six 5 mm holes on a 40 mm bolt circle", [100, 60, 20], holes: 6),
    Planned(block + "three 5 mm holes spaced 25 mm apart", [100, 60, 20], holes: 3),
    Planned(block + "a 6 mm hole in the top left corner, 10 mm from each edge", [100, 60, 20], holes: 1),
    Planned(block + "a 6 mm hole at x=20, y=-10", [100, 60, 20], holes: 1),
    Planned(block + "6 mm holes at (20, 10) and (-20, 10)", [100, 60, 20], holes: 2),
    Planned(block + "an M5 counterbore, 10 mm head diameter, 5 mm deep", [100, 60, 20], holes: 1),
    Planned(block + "a 6 mm through hole with a 12 mm countersink", [100, 60, 20], holes: 1),
    Planned(block + "a slot 30 mm long and 8 mm wide", [100, 60, 20], holes: 1),
    Planned(block + "a slot 30 mm long, 8 mm wide and 5 mm deep", [100, 60, 20]),
    Planned(block + "a 40x20 mm pocket 5 mm deep", [100, 60, 20]),
    Planned(block + "a 40x20 mm cutout", [100, 60, 20], holes: 1),
    Planned(
      block + "a circular pocket, 20 mm diameter, 5 mm deep, and a 5 mm through hole in the center",
      [100, 60, 20], holes: 1),
    Planned(block + "a 20 mm diameter boss, 10 mm tall", [100, 60, 30]),
    Planned(
      block + "a boss 20 mm diameter and 10 mm tall with an 8 mm through hole", [100, 60, 30], holes: 1),
    Planned(block + "a boss 20 mm diameter and 10 mm tall with an 8 mm hole", [100, 60, 30]),
    Planned(block + "a 20 mm diameter boss, 10 mm tall, on the bottom face", [100, 60, 30]),
    Planned(block + "a rib 3 mm thick and 12 mm high", [100, 60, 32]),
    Planned(block + "5 mm fillets on the vertical edges and 1 mm chamfers on the top edges", [100, 60, 20]),
    Planned(
      block + "a 10 mm hole on the top face and a 10 mm hole on the front face", [100, 60, 20], holes: 3),
    Planned(
      block + "a 10 mm hole on the top face at x=30 y=0 and a 6 mm hole on the front face", [100, 60, 20],
      holes: 2),
    Planned(
      "A 30 mm diameter rod 80 mm long with a 6 mm cross hole 20 mm from the top", [30, 30, 80], holes: 1),
    Planned("A tube 30 mm OD, 20 mm ID, 60 mm long with a 5 mm hole in the side", [30, 30, 60], holes: 3),
    Planned(
      "An enclosure 80x60x40 mm with 2 mm walls and a 10 mm hole in the front wall", [80, 60, 40], holes: 1),
    Planned(
      "An enclosure 80x60x40 mm with 2 mm walls and four 6 mm diameter standoffs 5 mm tall, 10 mm from the walls, each with a 2.5 mm through hole",
      [80, 60, 40], holes: 4),
    Planned(
      "L-bracket with 60 mm legs, 4 mm thick, 30 mm wide, with a 5 mm hole in each leg and a gusset 20 mm long in the inner corner",
      [60, 30, 60], holes: 2),
    Planned(
      "A flange 100 mm diameter 10 mm thick with a 30 mm bore, a hub 50 mm diameter and 20 mm tall",
      [100, 100, 30], holes: 1),
  ])
  func features(planned: Planned) { planned.check() }

  /// ISO 273 medium fit, ISO 2306 tap drills.
  @Test(arguments: [
    ("M3", 3.4), ("M4", 4.5), ("M5", 5.5), ("M6", 6.6), ("M8", 9), ("M10", 11), ("M12", 13.5),
    ("M5 tapped", 4.2),
    ("M3x0.5", 2.5), ("M10x1", 9), ("M8 clearance", 9), ("tapped M6", 5),
  ])
  func metricHoles(size: String, diameter: Double) throws {
    let plan = try GrammarPlanner.plan("A 60x60x10 mm plate with an \(size) hole", isAssembly: false)
    #expect(plan.program.contains("_diameter = \(Figure.decimal(diameter))\n"))
  }

  @Test func clearanceIsAboveAndTapDrillBelowTheNominalDiameter() {
    for (diameter, sizes) in MetricSizes.table {
      #expect(sizes.clearance > diameter && sizes.clearance <= diameter * 1.25)
      #expect(sizes.tapDrill < diameter && abs(diameter - sizes.coarsePitch - sizes.tapDrill) <= 0.101)
    }
  }

  private func points(_ prompt: String) throws -> String {
    let program = try GrammarPlanner.plan(prompt, isAssembly: false).program
    let start = try #require(program.range(of: "pushPoints(["))
    let rest = program[start.upperBound...]
    return String(rest[..<(try #require(rest.range(of: "])")).lowerBound)])
  }

  @Test func placesOfHoles() throws {
    let plate = "A 100x60x5 mm plate with "
    #expect(try points(plate + "two 5 mm holes 20 mm from each end") == "(-30.0, 0.0), (30.0, 0.0)")
    #expect(
      try points(plate + "four 5 mm holes in the corners, 10 mm from the edges")
        == "(-40.0, -20.0), (40.0, -20.0), (40.0, 20.0), (-40.0, 20.0)")
    #expect(
      try points(plate + "four 5 mm holes, 10 mm from the short edges and 15 mm from the long edges")
        == "(-40.0, -15.0), (40.0, -15.0), (40.0, 15.0), (-40.0, 15.0)")
    #expect(
      try points(plate + "a 5 mm hole 10 mm from the left edge and 15 mm from the front edge")
        == "(-40.0, -15.0)")
    #expect(try points(plate + "a 5 mm hole 10 mm from the right edge") == "(40.0, 0.0)")
    #expect(
      try points(plate + "three 5 mm holes 10 mm from the back edge, spaced 20 mm apart")
        == "(-20.0, 20.0), (0.0, 20.0), (20.0, 20.0)")
    #expect(
      try points(plate + "four 5 mm holes on a 50 mm PCD")
        == "(25.0, 0.0), (0.0, 25.0), (-25.0, 0.0), (0.0, -25.0)")
    #expect(
      try points(plate + "four 5 mm holes in an 80 x 40 mm rectangular pattern")
        == "(-40.0, -20.0), (40.0, -20.0), (40.0, 20.0), (-40.0, 20.0)")
  }

  /// Features that leave extent and handles as they are have to be in the program all the same.
  @Test(arguments: [
    ("A 100x60x20 mm block with 3 mm fillets on the vertical edges", ".edges(\"|Z\").fillet(fillet_radius)"),
    (
      "A 100x60x20 mm block with 1 mm chamfers on the top edges",
      ".faces(\">Z\").edges().chamfer(chamfer_size)"
    ),
    ("A 100x60x20 mm block with 1 mm chamfers on all edges", ".edges().chamfer(chamfer_size)"),
    (
      "A 100x60x20 mm block with a 40x20 mm pocket 5 mm deep",
      ".rect(pocket_length, pocket_width).extrude(-pocket_depth)"
    ),
    ("A 100x60x20 mm block with a 40 x 10 mm rectangular slot 5 mm deep", ".rect(slot_length, slot_width)"),
    ("A 100x60x20 mm block with a 40 x 10 mm slot 5 mm deep", ".slot2D(slot_length, slot_width)"),
    (
      "A 100x60x20 mm block with a 40x30 mm pocket 5 mm deep with 4 mm corner radius",
      ".edges(\"|Z\").fillet(pocket_corner_radius)"
    ),
    ("L-bracket with 60 mm legs, 4 mm thick, 30 mm wide, with a gusset", "gusset_thickness = 4.0"),
    (
      "A knurled knob 30 mm in diameter and 15 mm high with 40 knurls 0.6 mm deep",
      "360, 40).circle(groove_depth)"
    ),
    ("A 60 mm cap, 3 mm wall, with a 52 mm lip and a snap ring", "ring_inner_diameter = 52.0"),
    ("A 100x60x20 mm block with a 6 mm hole with a 12 mm countersink", "countersink_depth = 3.0"),
  ])
  func featuresAreInTheProgram(prompt: String, piece: String) throws {
    let program = try GrammarPlanner.plan(prompt, isAssembly: false).program
    #expect(program.contains(piece), "\(program)")
  }

  /// A hole on the side of a plate goes through its width, and looks the way the side does.
  @Test func facesOfHoles() throws {
    for (face, normal) in [
      ("top", "(0.0, 0.0, 1.0)"), ("bottom", "(0.0, 0.0, -1.0)"), ("front", "(0.0, -1.0, 0.0)"),
      ("back", "(0.0, 1.0, 0.0)"), ("left", "(-1.0, 0.0, 0.0)"), ("right", "(1.0, 0.0, 0.0)"),
    ] {
      let program = try GrammarPlanner.plan(
        "A 60x40x20 mm box with a 5 mm hole on the \(face) face", isAssembly: false
      )
      .program
      #expect(program.contains("normal=\(normal)"))
    }
  }

  @Test func facesAreRightHandedAndLookOutwards() {
    let faces = Face.box([-1, -2, 0], [1, 2, 3])
    for (_, face) in faces {
      let outwards = face.origin - SIMD3(0, 0, 1.5)
      #expect((face.normal * outwards).sum() > 0)
      for (_, edge) in face.edges { #expect(abs(edge.x) + abs(edge.y) == 1) }
    }
  }
}
