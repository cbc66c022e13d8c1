#if CommandLine
  import ArgumentParser
  import FacetOperations

  struct ReduceTriangles: OperationCommand {
    static let operation: any MeshOperation.Type = ReduceTrianglesOperation.self
    static let configuration = CommandConfiguration(
      operation,
      examples: """
        facet reduce-triangles scan.stl --accuracy-mm 0.05 -o small.stl
            nowhere more than 0.05 mm off, with as few triangles as that takes
        facet reduce scan.stl --target-ratio 0.1 -o small.stl --picture small.png
            a tenth of the triangles, and a picture of them before and after
        facet reduce scan.stl --target-triangles 50000 --accuracy-mm 0.2 -o small.stl
            50,000 triangles, or more where that would take over 0.2 mm
        facet reduce part.stl --accuracy-mm 0 -o part-small.stl
            only what lies flat goes: the shape stays exactly as it is
        facet run scans/*.stl --steps repair,reduce:accuracy-mm=0.05 -o small/
            mended first, so that nothing has to be left as it is
        """)

    @OptionGroup var input: InputOptions

    @Option(parsing: .unconditional, help: .parameter(operation, "accuracyMm"))
    var accuracyMm: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "maxAngle"))
    var maxAngle: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "numberOfIterations"))
    var numberOfIterations: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "targetTriangles"))
    var targetTriangles: String?

    @Option(parsing: .unconditional, help: .parameter(operation, "targetRatio"))
    var targetRatio: String?

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var pictures: PictureOptions
    @OptionGroup var common: RunOptions

    var output: String? { outputs.output }
    var picture: String? { pictures.picture }

    var given: [(name: String, text: String?)] {
      [
        ("accuracyMm", accuracyMm), ("maxAngle", maxAngle), ("numberOfIterations", numberOfIterations),
        ("targetTriangles", targetTriangles), ("targetRatio", targetRatio),
      ]
    }
  }
#endif
