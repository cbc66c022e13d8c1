/// Every operation there is, in the order in which lists show them.
public enum OperationCatalog {
  public static let all: [any MeshOperation.Type] = [
    ImportOperation.self,
    STLConversionOperation.self,
    AnalyzeOperation.self,
    GeometricalRepairOperation.self,
    ShrinkwrapRepairOperation.self,
    RepairOperation.self,
    WallThicknessAnalysisOperation.self,
    ScaleOperation.self,
    ThumbnailOperation.self,
    ReduceTrianglesOperation.self,
    HollowingOperation.self,
    ExportOperation.self,
  ]

  /// The operation of this name.
  public static subscript(name: OperationName) -> any MeshOperation.Type {
    guard let type = all.first(where: { $0.name == name }) else {
      preconditionFailure("\(name.rawValue) is not in the catalog")
    }
    return type
  }
}
