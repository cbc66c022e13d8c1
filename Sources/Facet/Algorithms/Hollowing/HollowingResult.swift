/// A hollowed part, and what is certain about it.
public struct HollowingResult: Sendable {
  /// The part's triangles first, exactly as they were (without drain holes), then the inner shells, facing into the
  /// cavities.
  public var mesh: Mesh
  /// What fills the drain holes, a little slimmer; nil when none were asked for.
  public var plugs: Mesh?
  public var outcome: Outcome
  /// No point of an inner shell is nearer than this to any triangle of the part, mm: proven with every rounding, and
  /// rounded down. The wall that was asked for, or a little less where the proof falls short of it: mostly by no more
  /// than a twelfth of a voxel, and never more than it says. 0 when nothing was hollowed.
  public var certifiedWall: Float
  /// The mean and the largest distance from the inner shells to the part, mm, at points evenly spread over them. 0
  /// when nothing was hollowed.
  public var meanWall: Float
  public var largestWall: Float
  /// The material, mm³.
  public var volumeBefore: Double
  public var volumeAfter: Double
  public var cavities: Int
  /// Cavities that no drain hole opens.
  public var trappedCavities: Int
  /// Drain holes that were left out: placed ones whose axis meets no cavity, automatic ones that found no place.
  public var missedDrains: Int
  /// Pockets that were left solid because they are too small to be of use: nowhere a voxel thick, or smaller than a
  /// cube of two voxels.
  public var prunedPockets: Int
  /// Cavities that were left solid because they are smaller than ``HollowingOptions/smallestCavity``.
  public var filledCavities: Int
  /// The voxel that was used, mm.
  public var voxel: Float

  public enum Outcome: Sendable, Equatable {
    case hollowed
    /// Nowhere is the part thick enough for two walls and a cavity: the mesh is as it was.
    case tooThin
    /// The part has no inside: it has this many edges without as many triangles on the one side as on the other. The
    /// mesh is as it was; repair it first.
    case notClosed(badEdges: Int)
    /// The part's triangles face inward: the mesh is as it was; repair it first.
    case insideOut
  }
}

extension HollowingResult {
  init(unchanged mesh: Mesh, _ outcome: Outcome, volume: Double, voxel: Float, prunedPockets: Int = 0) {
    self.init(
      mesh: mesh, plugs: nil, outcome: outcome, certifiedWall: 0, meanWall: 0, largestWall: 0,
      volumeBefore: volume, volumeAfter: volume, cavities: 0, trappedCavities: 0, missedDrains: 0,
      prunedPockets: prunedPockets, filledCavities: 0, voxel: voxel)
  }
}
