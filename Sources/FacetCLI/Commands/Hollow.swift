#if CommandLine
  import ArgumentParser
  import Facet
  import FacetOperations

  struct Hollow: OperationCommand {
    static let operation: any MeshOperation.Type = HollowingOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet hollowing part.stl --wall-thickness-mm 2 -o hollow.stl
        facet hollow part.stl --wall-thickness-mm 2 --drain-holes 2 -o hollow.stl --picture inside.png
            two holes at the lowest points of each cavity, and a picture of the part cut open
        facet hollow part.stl --wall-thickness-mm 2 --drain-holes-at '10 20 0' --drain-diameter-mm 4 \\
            --plugs plugs.stl -o hollow.stl
            a hole where the surface is nearest to that point, and a plug for it
        """)

    @OptionGroup var input: InputOptions

    @Option(parsing: .unconditional, help: .parameter(operation, "wallThicknessMm"))
    var wallThicknessMm: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "voxelMm"))
    var voxelMm: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "drainHoles"))
    var drainHoles: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "drainHolesAt"))
    var drainHolesAt: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "drainDiameterMm"))
    var drainDiameterMm: String?

    @Option(
      help: .parameter(operation, "plugs", valueName: "file"),
      completion: .file(extensions: MeshFormat.allCases.map(\.rawValue)))
    var plugs: String?

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }
    var picture: String? { pictures.picture }
    var extras: [(label: String, path: String?)] { [("plugs", plugs)] }

    var given: [(name: String, text: String?)] {
      [
        ("wallThicknessMm", wallThicknessMm), ("voxelMm", voxelMm), ("drainHoles", drainHoles),
        ("drainHolesAt", drainHolesAt), ("drainDiameterMm", drainDiameterMm),
        ("plugs", plugs == nil ? nil : "true"),
      ]
    }
  }
#endif
