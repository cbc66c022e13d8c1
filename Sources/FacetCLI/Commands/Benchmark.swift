#if CommandLine
  import ArgumentParser
  import Facet
  import FacetContract
  import FacetOperations

  /// Times pieces of the engine's work, each alone.
  struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Time the engine's operations on models of yours.",
      discussion: """
        Each operation is timed alone: what it needs (the mesh, the search tree) is prepared outside the \
        clock, and one run goes ahead to warm up. 'seconds' is the least of the runs, 'peak' the most memory \
        held while the clock ran, with what was prepared; each operation has a process of its own, so that \
        one's memory is not counted for the next. 'work' says what was done.

        OPERATIONS:
        \(indented(operationLines))

        EXAMPLES:
          facet benchmark part.stl
          facet benchmark a.stl b.stl --operations read,bvh,rays --threads 1 --runs 20 --json
        """)

    @Argument(
      help: ArgumentHelp("The models to work on.", valueName: "model"),
      completion: .file(extensions: MeshFormat.allCases.map(\.rawValue)))
    var models: [String]

    @Option(help: "The operations to time, separated by commas. (default: all)")
    var operations: String?

    @Option(help: "How many times the clock runs.")
    var runs = 5

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var common: RunOptions

    @Flag(help: .hidden)
    var here = false

    func validate() throws {
      if !(1...100_000).contains(runs) { throw ValidationError("--runs is a number from 1 to 100000.") }
      if models.contains("-") {
        throw ValidationError("A benchmark needs files; standard input is read only once.")
      }
    }

    func run() async throws {
      let chosen = try chosenOperations()
      // Wrong units are refused once, before anything is timed.
      let reader = try InputReader(reading)
      if here {
        try measure(chosen[0], on: models[0], reader)
      } else {
        try await measureEach(chosen)
      }
    }

    private func chosenOperations() throws(Failure) -> [BenchmarkOperation] {
      guard let operations else { return BenchmarkOperation.all }
      var chosen: [BenchmarkOperation] = []
      for name in operations.split(separator: ",") {
        guard let operation = BenchmarkOperation.named(String(name)) else {
          let known = BenchmarkOperation.all.map(\.name).joined(separator: ", ")
          throw .usage("\(name) cannot be timed in this version; there are \(known)", argument: "operations")
        }
        chosen.append(operation)
      }
      guard !chosen.isEmpty else { throw .usage("none is named", argument: "operations") }
      return chosen
    }

    /// Times one operation in this process, and prints its result in one line.
    private func measure(_ operation: BenchmarkOperation, on model: String, _ reader: InputReader) throws {
      let scratch = try ScratchFolder()
      defer { scratch.remove() }
      let result: BenchmarkResult
      do throws(MeshError) {
        result = try operation.measure(
          BenchmarkInput(path: model, importOptions: reader.options, scratchFolder: scratch.path),
          runs: runs, common.context())
      } catch {
        throw Failure(error, during: .reading, file: model)
      }
      writeToStandardOutput(common.json ? result.json.text() + "\n" : Benchmark.row(result))
    }

    /// Times every operation on every model, each in a process of its own. The first failure ends it.
    private func measureEach(_ operations: [BenchmarkOperation]) async throws {
      if !common.json { writeToStandardOutput(Benchmark.header) }
      var results: [String] = []
      for model in models {
        for operation in operations {
          let child = try await ChildProcess.run(arguments(operation, model))
          guard child.status == 0 else {
            if common.json { writeToStandardOutput(child.output) }
            throw ExitCode(Signals.exitStatus ?? child.status)
          }
          if common.json {
            results.append(child.output.split(separator: "\n").joined())
          } else {
            writeToStandardOutput(child.output)
          }
        }
      }
      if common.json {
        writeToStandardOutput("{\"results\": [\n  " + results.joined(separator: ",\n  ") + "\n]}\n")
      }
    }

    private func arguments(_ operation: BenchmarkOperation, _ model: String) -> [String] {
      var arguments = ["benchmark", "--here", "--operations", operation.name, "--runs", String(runs)]
      if let units = reading.measurementUnits { arguments += ["--measurement-units", units] }
      if reading.salvage { arguments.append("--salvage") }
      if let threads = common.threads { arguments += ["--threads", String(threads.count)] }
      if let budget = common.memoryBudget { arguments += ["--memory-budget", String(budget.bytes)] }
      if common.json { arguments.append("--json") }
      return arguments + ["--", model]
    }

    private static var operationLines: String {
      let width = BenchmarkOperation.all.map(\.name.count).max() ?? 0
      return BenchmarkOperation.all.map { $0.name.padded(to: width + 2) + $0.summary }.joined(separator: "\n")
    }

    private static let columns = [18, 10, 11, 14, 10]

    private static var header: String {
      line(["operation", "least s", "median s", "Mtriangles/s", "peak MB"], "model and work")
    }

    private static func row(_ result: BenchmarkResult) -> String {
      let work = result.work.map { "\($0.name) \($0.value.asNumber?.readable ?? $0.value.text())" }
      return line(
        [
          result.operation, seconds(result.leastSeconds), seconds(result.medianSeconds),
          (result.trianglesPerSecond / 1e6).readable, Int((Double(result.peakBytes) / 1e6).rounded()).grouped,
        ], result.model + ": " + work.joined(separator: ", "))
    }

    private static func line(_ cells: [String], _ last: String) -> String {
      cells[0].padded(to: columns[0])
        + zip(cells, columns).dropFirst().map { $0.paddedLeft(to: $1) }.joined() + "  " + last + "\n"
    }

    /// With five decimals, for work of microseconds.
    private static func seconds(_ seconds: Double) -> String {
      let fraction = String(Int((seconds * 1e5).rounded()) % 100_000)
      return "\(Int((seconds * 1e5).rounded()) / 100_000)."
        + String(repeating: "0", count: 5 - fraction.count)
        + fraction
    }
  }
#endif
