import Facet

/// Mends what is broken in the mesh and leaves everything else as it is.
public struct GeometricalRepairOperation: MeshOperation {
  public static let name = OperationName.geometricalRepair
  public static let summary = "Mend holes, seams, flipped and doubled triangles; leave the rest as it is"
  public static let discussion = """
    Removes degenerate and doubled triangles, stitches seams that are open by a hundredth of a millimetre or \
    less, cuts non-manifold edges, turns triangles that face the wrong way, removes loose scraps, and closes \
    holes. Never touches what was sound, and never looks for surfaces that run through each other: that, and \
    a part that prints in any case, is what repair is for. The ledger says what each stage changed, how far \
    anything was moved, and over what area.
    """
  public static let output = OperationOutput.mesh
  public static let parameters: [ParameterDescription] = []

  public var options: RepairOptions

  public init(_ arguments: Arguments) {
    self.init()
  }

  public init(_ options: RepairOptions = RepairOptions()) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    var repaired = try input.mesh.geometricallyRepaired(options, run.slice(0...0.5))
    repaired.solidity = try repaired.mesh.solidity(run.slice(0.5...0.8))
    return try OperationResult(repaired, of: input, run.slice(0.8...1))
  }
}
