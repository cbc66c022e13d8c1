#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct WallThickness: OperationCommand {
    static let operation: any MeshOperation.Type = WallThicknessAnalysisOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet wall-thickness-analysis part.stl --minimal-wall-thickness-mm 0.8
            which walls are thinner than 0.8 mm, how thin, and where
        facet thickness part.stl --minimal-wall-thickness-mm 1 --picture walls.png
            and a picture of the part, coloured by thickness
        facet thickness part.stl --minimal-wall-thickness-mm 1 --map walls.ply
            the surface with its thickness at each vertex, for other programs; STL has the colours only
        facet thickness parts/*.stl --minimal-wall-thickness-mm 1 --accuracy-wall-thickness 3 --json
            looked at finely, one JSON object for all
        """)

    @OptionGroup var input: InputOptions

    @Option(parsing: .unconditional, help: .parameter(operation, "minimalWallThicknessMm"))
    var minimalWallThicknessMm: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "accuracyWallThickness"))
    var accuracyWallThickness: String?

    @Option(
      help: ArgumentHelp(
        "A file for the surface in the colours of its thickness, STL or PLY: the same as -o.",
        valueName: "file"),
      completion: .file(extensions: ["stl", "ply"]))
    var map: String?

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output ?? map }
    var picture: String? { pictures.picture }

    var given: [(name: String, text: String?)] {
      [
        ("minimalWallThicknessMm", minimalWallThicknessMm), ("accuracyWallThickness", accuracyWallThickness),
      ]
    }
  }
#endif
