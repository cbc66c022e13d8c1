#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct Repair: OperationCommand {
    static let operation: any MeshOperation.Type = RepairOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet repair part.stl -o solid.stl
        facet repair part.stl -o solid.stl --picture changes.png
        facet repair assembly.stl --keep-shells -o assembly-solid.stl
        facet repair parts/*.stl -o solid/ --json
        """)

    @OptionGroup var input: InputOptions

    @Flag(help: .parameter(operation, "keepShells"))
    var keepShells = false

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }
    var picture: String? { pictures.picture }

    var given: [(name: String, text: String?)] { [("keepShells", keepShells ? "true" : nil)] }
  }
#endif
