#if CommandLine
  import ArgumentParser
  import Facet
  import FacetOperations

  /// Which files, and what is in them.
  struct InputOptions: ParsableArguments {
    @Argument(
      help: ArgumentHelp(
        "The files to read: STL (binary or text), OBJ, PLY or OFF, told apart by content; - is standard input.",
        valueName: "input"),
      completion: .file(extensions: MeshFormat.allCases.map(\.rawValue)))
    var inputs: [String]

    @OptionGroup var reading: ReadingOptions
  }

  struct ReadingOptions: ParsableArguments {
    private static let operation = ImportOperation.self

    @Option(
      parsing: .unconditional,
      help: .parameter(operation, "measurementUnits", preset: MeasurementUnits.mm.rawValue),
      completion: .words(operation, "measurementUnits"))
    var measurementUnits: String?

    @Flag(help: .parameter(operation, "salvage"))
    var salvage = false
  }

  /// How the work is done and told, the same for every command.
  struct RunOptions: ParsableArguments {
    @Option(help: "Processor threads to work on; results are the same on any number. (default: all)")
    var threads: ThreadCount?

    @Option(
      help: ArgumentHelp(
        "Refuse work that would need more memory than this, like 500MB or 4GB. (default: what the machine has)",
        valueName: "size"))
    var memoryBudget: ByteCount?

    @Flag(name: .shortAndLong, help: "No progress bar, no warnings, no report of what was written.")
    var quiet = false

    @Flag(help: "Print one JSON object on standard output, and nothing else there.")
    var json = false
  }

  struct OutputOptions: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        """
        The file to write; - is standard output. For several inputs a folder, or a name with {name} in it, \
        which stands for the input's name without its ending. Without this option the work is done and \
        reported, and nothing is written.
        """,
        valueName: "output"),
      completion: .file())
    var output: String?
  }

  /// For commands that can show what they did.
  struct PictureOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        """
        A PNG file for a picture of what was done or found. A repair shows the model before and after: red on the \
        left what was removed or changed, green on the right what is new. A reduction shows the triangles before \
        and after, a wall thickness analysis the model from two sides in the colours of its thickness, hollowing \
        the part cut open. For several inputs as -o.
        """,
        valueName: "file"),
      completion: .file(extensions: ["png"]))
    var picture: String?
  }

  /// A number of threads, 1…1024.
  struct ThreadCount: ExpressibleByArgument {
    var count: Int

    init?(argument: String) {
      guard let count = Int(argument), 1...1024 ~= count else { return nil }
      self.count = count
    }
  }

  /// A size in bytes: `800000`, `500MB`, `4GB`, `1.5GB`. A megabyte is 10⁶ bytes.
  struct ByteCount: ExpressibleByArgument {
    var bytes: Int

    init?(argument: String) {
      var text = argument.lowercased()
      if text.hasSuffix("b") { text.removeLast() }
      var factor = 1.0
      if let last = text.last, let exponent = ["k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12][last] {
        factor = exponent
        text.removeLast()
      }
      guard let number = Double(text), number > 0, number * factor >= 1, number * factor < 9e18 else {
        return nil
      }
      bytes = Int(number * factor)
    }
  }
#endif
