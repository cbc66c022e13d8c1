#if CommandLine
  import ArgumentParser
  import Facet
  import FacetContract
  import FacetOperations

  /// Several operations one after the other, each on what the one before left.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run several operations one after the other.",
      discussion: """
        Steps are operations separated by commas, their options after colons, as on the command line but \
        without the dashes. Each works on the mesh that the one before left; thumbnail and analyze leave it \
        as it is. --json gives a result for each step.

        With a folder for -o, everything that the steps make is written there: pictures, exported files and \
        the last mesh. With a file name, its ending says which of them is wanted.

        EXAMPLES:
          facet run part.stl --steps analyze,scale:axis=Z:scale-to-size-mm=80,thumbnail -o results/
          facet run part.stl --steps scale:axis=X:scale-to-size-mm=10:uniform,analyze -o small.ply
          facet run *.stl --steps thumbnail:width=512:height=512 -o 'pictures/{name}.png'
        """)

    @OptionGroup var input: InputOptions

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("The operations and their options, like scale:axis=X:scale-to-size-mm=10,thumbnail.")
    )
    var steps: String

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var common: RunOptions

    func run() throws {
      let requests = try validated { () throws(ToolkitFailure) in
        try ToolkitContract.validate(steps: steps)
      }
      let operations = requests.map { OperationCatalog[$0.operation] }
      let reader = try InputReader(input.reading)
      let destination = try outputs.output.map {
        try Destination($0, inputs: input.inputs, json: common.json)
      }
      try destination?.check(operations)

      let session = Session(options: common, standardOutputIsTaken: destination?.isStandardOutput ?? false)
      try session.run(input.inputs) { (path, run) throws(Failure) in
        let read = try reader.read(path, run.slice(0...0.3))
        let results = try Pipeline.run(requests, on: read, run.slice(0.3...0.9)) {
          (request, input, run) throws(Failure) in
          try request.run(on: input, name: path, run)
        }
        var outcome = Session.Outcome(
          read, fields: [.init("results", .array(zip(requests, results).map(Run.json)))], isAnswer: true)
        for (request, result) in zip(requests, results) {
          outcome.text += result.report(request.operation, name: displayName(path))
        }
        if let destination {
          outcome.addWritten(
            try Run.write(results, input: read.mesh, of: path, to: destination, run.slice(0.9...1)))
        }
        return outcome
      }
    }

    private static func json(_ request: OperationRequest, _ result: OperationResult) -> JSONValue {
      .object([.init("operation", .string(request.operation.rawValue))] + result.fields)
    }

    /// Writes everything that was made to a folder, or what the destination's ending says to a file.
    ///
    /// - Returns: The paths written.
    private static func write(
      _ results: [OperationResult], input: Mesh, of path: String, to destination: Destination,
      _ run: RunContext
    ) throws(Failure) -> [String] {
      guard destination.isFolder else {
        let wanted = Destination.ending(destination.pattern)
        let file = results.compactMap { $0.file?.with(pathExtension: wanted) }.last
        // Without a step that makes a mesh it is the input's, in the destination's format.
        let format = MeshFormat(for: destination)
        let made =
          file ?? results.last { $0.mesh != nil }.flatMap { ResultFile(meshOf: $0, as: format) }
          ?? ResultFile(.mesh(input, ExportOptions(format: format)))
        return [try made.save(in: destination, for: path, run)]
      }
      var written: [String] = []
      for (ending, file) in results.files {
        let target = destination.path(for: path, ending: ending)
        try file.save(as: target, run)
        written.append(target)
      }
      return written
    }
  }
#endif
