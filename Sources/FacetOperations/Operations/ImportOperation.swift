import Facet

/// Reads a file in the units it was made in; the model is in millimetres from then on.
///
/// The reading itself is the caller's, who has the file: it asks ``importOptions`` how.
public struct ImportOperation: MeshOperation {
  public static let name = OperationName.import
  public static let summary = "Read a file and give its model in millimetres"
  public static let discussion = """
    Reads STL (binary or text), OBJ, PLY or OFF, told apart by content, and joins corners at equal \
    coordinates. A file does not say what its numbers mean: the measurement units do. An inch is exactly \
    25.4 mm. A damaged file is refused with the place of the damage; with salvage its whole facets are \
    kept, and the result says what was left out.
    """
  public static let output = OperationOutput.mesh

  static let measurementUnits = Parameter<MeasurementUnits>(
    "measurementUnits", .required, help: "What the numbers in the file mean")
  static let salvage = Parameter<Bool>(
    "salvage", .defaulted(false), help: "Keep what is whole of a damaged file instead of refusing it")
  public static let parameters = [measurementUnits.description, salvage.description]

  public var units: MeasurementUnits
  public var salvage: Bool

  public init(_ arguments: Arguments) {
    self.init(units: arguments[Self.measurementUnits], salvage: arguments[Self.salvage])
  }

  public init(units: MeasurementUnits, salvage: Bool = false) {
    self.units = units
    self.salvage = salvage
  }

  public var importOptions: ImportOptions? { ImportOptions(units: units, salvage: salvage) }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    OperationResult(mesh: input.mesh, fields: input.sizeFields + input.reportFields)
  }
}

extension MeasurementUnits: ParameterChoice {}
