import FacetContract

/// Bodies of revolution, upright, the base on z = 0 and the axis on the z axis.
enum RoundBodies {
  static func cylinder(_ part: PartContext) throws(GenerationJobError) -> Solid {
    if part.body.has(.innerDiameter) { return try tube(part) }
    if part.body.takeFlag(.hexagonal) || part.body.has(.acrossFlats) { return try KnobBodies.hexagon(part) }
    part.body.ignore(.round, .solid, .rounded)
    let walls = try BoxBodies.wall(part, isEnclosure: false)
    var diameter = try part.body.takeDiameter(.diameter, .outerDiameter, radii: .radius, orFigure: false)
    var height = try part.body.take(.height, .length, .thickness, as: "height")
    try complete(&diameter, &height, part)
    guard let diameter else { throw part.missing("diameter", example: "20 mm diameter") }
    guard let height else { throw part.missing("height", example: "50 mm tall") }
    var solid = disc(part, diameter: diameter, height: height, heightName: "height")
    if let walls { try walls.applyRound(to: &solid, part) }
    return solid
  }

  static func disc(_ part: PartContext) throws(GenerationJobError) -> Solid {
    if part.body.has(.innerDiameter) { return try tube(part) }
    part.body.ignore(.round, .solid)
    var diameter = try part.body.takeDiameter(.diameter, .outerDiameter, radii: .radius, orFigure: false)
    var height = try part.body.take(.thickness, .height, .length, as: "thickness")
    try complete(&diameter, &height, part)
    guard let diameter else { throw part.missing("diameter", example: "60 mm diameter") }
    guard let height else { throw part.missing("thickness", example: "5 mm thick") }
    return disc(part, diameter: diameter, height: height, heightName: "thickness")
  }

  /// A figure without a name can only be the one that is missing.
  private static func complete(
    _ diameter: inout Double?, _ height: inout Double?, _ part: PartContext
  ) throws(GenerationJobError) {
    if diameter == nil, height != nil { diameter = try part.body.takeFigure("diameter") }
    if diameter != nil, height == nil { height = try part.body.takeFigure("height") }
  }

  static func disc(_ part: PartContext, diameter: Double, height: Double, heightName: String) -> Solid {
    let names = (part.text.dimension("diameter", diameter), part.text.dimension(heightName, height))
    let radius = diameter / 2
    return Solid(
      name: part.body.name, low: [-radius, -radius, 0], high: [radius, radius, height],
      faces: Face.cylinder(radius: radius, height: height), edges: edges(radius: radius, height: height),
      expression: "cq.Workplane(\"XY\").circle(\(names.0) / 2).extrude(\(names.1))")
  }

  /// The two circles of a cylinder; its seam is no edge to anybody.
  static func edges(radius: Double, height: Double) -> [Solid.EdgeGroup: Solid.Edges] {
    func edges(_ selection: String, _ height: Double, _ what: String) -> Solid.Edges {
      Solid.Edges(
        selection: selection, limit: min(radius, height),
        reason: height < radius ? what : "the radius, \(Figure.millimetres(radius))")
    }
    let half = "half of the height, \(Figure.millimetres(height))"
    let both = edges(#".edges("%CIRCLE")"#, height / 2, half)
    return [
      .top: edges(#".faces(">Z").edges()"#, height, "the height"),
      .bottom: edges(#".faces("<Z").edges()"#, height, "the height"),
      .topAndBottom: both, .all: both, .outer: both,
    ]
  }

  /// Tubes, rings, spacers and washers.
  static func tube(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    body.ignore(.round, .hollow, .open)
    if body.takeFlag(.hexagonal) { return try KnobBodies.hexagon(part) }
    var outer = try body.takeDiameter(.outerDiameter, radii: .outerRadius, orFigure: false)
    if outer == nil { outer = try body.takeDiameter(.diameter, radii: .radius, orFigure: false) }
    var inner = try body.takeDiameter(.innerDiameter, radii: .innerRadius, orFigure: false)
    // "a spacer with a 5 mm hole": its hole is its bore.
    if inner == nil, !body.has(.wall), let bore = part.take(.hole).first?.reader {
      inner = try HoleSize.read(bore).diameter
      bore.ignore(.through, .centered)
      _ = bore.takePlaces { $0.noun == .center || $0.noun == .axis }
      try bore.finish()
    }
    if let thread = body.takeThread() {
      // "a washer for an M6 bolt"
      let clearance = try MetricSizes.hole(thread, isTapped: false)
      if let inner, inner < thread.diameter {
        throw .contradiction(
          "an inner diameter of \(Figure.millimetres(inner)) does not let \(thread.text) through")
      }
      if inner == nil, !body.has(.wall) { inner = clearance }
      body.ignore(.clearance)
    }
    var wall = try body.take(.wall)
    var height = try body.take(.height, .length, as: "length")
    if let thickness = try body.take(.thickness) {
      // The thickness of a pipe is its wall's, of a washer its height.
      let isWall =
        ["tube", "pipe", "sleeve", "bushing", "bush", "pipe section", "hollow cylinder"].contains(body.word)
        && wall == nil && (outer == nil || inner == nil)
      if isWall {
        wall = thickness
      } else if let known = height, known != thickness {
        throw .contradiction(
          "the \(body.name)'s thickness is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(thickness))"
        )
      } else {
        height = thickness
      }
    }
    if let wall {
      if let outer, let inner, abs(outer - inner - 2 * wall) > 1e-6 {
        throw .contradiction(
          "an outer diameter of \(Figure.millimetres(outer)) and an inner diameter of \(Figure.millimetres(inner)) "
            + "leave a wall of \(Figure.millimetres((outer - inner) / 2)), not \(Figure.millimetres(wall))")
      }
      if let outer, inner == nil {
        guard 2 * wall < outer else {
          throw .contradiction(
            "walls of \(Figure.millimetres(wall)) on both sides leave nothing of the diameter, "
              + Figure.millimetres(outer))
        }
        inner = outer - 2 * wall
      }
      if outer == nil, let inner { outer = inner + 2 * wall }
    }
    if height == nil, outer != nil, inner != nil { height = try body.takeFigure("length") }
    guard let outer else { throw part.missing("outer diameter", example: "20 mm outer diameter") }
    guard let inner else { throw part.missing("inner diameter", example: "10 mm inner diameter") }
    guard let height else {
      throw part.missing(body.word.contains("washer") ? "thickness" : "height", example: "5 mm thick")
    }
    guard inner < outer else {
      throw .contradiction(
        "an inner diameter of \(Figure.millimetres(inner)) is not less than the outer diameter, "
          + Figure.millimetres(outer))
    }
    let names = (
      part.text.dimension("outer_diameter", outer), part.text.dimension("inner_diameter", inner),
      part.text.dimension("height", height)
    )
    let radius = outer / 2
    let thick = (outer - inner) / 2
    var faces = Face.cylinder(radius: radius, height: height, inner: inner / 2)
    for name in [FaceName.front, .back, .left, .right] { faces[name]!.depth = outer }
    func edges(_ selection: String, share: Double, height: Double) -> Solid.Edges {
      Solid.Edges(
        selection: selection, limit: min(thick * share, height),
        reason: height < thick * share
          ? "what the height, \(Figure.millimetres(height)), allows"
          : "what the wall, \(Figure.millimetres(thick)), allows")
    }
    return Solid(
      name: body.name, low: [-radius, -radius, 0], high: [radius, radius, height], faces: faces,
      edges: [
        .all: edges(#".edges("%CIRCLE")"#, share: 0.5, height: height / 2),
        .top: edges(#".faces(">Z").edges()"#, share: 0.5, height: height),
        .bottom: edges(#".faces("<Z").edges()"#, share: 0.5, height: height),
        .topAndBottom: edges(#".edges("%CIRCLE")"#, share: 0.5, height: height / 2),
        .outer: edges(".edges(cq.selectors.RadiusNthSelector(-1))", share: 1, height: height / 2),
        .inner: edges(".edges(cq.selectors.RadiusNthSelector(0))", share: 1, height: height / 2),
        .outerTop: edges(
          #".faces(">Z").edges(cq.selectors.RadiusNthSelector(-1))"#, share: 1, height: height),
        .outerBottom: edges(
          #".faces("<Z").edges(cq.selectors.RadiusNthSelector(-1))"#, share: 1, height: height),
      ],
      cuts: [bore(radius: inner / 2, height: height)],
      expression:
        "cq.Workplane(\"XY\").circle(\(names.0) / 2).circle(\(names.1) / 2).extrude(\(names.2))")
  }

  static func bore(radius: Double, height: Double) -> Cut {
    let faces = Face.box([-1, -1, 0], [1, 1, height])
    return Cut(
      shape: .cylinder(axis: 2, center: .zero, radius: radius, range: 0...height),
      openings: [
        faces[.top]!.opening(.zero, .round(radius: radius)),
        faces[.bottom]!.opening(.zero, .round(radius: radius)),
      ])
  }

  /// A disc with a bore; its hub and its bolt holes are features.
  static func flange(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    body.ignore(.round, .blind)
    var diameter = try body.takeDiameter(.outerDiameter, .diameter, radii: .radius, orFigure: false)
    let inner = try body.take(.innerDiameter)
    var height = try body.take(.thickness, .height, as: "thickness")
    try complete(&diameter, &height, part)
    guard let diameter else { throw part.missing("outer diameter", example: "120 mm outer diameter") }
    guard let height else { throw part.missing("thickness", example: "12 mm thick") }
    var solid = disc(part, diameter: diameter, height: height, heightName: "thickness")
    if let inner {
      guard inner < diameter else {
        throw .contradiction(
          "an inner diameter of \(Figure.millimetres(inner)) is not less than the outer diameter, "
            + Figure.millimetres(diameter))
      }
      solid.bore = inner
    }
    return solid
  }

  static func sphere(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    body.ignore(.solid, .round, .closed)
    let isHollow = body.takeFlag(.hollow)
    guard let diameter = try body.takeDiameter(.diameter, .outerDiameter, radii: .radius) else {
      throw part.missing("diameter", example: "30 mm diameter")
    }
    let name = part.text.dimension("diameter", diameter)
    let radius = diameter / 2
    var faces = Face.cylinder(radius: radius, height: diameter)
    for key in faces.keys {
      faces[key]!.isCurved = true
      faces[key]!.outline = .disc(radius: radius)
    }
    var solid = Solid(
      name: body.name, low: [-radius, -radius, 0], high: [radius, radius, diameter], faces: faces, edges: [:],
      expression: "cq.Workplane(\"XY\").sphere(\(name) / 2).translate((0, 0, \(name) / 2))")
    solid.isSphere = true
    var wall = try body.take(.wall)
    if let inner = try body.take(.innerDiameter) {
      guard inner < diameter else {
        throw .contradiction(
          "an inner diameter of \(Figure.millimetres(inner)) is not less than the outer diameter, "
            + Figure.millimetres(diameter))
      }
      if let wall, abs(diameter - inner - 2 * wall) > 1e-6 {
        throw .contradiction(
          "diameters of \(Figure.millimetres(diameter)) and \(Figure.millimetres(inner)) do not leave a wall of "
            + Figure.millimetres(wall))
      }
      wall = (diameter - inner) / 2
    }
    if isHollow, wall == nil { throw part.missing("wall thickness", example: "2 mm walls") }
    if let wall {
      guard wall < radius else {
        throw .contradiction(
          "a wall of \(Figure.millimetres(wall)) is not less than the radius, \(Figure.millimetres(radius))")
      }
      let wallName = part.text.dimension("wall", wall)
      solid.steps.append(
        Solid.Step(
          comment: "Cavity", isCut: true,
          tool: "cq.Workplane(\"XY\").sphere(\(name) / 2 - \(wallName)).translate((0, 0, \(name) / 2))"))
      let half = SIMD3(repeating: (radius - wall) / 3.0.squareRoot())
      solid.cuts.append(Cut(shape: .box([0, 0, radius] - half, [0, 0, radius] + half), openings: []))
      solid.faces = [:]
    }
    return solid
  }

  static func cone(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    body.ignore(.solid, .round)
    var bottom = try body.take(.bottomDiameter)
    var top = try body.take(.topDiameter)
    let other = try body.takeDiameter(.diameter, radii: .radius, orFigure: false)
    if let other {
      if bottom == nil {
        bottom = other
      } else if top == nil {
        top = other
      } else {
        throw .ambiguous("of the cone's three diameters one is too many")
      }
    }
    guard let height = try body.take(.height, .length, as: "height").or(try body.takeFigure("height")) else {
      throw part.missing("height", example: "40 mm tall")
    }
    guard let bottom else { throw part.missing("base diameter", example: "30 mm base diameter") }
    if top == nil, body.word != "cone" { throw part.missing("top diameter", example: "15 mm top diameter") }
    let names = (
      part.text.dimension("bottom_diameter", bottom), top.map { part.text.dimension("top_diameter", $0) },
      part.text.dimension("height", height)
    )
    if let top, abs(top - bottom) < 1e-9 {
      throw .contradiction(
        "a cone with \(Figure.millimetres(top)) at both ends is a cylinder; say cylinder")
    }
    let widest = max(bottom, top ?? 0) / 2
    var faces: [FaceName: Face] = [:]
    let all = Face.cylinder(radius: min(bottom, top ?? bottom) / 2, height: height)
    faces[.bottom] = all[.bottom]
    faces[.bottom]!.outline = .disc(radius: bottom / 2)
    if let top {
      faces[.top] = all[.top]
      faces[.top]!.outline = .disc(radius: top / 2)
    }
    return Solid(
      name: body.name, low: [-widest, -widest, 0], high: [widest, widest, height], faces: faces, edges: [:],
      expression:
        "cq.Workplane(obj=cq.Solid.makeCone(\(names.0) / 2, \(names.1.map { "\($0) / 2" } ?? "0"), \(names.2)))"
    )
  }
}

extension BoxBodies.Walls {
  /// A cup: the cavity is open at the top, at the bottom, or closed.
  func applyRound(to solid: inout Solid, _ part: PartContext) throws(GenerationJobError) {
    let size = solid.size
    guard 2 * wall < size.x else {
      throw .contradiction(
        "walls of \(Figure.millimetres(wall)) on both sides leave nothing of the diameter, "
          + Figure.millimetres(size.x))
    }
    guard open == nil || open == .top || open == .bottom else {
      throw .ambiguous("a \(solid.name) can be open at the top or at the bottom")
    }
    guard (open == nil ? 2 : 1) * floor < size.z else {
      throw .contradiction(
        "a floor of \(Figure.millimetres(floor)) leaves nothing of the height, \(Figure.millimetres(size.z))")
    }
    let radius = size.x / 2 - wall
    let from = open == .bottom ? 0 : floor
    let to = open == .top ? size.z : size.z - floor
    _ = part.text.dimension("wall", wall)
    solid.hollow = Hollow(shape: .cylinder(radius: radius, from: from, to: to), wall: wall, open: open)
    let openings = open.flatMap { solid.faces[$0] }.map { [$0.opening(.zero, .round(radius: radius))] } ?? []
    solid.cuts.append(
      Cut(shape: .cylinder(axis: 2, center: .zero, radius: radius, range: from...to), openings: openings))
    if let open { solid.faces[open] = nil }
    for name in [FaceName.top, .bottom] {
      solid.faces[name]?.depth = floor
      solid.faces[name]?.opensIntoCavity = true
    }
    for name in [FaceName.front, .back, .left, .right] {
      solid.faces[name]?.depth = wall
      solid.faces[name]?.opensIntoCavity = true
    }
    if open == .top {
      var inside = Face.cylinder(radius: radius, height: floor)[.top]!
      inside.name = "floor"
      inside.depth = floor
      inside.isInCavity = true
      solid.faces[.floor] = inside
    }
    solid.wall = wall
  }
}
