#if CommandLine
  import ArgumentParser
  import Facet
  import FacetContract
  import FacetGeneration
  import FacetOperations
  import Foundation

  struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a part from a description, or from a drawing of it.",
      discussion: """
        The description is dimensioned English: the shape, its sizes with units, then holes, slots, fillets and where \
        they are. What is missing is asked for by name, and what contradicts itself is said. A picture (PNG, JPEG, WebP \
        or GIF) of a silhouette or a clean drawing is traced and extruded; the description then gives its scale and \
        thickness. The same request gives the same part every time.

        Parts are made by CadQuery, in a sandbox; `facet generation install` sets it up, once.

        EXAMPLES:
          facet generate "A 40x20x10mm box with a 5mm through-hole centered on the top face" -o part.step
          facet generate "An M6 washer, 12mm outer diameter, 1.6mm thick" -o washer.stl
          facet generate "A tube, 20mm outer diameter, 2mm wall, 50mm long" -o tube.3mf --program tube.py
          facet generate "80mm wide, 3mm thick" --image logo.png -o logo.step
        """)

    @Argument(help: "What to make, in one argument; with --image its scale and thickness.")
    var prompt: String

    @Option(
      help: ArgumentHelp("A picture to trace; up to three, of which each is looked at.", valueName: "file"))
    var image: [String] = []

    @Option(help: "standard, pro or assembly: pro has more time, assembly may have several parts.")
    var designMode: String?

    @Option(help: ArgumentHelp("Write the CadQuery program too.", valueName: "file"))
    var program: String?

    @OptionGroup var environment: GenerationEnvironmentOption
    #if Server
      @OptionGroup var model: ModelOptions
    #endif

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Where the part goes: .step, .stl, .glb or .3mf.", valueName: "file"))
    var output: String

    @Flag(help: "Print the part's figures as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func run() async throws {
      do {
        try await make()
      } catch let error as GenerationJobError {
        try refuse(error.code.rawValue, error.message, 1)
      } catch let error as GenerationError {
        try refuse(error.code?.rawValue ?? "", error.message ?? "", 2)
      } catch is CancellationError {
        throw ExitCode(Signals.exitStatus ?? 130)
      }
    }

    private func make() async throws {
      let format = try self.format
      let sandbox = Sandbox(environment.chosen)
      guard sandbox.environment.isInstalled else {
        throw Failure.usage(
          "CadQuery is not set up in \(environment.chosen.path); run: facet generation install",
          argument: "environment")
      }
      let pictures = try image.map { path in
        guard let bytes = FileManager.default.contents(atPath: path) else {
          throw Failure.usage("\(path) cannot be read", argument: "image")
        }
        return Array(bytes)
      }
      let request = try self.request(format, pictures)
      let brief = Brief(prompt, pictures: pictures, designMode: request.designMode)
      let folder = try ScratchFolder()
      defer { try? FileManager.default.removeItem(atPath: folder.path) }
      let bar = ProgressBar(label: output, quiet: quiet)
      defer { bar?.finish() }
      let generator = try self.generator(sandbox)
      let part = try await stoppable {
        try await generator.generate(
          brief, as: format, in: folder.path, RunContext(progress: { bar?.report($0) }))
      }
      try write(part)
      tell(part)
    }

    private func generator(_ sandbox: Sandbox) throws -> Generator {
      #if Server
        return Generator(in: sandbox, try model.endpoint)
      #else
        return Generator(in: sandbox)
      #endif
    }

    private func request(_ format: GenerationRequest.OutputFormat, _ pictures: [[UInt8]]) throws
      -> GenerationRequest
    {
      let fields: JSONValue = [
        "prompt": .string(prompt), "design_mode": designMode.map(JSONValue.string) ?? .null,
        "output_format": .string(format.rawValue),
      ]
      guard !pictures.isEmpty else { return try GenerationContract.textToCAD(fields) }
      return try GenerationContract.imageToCAD(
        fields,
        images: pictures.map {
          ImageUpload(byteCount: $0.count, firstBytes: Array($0.prefix(ImageType.neededBytes)))
        })
    }

    private var format: GenerationRequest.OutputFormat {
      get throws {
        switch URL(filePath: output).pathExtension.lowercased() {
        case "step", "stp": return .step
        case "stl": return .stl
        case "glb": return .glb
        case "3mf": return .threeMF
        default:
          throw Failure.usage("\(output) must end in .step, .stl, .glb or .3mf", argument: "output")
        }
      }
    }

    private func write(_ part: GeneratedPart) throws {
      try save(Array(Data(contentsOf: URL(filePath: part.path))), to: output)
      if let program { try save(Array(part.program.utf8), to: program) }
    }

    private func save(_ bytes: [UInt8], to path: String) throws {
      do {
        let file = try OutputFile(path)
        try file.sink.write(bytes)
        try file.commit()
      } catch {
        throw Failure(ToolkitFailure(error, during: .running(.export)))
      }
    }

    private func tell(_ part: GeneratedPart) {
      let figures = part.figures
      if json {
        let object: JSONValue = [
          "output": .string(output), "sizeMm": .array((0..<3).map { .number(figures.size[$0]) }),
          "volumeMm3": .number(figures.volume), "throughHoles": .integer(figures.throughHoles),
          "shells": .integer(figures.shells), "triangles": .integer(figures.triangles),
          "tokensUsed": .integer(part.tokensUsed),
        ]
        writeToStandardOutput(object.text(pretty: true) + "\n")
      } else if !quiet {
        let size = (0..<3).map { rounded(figures.size[$0]) }.joined(separator: " × ")
        let holes = figures.throughHoles == 1 ? "1 through hole" : "\(figures.throughHoles) through holes"
        let files = [output] + [program].compactMap { $0 }
        writeToStandardOutput(
          "\(size) mm, \(rounded(figures.volume)) mm³, \(holes)\n"
            + files.map { "  → \($0)\n" }.joined())
      }
    }

    private func rounded(_ value: Double) -> String {
      let value = (value * 100).rounded() / 100
      return value == value.rounded() ? String(Int(value)) : String(value)
    }

    private func refuse(_ code: String, _ message: String, _ status: Int32) throws -> Never {
      writeToStandardError("error \(code): \(message)\n")
      if json {
        let object: JSONValue = [
          "errors": .array([["code": .string(code), "message": .string(message)]])
        ]
        writeToStandardOutput(object.text(pretty: true) + "\n")
      }
      throw ExitCode(status)
    }
  }

  /// Runs work that ends early when a signal stops this process.
  private func stoppable<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws
    -> Value
  {
    let work = Task(operation: body)
    let watch = Task {
      while !Task.isCancelled, Signals.exitStatus == nil { try await Task.sleep(for: .milliseconds(50)) }
      work.cancel()
    }
    defer { watch.cancel() }
    return try await work.value
  }
#endif
