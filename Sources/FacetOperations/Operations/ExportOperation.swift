import Facet

/// Gives the model as a file of a format.
public struct ExportOperation: MeshOperation {
  public static let name = OperationName.export
  public static let summary = "Write the model in another file format"
  public static let discussion = """
    Writes STL (binary), OBJ, PLY (binary) or OFF, in millimetres. Vertices and triangles keep their order. \
    Formats without facet colours lose them.
    """
  public static let output = OperationOutput.file

  static let exportToFormat = Parameter<MeshFormat>(
    "exportToFormat", .defaulted(.stl), help: "The format to write")
  public static let parameters = [exportToFormat.description]

  public var format: MeshFormat

  public init(_ arguments: Arguments) {
    self.init(format: arguments[Self.exportToFormat])
  }

  public init(format: MeshFormat) {
    self.format = format
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    guard !input.mesh.triangles.isEmpty else {
      throw .emptyMesh(operation: Self.name.rawValue)
    }
    return OperationResult(
      file: ResultFile(.mesh(input.mesh, ExportOptions(format: format))),
      fields: [
        .init("format", .string(format.rawValue)),
        .init("triangles", .integer(input.mesh.triangles.count)),
      ])
  }
}

extension MeshFormat: ParameterChoice {}
