import Facet
import FacetRender

/// Finds walls that are too thin.
public struct WallThicknessAnalysisOperation: MeshOperation {
  public static let name = OperationName.wallThicknessAnalysis
  public static let summary = "Find walls that are thinner than a limit"
  public static let discussion = """
    A wall is thin where a ray into the material and the largest ball that fits there both say so: an edge or a \
    corner alone is not a wall. Thin means strictly thinner than the limit. For each thin region the result says \
    where it is, how large, and how thin, with a lower and an upper bound. hasThinWalls: some region is certainly \
    thinner. hasPossibleThinWalls: some region may be, as far as a surface looked at from place to place can tell.

    The accuracy says how far those places are apart: 1 coarse, 2 normal, 3 fine. The file that is made shows the \
    surface in the colours of its thickness, long triangles divided: STL with facet colours, or PLY with colours \
    and the thickness at each vertex (as `quality`, in mm, up to twice the limit).
    """
  public static let output = OperationOutput.file
  public static let isAnalysis = true

  static let minimalWallThicknessMm = Parameter<Double>(
    "minimalWallThicknessMm", unit: "mm", .required, help: "Walls thinner than this are thin")
  static let accuracyWallThickness = Parameter<Int>(
    "accuracyWallThickness", .defaulted(2),
    help: "How closely the surface is looked at: 1 coarse, 2 normal, 3 fine")
  public static let parameters = [minimalWallThicknessMm.description, accuracyWallThickness.description]

  public var options: WallThicknessOptions

  public init(_ arguments: Arguments) {
    let accuracy = WallThicknessOptions.Accuracy(rawValue: arguments[Self.accuracyWallThickness])
    self.init(
      WallThicknessOptions(
        minimum: Float(arguments[Self.minimalWallThicknessMm]), accuracy: accuracy ?? .normal))
  }

  public init(_ options: WallThicknessOptions) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    let walls = try input.mesh.wallThickness(options, run)
    let scale = ThicknessScale(minimum: walls.minimum)
    // Viewers do not know what to make of infinity.
    let most = scale.range.upperBound
    let values = VertexValues(walls.vertexThickness.map { min($0, most) }) { scale[$0] }
    var result = OperationResult(
      file: ResultFile(
        .mesh(walls.surfaceColored(scale), ExportOptions(vertexValues: values)), label: "thickness"),
      fields: [
        .init("hasThinWalls", .bool(walls.hasThinWalls)),
        .init("hasPossibleThinWalls", .bool(walls.hasPossibleThinWalls)),
        .init("minimalThicknessMm", walls.leastThickness.map { .number(Double($0)) } ?? .null),
        .init("samplingDistanceMm", .number(Double(walls.samplingDistance))),
        .init("inputState", .string(walls.input.word)),
        .init("unmeasuredAreaMm2", .number(walls.unmeasuredArea)),
        .init("regions", .array(walls.regions.map(JSONValue.thinRegion))),
        .init("histogram", .array(walls.histogram.map(JSONValue.histogramBin))),
      ])
    result.picture = WallThicknessAnalysisOperation.picture(of: walls)
    return result
  }

  /// The surface in the colours of its thickness, thin walls in front, and what the colours mean.
  private static func picture(of walls: WallThicknessResult) -> OperationResult.Picture {
    { (side, run) throws(MeshError) in
      let scale = ThicknessScale(minimum: walls.minimum)
      let limit = Double(walls.minimum)
      let end = Double(scale.range.upperBound)
      let labels: [ColorLegend.Label] = [
        .init(0, "0"), .init(limit / 2, written(limit / 2)),
        .init(limit, written(limit) + " mm", isMarked: true), .init(1.5 * limit, written(1.5 * limit)),
        .init(end, "> " + written(end)),
      ]
      return try Image.colored(
        walls.surfaceColored(scale),
        ColorLegend(range: 0...end, labels: labels) { scale[Float($0)] },
        showing: walls.thickness.map { $0 < walls.minimum },
        .onWhite(side ?? 640), run)
    }
  }

  /// With no more than three digits after the point.
  private static func written(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    guard thousandths % 1000 != 0 else { return String(thousandths / 1000) }
    var digits = String(1000 + thousandths % 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(thousandths / 1000).\(digits)"
  }
}

extension JSONValue {
  fileprivate static func thinRegion(_ region: ThinRegion) -> JSONValue {
    [
      "isCertain": .bool(region.isCertain),
      "minimumMm": .number(Double(region.leastThickness)),
      "lowerBoundMm": .number(Double(region.lowerBound)),
      "upperBoundMm": .number(Double(region.upperBound)),
      "areaMm2": .number(region.area),
      "center": point(region.place),
      "boundsMinimum": point(region.bounds.minimum),
      "boundsMaximum": point(region.bounds.maximum),
    ]
  }

  fileprivate static func histogramBin(_ bin: WallThicknessResult.HistogramBin) -> JSONValue {
    [
      "fromMm": .number(Double(bin.from)), "toMm": bin.to.isFinite ? .number(Double(bin.to)) : .null,
      "areaMm2": .number(bin.area),
    ]
  }

  /// x, y and z in mm.
  private static func point(_ point: SIMD3<Float>) -> JSONValue {
    .array([.number(Double(point.x)), .number(Double(point.y)), .number(Double(point.z))])
  }
}

extension WallThicknessResult.InputState {
  fileprivate var word: String {
    switch self {
    case .solid: "solid"
    case .insideOut: "insideOut"
    case .open: "open"
    }
  }
}
