/// A body that a part can be made of. Adding one: a case here, its words, its attributes, and its builder in
/// ``BodyBuilder``.
enum BodyKind: String, Sendable, Hashable, CaseIterable {
  case box, plate, cube, cylinder, disc, tube, sphere, cone, angleBracket, channel, flange, enclosure, cap,
    hexagon
  case knob, bracket

  /// How the prompt may call it, in the singular, divided by commas.
  var words: String {
    switch self {
    case .box:
      "box, block, cuboid, brick, rectangular prism, rectangular box, rectangular block, bar, beam, rectangular bar"
    case .plate:
      "plate, panel, slab, sheet, base plate, baseplate, mounting plate, cover plate, rectangular plate, flat plate, "
        + "adapter plate, flat bar, strip, strap, tile, backplate, wall plate"
    case .cube: "cube"
    case .cylinder: "cylinder, rod, pin, dowel, dowel pin, shaft, round bar, peg body, axle, post, puck, cup"
    case .disc: "disc, disk, circular plate, round plate, round disc, round disk"
    case .tube:
      "tube, pipe, ring, spacer, washer, bushing, bush, sleeve, collar, hollow cylinder, flat washer, annulus, "
        + "round spacer, pipe section, annular disc, annular ring"
    case .sphere: "sphere, ball, spherical ball"
    case .cone: "cone, frustum, truncated cone, conical frustum, tapered cylinder, cone frustum"
    case .angleBracket:
      "l bracket, l shaped bracket, angle bracket, right angle bracket, l profile, l angle, angle iron, l shape bracket"
    case .channel:
      "u bracket, channel bracket, u channel, u shaped bracket, channel, u profile, u shaped channel, c channel"
    case .flange: "flange, pipe flange, round flange, circular flange, blind flange"
    case .enclosure:
      "enclosure, enclosure base, enclosure box, project box, electronics box, electronics enclosure, housing, case, tray, open box, open top box, "
        + "open topped box, storage box, rectangular enclosure, electronic enclosure, project enclosure, bin"
    case .cap: "cap, lens cap, end cap, dust cap, round cap"
    case .hexagon:
      "hexagonal prism, hex prism, hexagon, hex bar, hexagonal bar, hex rod, hexagon prism, hex block, "
        + "hexagonal block, hex spacer, hexagonal spacer, hex head, hex nut blank"
    case .knob: "knob, dial, control knob"
    case .bracket: "bracket"
    }
  }

  /// Whether "the" other one can mean it: "the plate" of a box, "the bracket" of an L-bracket.
  func isLike(_ other: BodyKind) -> Bool {
    let families: [Set<BodyKind>] = [
      [.box, .plate, .cube, .enclosure], [.cylinder, .disc, .tube, .flange, .cap, .knob, .cone],
      [.angleBracket, .channel, .bracket], [.hexagon, .knob, .cylinder],
    ]
    return families.contains { $0.contains(self) && $0.contains(other) }
  }

  /// In messages.
  var name: String {
    switch self {
    case .angleBracket: "L-bracket"
    case .channel: "U-channel"
    case .hexagon: "hexagonal prism"
    default: rawValue
    }
  }

  /// The dimensions that may be said of it.
  var attributes: Set<Attribute> {
    switch self {
    case .box, .plate: [.length, .width, .height, .depth, .thickness, .side, .wall, .floor, .diameter]
    case .cube: [.length, .width, .height, .side, .wall]
    case .cylinder:
      [
        .diameter, .radius, .height, .length, .thickness, .outerDiameter, .innerDiameter, .wall, .floor,
        .acrossFlats, .acrossCorners, .width,
      ]
    case .disc: [.diameter, .radius, .thickness, .height, .outerDiameter, .innerDiameter, .length]
    case .tube:
      [
        .outerDiameter, .innerDiameter, .outerRadius, .innerRadius, .diameter, .radius, .wall, .height,
        .length,
        .thickness,
      ]
    case .sphere: [.diameter, .radius, .outerDiameter, .innerDiameter, .wall]
    case .cone: [.topDiameter, .bottomDiameter, .diameter, .radius, .height, .length]
    case .angleBracket: [.length, .width, .height, .thickness, .depth, .wall]
    case .channel: [.length, .width, .height, .thickness, .depth, .wall]
    case .flange:
      [
        .outerDiameter, .innerDiameter, .diameter, .radius, .thickness, .height, .boltCircle,
        .boltCircleRadius,
      ]
    case .enclosure: [.length, .width, .height, .depth, .wall, .floor, .thickness]
    case .cap:
      [.outerDiameter, .innerDiameter, .diameter, .height, .wall, .thickness, .floor, .depth, .length]
    case .hexagon: [.acrossFlats, .acrossCorners, .height, .length, .thickness, .width, .side, .diameter]
    case .knob: [.diameter, .outerDiameter, .height, .acrossFlats, .acrossCorners, .thickness, .length]
    case .bracket: [.length, .width, .height, .thickness]
    }
  }
}
