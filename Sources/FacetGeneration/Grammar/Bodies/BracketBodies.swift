import FacetContract

/// Bent profiles, extruded along y and centred on it, the base on z = 0.
///
/// An L-bracket's corner stands on x = 0, its horizontal leg runs along +x, its vertical leg along +z. Leg lengths are
/// taken outside, corner included. Ours: a width that is not said is half of the longer leg.
enum BracketBodies {
  static func angle(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    if let angle = body.takeAngle(), angle != 90 {
      throw .ambiguous("an L-bracket of \(Figure.text(angle))° is not understood; only 90° is")
    }
    var (horizontal, vertical) = try legs(part)
    var thickness = try body.take(.thickness, .wall, as: "thickness")
    var width = try body.take(.width, .depth, as: "width")
    if let product = try body.takeProduct() {
      guard horizontal == nil, vertical == nil, product.count == 2 || product.count == 3 else {
        throw .ambiguous(
          "the L-bracket's dimensions are not understood; give both legs, the thickness and the width")
      }
      horizontal = product[0]
      vertical = product[1]
      if product.count == 3 {
        if thickness == nil, width != nil || body.has(.length) {
          thickness = product[2]
        } else if width == nil, thickness != nil {
          width = product[2]
        } else {
          throw .ambiguous(
            "whether the L-bracket's \(Figure.millimetres(product[2])) is its thickness or its width is not said"
          )
        }
      }
    }
    if vertical == nil { vertical = try body.take(.height) }
    if horizontal == nil { horizontal = try body.take(.length) }
    if let length = try body.take(.length) {
      if let known = width, known != length {
        throw .contradiction(
          "the L-bracket's width is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(length))"
        )
      }
      width = length
    }
    if thickness == nil, !body.figures.isEmpty { thickness = try body.takeFigure("thickness") }
    guard let horizontal else { throw part.missing("horizontal leg", example: "80 mm horizontal leg") }
    guard let vertical else { throw part.missing("vertical leg", example: "60 mm vertical leg") }
    guard let thickness else { throw part.missing("thickness", example: "3 mm thick") }
    for leg in [horizontal, vertical] where thickness >= leg {
      throw .contradiction(
        "a thickness of \(Figure.millimetres(thickness)) is not less than the leg, \(Figure.millimetres(leg))"
      )
    }
    let broad = width ?? max(horizontal, vertical) / 2
    if width == nil { part.text.comment("The width was not given: half of the longer leg") }
    let (a, b, t, w) = (
      part.text.dimension("horizontal_leg", horizontal), part.text.dimension("vertical_leg", vertical),
      part.text.dimension("thickness", thickness), part.text.dimension("width", broad)
    )
    var level = Face.box([0, -broad / 2, 0], [horizontal, broad / 2, thickness])[.top]!
    level.name = "horizontal leg"
    level.usable = thickness - horizontal / 2...horizontal / 2
    let upright = Face(
      name: "vertical leg", origin: [thickness, 0, vertical / 2], u: [0, 0, 1], v: [0, -1, 0],
      outline: .rectangle([vertical / 2, broad / 2]), depth: thickness,
      usable: thickness - vertical / 2...vertical / 2,
      edges: [.top: [1, 0], .bottom: [-1, 0], .front: [0, 1], .back: [0, -1]])
    let inner = Solid.Edges(
      selection: ".edges(cq.selectors.NearestToPointSelector((\(t), 0, \(t))))",
      limit: min(horizontal, vertical) - thickness,
      reason: "the inside of the shorter leg, \(Figure.millimetres(min(horizontal, vertical) - thickness))")
    let outer = Solid.Edges(
      selection: ".edges(cq.selectors.NearestToPointSelector((0, 0, 0)))", limit: min(horizontal, vertical),
      reason: "the shorter leg")
    let all = Solid.Edges(
      selection: ".edges()", limit: min(thickness, broad) / 2,
      reason: "half of \(Figure.millimetres(min(thickness, broad)))")
    return Solid(
      name: "L-bracket", low: [0, -broad / 2, 0], high: [horizontal, broad / 2, vertical],
      faces: [.horizontalLeg: level, .verticalLeg: upright],
      edges: [.inner: inner, .outer: outer, .all: all],
      expression:
        "cq.Workplane(\"XZ\").polyline([(0, 0), (\(a), 0), (\(a), \(t)), (\(t), \(t)), (\(t), \(b)), (0, \(b))])"
        + ".close().extrude(\(w) / 2, both=True)",
      bracket: Bracket(
        horizontal: horizontal - thickness, vertical: vertical - thickness, thickness: thickness,
        width: broad,
        corner: [thickness, thickness]))
  }

  /// What is said of the legs: by direction, in turn, or of both.
  private static func legs(_ part: PartContext) throws(GenerationJobError) -> (Double?, Double?) {
    var horizontal: Double?
    var vertical: Double?
    func keep(_ slot: inout Double?, _ value: Double, _ name: String) throws(GenerationJobError) {
      if let known = slot, known != value {
        throw .contradiction(
          "the \(name) leg is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(value))")
      }
      slot = value
    }
    for (_, leg) in part.take(.leg) {
      if let thickness = try leg.take(.thickness) {
        part.body.setDefault(.thickness, thickness)
      }
      var lengths: [Double] = []
      if let length = try leg.take(.length, .height, as: "length") { lengths.append(length) }
      lengths += try leg.takeFigures()
      if let product = try leg.takeProduct() { lengths += product }
      let places = leg.takePlaces {
        $0.noun == nil && $0.directions.count == 1
          && [.horizontal, .vertical, .long, .short, .top, .bottom].contains($0.directions[0])
      }
      let directions = places.flatMap(\.directions)
      _ = leg.takeCount()
      leg.ignore(.even)
      try leg.finish()
      if lengths.isEmpty, directions.isEmpty { continue }
      if directions.contains(.horizontal) || directions.contains(.bottom) || directions.contains(.long) {
        guard lengths.count == 1 else {
          throw part.missing("horizontal leg", example: "80 mm horizontal leg")
        }
        try keep(&horizontal, lengths[0], "horizontal")
      } else if directions.contains(.vertical) || directions.contains(.top) || directions.contains(.short) {
        guard lengths.count == 1 else { throw part.missing("vertical leg", example: "60 mm vertical leg") }
        try keep(&vertical, lengths[0], "vertical")
      } else if lengths.count == 2 {
        try keep(&horizontal, lengths[0], "first")
        try keep(&vertical, lengths[1], "second")
      } else if lengths.count == 1, leg.mention.isPlural {
        try keep(&horizontal, lengths[0], "first")
        try keep(&vertical, lengths[0], "second")
      } else if lengths.count == 1 {
        if horizontal == nil { horizontal = lengths[0] } else { try keep(&vertical, lengths[0], "second") }
      } else {
        throw .ambiguous("the L-bracket's legs are not understood; give the horizontal and the vertical leg")
      }
    }
    return (horizontal, vertical)
  }

  /// A U: the web lies on z = 0, the legs stand up at its left and right; the length runs along y.
  static func channel(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let body = part.body
    var height = try body.take(.height, .depth, as: "height")
    var width = try body.take(.width)
    var long = try body.take(.length)
    // "base 50 mm wide"
    if width != nil { _ = body.takePlaces { $0.noun == .floor && $0.directions.isEmpty } }
    for (_, leg) in part.take(.leg) {
      if let thickness = try leg.take(.thickness) { body.setDefault(.thickness, thickness) }
      guard let length = try leg.take(.length, .height, as: "length").or(try leg.takeFigure("length")) else {
        throw part.missing("leg length", example: "30 mm legs")
      }
      if let known = height, known != length {
        throw .contradiction(
          "the legs are given as \(Figure.millimetres(known)) and as \(Figure.millimetres(length))")
      }
      height = length
      _ = leg.takeCount()
      _ = leg.takePlaces { $0.directions == [.vertical] && $0.noun == nil }
      try leg.finish()
    }
    for (_, web) in part.take(.web) {
      let across = try web.take(.width, .length, as: "width").or(try web.takeFigure("width"))
      if let across, let known = width, known != across {
        throw .contradiction(
          "the web is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(across))")
      }
      width = across ?? width
      try web.finish()
    }
    if let product = try body.takeProduct() {
      guard product.count == 3, width == nil, height == nil, long == nil else {
        throw .ambiguous(
          "the U-channel's dimensions are not understood; give its length, width, height and thickness")
      }
      (long, width, height) = (product[0], product[1], product[2])
    }
    var thickness = try body.take(.thickness, .wall, as: "thickness")
    if thickness == nil { thickness = try body.takeFigure("thickness") }
    guard let width else { throw part.missing("width", example: "40 mm wide") }
    guard let height else { throw part.missing("height", example: "30 mm high") }
    guard let long else { throw part.missing("length", example: "100 mm long") }
    guard let thickness else { throw part.missing("thickness", example: "3 mm thick") }
    guard 2 * thickness < width else {
      throw .contradiction(
        "two legs of \(Figure.millimetres(thickness)) leave nothing of the width, \(Figure.millimetres(width))"
      )
    }
    guard thickness < height else {
      throw .contradiction(
        "a thickness of \(Figure.millimetres(thickness)) is not less than the height, \(Figure.millimetres(height))"
      )
    }
    let (w, h, l, t) = (
      part.text.dimension("width", width), part.text.dimension("height", height),
      part.text.dimension("length", long), part.text.dimension("thickness", thickness)
    )
    let low = SIMD3(-width / 2, -long / 2, 0)
    let high = SIMD3(width / 2, long / 2, height)
    let box = Face.box(low, high)
    var faces: [FaceName: Face] = [:]
    var web = Face.box([low.x + thickness, low.y, 0], [high.x - thickness, high.y, thickness])[.top]!
    web.name = "web"
    faces[.floor] = web
    for name in [FaceName.left, .right] {
      faces[name] = box[name]
      faces[name]!.depth = thickness
    }
    let all = Solid.Edges(
      selection: ".edges()", limit: thickness / 2, reason: "half of \(Figure.millimetres(thickness))")
    let points =
      "(-\(w) / 2, 0), (\(w) / 2, 0), (\(w) / 2, \(h)), (\(w) / 2 - \(t), \(h)), (\(w) / 2 - \(t), \(t)), "
      + "(-\(w) / 2 + \(t), \(t)), (-\(w) / 2 + \(t), \(h)), (-\(w) / 2, \(h))"
    return Solid(
      name: "U-channel", low: low, high: high, faces: faces, edges: [.all: all],
      expression: "cq.Workplane(\"XZ\").polyline([\(points)]).close().extrude(\(l) / 2, both=True)")
  }
}

extension DetailReader {
  func takeFigures() throws(GenerationJobError) -> [Double] {
    var lengths: [Double] = []
    for figure in figures { lengths.append(try size(figure, "length")) }
    clearFigures()
    return lengths
  }
}
