import Facet

/// Wraps a new, solid surface around the model.
public struct ShrinkwrapRepairOperation: MeshOperation {
  public static let name = OperationName.shrinkwrapRepair
  public static let summary = "Wrap a new solid surface around the model, however broken it is"
  public static let discussion = """
    Whatever the model is made of, holes, loose triangles, bodies in bodies, the result is closed, manifold, \
    faces outward and nowhere runs through itself. It follows the outside of the model to within about one \
    voxel: a hundredth of the model's diagonal for Rough, a 250th for Smooth (which also smooths scanner noise \
    away), a 500th for Detailed. Sharp edges are kept, flat faces get few triangles. A surface without \
    thickness gets about one voxel of it.
    """
  public static let output = OperationOutput.mesh

  static let accuracy = Parameter<ShrinkwrapAccuracy>(
    "accuracy", .defaulted(.smooth), help: "How closely the wrap follows the model")
  static let gapMm = Parameter<Double>(
    "gapMm", unit: "mm", .optional,
    help: "Close openings up to this wide, and go in through wider ones; left out, openings are closed "
      + "wherever the surface around them says what is inside")
  static let keepCavities = Parameter<Bool>(
    "keepCavities", .defaulted(false), help: "Keep closed cavities, which are filled otherwise")
  public static let parameters = [accuracy.description, gapMm.description, keepCavities.description]

  public var options: ShrinkwrapOptions

  public init(_ arguments: Arguments) {
    self.init(
      ShrinkwrapOptions(
        arguments[Self.accuracy].resolution, gap: arguments[optional: Self.gapMm].map { Float($0) },
        keepsCavities: arguments[Self.keepCavities]))
  }

  public init(_ options: ShrinkwrapOptions = ShrinkwrapOptions()) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    let wrapped = try input.mesh.shrinkwrapped(options, run.slice(0...0.7))
    let solidity = try wrapped.mesh.solidity(run.slice(0.7...0.8))
    let deviation = try input.mesh.deviation(from: wrapped.mesh, run.slice(0.8...1))
    var result = OperationResult(
      mesh: wrapped.mesh,
      fields: [
        .init("triangles", .integer(wrapped.mesh.triangles.count)),
        .init("voxelMm", .number(Double(wrapped.voxel))),
        .init("hausdorffMm", .number(Double(deviation.hausdorff))),
        .init("isSolid", .bool(solidity.isSolid)),
        .init("volumeMm3", .number(solidity.volume)),
      ])
    result.picture = OperationResult.comparison(of: input.mesh, with: wrapped.mesh)
    return result
  }
}

/// The resolutions by the names that the API gives them.
enum ShrinkwrapAccuracy: String, ParameterChoice {
  case rough = "Rough"
  case smooth = "Smooth"
  case detailed = "Detailed"

  var resolution: ShrinkwrapOptions.Resolution {
    switch self {
    case .rough: .rough
    case .smooth: .smooth
    case .detailed: .detailed
    }
  }
}
