/// Every operation there is, in the order in which lists show them.
public enum OperationCatalog {
  public static let all: [any MeshOperation.Type] = [
    ImportOperation.self,
    STLConversionOperation.self,
    AnalyzeOperation.self,
    GeometricalRepairOperation.self,
    ShrinkwrapRepairOperation.self,
    RepairOperation.self,
    ScaleOperation.self,
    ThumbnailOperation.self,
    ReduceTrianglesOperation.self,
    ExportOperation.self,
  ]

  /// The operation of this name, or nil for a documented one that this version does not have.
  public static subscript(name: OperationName) -> (any MeshOperation.Type)? {
    all.first { $0.name == name }
  }
}
