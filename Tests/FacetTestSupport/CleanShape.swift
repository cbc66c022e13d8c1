import Facet

/// Sound parts of some hundred triangles, to be damaged: curved and flat, with and without holes.
public enum CleanShape: String, CaseIterable, Sendable {
  /// Coloured; flat faces of long triangles, sharp edges, holes.
  case bracket
  case torus
  case sphere
  /// Teeth, a thin web, a keyway.
  case gear
  /// A thin wall, and an annulus at each end.
  case tube

  /// Closed, outward, nowhere running through itself.
  public var mesh: Mesh {
    switch self {
    case .bracket: return Primitive.coloredBracket(segments: 24)
    case .torus:
      return Primitive.torus(majorRadius: 20, minorRadius: 7, majorSegments: 40, minorSegments: 20)
    case .sphere: return Primitive.icosphere(radius: 15, subdivisions: 3)
    case .gear: return Primitive.gear(segments: 32)
    case .tube:
      let levels = (0...6).map { 4 * Double($0) }
      let profile = levels.map { SIMD2(12, $0) } + levels.reversed().map { SIMD2(8, $0) }
      return Primitive.revolved(profile, closed: true, segments: 48)
    }
  }
}
