import FacetContract

/// Boxes, plates, cubes and enclosures: length along x, width along y, height along z, the base on z = 0, the middle
/// on the z axis.
enum BoxBodies {
  static func box(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let isEnclosure = part.body.mention.body == .enclosure
    let hollow = try wall(part, isEnclosure: isEnclosure)
    let size = try extents(part, thicknessIsHeight: !isEnclosure)
    return try solid(size, hollow, part)
  }

  static func cube(_ part: PartContext) throws(GenerationJobError) -> Solid {
    let hollow = try wall(part, isEnclosure: false)
    var side = try part.body.take(.side, .length, .width, .height, as: "side length")
    if let product = try part.body.takeProduct() {
      guard product.allSatisfy({ $0 == product[0] }) else {
        throw .contradiction(
          "a cube has equal sides, not \(product.map(Figure.millimetres).joined(separator: " × ")); say box")
      }
      side = side ?? product[0]
    }
    guard let side = try side.or(try part.body.takeFigure("side length")) else {
      throw part.missing("side length", example: "a 20 mm cube")
    }
    return try solid(SIMD3(repeating: side), hollow, part)
  }

  private static func solid(
    _ size: SIMD3<Double>, _ walls: Walls?, _ part: PartContext
  ) throws(GenerationJobError) -> Solid {
    part.body.ignore(.rectangular, .solid, .centered)
    let names = (
      part.text.dimension("length", size.x), part.text.dimension("width", size.y),
      part.text.dimension("height", size.z)
    )
    let low = SIMD3(-size.x / 2, -size.y / 2, 0)
    let high = SIMD3(size.x / 2, size.y / 2, size.z)
    let across = min(size.x, size.y) / 2
    let acrossText = "half of \(Figure.millimetres(min(size.x, size.y)))"
    func edges(_ selection: String, _ limit: Double, height: Double) -> Solid.Edges {
      let isHeight = height < limit
      return Solid.Edges(
        selection: selection, limit: min(limit, height),
        reason: isHeight
          ? (height < size.z ? "half of the height, \(Figure.millimetres(size.z))" : "the height")
          : acrossText)
    }
    var solid = Solid(
      name: part.body.name, low: low, high: high, faces: Face.box(low, high),
      edges: [
        .vertical: edges(#".edges("|Z")"#, across, height: .infinity),
        .top: edges(#".faces(">Z").edges()"#, across, height: size.z),
        .bottom: edges(#".faces("<Z").edges()"#, across, height: size.z),
        .topAndBottom: edges(#".edges(">Z or <Z")"#, across, height: size.z / 2),
        .all: edges(".edges()", across, height: size.z / 2),
        .outer: edges(".edges()", across, height: size.z / 2),
      ],
      expression: "cq.Workplane(\"XY\").box(\(names.0), \(names.1), \(names.2), centered=(True, True, False))"
    )
    if let walls { try walls.apply(to: &solid, part) }
    return solid
  }

  /// Three extents out of a product, names or both.
  static func extents(
    _ part: PartContext, thicknessIsHeight: Bool
  ) throws(GenerationJobError) -> SIMD3<Double> {
    let reader = part.body
    let isSquare = reader.takeFlag(.square)
    var x: Double?
    var y: Double?
    var z: Double?
    func keep(_ slot: inout Double?, _ value: Double?, _ what: String) throws(GenerationJobError) {
      guard let value else { return }
      if let known = slot, abs(known - value) > 1e-9 {
        throw .contradiction(
          "the \(reader.name)'s \(what) is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(value))"
        )
      }
      slot = value
    }
    if let product = try reader.takeProduct() {
      guard product.count <= 3 else {
        throw .ambiguous("the \(reader.name) has \(product.count) dimensions where three are understood")
      }
      x = product[0]
      y = product[1]
      if product.count == 3 { z = product[2] }
    }
    try keep(&x, try reader.take(.length), "length")
    let side = try reader.take(.side)
    if let side {
      try keep(&x, side, "side")
      try keep(&y, side, "side")
    }
    if thicknessIsHeight { try keep(&z, try reader.take(.thickness), "thickness") }
    let height = try reader.take(.height)
    let depth = try reader.take(.depth)
    let width = try reader.take(.width)
    // "60 wide, 40 deep, 20 high" looks at the part from the front; "100 long, 60 wide, 20 deep" from above.
    if let width {
      if depth != nil, height != nil || z != nil, x == nil {
        try keep(&x, width, "width")
      } else if x == nil, y == nil, height != nil, z != nil {
        try keep(&x, width, "width")
      } else {
        try keep(&y, width, "width")
      }
    }
    if let height {
      if z == nil || abs(z! - height) <= 1e-9 || y != nil {
        try keep(&z, height, "height")
      } else {
        try keep(&y, height, "height")
      }
    }
    if let depth {
      if z == nil { z = depth } else { try keep(&y, depth, "depth") }
    }
    if isSquare {
      if let one = x ?? y {
        try keep(&x, one, "side"); try keep(&y, one, "side")
      } else if let figure = try reader.takeFigure("side") {
        x = figure; y = figure
      }
    }
    let third = thicknessIsHeight && reader.mention.body == .plate ? "thickness" : "height"
    // A figure without a name can only be the one that is missing.
    if !reader.figures.isEmpty, [x, y, z].filter({ $0 == nil }).count == 1, x != nil, y != nil {
      z = try reader.takeFigure(third)
    }
    guard let x else {
      throw part.missing(
        y == nil && z == nil ? "length, width and \(third)" : "length", example: "100 x 60 x 5 mm")
    }
    guard let y else { throw part.missing("width", example: "60 mm wide") }
    guard let z else {
      throw part.missing(third, example: third == "thickness" ? "5 mm thick" : "30 mm high")
    }
    return SIMD3(x, y, z)
  }

  // MARK: walls

  /// The walls of a body that is hollow.
  struct Walls {
    var wall: Double
    var floor: Double
    /// nil when the cavity is closed.
    var open: FaceName?
  }

  static func wall(_ part: PartContext, isEnclosure: Bool) throws(GenerationJobError) -> Walls? {
    let reader = part.body
    var wall = try reader.take(.wall)
    if wall == nil, isEnclosure { wall = try reader.take(.thickness) }
    for (_, shell) in part.take(.shell) {
      let thickness = try shell.take(.wall, .thickness).or(try shell.takeFigure("wall thickness"))
      if let known = wall, let thickness, known != thickness {
        throw .contradiction(
          "the wall thickness is given as \(Figure.millimetres(known)) and as \(Figure.millimetres(thickness))"
        )
      }
      wall = wall ?? thickness
      if wall == nil { throw part.missing("wall thickness", example: "2 mm walls") }
      if shell.takeFlag(.open) { reader.addOpening(shell.takePlaces()) }
      shell.ignore(.closed)
      try shell.finish()
    }
    let floor = try reader.take(.floor)
    let isHollow = reader.takeFlag(.hollow)
    let isClosed = reader.takeFlag(.closed)
    let isOpen = reader.takeFlag(.open) || reader.word.contains("open") || reader.word == "cup"
    let openPlaces = reader.takePlaces { !$0.directions.isEmpty && (isOpen || $0.link == .at) }
    guard let wall else {
      if isHollow || isOpen || isClosed || isEnclosure || floor != nil {
        throw part.missing("wall thickness", example: "2 mm walls")
      }
      return nil
    }
    var open: FaceName?
    if isOpen || isEnclosure && !isClosed {
      open = .top
      if let place = openPlaces.first {
        guard let name = FaceName(place), openPlaces.count == 1 else {
          throw .ambiguous("which side of the \(reader.name) is open is not understood")
        }
        open = name
      }
    } else if !isClosed {
      throw .ambiguous(
        "which side of the hollow \(reader.name) is open is missing; say, for example, “open at the top” or “closed”"
      )
    }
    return Walls(wall: wall, floor: floor ?? wall, open: open)
  }
}

extension FaceName {
  /// The face that a place names by one direction.
  init?(_ place: Place) {
    let names = place.directions.compactMap { FaceName(rawValue: $0.rawValue) }
    guard names.count == 1 else { return nil }
    self = names[0]
  }
}

extension BoxBodies.Walls {
  func apply(to solid: inout Solid, _ part: PartContext) throws(GenerationJobError) {
    let size = solid.size
    let across = min(size.x, size.y)
    guard 2 * wall < across else {
      throw .contradiction(
        "walls of \(Figure.millimetres(wall)) on both sides leave nothing of \(Figure.millimetres(across))")
    }
    let needed = open == .top || open == .bottom ? floor : 2 * floor
    guard needed < size.z else {
      throw .contradiction(
        "a floor of \(Figure.millimetres(floor)) leaves nothing of the height, \(Figure.millimetres(size.z))")
    }
    var low = solid.low + SIMD3(wall, wall, floor)
    var high = solid.high - SIMD3(wall, wall, floor)
    switch open {
    case .top: high.z = solid.high.z
    case .bottom:
      low.z = solid.low.z
    case .front: low.y = solid.low.y
    case .back: high.y = solid.high.y
    case .left: low.x = solid.low.x
    case .right: high.x = solid.high.x
    default: break
    }
    _ = part.text.dimension("wall", wall)
    if floor != wall { _ = part.text.dimension("floor", floor) }
    solid.hollow = Hollow(shape: .box(low, high), wall: wall, open: open)
    var openings: [Cut.Opening] = []
    if let open, let face = solid.faces[open] {
      let half = (high - low) / 2
      let reach: SIMD2<Double> =
        open == .top || open == .bottom
        ? [half.x, half.y] : open == .front || open == .back ? [half.x, half.z] : [half.y, half.z]
      let middle = (low + high) / 2 - face.origin
      let place = SIMD2((middle * face.u).sum(), (middle * face.v).sum())
      openings = [face.opening(place, .rectangle(reach))]
      solid.faces[open] = nil
    }
    solid.cuts.append(Cut(shape: .box(low, high), openings: openings))
    for name in FaceName.allCases {
      guard var face = solid.faces[name] else { continue }
      face.depth = name == .top || name == .bottom ? floor : wall
      face.opensIntoCavity = true
      solid.faces[name] = face
    }
    if open == .top {
      var inside = Face.box(low, high)[.top]!
      inside.name = "floor"
      inside.origin.z = low.z
      inside.depth = floor
      inside.isInCavity = true
      solid.faces[.floor] = inside
    }
    solid.wall = wall
  }
}
