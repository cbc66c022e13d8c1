import Facet

/// Gives a file of any readable format, or a model, as STL.
public struct STLConversionOperation: MeshOperation {
  public static let name = OperationName.stlConversion
  public static let summary = "Convert a file to binary STL in millimetres"
  public static let discussion = """
    Reads a file as import does and writes it as binary STL. The measurement units say what the numbers in \
    the file mean; of a model that was imported before they say nothing, since it is in millimetres.
    """
  public static let output = OperationOutput.file

  static let measurementUnits = Parameter<MeasurementUnits>(
    "measurementUnits", .optional, help: "What the numbers in the file mean; needed with a file")
  public static let parameters = [measurementUnits.description]

  /// nil for a model, which is in millimetres.
  public var units: MeasurementUnits?

  public init(_ arguments: Arguments) {
    self.init(units: arguments[optional: Self.measurementUnits])
  }

  public init(units: MeasurementUnits? = nil) {
    self.units = units
  }

  public var importOptions: ImportOptions? { units.map { ImportOptions(units: $0) } }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    try ExportOperation(format: .stl).run(input, run)
  }
}
