/// Where a cavity is to end: at a distance from the part, and at the walls of the lattice that it is filled with.
struct CavitySurface: Sendable {
  let scene: PartScene
  /// From the part, mm.
  let level: Float
  let voxel: Float
  let lattice: InfillLattice?

  /// What is nearest to a point of the cavity.
  struct Sight {
    /// To the point of the part, or of the lattice's mid-surface, that is nearest.
    var way: SIMD3<Float>
    var distance: Float
    /// How far from that point the cavity ends.
    var level: Float
    var isLattice: Bool
    /// The part's triangle closest to the point, and how far it is at least; `.max` where only the latter is known.
    var triangle: UInt32
    var wall: Float

    /// How far the point is in the cavity.
    var depth: Float { distance - level }
  }

  /// - Parameters:
  ///   - hint: A triangle that may be near, or `.max`.
  ///   - clearance: A distance that the point certainly has from the part, if it is so far away that only the lattice
  ///     is of interest; else 0.
  @inline(__always)
  func sight(
    from point: SIMD3<Float>, hint: UInt32, clearance: Float, _ scratch: PartScene.Scratch
  ) -> Sight {
    if clearance > 0, let lattice {
      return latticeSight(lattice, from: point, .max, clearance)
    }
    let found = scene.nearest(to: point, hint: hint, scratch)
    let distance = found.squared.squareRoot()
    if let lattice {
      let sight = latticeSight(lattice, from: point, found.triangle, distance)
      if sight.depth < distance - level { return sight }
    }
    return Sight(
      way: found.offset, distance: distance, level: level, isLattice: false, triangle: found.triangle,
      wall: distance)
  }

  /// As it is seen from a node of which the closest triangle is known, or at least one that is near; nil where nothing
  /// is.
  @inline(__always)
  func sight(from node: SIMD3<Float>, closest triangle: UInt32, isClear: Bool) -> Sight? {
    var own: Sight?
    if triangle != .max {
      let way = scene.offset(from: node, to: triangle)
      let distance = length(way)
      own = Sight(
        way: way, distance: distance, level: level, isLattice: false, triangle: triangle, wall: distance)
    }
    guard let lattice, triangle != .max || isClear else { return own }
    let other = latticeSight(lattice, from: node, triangle, own?.distance ?? 0)
    return other.depth < own?.depth ?? .infinity ? other : own
  }

  @inline(__always)
  private func latticeSight(
    _ lattice: InfillLattice, from point: SIMD3<Float>, _ triangle: UInt32, _ wall: Float
  ) -> Sight {
    let way = lattice.offset(from: point, within: lattice.half + 2 * voxel)
    return Sight(
      way: way, distance: length(way), level: lattice.half, isLattice: true, triangle: triangle, wall: wall)
  }
}
