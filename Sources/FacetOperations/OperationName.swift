/// The operations that the toolkit API documents, by the names it gives them.
public enum OperationName: String, Sendable, CaseIterable {
  case `import` = "import"
  case stlConversion = "stl-conversion"
  case analyze
  case geometricalRepair = "geometrical-repair"
  case shrinkwrapRepair = "shrinkwrap-repair"
  case repair
  case wallThicknessAnalysis = "wall-thickness-analysis"
  case scale
  case thumbnail
  case reduceTriangles = "reduce-triangles"
  case hollowing
  case export

  /// A shorter name for the command line; the API knows only the full one.
  public var alias: String? {
    switch self {
    case .shrinkwrapRepair: "shrinkwrap"
    case .wallThicknessAnalysis: "thickness"
    case .reduceTriangles: "reduce"
    case .hollowing: "hollow"
    case .export: "convert"
    case .import, .stlConversion, .analyze, .geometricalRepair, .repair, .scale, .thumbnail: nil
    }
  }

  /// The operation with this full name or alias.
  public init?(nameOrAlias text: String) {
    guard let name = OperationName.allCases.first(where: { $0.rawValue == text || $0.alias == text })
    else { return nil }
    self = name
  }
}
