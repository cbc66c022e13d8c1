#if CommandLine
  import ArgumentParser
  import Facet

  struct FacetCommand: ParsableCommand {
    static let version = EngineVersion.current

    static let configuration = CommandConfiguration(
      commandName: "facet",
      abstract: "Check and prepare triangle meshes for 3D printing.",
      discussion: """
        Everything happens on this machine: no network, no graphics card, no display.

        EXAMPLES:
          facet analyze part.stl
          facet repair part.stl -o solid.stl --picture changes.png
          facet thickness part.stl --minimal-wall-thickness-mm 0.8 --picture walls.png
          facet hollow part.stl --wall-thickness-mm 2 --drain-holes 2 -o hollow.stl
          facet reduce-triangles scan.stl --accuracy-mm 0.05 -o small.stl
          facet scale part.stl --axis X --scale-to-size-mm 100 -o scaled.stl
          facet thumbnail part.stl -o part.png
          facet run part.stl --steps repair,analyze,thumbnail -o results/
          facet batch parts/ --steps repair,thumbnail -o result
          facet generate "A 40x20x10mm box with a 5mm through-hole centered on the top face" -o part.step
          facet serve --data /var/lib/facet

        EXIT STATUS:
          0    done
          1    the operation failed on an input
          2    the request was wrong: arguments, limits
          75   worth trying again: disk full, memory budget
          130  stopped by Ctrl-C; 143 by SIGTERM

        Errors are written to standard error as 'error <code>: <message>', with the codes of the toolkit API.
        """,
      version: version,
      subcommands: operations + [
        Run.self, BatchCommand.self, Report.self, Sample.self, Benchmark.self, Serve.self,
        Generate.self, GenerationCommand.self, BatchWorkerCommand.self,
      ] + serverCommands)

    /// A command for each operation that stands on its own.
    static let operations: [any OperationCommand.Type] = [
      Analyze.self, WallThickness.self, Repair.self, GeometricalRepair.self, ShrinkwrapRepair.self,
      ReduceTriangles.self, Hollow.self, Scale.self, Thumbnail.self, Export.self,
    ]

    #if Server
      private static let serverCommands: [any ParsableCommand.Type] = [
        AccountCommand.self, TokenCommand.self, KeyCommand.self,
      ]
    #else
      private static let serverCommands: [any ParsableCommand.Type] = []
    #endif
  }
#endif
