/// Every documented limit of the toolkit API, once. All bounds are inclusive.
///
/// Ours: of 700–702 the documentation says "between"; since it adds "(inclusive)" to 800 and no code excludes
/// a bound, the bounds themselves are allowed everywhere.
public enum ToolkitLimits {
  /// `wall-thickness-analysis`, `minimalWallThicknessMm`, in mm: code 300.
  public static let minimalWallThicknessMm = 0.1...20.0
  /// `wall-thickness-analysis`, `accuracyWallThickness`: code 301. Ours: 1 coarse, 2 normal, 3 fine.
  public static let accuracyWallThickness = 1...3
  /// `wall-thickness-analysis`, each dimension of the model at most, in mm: code 302.
  public static let wallThicknessDimensionMm = 500.0
  /// `scale`, new size by old size along the axis: code 400.
  public static let scaleFactor = 0.01...10000.0
  /// `thumbnail`, `width` and `height`, in pixels: code 500.
  public static let thumbnailSize = 10...10000
  /// `thumbnail`, `cameraAngleX`, `cameraAngleY`, `cameraAngleZ`, in degrees: code 501.
  public static let cameraAngle = -180...180
  /// `reduce-triangles`, `accuracyMm`, in mm: code 700.
  public static let reductionAccuracyMm = 0.0...10.0
  /// `reduce-triangles`, `maxAngle`, in degrees: code 701.
  public static let reductionMaxAngle = 0...90
  /// `reduce-triangles`, `numberOfIterations`: code 702.
  public static let reductionIterations = 1...1000
  /// `hollowing`, `wallThicknessMm`, in mm: code 800.
  public static let hollowingWallThicknessMm = 1.0...20.0
  /// `hollowing`, `drainHoles` (Ours), for each cavity: code 13.
  public static let drainHoles = 0...16
  /// Any operation, triangles of the model at most: code 201.
  public static let triangles = 5_000_000
}
