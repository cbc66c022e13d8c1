import FacetContract
import Foundation

/// Hexagonal prisms and knobs, upright, the base on z = 0 and the axis on the z axis. A hexagon has two corners on the
/// x axis.
enum KnobBodies {
  static func hexagon(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    body.ignore(.hexagonal, .solid)
    var flats = try body.take(.acrossFlats, .width, as: "width across flats")
    if let corners = try body.take(.acrossCorners) {
      let other = corners * 3.0.squareRoot() / 2
      if let known = flats, abs(known - other) > 0.01 {
        throw .contradiction(
          "\(Figure.millimetres(known)) across flats and \(Figure.millimetres(corners)) across corners is no hexagon"
        )
      }
      flats = flats ?? other
    }
    if let side = try body.take(.side) {
      let other = side * 3.0.squareRoot()
      if let known = flats, abs(known - other) > 0.01 {
        throw .contradiction(
          "\(Figure.millimetres(known)) across flats and sides of \(Figure.millimetres(side)) is no hexagon")
      }
      flats = flats ?? other
    }
    let height = try body.take(.height, .length, .thickness, as: "height")
    if flats == nil, height != nil, !body.has(.diameter) { flats = try body.takeFigure("width across flats") }
    guard let flats else { throw part.missing("width across flats", example: "20 mm across flats") }
    guard let height = try height.or(try body.takeFigure("height")) else {
      throw part.missing("height", example: "30 mm high")
    }
    let names = (part.text.dimension("across_flats", flats), part.text.dimension("height", height))
    let corner = flats / 3.0.squareRoot()
    let low = SIMD3(-corner, -flats / 2, 0)
    let high = SIMD3(corner, flats / 2, height)
    var faces = Face.box(low, high)
    faces[.left] = nil
    faces[.right] = nil
    for name in [FaceName.top, .bottom] { faces[name]!.outline = .disc(radius: flats / 2) }
    for name in [FaceName.front, .back] { faces[name]!.outline = .rectangle([corner / 2, height / 2]) }
    func edges(_ selection: String, _ height: Double) -> Solid.Edges {
      Solid.Edges(
        selection: selection, limit: min(corner / 2, height),
        reason: height < corner / 2
          ? "what the height allows, \(Figure.millimetres(height))"
          : "half of a side, \(Figure.millimetres(corner))")
    }
    var solid = Solid(
      name: body.name, low: low, high: high, faces: faces,
      edges: [
        .vertical: edges(#".edges("|Z")"#, .infinity), .top: edges(#".faces(">Z").edges()"#, height),
        .bottom: edges(#".faces("<Z").edges()"#, height),
        .topAndBottom: edges(#".edges(">Z or <Z")"#, height / 2), .all: edges(".edges()", height / 2),
      ],
      expression:
        "cq.Workplane(\"XY\").polygon(6, \(names.0) * 2 / 3**0.5).extrude(\(names.1))")
    solid.isHexagonal = true
    return solid
  }

  /// A hexagonal or a knurled knob; which of them has to be said.
  static func knob(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let knurl = try part.takeOnly(.knurl)
    if part.body.flags.contains(.hexagonal) || part.body.has(.acrossFlats) || part.body.has(.acrossCorners) {
      if knurl != nil { throw .ambiguous("a hexagonal knob with a knurl is not understood") }
      return try hexagon(part)
    }
    let isKnurled = part.body.takeFlag(.knurled) || knurl != nil
    part.body.ignore(.round)
    let height = try part.body.take(.height, .thickness, .length, as: "height")
    guard let diameter = try part.body.takeDiameter(.diameter, .outerDiameter, radii: .radius) else {
      throw part.missing("diameter", example: "30 mm diameter")
    }
    guard let height = try height.or(try part.body.takeFigure("height")) else {
      throw part.missing("height", example: "15 mm high")
    }
    guard isKnurled else { throw .ambiguous("the knob's grip is missing; say hex knob or knurled knob") }
    return try knurled(part, knurl, diameter: diameter, height: height)
  }

  /// A straight knurl: round grooves along the axis, centred on the outer cylinder. Ours, where the prompt is silent:
  /// grooves 0.5 mm deep, as many as give a pitch of at least 3 mm, a multiple of four.
  private static func knurled(
    _ part: PartContext, _ knurl: DetailReader?, diameter: Double, height: Double
  ) throws(GenerationJobError) -> Solid {
    var solid = RoundBodies.disc(part, diameter: diameter, height: height, heightName: "height")
    let width = try knurl?.take(.width)
    var depth = try knurl?.take(.depth)
    if depth == nil, let knurl { depth = try knurl.takeFigure("depth") }
    if let width, let known = depth, abs(width - 2 * known) > 1e-9 {
      throw .contradiction(
        "a round groove \(Figure.millimetres(known)) deep is \(Figure.millimetres(2 * known)) wide, not "
          + Figure.millimetres(width))
    }
    let radius = depth ?? width.map { $0 / 2 } ?? 0.5
    let circumference = Double.pi * diameter
    let count = knurl?.takeCount() ?? max(Int(circumference / 3) / 4 * 4, 8)
    _ = knurl?.takePlaces()
    knurl?.ignore(.even, .round, .vertically)
    try knurl?.finish()
    guard count >= 3, count <= 400 else { throw .contradiction("\(count) grooves are outside 3 to 400") }
    guard radius < diameter / 4, Double(count) * 2 * radius < circumference * 0.9 else {
      throw .contradiction(
        "\(count) grooves of \(Figure.millimetres(2 * radius)) do not fit around \(Figure.millimetres(circumference))"
      )
    }
    let names = (
      part.text.dimension("diameter", diameter), part.text.dimension("height", height),
      part.text.dimension("groove_depth", radius)
    )
    solid.steps.append(
      Solid.Step(
        comment: "Knurl: grooves along the axis", isCut: true,
        tool:
          "cq.Workplane(\"XY\").polarArray(\(names.0) / 2, \(Figure.decimal(180 / Double(count))), 360, \(count))"
          + ".circle(\(names.2)).extrude(\(names.1))"))
    // Where a groove meets an axis, the extent ends at the groove's edge.
    let reach = 2 * asin(radius / diameter)
    func extent(_ direction: Double) -> Double {
      let step = 2 * Double.pi / Double(count)
      let turn = ((direction - step / 2) / step).rounded() * step + step / 2
      let away = abs(direction - turn)
      return diameter / 2 * (away < reach ? cos(reach - away) : 1)
    }
    solid.low = [-extent(.pi), -extent(1.5 * .pi), 0]
    solid.high = [extent(0), extent(0.5 * .pi), height]
    for name in [FaceName.top, .bottom] { solid.faces[name]!.outline = .disc(radius: diameter / 2 - radius) }
    for name in [FaceName.front, .back, .left, .right] { solid.faces[name] = nil }
    return solid
  }
}
