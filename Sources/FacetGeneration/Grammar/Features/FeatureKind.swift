/// Something on, in or through a body. Adding one: a case here, its words, its attributes, and its builder.
enum FeatureKind: String, Sendable, Hashable, CaseIterable {
  case hole, counterbore, countersink, slot, pocket, fillet, chamfer, boss, standoff, hub, rib, gusset
  case lip, snapRing = "snap ring", lid, step, leg, web, shell, cornerRadius = "corner radius", tapping, knurl
  case groove

  var words: String {
    switch self {
    case .hole:
      "hole, through hole, thru hole, bore, blind hole, screw hole, mounting hole, bolt hole, center hole, "
        + "centre hole, central hole, central bore, center bore, centre bore, clearance hole, drill hole, cross hole, vent hole, access hole, drain hole, "
        + "through bore, thru bore, fixing hole, pilot hole, pin hole, shaft hole, clearance through hole, opening hole, "
        + "round hole, round through hole, circular hole, circular through hole, cylindrical hole, drilled hole, radial hole, radial through hole, cross drilled hole, "
        + "side hole, axial hole, axial bore, straight hole, dowel hole, cable hole, hole through"
    case .counterbore: "counterbore, counterbored recess, counter bore, cbore"
    case .countersink: "countersink, counter sink, csk"
    case .slot:
      "slot, through slot, obround, slotted hole, elongated hole, oblong hole, obround slot, mounting slot"
    case .pocket:
      "pocket, recess, cutout, cut out, window, cavity, recessed area, opening, square hole, "
        + "rectangular hole, rectangular through hole, square through hole, rectangular opening, circular opening"
    case .fillet:
      "fillet, filleted, round over, rounded, filleting, radiused, rounding, rounded off, round off, rounded over"
    case .chamfer: "chamfer, chamfered, bevel, beveled, bevelled, chamfering"
    case .boss:
      "boss, peg, stud, raised boss, cylindrical boss, round boss, circular boss, pillar, raised disc"
    case .standoff:
      "standoff, stand off, pcb standoff, mounting standoff, mounting post, screw post, corner post, support post"
    case .hub: "hub, raised hub, central hub, center hub, neck, collar hub"
    case .rib:
      "rib, stiffening rib, reinforcing rib, stiffener, raised rib, support rib, divider, strengthening rib, partition"
    case .gusset: "gusset, triangular gusset, corner gusset, gusset plate, gusset rib"
    case .lip: "lip, retention lip, retaining lip, inner retention lip, inner lip, inside lip, plug"
    case .snapRing:
      "snap ring, snap fit ring, snap fit retention ring, retention ring, retaining ring, snap bead, bead, "
        + "snap fit bead, snap fit retaining ring"
    case .lid: "lid, cover, top cover"
    case .step: "step, rebate, ledge, stepped edge"
    case .leg: "leg, arm"
    case .web: "web, base leg, back plate, bridge"
    case .shell: "shell, shelled"
    case .cornerRadius:
      "corner radius, corner fillet, edge radius, radius corner, radiused corner, rounded corner, round corner, radius corner fillet"
    case .tapping: "thread, metric thread"
    case .knurl:
      "knurled edge, knurled grip, knurled surface, knurled outer surface, knurled side, knurled rim, knurl, knurling, grip groove, flute, straight knurling, straight knurl"
    case .groove: "groove, channel groove, keyway, notch"
    }
  }

  var name: String { rawValue }

  var attributes: Set<Attribute> {
    switch self {
    case .hole:
      [
        .diameter, .radius, .depth, .spacing, .inset, .offset, .boltCircle, .boltCircleRadius, .headDiameter,
        .rows,
        .columns, .innerDiameter, .angle,
      ]
    case .counterbore, .countersink:
      [
        .diameter, .radius, .depth, .headDiameter, .spacing, .inset, .offset, .boltCircle, .boltCircleRadius,
        .angle,
        .outerDiameter, .rows, .columns,
      ]
    case .slot:
      [
        .length, .width, .depth, .spacing, .inset, .offset, .boltCircle, .boltCircleRadius, .diameter, .rows,
        .columns,
      ]
    case .pocket:
      [
        .length, .width, .height, .depth, .diameter, .radius, .side, .spacing, .inset, .offset, .rows,
        .columns,
        .boltCircle, .boltCircleRadius,
      ]
    case .fillet, .chamfer, .cornerRadius: [.radius, .length, .width]
    case .boss, .standoff, .hub:
      [
        .diameter, .radius, .height, .length, .spacing, .inset, .offset, .boltCircle, .boltCircleRadius,
        .outerDiameter, .rows, .columns, .innerDiameter,
      ]
    case .rib: [.thickness, .height, .length, .width, .spacing, .offset]
    case .gusset: [.thickness, .length, .height, .width, .side, .spacing]
    case .lip: [.innerDiameter, .diameter, .depth, .height, .thickness, .width, .clearance, .length]
    case .snapRing: [.width, .height, .thickness, .depth, .innerDiameter]
    case .lid: [.thickness, .height, .clearance]
    case .step: [.width, .depth, .clearance, .height]
    case .leg: [.length, .height, .thickness]
    case .web: [.length, .width, .thickness]
    case .shell: [.wall, .thickness]
    case .tapping: [.depth]
    case .knurl: [.depth, .width]
    case .groove: [.width, .depth, .length]
    }
  }

  /// Whether it stands somewhere, so that words about places are its own.
  var isPlaced: Bool {
    switch self {
    case .hole, .counterbore, .countersink, .slot, .pocket, .boss, .standoff, .hub, .rib, .gusset, .groove:
      true
    default: false
    }
  }

  var isEdgeTreatment: Bool { self == .fillet || self == .chamfer || self == .cornerRadius }
}
