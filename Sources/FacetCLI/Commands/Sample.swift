#if CommandLine
  import ArgumentParser
  import Facet
  import FacetContract
  import FacetOperations

  /// Writes a made part whose facts are known.
  struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write an example part whose facts are known exactly.",
      discussion: """
        Sound parts, and parts with one thing wrong each, to try the other commands on. Files are binary STL \
        unless the output's name ends in .obj, .ply or .off. The same name gives the same bytes every time.

        EXAMPLES:
          facet sample --list
          facet sample tube -o tube.stl
        """)

    @Argument(
      help: "The part's name, from --list.", completion: .list(Facet.Sample.all.map(\.name)))
    var name: String?

    @Flag(help: "List the names and what each part is.")
    var list = false

    @OptionGroup var outputs: OutputOptions
    @OptionGroup var common: RunOptions

    func validate() throws {
      guard !list else { return }
      guard name != nil else { throw ValidationError("Give the name of a sample, or --list.") }
      guard outputs.output != nil else { throw ValidationError("Give -o and the file to write.") }
    }

    func run() throws {
      guard let name, !list, let pattern = outputs.output else {
        writeToStandardOutput(common.json ? Sample.catalog.text(pretty: true) + "\n" : Sample.lines)
        return
      }
      guard let sample = Facet.Sample.named(name) else {
        throw Failure.usage("there is no sample \(name); facet sample --list has the names", argument: "name")
      }
      let destination = try Destination(pattern, inputs: [name], json: common.json)
      try destination.check([])
      let target = destination.path(for: name, ending: MeshFormat.stl.rawValue)
      try Sample.write(sample, to: target, common.context())
      let fields: [JSONValue.Member] = [.init("name", .string(name)), .init("output", .string(target))]
      if common.json {
        writeToStandardOutput(JSONValue.object(fields).text(pretty: true) + "\n")
      } else if !common.quiet, !destination.isStandardOutput {
        writeToStandardOutput("\(name): \(sample.summary)\n  → \(target)\n")
      }
    }

    private static func write(
      _ sample: Facet.Sample, to path: String, _ run: RunContext
    ) throws(Failure) {
      do throws(MeshError) {
        let bytes = try sample.encoded(MeshFormat(pathExtensionOf: path) ?? .stl, run)
        guard path != "-" else { return try ByteSink.standardOutput().write(bytes) }
        let file = try OutputFile(path)
        try file.sink.write(bytes)
        try file.commit()
      } catch {
        throw Failure(ToolkitFailure(error, during: .running(.export)))
      }
    }

    private static var lines: String {
      let width = Facet.Sample.all.map(\.name.count).max() ?? 0
      return Facet.Sample.all.map { $0.name.padded(to: width + 2) + $0.summary + "\n" }.joined()
    }

    private static var catalog: JSONValue {
      [
        "samples": .array(
          Facet.Sample.all.map {
            [
              "name": .string($0.name), "summary": .string($0.summary),
              "measurementUnits": .string($0.units.rawValue),
            ]
          })
      ]
    }
  }
#endif
