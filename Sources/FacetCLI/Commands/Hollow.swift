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
        facet hollow part.stl --wall-thickness-mm 1.5 --infill gyroid --infill-cell-mm 8 --infill-wall-mm 0.8 \\
            --drain-holes 1 -o light.stl
            a lattice inside that carries the walls
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

    @Option(parsing: .unconditional, help: .parameter(operation, "infill"))
    var infill: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "infillCellMm"))
    var infillCellMm: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "infillWallMm"))
    var infillWallMm: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "smallestCavityMm3"))
    var smallestCavityMm3: String?

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
        ("plugs", plugs == nil ? nil : "true"), ("infill", infill), ("infillCellMm", infillCellMm),
        ("infillWallMm", infillWallMm), ("smallestCavityMm3", smallestCavityMm3),
      ]
    }
  }
#endif
