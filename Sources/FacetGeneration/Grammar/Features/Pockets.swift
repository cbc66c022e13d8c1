import FacetContract

/// Slots and pockets.
extension PartPlanner {
  func cutSlots() throws(GenerationJobError) {
    for (_, reader) in part.take(.slot) {
      var long = try reader.take(.length)
      var width = try reader.take(.width, .diameter, as: "width")
      if let thread = reader.takeThread() { width = try MetricSizes.hole(thread, isTapped: false) }
      var depth = try reader.take(.depth)
      if let product = try reader.takeProduct() {
        guard long == nil, width == nil, product.count <= 3 else {
          throw .ambiguous("the slot's dimensions are not understood; give its length, width and depth")
        }
        (long, width) = (max(product[0], product[1]), min(product[0], product[1]))
        if product.count == 3 { depth = product[2] }
      }
      if long == nil, width != nil { long = try reader.takeFigure("length") }
      if width == nil, long != nil { width = try reader.takeFigure("width") }
      guard let long else { throw .missing("length", of: "slot", example: "30 mm long") }
      guard let width else { throw .missing("width", of: "slot", example: "6 mm wide") }
      guard width < long else {
        throw .contradiction(
          "a slot's length over all, \(Figure.millimetres(long)), has to be more than its width, \(Figure.millimetres(width))"
        )
      }
      reader.ignore(.round, .rounded)
      let isThrough = reader.takeFlag(.through)
      if reader.takeFlag(.blind), depth == nil { throw .missing("depth", of: "slot", example: "5 mm deep") }
      let isRectangular = reader.takeFlag(.rectangular)
      let isAcross = !reader.takePlaces { $0.directions == [.vertical] && $0.noun == nil }.isEmpty
      let names = (part.text.dimension("slot_length", long), part.text.dimension("slot_width", width))
      let (first, size) = try orientation(reader, isAcross: isAcross, long: long, width: width)
      let footprint = isRectangular ? Footprint.rectangle(size / 2) : .oblong(size / 2)
      let isTurned = size.x < size.y
      let sketch =
        isRectangular
        ? ".rect(\(isTurned ? names.1 : names.0), \(isTurned ? names.0 : names.1))"
        : ".slot2D(\(names.0), \(names.1)\(isTurned ? ", 90" : ""))"
      for (name, points) in try places(reader, footprint, isAddition: false, names: first) {
        try cut(
          points, footprint, sketch, on: name, depth: depth,
          isThrough: isThrough, label: "slot", reader)
      }
      try reader.finish()
    }
  }

  /// A slot runs along the longer direction of its face.
  private func orientation(
    _ reader: DetailReader, isAcross: Bool, long: Double, width: Double
  ) throws(GenerationJobError) -> ([FaceName], SIMD2<Double>) {
    let names = try FeatureFace.names(reader, solid, isAddition: false)
    let face = solid.faces[names[0]]!
    let isAlongU = (face.usable != nil || face.half.x >= face.half.y - 1e-9) != isAcross
    return (names, isAlongU ? [long, width] : [width, long])
  }

  func cutPockets() throws(GenerationJobError) {
    for (_, reader) in part.take(.pocket) {
      let opens = ["cutout", "cut out", "window", "opening", "circular opening", "rectangular opening"]
      let isHole = opens.contains(reader.mention.word) || reader.mention.word.hasSuffix("hole")
      let isThrough = reader.takeFlag(.through)
      let isBlind = reader.takeFlag(.blind)
      let isRound = reader.takeFlag(.round)
      let isSquare = reader.takeFlag(.square)
      reader.ignore(.rectangular)
      var depth = try reader.take(.depth)
      var product = try reader.takeProduct()
      var footprint: Footprint
      var sketch: String
      var corner: String?
      if product == nil, isRound || reader.has(.diameter) {
        guard let diameter = try reader.takeDiameter(.diameter, radii: .radius) else {
          throw .missing("diameter", of: "pocket", example: "20 mm diameter")
        }
        footprint = .round(radius: diameter / 2)
        sketch = ".circle(\(part.text.dimension("pocket_diameter", diameter)) / 2)"
      } else {
        if product == nil, isSquare || reader.has(.side),
          let side = try reader.take(.side).or(try reader.takeFigure("side"))
        {
          product = [side, side]
        }
        if let long = try reader.take(.length), product == nil { product = [long] }
        if let width = try reader.take(.width) {
          product = product.map { $0.count == 1 ? [$0[0], width] : $0 } ?? [width]
        }
        if let height = try reader.take(.height), product?.count == 1 { product!.append(height) }
        guard let sides = product, sides.count >= 2 else {
          throw .missing("length and width", of: "pocket", example: "a 30 x 20 mm pocket 5 mm deep")
        }
        if sides.count == 3 {
          guard depth == nil || depth == sides[2] else {
            throw .contradiction(
              "the pocket's depth is given as \(Figure.millimetres(depth!)) and as \(Figure.millimetres(sides[2]))"
            )
          }
          depth = sides[2]
        }
        footprint = .rectangle([sides[0] / 2, sides[1] / 2])
        sketch =
          ".rect(\(part.text.dimension("pocket_length", sides[0])), \(part.text.dimension("pocket_width", sides[1])))"
        if let radius = try reader.take(.radius) {
          guard radius < min(sides[0], sides[1]) / 2 else {
            throw .contradiction(
              "corners of \(Figure.millimetres(radius)) are not less than half of \(Figure.millimetres(min(sides[0], sides[1])))"
            )
          }
          corner = part.text.dimension("pocket_corner_radius", radius)
        }
      }
      if depth == nil, !isThrough, !isHole || isBlind {
        throw .missing("depth", of: "pocket", example: "5 mm deep")
      }
      for (name, points) in try places(reader, footprint, isAddition: false) {
        try cut(
          points, footprint, sketch, on: name, depth: depth, isThrough: isThrough, label: "pocket", reader,
          corner: corner)
      }
      try reader.finish()
    }
  }

  private func cut(
    _ points: [SIMD2<Double>], _ footprint: Footprint, _ sketch: String, on name: FaceName, depth: Double?,
    isThrough: Bool, label: String, _ reader: DetailReader, corner: String? = nil
  ) throws(GenerationJobError) {
    let face = solid.faces[name]!
    guard !face.isCurved else {
      throw .ambiguous("a \(label) on the round side of the \(solid.name) is not understood")
    }
    if let depth {
      if isThrough {
        throw .contradiction("a through \(label) is given a depth, \(Figure.millimetres(depth))")
      }
      guard depth < face.depth - 1e-9 else {
        throw .contradiction(
          "a \(label) \(Figure.millimetres(depth)) deep does not end within the \(Figure.millimetres(face.depth)) of "
            + "material behind the \(face.name)")
      }
    }
    for point in points { try fit(reader, face, point, footprint) }
    for addition in additions where addition.face == name {
      for point in points
      where Footprint.gap(footprint, at: point, addition.footprint, at: addition.place) < 1e-9 {
        throw .contradiction("a \(label) and a \(addition.name) overlap on the \(face.name)")
      }
    }
    try keepApart(reader.name, points, footprint, face, depth: depth)
    let length = depth ?? face.depth
    let lengthText = depth == nil ? Figure.decimal(length) : part.text.dimension("\(label)_depth", length)
    part.text.comment("\(label.capitalizedFirst) in the \(face.name)")
    var tool = Sketching.plane(face) + Sketching.points(points) + sketch + ".extrude(-\(lengthText))"
    if let corner { tool += ".edges(\"|\(Sketching.axis(face))\").fillet(\(corner))" }
    step(isCut: true, tool)
    for point in points { cuts.append(face.cut(point, footprint, depth: depth)) }
  }
}
