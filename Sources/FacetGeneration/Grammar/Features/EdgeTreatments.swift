import FacetContract

/// Fillets and chamfers of a body's edges. They are made before anything is cut or joined, so that the edges that
/// the selectors find are the body's own; the edges of holes stay sharp.
enum EdgeTreatments {
  /// - Returns: The radius of the vertical edges' fillet, for the cavity to follow, and the size of their chamfer.
  static func apply(_ part: PartContext, to solid: Solid, variable: String) throws(GenerationJobError) -> (
    fillet: Double?, chamfer: Double?
  ) {
    var done: [Solid.EdgeGroup] = []
    var verticalRadius: Double?
    var verticalChamfer: Double?
    var treatments: [(group: Solid.EdgeGroup, isFillet: Bool, size: Double)] = []
    for (_, reader) in part.take(.fillet, .chamfer, .cornerRadius) {
      let isFillet = reader.mention.feature != .chamfer
      let groups = try groups(reader, solid)
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
      treatments += groups.map { ($0, isFillet, size) }
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
          "a \(name) of \(Figure.millimetres(size)) on \(group == .all ? "all" : "the \(group.rawValue)") edges is not less than \(edges.reason)"
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
      if group == .vertical || group == .all {
        if isFillet { verticalRadius = size } else { verticalChamfer = size }
      }
      let dimension = part.text.dimension(isFillet ? "fillet_radius" : "chamfer_size", size)
      part.text.comment("\(isFillet ? "Fillet" : "Chamfer"): \(group.rawValue) edges")
      part.text.add("\(variable) = \(variable)\(edges.selection).\(name)(\(dimension))")
    }
    return (verticalRadius, verticalChamfer)
  }

  private static func conflicts(_ a: Solid.EdgeGroup, _ b: Solid.EdgeGroup) -> Bool {
    if a == b || a == .all || b == .all { return true }
    let ends: Set<Solid.EdgeGroup> = [.top, .bottom]
    return a == .topAndBottom && ends.contains(b) || b == .topAndBottom && ends.contains(a)
  }

  /// The groups that the words name; what is not one of them is not understood.
  private static func groups(
    _ reader: DetailReader, _ solid: Solid
  ) throws(GenerationJobError) -> [Solid.EdgeGroup] {
    var places = reader.takePlaces()
    if places.count > 1 {
      places.removeAll { $0.directions.isEmpty && ($0.noun == .edge || $0.noun == .face) }
    }
    let isCornerRadius = reader.mention.feature == .cornerRadius
    guard !places.isEmpty || isCornerRadius else {
      throw .missing("edges", of: reader.name, example: "2 mm fillet on the vertical edges")
    }
    var groups: [Solid.EdgeGroup] = []
    for place in places {
      for group in try self.groups(place, reader, solid) where !groups.contains(group) {
        groups.append(group)
      }
    }
    if isCornerRadius {
      guard groups.allSatisfy({ $0 == .all || $0 == .vertical }) else {
        throw .ambiguous(
          "which corners have the radius is not understood; name the vertical edges, or the top edges")
      }
      groups = [.vertical]
    }
    return groups
  }

  private static func groups(
    _ place: Place, _ reader: DetailReader, _ solid: Solid
  ) throws(GenerationJobError) -> [Solid.EdgeGroup] {
    let directions = Set(place.directions).subtracting([.all])
    let refusal = GenerationJobError.ambiguous("which edges “\(place.text)” are is not understood")
    guard directions.isSubset(of: [.top, .bottom, .vertical, .outer, .inner]),
      [.edge, .corner, .rim, .perimeter, .face, .end, nil].contains(place.noun)
    else { throw refusal }
    if place.noun == .corner {
      guard directions.isDisjoint(with: [.top, .bottom]) else { throw refusal }
      if solid.bracket == nil { return directions.contains(.inner) ? try refuse(refusal) : [.vertical] }
      if directions == [.inner] { return [.inner] }
      if directions == [.outer] { return [.outer] }
      throw .ambiguous("which corner of the L-bracket is not said; name the inner or the outer corner")
    }
    if place.noun == .end {
      guard directions.isEmpty, place.isEvery else { throw refusal }
      return [.topAndBottom]
    }
    if directions.isEmpty { return place.noun == .rim ? [.top] : [.all] }
    var groups: [Solid.EdgeGroup] = []
    if directions.contains(.vertical) { groups.append(.vertical) }
    let isOuter = directions.contains(.outer)
    if directions.contains(.inner), !directions.isDisjoint(with: [.top, .bottom]) { throw refusal }
    switch (directions.contains(.top), directions.contains(.bottom)) {
    case (true, true): groups.append(.topAndBottom)
    case (true, false): groups.append(isOuter && solid.edges[.outerTop] != nil ? .outerTop : .top)
    case (false, true): groups.append(isOuter && solid.edges[.outerBottom] != nil ? .outerBottom : .bottom)
    case (false, false):
      if directions.contains(.inner) { groups.append(.inner) }
      if isOuter, groups.isEmpty { groups.append(.outer) }
    }
    return groups
  }

  private static func refuse(_ error: GenerationJobError) throws(GenerationJobError) -> [Solid.EdgeGroup] {
    throw error
  }
}
