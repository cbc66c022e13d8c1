import FacetContract

/// The builder of each body kind.
enum BodyBuilder {
  static func solid(_ kind: BodyKind, _ part: PartContext) throws(GenerationJobError) -> Solid {
    let isRound = part.body.flags.contains(.round)
    switch kind {
    case .box, .plate:
      if isRound || part.body.has(.diameter) { return try RoundBodies.disc(part) }
      return try BoxBodies.box(part)
    case .cube: return try BoxBodies.cube(part)
    case .enclosure:
      if isRound {
        throw .ambiguous(
          "a round \(part.body.name) is not understood; say cylinder, with walls and an open top")
      }
      return try BoxBodies.box(part)
    case .cylinder:
      if part.body.mention.details.products.contains(where: { $0.count == 3 }), !part.body.has(.diameter) {
        return try BoxBodies.box(part)
      }
      if part.body.flags.contains(.knurled) { return try KnobBodies.knob(part) }
      return try RoundBodies.cylinder(part)
    case .disc: return try RoundBodies.disc(part)
    case .tube: return try RoundBodies.tube(part)
    case .flange: return try RoundBodies.flange(part)
    case .sphere: return try RoundBodies.sphere(part)
    case .cone: return try RoundBodies.cone(part)
    case .angleBracket: return try BracketBodies.angle(part)
    case .channel: return try BracketBodies.channel(part)
    case .cap: return try CapBody.cap(part)
    case .hexagon: return try KnobBodies.hexagon(part)
    case .knob: return try KnobBodies.knob(part)
    case .bracket:
      throw .ambiguous("it is not said what kind of bracket; say L-bracket or U-bracket")
    }
  }
}
