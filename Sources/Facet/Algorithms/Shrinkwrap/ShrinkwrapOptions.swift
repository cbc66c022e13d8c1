/// How finely, and with which openings, a mesh is to be wrapped.
public struct ShrinkwrapOptions: Sendable {
  public var resolution: Resolution
  /// Openings up to this many mm across are closed, wider ones are not: the wrap goes in through them. nil
  /// closes every opening that the winding number tells from the outside.
  public var gap: Float?
  /// Keep closed cavities inside the part, which are filled otherwise.
  public var keepsCavities: Bool

  public init(_ resolution: Resolution = .detailed, gap: Float? = nil, keepsCavities: Bool = false) {
    self.resolution = resolution
    self.gap = gap
    self.keepsCavities = keepsCavities
  }

  /// The edge length of the cubes that the wrap is made of.
  public enum Resolution: Sendable, Hashable {
    /// A hundredth of the part's diagonal.
    case rough
    /// A 250th of the diagonal, and relaxed: scanner noise is smoothed away.
    case smooth
    /// A 500th of the diagonal, with sharp edges recovered.
    case detailed
    /// In mm, above 0.
    case voxel(Float)

    /// The voxel of a part with this diagonal, mm.
    public func voxel(diagonal: Double) -> Float {
      switch self {
      case .rough: Float(diagonal / 100)
      case .smooth: Float(diagonal / 250)
      case .detailed: Float(diagonal / 500)
      case .voxel(let size): size
      }
    }
  }

  func check() throws(MeshError) {
    if case .voxel(let size) = resolution, !(size > 0 && size.isFinite) {
      throw .invalidOption(name: "voxel", value: "\(size)", allowed: "above 0 mm")
    }
    if let gap, !(gap >= 0 && gap.isFinite) {
      throw .invalidOption(name: "gap", value: "\(gap)", allowed: "0 mm or more")
    }
  }
}

/// A mesh wrapped around another.
public struct ShrinkwrapResult: Sendable {
  /// Watertight, 2-manifold, outward, free of self-intersections.
  public var mesh: Mesh
  /// The voxel that was used, mm. Far from the origin it may be larger than the resolution says, because
  /// coordinates are rounded there.
  public var voxel: Float
  /// The wrap is meant to be nowhere farther than this from the input's outer hull, and the hull nowhere farther
  /// from the wrap, mm. Mostly its vertices lie on the input.
  public var accuracy: Float
  /// Vertices that were held back from the input, at most by a voxel, because the surface would have crossed
  /// itself.
  public var heldBack: Int
}
