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
  /// What the cavities are filled with.
  public var infill: Infill
  /// Cavities smaller than this stay solid, mm³, 0 or more: less to drain.
  public var smallestCavity: Double

  public init(
    wall: Float, voxel: Float? = nil, drains: Drains = .none, makesPlugs: Bool = false,
    infill: Infill = .none, smallestCavity: Double = 0
  ) {
    self.infill = infill
    self.smallestCavity = smallestCavity
    self.wall = wall
    self.voxel = voxel
    self.drains = drains
    self.makesPlugs = makesPlugs
  }

  /// A lattice that holds the walls from within. It begins in the middle of the part's box; lengths in mm, above 0.
  public enum Infill: Sendable, Equatable {
    case none
    /// A wall along the gyroid, a surface that repeats every `cell` and parts the cavity into two labyrinths. Each has
    /// a way from everywhere to everywhere, so that a drain hole in each empties it. `cell` is at least 3.05 times the
    /// wall and two voxels, so that they stay open; a voxel is at most half the wall.
    case gyroid(cell: Float, wall: Float)
    /// Round struts, `wall` thick, along the edges of cubes `cell` wide that stand on a corner: none is level, and all
    /// of the cavity stays in one. `cell` is at least the wall and two voxels; a voxel is at most a third of the wall.
    case cubic(cell: Float, wall: Float)
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
    guard smallestCavity >= 0, smallestCavity.isFinite else {
      throw .invalidOption(name: "smallest cavity", value: "\(smallestCavity)", allowed: "0 mm³ or more")
    }
    switch infill {
    case .none: break
    case .gyroid(let cell, let wall), .cubic(let cell, let wall):
      try positive("infill cell", cell)
      try positive("infill wall", wall)
    }
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
    var wanted = voxel ?? min(max(wall / 4, Float(bounds.diagonal / 500)), wall)
    if voxel == nil, let finest = infill.coarsestVoxel { wanted = min(wanted, finest) }
    guard wanted >= least else {
      if voxel == nil, wall >= least { return least }
      throw .invalidOption(
        name: voxel == nil ? "wall" : "voxel", value: "\(voxel ?? wall)",
        allowed: "\(least) mm or more so far from the origin")
    }
    try infill.check(voxel: wanted)
    return wanted
  }
}

extension HollowingOptions.Infill {
  /// The largest voxel that walls and struts are whole with, mm.
  fileprivate var coarsestVoxel: Float? {
    switch self {
    case .none: nil
    case .gyroid(_, let wall): wall / 2
    case .cubic(_, let wall): wall / 3
    }
  }

  /// Refuses walls too thin for the voxel and cells that walls close.
  fileprivate func check(voxel: Float) throws(MeshError) {
    let (cell, wall, least): (Float, Float, Float)
    switch self {
    case .none: return
    case .gyroid(let own, let thickness):
      (cell, wall) = (own, thickness)
      least = (thickness + 2 * voxel) / (2 * InfillLattice.neck)
    case .cubic(let own, let thickness):
      (cell, wall) = (own, thickness)
      least = thickness + 2 * voxel
    }
    guard let coarsest = coarsestVoxel, voxel <= coarsest * 1.00001 else {
      throw .invalidOption(
        name: "infill wall", value: "\(wall)",
        allowed: "\(voxel * wall / (coarsestVoxel ?? wall)) mm or more with voxels of \(voxel) mm")
    }
    guard cell >= least else {
      throw .invalidOption(
        name: "infill cell", value: "\(cell)",
        allowed: "\(least) mm or more with walls of \(wall) mm and voxels of \(voxel) mm")
    }
  }
}
