#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct Export: OperationCommand {
    static let operation: any MeshOperation.Type = ExportOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet export part.stl -o part.ply
        facet convert part.obj --measurement-units inch -o part.stl
        facet export *.stl --export-to-format off -o converted/
        """)

    @OptionGroup var input: InputOptions

    @Option(
      parsing: .unconditional, help: .parameter(operation, "exportToFormat"),
      completion: .words(operation, "exportToFormat"))
    var exportToFormat: String?

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }

    /// Without the option, the ending of the output's name says the format.
    var given: [(name: String, text: String?)] {
      [("exportToFormat", exportToFormat ?? outputs.output.flatMap(Destination.ending))]
    }
  }
#endif
