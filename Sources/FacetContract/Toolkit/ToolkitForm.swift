import FacetOperations

/// What the toolkit API takes and gives for one operation.
public struct ToolkitForm: Sendable {
  public let operation: OperationName
  /// The fields that may name the input, the usual one first. At least one must be there.
  public let inputs: [InputField]
  /// The fields of the operation itself.
  public let fields: [ToolkitField]
  /// What names the outcome in a result.
  public let references: [ResultReference]
  /// The documented result fields besides those references.
  public let resultFields: [String]

  init(
    _ operation: OperationName, inputs: [InputField] = [.inputId], fields: [ToolkitField] = [],
    references: [ResultReference], resultFields: [String] = []
  ) {
    self.operation = operation
    self.inputs = inputs
    self.fields = fields
    self.references = references
    self.resultFields = resultFields
  }

  public enum InputField: String, Sendable, Hashable {
    /// A model: the outcome of an earlier operation.
    case inputId
    /// A file as it was uploaded.
    case fileId
  }

  public enum ResultReference: String, Sendable, Hashable {
    case resultId
    case fileId
  }

  /// The form of an operation; each is in the file of its name.
  public static func of(_ operation: OperationName) -> ToolkitForm {
    switch operation {
    case .import: .import
    case .stlConversion: .stlConversion
    case .analyze: .analyze
    case .geometricalRepair: .geometricalRepair
    case .shrinkwrapRepair: .shrinkwrapRepair
    case .repair: .repair
    case .wallThicknessAnalysis: .wallThicknessAnalysis
    case .scale: .scale
    case .thumbnail: .thumbnail
    case .reduceTriangles: .reduceTriangles
    case .hollowing: .hollowing
    case .export: .export
    }
  }

  public static let all = OperationName.allCases.map(of)
}
