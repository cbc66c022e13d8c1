#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct Scale: OperationCommand {
    static let operation: any MeshOperation.Type = ScaleOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet scale part.stl --axis Z --scale-to-size-mm 80 -o taller.stl
        facet scale part.stl --axis X --scale-to-size-mm 80 --uniform -o larger.stl
        facet scale a.stl b.stl --axis X --scale-to-size-mm 80 --uniform -o '{name}-80mm.stl'
        """)

    @OptionGroup var input: InputOptions

    @Option(
      parsing: .unconditional, help: .parameter(operation, "axis"), completion: .words(operation, "axis"))
    var axis: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "scaleToSizeMm"))
    var scaleToSizeMm: String?

    @Flag(help: .parameter(operation, "uniform"))
    var uniform = false

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }

    var given: [(name: String, text: String?)] {
      [("axis", axis), ("scaleToSizeMm", scaleToSizeMm), ("uniform", uniform ? "true" : nil)]
    }
  }
#endif
