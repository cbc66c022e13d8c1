import FacetContract

/// Fillets and chamfers of a body's edges. They are made before anything is cut or joined, so that the edges that
/// the selectors find are the body's own; the edges of holes stay sharp.
enum EdgeTreatments {
  /// - Returns: The radius of the vertical edges' fillet, for the cavity to follow.
  static func apply(_ part: PartContext, to solid: Solid, variable: String) throws(GenerationJobError)
    -> Double?
  {
    var done: [Solid.EdgeGroup] = []
    var verticalRadius: Double?
    var treatments: [(group: Solid.EdgeGroup, isFillet: Bool, size: Double)] = []
    for (_, reader) in part.take(.fillet, .chamfer, .cornerRadius) {
      let isFillet = reader.mention.feature != .chamfer
      let group = try group(reader, solid)
      if let angle = reader.takeAngle(), angle != 45 {
        throw .ambiguous("a chamfer of \(Figure.text(angle))° is not understood; only 45° is")
      }
      let what = isFillet ? "radius" : "size"
      guard let size = try reader.take(.radius, .length, .width, as: what).or(try reader.takeFigure(what))
      else {
        throw .missing(what, of: reader.name, example: isFillet ? "2 mm fillets" : "1 mm chamfer")
      }
      _ = reader.takeCount()
      reader.ignore(.even, .round)
      try reader.finish()
      treatments.append((group, isFillet, size))
    }
    // Upright edges first: what runs around the ends then runs around their arcs too.
    for (group, isFillet, size) in treatments.sorted(by: { $0.group == .vertical && $1.group != .vertical }) {
      guard let edges = solid.edges[group] else {
        throw .ambiguous(
          "the \(group.rawValue) edges of the \(solid.name) are not understood; name other edges")
      }
      let name = isFillet ? "fillet" : "chamfer"
      guard size < edges.limit else {
        throw .contradiction(
          "a \(name) of \(Figure.millimetres(size)) on the \(group.rawValue) edges is not less than \(edges.reason)"
            + (edges.limit.isFinite ? " (\(Figure.millimetres(edges.limit)))" : ""))
      }
      if let hollow = solid.hollow, group != .vertical, size >= hollow.wall {
        throw .contradiction(
          "a \(name) of \(Figure.millimetres(size)) is not less than the wall, \(Figure.millimetres(hollow.wall))"
        )
      }
      for other in done where conflicts(group, other) {
        throw .contradiction(
          "the \(group.rawValue) edges are treated twice, once with the \(other.rawValue) edges")
      }
      done.append(group)
      if isFillet, group == .vertical || group == .all { verticalRadius = size }
      let dimension = part.text.dimension(isFillet ? "fillet_radius" : "chamfer_size", size)
      part.text.comment("\(isFillet ? "Fillet" : "Chamfer"): \(group.rawValue) edges")
      part.text.add("\(variable) = \(variable)\(edges.selection).\(name)(\(dimension))")
    }
    return verticalRadius
  }

  private static func conflicts(_ a: Solid.EdgeGroup, _ b: Solid.EdgeGroup) -> Bool {
    if a == b || a == .all || b == .all { return true }
    let ends: Set<Solid.EdgeGroup> = [.top, .bottom]
    return a == .topAndBottom && ends.contains(b) || b == .topAndBottom && ends.contains(a)
  }

  private static func group(
    _ reader: DetailReader, _ solid: Solid
  ) throws(GenerationJobError) -> Solid.EdgeGroup {
    var places = reader.takePlaces()
    if places.count > 1 {
      places.removeAll { $0.directions.isEmpty && ($0.noun == .edge || $0.noun == .face) }
    }
    let directions = Set(places.flatMap(\.directions))
    let nouns = Set(places.compactMap(\.noun))
    let isBracket = solid.bracket != nil
    if nouns.contains(.corner) || reader.mention.feature == .cornerRadius,
      directions.isDisjoint(with: [.top, .bottom])
    {
      if isBracket {
        if directions.contains(.inner) { return .inner }
        if directions.contains(.outer) { return .outer }
        throw .ambiguous("which corner of the L-bracket is not said; name the inner or the outer corner")
      }
      return .vertical
    }
    if directions.contains(.vertical) { return .vertical }
    let isTop = directions.contains(.top)
    let isBottom = directions.contains(.bottom)
    if isTop && isBottom || nouns.contains(.end) && !isTop && !isBottom { return .topAndBottom }
    if isTop {
      return directions.contains(.outer) && solid.edges[.outerTop] != nil ? .outerTop : .top
    }
    if isBottom {
      return directions.contains(.outer) && solid.edges[.outerBottom] != nil ? .outerBottom : .bottom
    }
    if directions.contains(.inner), solid.edges[.inner] != nil { return .inner }
    if directions.contains(.outer), solid.edges[.outer] != nil { return .outer }
    if directions.isSubset(of: [.all, .outer]),
      nouns.contains(.edge) || directions.contains(.all) || nouns.contains(.rim)
    {
      return nouns.contains(.rim) ? .top : .all
    }
    guard !places.isEmpty else {
      throw .missing("edges", of: reader.name, example: "2 mm fillet on the vertical edges")
    }
    throw .ambiguous("which edges “\(places.map(\.text).joined(separator: " "))” are is not understood")
  }
}
