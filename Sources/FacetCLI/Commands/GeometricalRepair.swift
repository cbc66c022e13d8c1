#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct GeometricalRepair: OperationCommand {
    static let operation: any MeshOperation.Type = GeometricalRepairOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet geometrical-repair part.stl -o mended.stl
        facet geometrical-repair part.stl -o mended.stl --picture changes.png
        facet geometrical-repair parts/*.stl -o mended/ --json
        """)

    @OptionGroup var input: InputOptions
    @OptionGroup var outputs: OutputOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }
    var picture: String? { pictures.picture }
    var given: [(name: String, text: String?)] { [] }
  }
#endif
