import Facet

/// Gives the model a named size along an axis.
public struct ScaleOperation: MeshOperation {
  public static let name = OperationName.scale
  public static let summary = "Scale the model to a size along one axis"
  public static let discussion = """
    Along the axis the model gets the size; along the others it keeps its own, unless the scaling is \
    uniform, which keeps its proportions. The corner of its bounding box with the least coordinates stays \
    where it is. The factor (new size by old) may be 0.01 to 10000.
    """
  public static let output = OperationOutput.mesh

  static let axis = Parameter<AxisWord>("axis", .required, help: "The axis along which the size is meant")
  static let scaleToSizeMm = Parameter<Double>(
    "scaleToSizeMm", unit: "mm", .required, help: "The size that the model gets along the axis")
  static let uniform = Parameter<Bool>(
    "uniform", .defaulted(false), help: "Scale the other axes by the same factor")
  public static let parameters = [axis.description, scaleToSizeMm.description, uniform.description]

  public var axis: Axis
  /// The new size along the axis, in mm.
  public var size: Double
  public var isUniform: Bool

  public init(_ arguments: Arguments) {
    self.init(
      axis: arguments[Self.axis].axis, size: arguments[Self.scaleToSizeMm],
      isUniform: arguments[Self.uniform])
  }

  public init(axis: Axis, size: Double, isUniform: Bool = false) {
    self.axis = axis
    self.size = size
    self.isUniform = isUniform
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    let amount = ScaleOptions.Amount.size(axis: axis, millimetres: size, uniform: isUniform)
    let result = try input.mesh.scaled(ScaleOptions(amount), run)
    let bounds = result.mesh.bounds
    // In double precision, so that the difference of two coordinates is exact.
    let dimensions = SIMD3<Double>(bounds.maximum) - SIMD3<Double>(bounds.minimum)
    return OperationResult(
      mesh: result.mesh,
      fields: [
        .init("factor", .number(result.factor[axis.rawValue])),
        .init("dimensionXMm", .number(dimensions.x)),
        .init("dimensionYMm", .number(dimensions.y)),
        .init("dimensionZMm", .number(dimensions.z)),
      ])
  }
}
