import FacetContract

/// A place on a face that a feature has, and how deep it goes; nil for through.
struct Taken: Sendable, Hashable {
  var face: String
  var place: SIMD2<Double>
  var footprint: Footprint
  var name: String
  var depth: Double?
  var isAddition = false
}

/// Plans one part: its body, then edges, hollows, what is joined, what is cut; and checks each against the others.
final class PartPlanner {
  let part: PartContext
  /// The name of the part in the program.
  let variable: String
  var solid: Solid
  var cuts: [Cut]
  var additions: [Addition] = []
  /// The bores that bosses were given as inner diameters, by their mention.
  var bossBores: [Int: Double] = [:]
  /// What is cut into each face, so that nothing overlaps.
  var taken: [Taken] = []
  var gussets: [(offsets: [Double], thickness: Double, sides: Double?)] = []
  /// Holes of a bracket: from the inner corner, from the middle of the width, and their radius.
  var bracketHoles: [(along: Double, across: Double, radius: Double)] = []
  /// The fillet of the upright edges, for cavities and lids to follow.
  private(set) var verticalRadius: Double?
  private(set) var verticalChamfer: Double?
  /// Whether the part's extent is known: not when a hole cuts a sphere's pole off its middle.
  var isSizeKnown = true
  /// The extent of the body alone.
  let body: SIMD3<Double>

  init(_ part: PartContext, variable: String) throws(GenerationJobError) {
    self.part = part
    self.variable = variable
    let kind = part.body.mention.body ?? .box
    solid = try BodyBuilder.solid(kind, part)
    cuts = solid.cuts
    body = solid.size
  }

  /// Writes the steps, and says what will come of them.
  func plan() throws(GenerationJobError) {
    part.text.comment(solid.name.capitalizedFirst)
    part.text.add("\(variable) = \(solid.expression)")
    (verticalRadius, verticalChamfer) = try EdgeTreatments.apply(part, to: solid, variable: variable)
    roundFaces()
    cutHollow()
    for extra in solid.steps {
      part.text.comment(extra.comment)
      step(isCut: extra.isCut, extra.tool)
    }
    try addBosses()
    try addRibs()
    try addGussets()
    try cutPockets()
    try cutSlots()
    try cutHoles()
    try finishGussets()
    try part.finish()
  }

  /// Handles and closed surfaces of the part.
  var topology: (handles: Int?, shells: Int) {
    let (handles, cavities) = Cut.topology(cuts)
    return (handles, 1 + cavities)
  }

  func step(isCut: Bool, _ tool: String) {
    part.text.add("\(variable) = \(variable).\(isCut ? "cut" : "union")(\(tool))")
  }

  /// The ends of a body whose upright edges are rounded or cut have less room in their corners.
  private func roundFaces() {
    if solid.isHexagonal {
      // Corners of 120° recede when they are treated.
      let lost = (verticalRadius ?? 0) * (2 / 3.0.squareRoot() - 1) + (verticalChamfer ?? 0) / 2
      solid.low.x += lost
      solid.high.x -= lost
    }
    for name in [FaceName.top, .bottom] {
      solid.faces[name]?.cornerRadius = verticalRadius ?? 0
      solid.faces[name]?.cornerChamfer = verticalChamfer ?? 0
    }
    if let wall = solid.wall { solid.faces[.floor]?.cornerRadius = max((verticalRadius ?? 0) - wall, 0) }
  }

  private func cutHollow() {
    guard let hollow = solid.hollow else { return }
    part.text.comment("Cavity")
    switch hollow.shape {
    case .box(let low, let high):
      let size = high - low
      let middle = (low + high) / 2
      let names = (
        part.text.dimension("cavity_length", size.x), part.text.dimension("cavity_width", size.y),
        part.text.dimension("cavity_height", size.z)
      )
      var tool = "cq.Workplane(\"XY\").box(\(names.0), \(names.1), \(names.2))"
      let isUpright = hollow.open == nil || hollow.open == .top || hollow.open == .bottom
      if let radius = verticalRadius, radius - hollow.wall > 1e-6, isUpright {
        tool += ".edges(\"|Z\").fillet(\(part.text.dimension("cavity_fillet_radius", radius - hollow.wall)))"
      }
      step(isCut: true, tool + ".translate(\(Figure.tuple(middle)))")
    case .cylinder(let radius, let from, let to):
      let names = (
        part.text.dimension("inner_diameter", 2 * radius), part.text.dimension("cavity_height", to - from)
      )
      step(
        isCut: true,
        "cq.Workplane(\"XY\").circle(\(names.0) / 2).extrude(\(names.1)).translate((0, 0, \(Figure.decimal(from))))"
      )
    }
  }

  /// The faces that a feature is on, and its points on each.
  func places(
    _ reader: DetailReader, _ footprint: Footprint, isAddition: Bool, names: [FaceName]? = nil
  ) throws(GenerationJobError) -> [(FaceName, [SIMD2<Double>])] {
    let names = try names.or(try FeatureFace.names(reader, solid, isAddition: isAddition))!
    var result: [(FaceName, [SIMD2<Double>])] = []
    for (place, name) in names.enumerated() {
      // The same words place it on each face anew.
      let again = place == 0 ? reader : DetailReader(reader.mention, unit: part.unit)
      if place > 0 { _ = try FeatureFace.names(again, solid, isAddition: isAddition) }
      let face = solid.faces[name]!
      let positions = Positions(
        reader: again, face: face, footprint: footprint, boltCircle: try boltCircle(), faceCount: names.count)
      result.append((name, try positions.points()))
    }
    return result
  }

  /// A flange's own bolt circle, for the holes that have none.
  private func boltCircle() throws(GenerationJobError) -> Double? {
    if let known = bodyBoltCircle { return known }
    bodyBoltCircle = try part.body.take(.boltCircle)
    if let radius = try part.body.take(.boltCircleRadius) { bodyBoltCircle = 2 * radius }
    return bodyBoltCircle
  }
  private var bodyBoltCircle: Double?

  // MARK: checks

  func fit(
    _ reader: DetailReader, _ face: Face, _ point: SIMD2<Double>, _ footprint: Footprint
  ) throws(GenerationJobError) {
    try fit(reader.name, face, point, footprint)
  }

  func fit(
    _ name: String, _ face: Face, _ point: SIMD2<Double>, _ footprint: Footprint
  ) throws(GenerationJobError) {
    let margin = face.margin(point, footprint)
    guard margin < 1e-9 else { return }
    let reach = footprint.reach * 2
    let size =
      if case .round = footprint { Figure.millimetres(reach.x) } else {
        "\(Figure.millimetres(reach.x)) × \(Figure.millimetres(reach.y))"
      }
    let outline =
      switch face.outline {
      case .rectangle(let half): "\(Figure.millimetres(2 * half.x)) × \(Figure.millimetres(2 * half.y))"
      case .disc(let radius): "\(Figure.millimetres(2 * radius)) across"
      case .annulus(let inner, let outer):
        "from \(Figure.millimetres(2 * inner)) to \(Figure.millimetres(2 * outer)) across"
      }
    let place = point == .zero ? "in the centre" : "at (\(Figure.text(point.x)), \(Figure.text(point.y)))"
    throw .contradiction(
      "a \(name) of \(size) \(place) breaks through the edge of the \(face.name) of the \(solid.name), which is \(outline)"
    )
  }

  /// Features of a face may lie inside one another (a hole in a pocket), not across one another's edges; and the inner
  /// one has to go deeper, or nothing would be left of it.
  func keepApart(
    _ name: String, _ points: [SIMD2<Double>], _ footprint: Footprint, _ face: Face, depth: Double? = nil,
    isAddition: Bool = false
  ) throws(GenerationJobError) {
    for (place, point) in points.enumerated() {
      for other in points.dropFirst(place + 1)
      where Footprint.gap(footprint, at: point, footprint, at: other) < 1e-9 {
        throw .contradiction(
          "two \(name)s \(Figure.millimetres(length(point - other))) apart overlap; each is "
            + "\(Figure.millimetres(2 * footprint.reach.max())) wide")
      }
      for known in taken where known.face == face.name {
        guard Footprint.gap(footprint, at: point, known.footprint, at: known.place) < 1e-9 else { continue }
        let isInner = footprint.isInside(known.footprint, at: known.place, from: point)
        let isOuter = known.footprint.isInside(footprint, at: point, from: known.place)
        let (inner, outer) = isInner ? (depth, known.depth) : (known.depth, depth)
        let isDeeper = outer != nil && (inner ?? .infinity) > outer! + 1e-9
        guard isInner != isOuter, isAddition || known.isAddition || isDeeper else {
          throw .contradiction(
            "the \(name) of \(Figure.millimetres(2 * footprint.reach.max())) and the \(known.name) of "
              + "\(Figure.millimetres(2 * known.footprint.reach.max())) overlap on the \(face.name)")
        }
        if !isAddition, !known.isAddition, inner != nil, known.name != "hole" || name != "hole" {
          throw .ambiguous(
            "whether the depth of the \(isInner ? name : known.name) counts from the floor of the "
              + "\(isInner ? known.name : name) is not said")
        }
      }
    }
    for point in points {
      taken.append(
        Taken(
          face: face.name, place: point, footprint: footprint, name: name, depth: depth,
          isAddition: isAddition))
    }
  }

  /// The part grows by what stands on a face.
  func grow(_ face: Face, _ height: Double) {
    let top = face.origin + face.normal * height
    for axis in 0..<3 where abs(face.normal[axis]) > 0.5 {
      solid.low[axis] = min(solid.low[axis], top[axis])
      solid.high[axis] = max(solid.high[axis], top[axis])
    }
  }
}
