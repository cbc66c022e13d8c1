#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct ShrinkwrapRepair: OperationCommand {
    static let operation: any MeshOperation.Type = ShrinkwrapRepairOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet shrinkwrap-repair scan.stl -o solid.stl
        facet shrinkwrap scan.stl --accuracy Detailed -o solid.stl --picture changes.png
        facet shrinkwrap shell.stl --accuracy Rough --gap-mm 2 --keep-cavities -o wrapped.stl
        """)

    @OptionGroup var input: InputOptions

    @Option(
      parsing: .unconditional, help: .parameter(operation, "accuracy"),
      completion: .words(operation, "accuracy"))
    var accuracy: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "gapMm"))
    var gapMm: String?

    @Flag(help: .parameter(operation, "keepCavities"))
    var keepCavities = false

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }
    var picture: String? { pictures.picture }

    var given: [(name: String, text: String?)] {
      [("accuracy", accuracy), ("gapMm", gapMm), ("keepCavities", keepCavities ? "true" : nil)]
    }
  }
#endif
