#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct Thumbnail: OperationCommand {
    static let operation: any MeshOperation.Type = ThumbnailOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet thumbnail part.stl -o part.png
        facet thumbnail part.stl --width 1024 --height 768 --camera-angle-z 45 --background '#ffffff' -o part.png
        facet thumbnail parts/*.stl -o pictures/
        """)

    @OptionGroup var input: InputOptions

    @Option(parsing: .unconditional, help: .parameter(operation, "width"))
    var width: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "height"))
    var height: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "cameraAngleX"))
    var cameraAngleX: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "cameraAngleY"))
    var cameraAngleY: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "cameraAngleZ"))
    var cameraAngleZ: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "background"))
    var background: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "up"), completion: .words(operation, "up"))
    var up: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "samples"))
    var samples: String?

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }

    var given: [(name: String, text: String?)] {
      [
        ("width", width), ("height", height), ("cameraAngleX", cameraAngleX), ("cameraAngleY", cameraAngleY),
        ("cameraAngleZ", cameraAngleZ), ("background", background), ("up", up), ("samples", samples),
      ]
    }
  }
#endif
