import Facet

/// Makes the part solid, whatever it takes.
public struct RepairOperation: MeshOperation {
  public static let name = OperationName.repair
  public static let summary = "Make the part solid: closed, facing outward, nowhere running through itself"
  public static let discussion = """
    Mends what geometrical-repair mends, then cuts surfaces that run through each other along the lines where \
    they cross and keeps the outside, so that bodies that overlap become one. Where that is not enough, the \
    part is wrapped anew as shrinkwrap-repair does, as finely as its finer edges ask for. A part that is sound comes back byte for byte. The ledger \
    says what each stage changed, how far anything was moved, and over what area; the two-sided distance \
    between the part before and after is in the result too.
    """
  public static let output = OperationOutput.mesh

  static let keepShells = Parameter<Bool>(
    "keepShells", .defaulted(false), help: "Leave bodies that overlap as they are instead of uniting them")
  public static let parameters = [keepShells.description]

  public var options: RepairOptions

  public init(_ arguments: Arguments) {
    self.init(RepairOptions(keepsShells: arguments[Self.keepShells]))
  }

  public init(_ options: RepairOptions = RepairOptions()) {
    self.options = options
  }

  public func run(_ input: OperationInput, _ run: RunContext) throws(MeshError) -> OperationResult {
    let repaired = try input.mesh.repaired(options, run.slice(0...0.8))
    return try OperationResult(repaired, of: input, run.slice(0.8...1))
  }
}
