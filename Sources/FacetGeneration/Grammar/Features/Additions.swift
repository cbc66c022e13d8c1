import FacetContract

/// Material joined to a face: where it stands, for what is cut later.
struct Addition: Sendable, Hashable {
  var mention: Int
  var name: String
  var face: FaceName
  var place: SIMD2<Double>
  var footprint: Footprint
  var height: Double
}

/// Bosses, standoffs, hubs, ribs and gussets.
extension PartPlanner {
  func addBosses() throws(GenerationJobError) {
    for (index, reader) in part.take(.boss, .standoff, .hub) {
      var diameter = try reader.takeDiameter(.outerDiameter, .diameter, radii: .radius, orFigure: false)
      if diameter == nil, reader.has(.height) || reader.has(.length) {
        diameter = try reader.takeFigure("diameter")
      }
      guard let diameter else { throw .missing("diameter", of: reader.name, example: "8 mm diameter") }
      guard let height = try reader.take(.height, .length, as: "height").or(try reader.takeFigure("height"))
      else {
        throw .missing("height", of: reader.name, example: "10 mm tall")
      }
      let bore = try reader.take(.innerDiameter)
      reader.ignore(.round, .solid, .rounded)
      let footprint = Footprint.round(radius: diameter / 2)
      let prefix = reader.name
      let names = (
        part.text.dimension("\(prefix)_diameter", diameter), part.text.dimension("\(prefix)_height", height)
      )
      for (name, points) in try places(reader, footprint, isAddition: true) {
        let face = solid.faces[name]!
        for point in points { try fit(reader, face, point, footprint) }
        try keepApart(reader.name, points, footprint, face, isAddition: true)
        part.text.comment("\(reader.name.capitalizedFirst) on the \(face.name)")
        step(
          isCut: false,
          Sketching.plane(face) + Sketching.points(points) + ".circle(\(names.0) / 2).extrude(\(names.1))")
        for point in points {
          additions.append(
            Addition(
              mention: index, name: reader.name, face: name, place: point, footprint: footprint,
              height: height))
        }
        grow(face, height)
      }
      if let bore { bossBores[index] = bore }
      try reader.finish()
    }
  }

  func addRibs() throws(GenerationJobError) {
    for (_, reader) in part.take(.rib) {
      if solid.bracket != nil {
        try gusset(reader)
        continue
      }
      let height = try reader.take(.height)
      let thickness = try reader.take(.thickness, .width, as: "thickness")
      let length = try reader.take(.length)
      guard let thickness = try thickness.or(try reader.takeFigure("thickness")) else {
        throw .missing("thickness", of: "rib", example: "3 mm thick")
      }
      guard let height else { throw .missing("height", of: "rib", example: "10 mm high") }
      // Its length runs along the longer direction of its face, all of it unless said.
      let name = try FeatureFace.names(reader, solid, isAddition: true)
      let face = solid.faces[name[0]]!
      guard name.count == 1, case .rectangle(let half) = face.outline else {
        throw .ambiguous("a rib on the \(face.name) of the \(solid.name) is not understood")
      }
      let isAlongU = half.x >= half.y
      let run = length ?? 2 * (isAlongU ? half.x : half.y)
      let footprint = Footprint.rectangle(isAlongU ? [run / 2, thickness / 2] : [thickness / 2, run / 2])
      let points = try ribPlaces(reader, footprint, face, isAlongU: isAlongU)
      for point in points where face.margin(point, footprint) < -1e-9 {
        throw .contradiction(
          "a rib \(Figure.millimetres(run)) long and \(Figure.millimetres(thickness)) thick does not fit on the "
            + "\(face.name), \(Figure.millimetres(2 * half.x)) × \(Figure.millimetres(2 * half.y))")
      }
      try keepApart(reader.name, points, footprint, face, isAddition: true)
      let names = (
        part.text.dimension("rib_length", run), part.text.dimension("rib_thickness", thickness),
        part.text.dimension("rib_height", height)
      )
      let sides = isAlongU ? "\(names.0), \(names.1)" : "\(names.1), \(names.0)"
      part.text.comment("Rib on the \(face.name)")
      step(
        isCut: false, Sketching.plane(face) + Sketching.points(points) + ".rect(\(sides)).extrude(\(names.2))"
      )
      for point in points {
        additions.append(
          Addition(
            mention: -1, name: "rib", face: name[0], place: point, footprint: footprint, height: height))
      }
      grow(face, height)
      try reader.finish()
    }
  }

  /// Several ribs stand side by side, by their spacing.
  private func ribPlaces(
    _ reader: DetailReader, _ footprint: Footprint, _ face: Face, isAlongU: Bool
  ) throws(GenerationJobError) -> [SIMD2<Double>] {
    if let count = reader.mention.details.count, count > 1 {
      let spacing = try reader.takeAll(.spacing)
      guard spacing.count == 1 else {
        throw .missing("spacing", of: "ribs", example: "spaced 20 mm apart")
      }
      _ = reader.takeCount()
      return (0..<count).map { place in
        let across = (Double(place) - Double(count - 1) / 2) * spacing[0]
        return isAlongU ? [0, across] : [across, 0]
      }
    }
    return try Positions(reader: reader, face: face, footprint: footprint).points()
  }

  func addGussets() throws(GenerationJobError) {
    for (_, reader) in part.take(.gusset) { try gusset(reader) }
  }

  /// A triangle in a bracket's inner corner, in the middle of its width.
  ///
  /// Ours, where the prompt is silent: as thick as the bracket; its legs half of the shorter inner leg, or less, so
  /// that it ends a thickness before the nearest hole.
  private func gusset(_ reader: DetailReader) throws(GenerationJobError) {
    guard let bracket = solid.bracket else {
      throw .ambiguous("a gusset is not understood for the \(solid.name); only brackets have an inner corner")
    }
    if let angle = reader.takeAngle(), angle != 45 {
      throw .ambiguous("a gusset of \(Figure.text(angle))° is not understood; only 45° is")
    }
    reader.ignore(.triangular, .centered, .solid)
    _ = reader.takePlaces {
      ($0.noun == .corner || $0.noun == nil || $0.noun == .center)
        && $0.directions.allSatisfy { $0 == .inner }
    }
    let thickness = try reader.take(.thickness) ?? bracket.thickness
    var sides = try reader.take(.length, .height, .width, .side, as: "size")
    if let product = try reader.takeProduct() {
      guard product.allSatisfy({ $0 == product[0] }) else {
        throw .contradiction(
          "a gusset of 45° has equal legs, not \(product.map(Figure.millimetres).joined(separator: " × "))")
      }
      sides = product[0]
    }
    if sides == nil { sides = try reader.takeFigure("size") }
    let count = reader.takeCount() ?? 1
    let spacing = try reader.takeAll(.spacing)
    guard count == 1 || count == 2 && spacing.count == 1 else {
      throw .missing("spacing", of: "\(count) gussets", example: "two gussets spaced 30 mm apart")
    }
    try reader.finish()
    let offsets = count == 1 ? [0] : [-spacing[0] / 2, spacing[0] / 2]
    guard (offsets.last ?? 0) + thickness / 2 <= bracket.width / 2 + 1e-9 else {
      throw .contradiction(
        "gussets of \(Figure.millimetres(thickness)) do not fit in the width, \(Figure.millimetres(bracket.width))"
      )
    }
    gussets.append((offsets, thickness, sides))
  }

  /// Gussets are made once the holes are known that they must stay clear of.
  func finishGussets() throws(GenerationJobError) {
    guard let bracket = solid.bracket else { return }
    for (offsets, thickness, sides) in gussets {
      let shorter = min(bracket.horizontal, bracket.vertical)
      var clear = shorter
      for hole in bracketHoles {
        let isInTheWay = offsets.contains { abs(hole.across - $0) < hole.radius + thickness / 2 }
        if isInTheWay { clear = min(clear, hole.along - hole.radius) }
      }
      let size = sides ?? min(shorter / 2, clear - bracket.thickness)
      guard size > 0.5 else {
        throw .contradiction(
          "the holes leave no room for a gusset; \(Figure.millimetres(max(clear, 0))) are free at the inner corner"
        )
      }
      guard size <= shorter, size < clear else {
        throw .contradiction(
          "a gusset of \(Figure.millimetres(size)) does not fit in the inner corner, where "
            + "\(Figure.millimetres(min(shorter, clear))) are free")
      }
      if sides == nil {
        part.text.comment("The gusset's size was not given: half of the shorter leg, clear of the holes")
      }
      let names = (
        part.text.dimension("gusset_size", size), part.text.dimension("gusset_thickness", thickness)
      )
      let corner = bracket.corner
      let (x, z) = (Figure.decimal(corner.x), Figure.decimal(corner.y))
      part.text.comment("Gusset in the inner corner")
      for offset in offsets {
        let shift = offset == 0 ? "" : ".translate((0, \(Figure.decimal(offset)), 0))"
        step(
          isCut: false,
          "cq.Workplane(\"XZ\").polyline([(\(x), \(z)), (\(x) + \(names.0), \(z)), (\(x), \(z) + \(names.0))]).close()"
            + ".extrude(\(names.1) / 2, both=True)\(shift)")
      }
    }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
