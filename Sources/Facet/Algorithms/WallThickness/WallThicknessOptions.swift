/// How thick walls must be, and how closely the surface is looked at.
///
/// ```swift
/// let result = try mesh.wallThickness(WallThicknessOptions(minimum: 0.8))
/// for region in result.regions where region.isCertain {
///   print(region.leastThickness, "mm at", region.place, region.area, "mm²")
/// }
/// ```
public struct WallThicknessOptions: Sendable, Equatable {
  /// In mm, above 0. Walls thinner than this are thin; those that are exactly as thick are not.
  public var minimum: Float
  public var accuracy: Accuracy

  /// How long the edges of the triangles may be that the surface is divided into where walls are thin or nearly so,
  /// as a share of the minimum: the ``WallThicknessResult/samplingDistance``.
  public enum Accuracy: Int, Sendable, Hashable, CaseIterable {
    case coarse = 1
    case normal
    case fine

    /// 1, 1/2 or 1/4.
    public var shareOfMinimum: Float {
      switch self {
      case .coarse: 1
      case .normal: 0.5
      case .fine: 0.25
      }
    }
  }

  public init(minimum: Float, accuracy: Accuracy = .normal) {
    self.minimum = minimum
    self.accuracy = accuracy
  }

  /// Walls are measured up to this many times the minimum; what is thicker is thick enough for anybody who asks.
  public static let reach: Float = 2

  /// The sampling distance is never so small that the whole surface at that distance would take more than about this
  /// many triangles.
  public static let mostSamples = 4_000_000

  /// In mm, on a surface of so many mm².
  func samplingDistance(area: Double) -> Float {
    // An equilateral triangle of edge s has an area of 0.433 s².
    let floor = (area / (0.433 * Double(WallThicknessOptions.mostSamples))).squareRoot()
    return max(minimum * accuracy.shareOfMinimum, Float(floor))
  }

  func check() throws(MeshError) {
    guard minimum > 0, minimum.isFinite else {
      throw .invalidOption(name: "minimum", value: "\(minimum)", allowed: "above 0 mm")
    }
  }
}
