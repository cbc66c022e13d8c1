/// How a part is to be hollowed.
public struct HollowingOptions: Sendable, Equatable {
  /// The least distance that the cavity keeps to every triangle of the part, mm, above 0.
  public var wall: Float
  /// The edge length of the cubes that the cavity's surface is made of, mm, above 0. nil chooses a quarter of the wall,
  /// but at least a 500th of the part's diagonal, and at most the wall.
  public var voxel: Float?
  /// Holes through which resin or powder gets out.
  public var drains: Drains
  /// Make a plug for each drain hole.
  public var makesPlugs: Bool

  public init(
    wall: Float, voxel: Float? = nil, drains: Drains = .none, makesPlugs: Bool = false
  ) {
    self.wall = wall
    self.voxel = voxel
    self.drains = drains
    self.makesPlugs = makesPlugs
  }

  public enum Drains: Sendable, Equatable {
    case none
    /// `count` holes for each cavity, `diameter` mm wide, straight down (along -z) from its lowest places.
    case automatic(count: Int, diameter: Float)
    case placed([DrainHole])
  }
}

/// A hole from outside into a cavity.
public struct DrainHole: Sendable, Equatable {
  /// A point of the hole's axis, mm: on the part's surface or outside.
  public var position: SIMD3<Float>
  /// Along the axis into the part; not zero, of any length.
  public var direction: SIMD3<Float>
  /// In mm, above 0.
  public var diameter: Float

  public init(position: SIMD3<Float>, direction: SIMD3<Float>, diameter: Float) {
    self.position = position
    self.direction = direction
    self.diameter = diameter
  }
}

extension HollowingOptions {
  func check() throws(MeshError) {
    func positive(_ name: String, _ value: Float) throws(MeshError) {
      guard value > 0, value.isFinite else {
        throw .invalidOption(name: name, value: "\(value)", allowed: "above 0 mm")
      }
    }
    try positive("wall", wall)
    if let voxel { try positive("voxel", voxel) }
    switch drains {
    case .none: break
    case .automatic(let count, let diameter):
      guard count > 0 else {
        throw .invalidOption(name: "drain count", value: "\(count)", allowed: "1 or more")
      }
      try positive("drain diameter", diameter)
    case .placed(let holes):
      for hole in holes {
        try positive("drain diameter", hole.diameter)
        guard hole.position.isFinite else {
          throw .invalidOption(name: "drain position", value: "\(hole.position)", allowed: "finite")
        }
        guard hole.direction.isFinite, hole.direction != .zero else {
          throw .invalidOption(name: "drain direction", value: "\(hole.direction)", allowed: "not zero")
        }
      }
    }
  }

  /// The voxel for a part in this box.
  func voxel(for bounds: Box) throws(MeshError) -> Float {
    let (low, high) = (bounds.minimum, bounds.maximum)
    let reach = max(
      abs(low.x), abs(low.y), max(abs(low.z), abs(high.x), max(abs(high.y), abs(high.z))))
    // Lattice positions have to differ as Floats, with room between them for vertices.
    let least = max(reach * 0x1p-18, .leastNormalMagnitude * 0x1p24)
    let wanted = voxel ?? min(max(wall / 4, Float(bounds.diagonal / 500)), wall)
    guard wanted >= least else {
      if voxel == nil, wall >= least { return least }
      throw .invalidOption(
        name: voxel == nil ? "wall" : "voxel", value: "\(voxel ?? wall)",
        allowed: "\(least) mm or more so far from the origin")
    }
    return wanted
  }
}
