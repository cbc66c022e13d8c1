import FacetContract
import Foundation

/// Holes, with or without a head for a screw.
extension PartPlanner {
  /// A widening at the mouth of a hole.
  private enum Head {
    case counterbore(diameter: Double, depth: Double)
    case countersink(diameter: Double, angle: Double)

    var diameter: Double {
      switch self {
      case .counterbore(let diameter, _), .countersink(let diameter, _): diameter
      }
    }
  }

  func cutHoles() throws(GenerationJobError) {
    if let bore = solid.bore {
      try cutBore(bore)
    }
    let heads = part.take(.counterbore, .countersink)
    var loose = heads.filter { head in !isHole(head.reader.mention.parent) }
    let holes = part.take(.hole)
    // "a 10 mm counterbore with a 5.5 mm hole": the hole is the head's.
    if holes.count == 1, loose.count == 1, loose[0].reader.thread == nil {
      let head = loose.removeFirst()
      try cutHole(holes[0].index, holes[0].reader, heads: [head.reader])
    } else {
      for (index, reader) in holes {
        let own = heads.filter { $0.reader.mention.parent == index && isHole(index) }
        try cutHole(index, reader, heads: own.map(\.reader))
      }
    }
    for (index, reader) in loose { try cutHole(index, reader, heads: [reader]) }
    for addition in Set(additions.map(\.mention)).sorted() {
      if let bore = bossBores[addition] {
        try cutInAdditions(addition, diameter: bore, depth: nil, isThrough: false, name: "bore", head: nil)
      }
    }
  }

  private func isHole(_ index: Int?) -> Bool { index.map { part.mentions[$0].feature == .hole } ?? false }

  /// A flange's bore goes through its hub too.
  private func cutBore(_ diameter: Double) throws(GenerationJobError) {
    guard let face = solid.faces[.top] else { return }
    let dimension = part.text.dimension("inner_diameter", diameter)
    let hub = additions.filter { $0.face == .top && $0.place == .zero }.map(\.height).max() ?? 0
    if let wall = additions.first(where: { $0.face == .top && $0.place == .zero }),
      diameter >= 2 * wall.footprint.reach.x
    {
      throw .contradiction(
        "a bore of \(Figure.millimetres(diameter)) is not less than the \(wall.name), "
          + Figure.millimetres(2 * wall.footprint.reach.x))
    }
    part.text.comment("Bore")
    step(
      isCut: true,
      Sketching.plane(face, above: hub)
        + ".circle(\(dimension) / 2).extrude(-\(Figure.decimal(face.depth + hub)))")
    let footprint = Footprint.round(radius: diameter / 2)
    cuts.append(face.cut(.zero, footprint, depth: nil, above: hub))
    taken.append(Taken(face: face.name, place: .zero, footprint: footprint, name: "bore"))
  }

  private func cutHole(
    _ index: Int, _ reader: DetailReader, heads: [DetailReader]
  ) throws(GenerationJobError) {
    let isOwnHead = heads.first.map { $0 === reader } ?? false
    var head = try heads.isEmpty || isOwnHead ? nil : head(heads[0], hole: reader)
    guard heads.count <= 1 else { throw .ambiguous("a hole with two heads is not understood") }
    let isCounterbored = reader.takeFlag(.counterbored) || isOwnHead && reader.mention.feature == .counterbore
    let isCountersunk = reader.takeFlag(.countersunk) || isOwnHead && reader.mention.feature == .countersink
    if head == nil, isCounterbored || isCountersunk {
      head = try ownHead(reader, isCounterbore: isCounterbored, isOwn: isOwnHead)
    }
    let size = try HoleSize.read(reader)
    let isBlind = reader.takeFlag(.blind)
    var isThrough = reader.takeFlag(.through)
    var depth = try reader.take(.depth)
    if let known = depth, isThrough, head != nil, !isBlind {
      // "an M5 through hole, counterbored 10 mm, 5 mm deep" has its depth in the head; here it is the hole's.
      throw .contradiction("a through hole is given a depth, \(Figure.millimetres(known))")
    }
    if isBlind, depth == nil { throw .missing("depth", of: "blind hole", example: "10 mm deep") }
    if isBlind, isThrough { throw .contradiction("a hole is said to be blind and to go through") }
    if let head, head.diameter <= size.diameter {
      throw .contradiction(
        "a head of \(Figure.millimetres(head.diameter)) is not larger than its hole, \(Figure.millimetres(size.diameter))"
      )
    }
    // A hole in a boss stands where the boss stands.
    let owner = reader.mention.parent
    if let owner, let addition = additions.first(where: { $0.mention == owner }) {
      _ = reader.takePlaces { _ in true }
      reader.ignore(.centered)
      if let count = reader.takeCount() {
        let bosses = additions.filter { $0.mention == owner }.count
        guard count == bosses || count == 1 else {
          throw .contradiction("\(count) holes do not fit \(bosses) \(addition.name)s")
        }
      }
      try reader.finish()
      if isThrough { depth = nil } else if depth == nil, addition.name == "hub" { isThrough = true }
      try cutInAdditions(
        owner, diameter: size.diameter, depth: depth, isThrough: isThrough, name: size.name, head: head)
      return
    }
    let footprint = Footprint.round(radius: max(size.diameter, head?.diameter ?? 0) / 2)
    for (name, points) in try places(reader, footprint, isAddition: false) {
      try cut(
        points, on: name, diameter: size.diameter, depth: depth, isThrough: isThrough, head: head,
        name: size.name,
        label: reader.name)
    }
    try reader.finish()
  }

  // MARK: heads

  private func head(_ reader: DetailReader, hole: DetailReader) throws(GenerationJobError) -> Head {
    let isCounterbore = reader.mention.feature == .counterbore
    guard let diameter = try reader.takeDiameter(.headDiameter, .diameter, .outerDiameter, radii: .radius)
    else {
      throw .missing("head diameter", of: reader.name, example: "9.5 mm head diameter")
    }
    let depth = try reader.take(.depth)
    let angle = reader.takeAngle()
    _ = reader.takeCount()
    _ = reader.takePlaces { $0.directions == [.top] || $0.noun == .face && $0.directions.isEmpty }
    reader.ignore(.centered, .round)
    try reader.finish()
    return try finishHead(isCounterbore, diameter, depth, angle)
  }

  private func ownHead(
    _ reader: DetailReader, isCounterbore: Bool, isOwn: Bool
  ) throws(GenerationJobError) -> Head {
    var diameter = try reader.take(.headDiameter)
    if diameter == nil, isOwn, reader.thread != nil {
      diameter = try reader.takeDiameter(.diameter, .outerDiameter, radii: .radius)
    }
    guard let diameter else {
      throw .missing(
        "head diameter", of: isCounterbore ? "counterbore" : "countersink", example: "9.5 mm head diameter")
    }
    return try finishHead(
      isCounterbore, diameter, isCounterbore ? try reader.take(.depth) : nil, reader.takeAngle())
  }

  /// Ours: a countersink whose angle is not said has 90°, that of metric countersunk screws (ISO 10642).
  private func finishHead(
    _ isCounterbore: Bool, _ diameter: Double, _ depth: Double?, _ angle: Double?
  ) throws(GenerationJobError) -> Head {
    if isCounterbore {
      guard let depth else { throw .missing("depth", of: "counterbore", example: "5 mm deep") }
      if let angle { throw .ambiguous("“\(Figure.text(angle))°” is not understood for a counterbore") }
      return .counterbore(diameter: diameter, depth: depth)
    }
    let angle = angle ?? 90
    guard angle >= 30, angle <= 150 else {
      throw .contradiction("a countersink of \(Figure.text(angle))° is outside 30° to 150°")
    }
    if let depth {
      throw .ambiguous(
        "a countersink's depth follows from its diameter and angle; leave out the \(Figure.millimetres(depth))"
      )
    }
    return .countersink(diameter: diameter, angle: angle)
  }

  // MARK: cutting

  /// Holes of one size on one face.
  private func cut(
    _ points: [SIMD2<Double>], on name: FaceName, diameter: Double, depth: Double?, isThrough: Bool,
    head: Head?,
    name sizeName: String, label: String
  ) throws(GenerationJobError) {
    let face = solid.faces[name]!
    let radius = diameter / 2
    let footprint = Footprint.round(radius: max(radius, (head?.diameter ?? 0) / 2))
    if let depth, depth >= face.depth - 1e-9 {
      if !isThrough {
        throw .contradiction(
          "a blind hole \(Figure.millimetres(depth)) deep does not end within the \(Figure.millimetres(face.depth)) of "
            + "material behind the \(face.name)")
      }
    } else if let depth, isThrough {
      throw .contradiction(
        "a through hole is \(Figure.millimetres(face.depth)) deep here, not \(Figure.millimetres(depth))")
    }
    for point in points { try fit(label, face, point, footprint) }
    // What stands on the face at the hole's place is drilled too.
    var above = 0.0
    for point in points {
      for addition in additions where addition.face == name {
        let gap = Footprint.gap(footprint, at: point, addition.footprint, at: addition.place)
        guard gap < -1e-9 else { continue }
        guard footprint.isInside(addition.footprint, at: addition.place, from: point),
          footprint.reach.x < addition.footprint.reach.min()
        else {
          throw .contradiction(
            "a hole of \(Figure.millimetres(diameter)) breaks through the edge of the \(addition.name), "
              + Figure.millimetres(2 * addition.footprint.reach.min()))
        }
        above = max(above, addition.height)
      }
    }
    if depth != nil, above > 0 {
      throw .ambiguous("whether the hole's depth counts from the boss is not said")
    }
    try keepApart(label, points, footprint, face, depth: depth)
    let overshoot = face.isCurved ? 1.0 : 0
    let length = (depth ?? face.depth) + above
    let isOpenBelow = depth == nil
    let names = part.text.dimension("\(sizeName)_diameter", diameter)
    part.text.comment(
      "\(isOpenBelow ? "Through" : "Blind") hole\(points.count == 1 ? "" : "s") from the \(face.name)")
    let depthText =
      isOpenBelow
      ? Figure.decimal(length + 2 * overshoot)
      : overshoot == 0
        ? part.text.dimension("\(sizeName)_depth", length)
        : part.text.dimension("\(sizeName)_depth", length) + " + 1.0"
    step(
      isCut: true,
      Sketching.plane(face, above: above + overshoot) + Sketching.points(points)
        + ".circle(\(names) / 2).extrude(-(\(depthText)))")
    for point in points { cuts.append(face.cut(point, .round(radius: radius), depth: depth, above: above)) }
    noteOnSphere(points, face, radius, isThrough: isOpenBelow)
    if let head { try cutHead(head, points, face, above, hole: diameter, until: length) }
    noteBracketHoles(points, name, footprint.reach.x)
  }

  /// A hole at a sphere's pole takes the pole.
  private func noteOnSphere(_ points: [SIMD2<Double>], _ face: Face, _ radius: Double, isThrough: Bool) {
    guard solid.isSphere else { return }
    let axis = abs(face.normal.x) > 0.5 ? 0 : abs(face.normal.y) > 0.5 ? 1 : 2
    for point in points where length(point) < radius {
      guard point == .zero else {
        isSizeKnown = false
        continue
      }
      let sphere = body.x / 2
      let lost = sphere - (sphere * sphere - radius * radius).squareRoot()
      let isUp = face.normal[axis] > 0
      if isUp || isThrough { solid.high[axis] -= lost }
      if !isUp || isThrough { solid.low[axis] += lost }
    }
  }

  private func noteBracketHoles(_ points: [SIMD2<Double>], _ name: FaceName, _ radius: Double) {
    guard let bracket = solid.bracket, let face = solid.faces[name] else { return }
    for point in points {
      let along = point.x + face.half.x - bracket.thickness
      bracketHoles.append((along, name == .horizontalLeg ? point.y : -point.y, radius))
    }
  }

  private func cutHead(
    _ head: Head, _ points: [SIMD2<Double>], _ face: Face, _ above: Double, hole: Double, until: Double
  ) throws(GenerationJobError) {
    guard !face.isCurved else { throw .ambiguous("a screw head on the round \(face.name) is not understood") }
    let plane = Sketching.plane(face, above: above) + Sketching.points(points)
    switch head {
    case .counterbore(let diameter, let depth):
      guard depth < until - 1e-9 else {
        throw .contradiction(
          "a counterbore \(Figure.millimetres(depth)) deep leaves nothing of the \(Figure.millimetres(until)) of material"
        )
      }
      let names = (
        part.text.dimension("counterbore_diameter", diameter), part.text.dimension("counterbore_depth", depth)
      )
      part.text.comment("Counterbore")
      step(isCut: true, plane + ".circle(\(names.0) / 2).extrude(-\(names.1))")
      for point in points {
        let footprint = Footprint.round(radius: diameter / 2)
        cuts.append(face.cut(point, footprint, depth: depth - above, above: above))
      }
    case .countersink(let diameter, let angle):
      let depth = (diameter - hole) / 2 / tan(angle / 2 * .pi / 180)
      guard depth < until - 1e-9 else {
        throw .contradiction(
          "a countersink of \(Figure.millimetres(diameter)) at \(Figure.text(angle))° is \(Figure.millimetres(depth)) "
            + "deep, and the material \(Figure.millimetres(until))")
      }
      let names = (
        part.text.dimension("countersink_diameter", diameter), part.text.dimension("countersink_depth", depth)
      )
      part.text.comment("Countersink, \(Figure.text(angle))°")
      for point in points {
        let tip = face.point(point, depth: -above)
        step(
          isCut: true,
          "cq.Workplane(obj=cq.Solid.makeCone(\(names.0) / 2, \(Figure.decimal(hole / 2)), \(names.1), "
            + "cq.Vector\(Figure.tuple(tip)), cq.Vector\(Figure.tuple(-face.normal))))")
        let footprint = Footprint.round(radius: diameter / 2)
        cuts.append(face.cut(point, footprint, depth: depth - above, above: above))
      }
    }
  }

  /// The same hole in each boss of a mention. Ours: it ends where the boss ends, unless it is said to go through.
  private func cutInAdditions(
    _ mention: Int, diameter: Double, depth: Double?, isThrough: Bool, name: String, head: Head?
  ) throws(GenerationJobError) {
    let bosses = additions.filter { $0.mention == mention }
    for face in FaceName.allCases {
      let here = bosses.filter { $0.face == face }
      guard let first = here.first else { continue }
      guard diameter < 2 * first.footprint.reach.x else {
        throw .contradiction(
          "a hole of \(Figure.millimetres(diameter)) is not less than the \(first.name), "
            + Figure.millimetres(2 * first.footprint.reach.x))
      }
      if let head, head.diameter >= 2 * first.footprint.reach.x {
        throw .contradiction(
          "a head of \(Figure.millimetres(head.diameter)) is not less than the \(first.name), "
            + Figure.millimetres(2 * first.footprint.reach.x))
      }
      let base = solid.faces[face]!
      let total = first.height + base.depth
      let deep = isThrough ? total : depth ?? first.height
      guard isThrough || deep < total - 1e-9 else {
        throw .contradiction(
          "a blind hole \(Figure.millimetres(deep)) deep does not end within \(Figure.millimetres(total)) of material"
        )
      }
      let size = part.text.dimension("\(first.name)_\(name)_diameter", diameter)
      part.text.comment("Hole\(here.count == 1 ? "" : "s") in the \(first.name)\(here.count == 1 ? "" : "s")")
      step(
        isCut: true,
        Sketching.plane(base, above: first.height) + Sketching.points(here.map(\.place))
          + ".circle(\(size) / 2).extrude(-\(Figure.decimal(deep)))")
      for boss in here {
        let footprint = Footprint.round(radius: diameter / 2)
        cuts.append(
          base.cut(boss.place, footprint, depth: isThrough ? nil : deep - boss.height, above: boss.height))
        taken.append(
          Taken(face: base.name, place: boss.place, footprint: footprint, name: "hole", isAddition: true))
      }
      if let head { try cutHead(head, here.map(\.place), base, first.height, hole: diameter, until: deep) }
    }
  }
}
