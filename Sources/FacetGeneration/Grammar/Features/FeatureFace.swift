import FacetContract

/// Which faces of the body a feature is on.
enum FeatureFace {
  /// Ours: nothing said is the top, or on a hollow body its floor; on a bracket it has to be said.
  static func names(
    _ reader: DetailReader, _ solid: Solid, isAddition: Bool
  ) throws(GenerationJobError) -> [FaceName] {
    func isAnyFace(_ place: Place) -> Bool {
      if place.link == .along { return false }
      guard let noun = place.noun else { return !place.directions.isEmpty }
      return [.face, .side, .wall, .leg, .end, .floor, .rim].contains(noun)
    }
    // "two holes 20 mm from each end" is a distance; those are kept elsewhere.
    var names: [FaceName] = []
    for place in reader.takePlaces({
      isAnyFace($0) || $0.noun == .center && ($0.directions == [.top] || $0.directions == [.bottom])
    }) {
      for name in try faces(place, reader, solid) where !names.contains(name) { names.append(name) }
    }
    if names.isEmpty, solid.faces[.front]?.isCurved ?? false,
      reader.distances.contains(where: { $0.place.directions == [.top] || $0.place.directions == [.bottom] })
    {
      // "5 mm from the top end" of a round body is along its side.
      names = [.front]
    }
    let isAcross = ["cross", "radial", "side hole"].contains { reader.word.contains($0) }
    if names.isEmpty, isAcross {
      guard solid.faces[.front]?.isCurved ?? false else {
        throw .ambiguous("which side of the \(solid.name) the \(reader.name) is on is not said")
      }
      names = [.front]
    }
    if names.isEmpty {
      if solid.bracket != nil || solid.name == "U-channel" {
        throw .ambiguous("the face of the \(reader.name) is missing; name a leg of the \(solid.name)")
      }
      names = [defaultName(solid, isAddition: isAddition)]
    }
    for name in names where solid.faces[name] == nil {
      throw .ambiguous("the \(solid.name) has no \(name.rawValue) face for the \(reader.name)")
    }
    return names
  }

  private static func defaultName(_ solid: Solid, isAddition: Bool) -> FaceName {
    if solid.faces[.floor] != nil { return .floor }
    if isAddition || solid.faces[.top] != nil { return .top }
    return solid.faces[.bottom] != nil ? .bottom : .top
  }

  private static func faces(
    _ place: Place, _ reader: DetailReader, _ solid: Solid
  ) throws(GenerationJobError) -> [FaceName] {
    if place.noun == .leg {
      guard place.directions.count <= 1,
        place.directions.allSatisfy({ ![.front, .back, .inner, .outer].contains($0) })
      else { throw .ambiguous("“\(place.text)” is not understood as a place of the \(reader.name)") }
      if solid.name == "U-channel" {
        if place.points(.left) { return [.left] }
        if place.points(.right) { return [.right] }
        guard place.isEvery else {
          throw .ambiguous("which leg the \(reader.name) is on is not said; name the left or the right leg")
        }
        return [.left, .right]
      }
      if place.points(.horizontal) || place.points(.bottom) || place.points(.long) { return [.horizontalLeg] }
      if place.points(.vertical) || place.points(.top) || place.points(.short) { return [.verticalLeg] }
      guard place.isEvery else {
        throw .ambiguous(
          "which leg the \(reader.name) is on is not said; name the horizontal or the vertical leg")
      }
      return [.horizontalLeg, .verticalLeg]
    }
    let named = place.directions.compactMap { FaceName(rawValue: $0.rawValue) }
    if solid.bracket != nil {
      // "centered on the face" after "on the horizontal leg"
      let isFace = place.noun == .face || place.noun == .side || place.noun == .wall
      if place.noun == .face, place.directions.isEmpty || place.directions == [.inner] { return [] }
      if isFace, place.directions == [.vertical] { return [.verticalLeg] }
      if isFace, place.directions == [.horizontal] { return [.horizontalLeg] }
      throw .ambiguous(
        "“\(place.text)” of an L-bracket is not understood; name the horizontal or the vertical leg")
    }
    if place.noun == nil, named == [.left] || named == [.right] {
      throw .ambiguous(
        "“\(place.text)” is not understood as a place of the \(reader.name); say \(place.text) face")
    }
    // A cap lies on its closed end, which is its top to whoever puts it on.
    if solid.name == BodyKind.cap.name, named == [.top] { return [.bottom] }
    if !named.isEmpty { return named.map { $0 == .bottom && solid.faces[.floor] != nil ? .floor : $0 } }
    if place.noun == .floor { return [solid.faces[.floor] != nil ? .floor : .bottom] }
    if place.noun == nil,
      place.points(.long) || place.points(.short) || place.points(.inner) || place.points(.outer)
    {
      throw .ambiguous("“\(place.text)” is not understood for the \(reader.name)")
    }
    if place.noun == .rim, solid.wall == nil, solid.cuts.isEmpty {
      throw .ambiguous("the \(solid.name) has no rim for the \(reader.name)")
    }
    if place.points(.long) {
      let isX = solid.size.x >= solid.size.y
      return place.isEvery ? (isX ? [.front, .back] : [.left, .right]) : [isX ? .front : .right]
    }
    if place.noun == .end, place.directions.isEmpty, solid.size.z > max(solid.size.x, solid.size.y) {
      return place.isEvery ? [.top, .bottom] : [.top]
    }
    if place.points(.short) || place.noun == .end && !isUpright(solid) {
      let isX = solid.size.x >= solid.size.y
      return place.isEvery ? (isX ? [.left, .right] : [.front, .back]) : [isX ? .right : .front]
    }
    if place.noun == .end { return place.isEvery ? [.top, .bottom] : [.top] }
    if place.isEvery, place.noun == .face {
      throw .ambiguous("which faces the \(reader.name)s are on is not said; name them")
    }
    if place.noun == .face || place.noun == .center || place.noun == .end || place.noun == .rim { return [] }
    if place.noun == .side || place.noun == .wall {
      // A round body has one side.
      if solid.faces[.front]?.isCurved ?? false { return [.front] }
      throw .ambiguous(
        "which side of the \(solid.name) the \(reader.name) is on is not said; say front, back, left or right"
      )
    }
    throw .ambiguous("“\(place.text)” is not understood as a place of the \(reader.name)")
  }

  private static func isUpright(_ solid: Solid) -> Bool { solid.faces[.front]?.isCurved ?? true }
}
