#if CommandLine
  import ArgumentParser
  import Facet
  import FacetBatch
  import FacetContract
  import FacetOperations
  import Foundation

  /// Many files through one pipeline.
  struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "batch",
      abstract: "Run the same operations on many files, and report on each.",
      discussion: """
        Never stops for a bad file: one that cannot be read, crashes, or takes too long or too much memory is \
        reported, and the rest goes on. Each file is worked on in a worker process; a file that needs more memory \
        than its worker's share is left to the end, and is then worked on alone.

        In the folder of -o: report.jsonl with a line a file as it ends, files/ with what the steps made, and at the end \
        report.csv and report.html, one page with pictures that needs nothing else. An input that is found in a folder \
        keeps its place below that folder; others keep their names; names that would collide get a few digits.

        --resume goes on where a run was stopped, killed or failed, and does what has changed since: files are \
        compared by their content, the steps and the version of Facet. The results are the same bytes however often \
        a run was interrupted, with any --jobs and any --shard.

        Ctrl-C finishes the files that are worked on; once more, or SIGTERM, drops them.

        EXAMPLES:
          facet batch parts/ --steps repair,thumbnail -o result
          facet batch *.stl --steps 'repair,wall-thickness-analysis:minimal-wall-thickness-mm=0.8' -o result --resume
          facet batch --manifest list.txt --pipeline steps.yaml -o result --jobs 8 --timeout 120
              where steps.yaml is
                measurementUnits: inch
                steps:
                  - repair
                  - operation: reduce-triangles
                    accuracyMm: 0.05
          facet batch parts/ --steps repair -o result --shard 3/8
              the third of eight machines; then, on one of them:  facet report merge result -o result

        A task of a Slurm job array (1 to n) knows its shard by itself, and takes SLURM_CPUS_PER_TASK for --jobs; a pod \
        of an indexed Kubernetes job needs --shards, or FACET_SHARDS in its environment.

        EXIT STATUS:
          0    all files are done
          1    some failed, and would fail again
          2    the request was wrong; nothing was done
          75   some may do better next time (a full disk, say): run it again with --resume
          130  stopped by Ctrl-C; 143 by SIGTERM: go on with --resume
        """)

    @Argument(
      help: ArgumentHelp(
        "Files, and folders that are searched for STL, OBJ, PLY and OFF.", valueName: "input"),
      completion: .file())
    var inputs: [String] = []

    @Option(
      help: ArgumentHelp(
        """
        A file that lists inputs, a line each: a path, or {"input": "path", "name": "what to call it"}; - is standard \
        input.
        """, valueName: "file"),
      completion: .file(extensions: ["txt", "jsonl"]))
    var manifest: String?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("The operations and their options, as for facet run: repair,thumbnail:width=800."))
    var steps: String?

    @Option(
      help: ArgumentHelp("The operations as a YAML or JSON file, instead of --steps.", valueName: "file"),
      completion: .file(extensions: ["yaml", "yml", "json"]))
    var pipeline: String?

    @Option(
      name: [.customShort("o"), .customLong("out"), .customLong("output")],
      help: ArgumentHelp("The folder for the results and the reports.", valueName: "folder"),
      completion: .directory)
    var out: String

    @Flag(help: "Go on with what an earlier run has left in the folder.")
    var resume = false

    @Option(help: "Files that are worked on at the same time. (default: the processors)")
    var jobs: ThreadCount?

    @Option(
      help:
        "Processor threads that each file is worked on with. (default: the processors, divided by the jobs)")
    var threads: ThreadCount?

    @Option(
      help: ArgumentHelp(
        "Do a part of the batch: the i-th of n. (default: what Slurm or Kubernetes says, else all)",
        valueName: "i/n"))
    var shard: Shard?

    @Option(
      help: ArgumentHelp(
        "How many parts there are, where only the scheduler knows which this is.", valueName: "n"))
    var shards: Int?

    @Option(help: ArgumentHelp("The time that one file may take.", valueName: "seconds"))
    var timeout: Double = 600

    @Option(
      help: ArgumentHelp(
        "The memory for all files that are worked on together, like 8G. (default: three quarters of the machine's)",
        valueName: "size"))
    var memoryBudget: ByteCount?

    @Flag(inversion: .prefixedNo, help: "Draw each part before and after for the report.")
    var pictures = true

    @OptionGroup var reading: ReadingOptions

    @Flag(name: .shortAndLong, help: "No progress, no news of single files.")
    var quiet = false

    @Flag(help: "Print one JSON object about the whole batch on standard output, and nothing else there.")
    var json = false

    func run() async throws {
      let batch = try validated { () throws(ToolkitFailure) in try makeBatch() }
      let progress = BatchProgress(total: batch.shardInputs.count, quiet: quiet)
      do {
        try await BatchStop.during(batch, progress)
      } catch let failure as ToolkitFailure {
        await progress.finish()
        throw Failure(failure)
      }
      await progress.finish()
      try end(batch, await progress.summary)
    }

    private func makeBatch() throws(ToolkitFailure) -> Batch {
      let pipeline = try makePipeline()
      var list = InputList()
      for input in inputs { try list.add(input) }
      if let manifest { try list.add(lines: try BatchCommand.text(of: manifest), of: manifest) }
      guard !inputs.isEmpty || manifest != nil else {
        throw ToolkitFailure(.invalidParameter("inputs"), detail: "give files, folders or a --manifest")
      }
      guard timeout > 0, timeout.isFinite else {
        throw ToolkitFailure(.invalidParameter("timeout"), detail: "give a number of seconds above 0")
      }
      return Batch(
        pipeline: pipeline, inputs: try list.inputs(), folder: BatchFolder(out),
        options: BatchOptions(
          jobs: jobs?.count ?? number(in: "SLURM_CPUS_PER_TASK"), threads: threads?.count, timeout: timeout,
          memoryBudget: memoryBudget?.bytes,
          shard: try chosenShard(),
          resumes: resume, drawsPictures: pictures,
          isolation: .processes(executable: ChildProcess.executable, arguments: ["batch-worker"]),
          stop: Signals.cancellation))
    }

    private func chosenShard() throws(ToolkitFailure) -> Shard? {
      if let shard { return shard }
      return try Shard.scheduled(environment, count: shards ?? number(in: "FACET_SHARDS"))
    }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    private func number(in variable: String) -> Int? { environment[variable].flatMap { Int($0) } }

    private func makePipeline() throws(ToolkitFailure) -> PipelineRequest {
      switch (steps, pipeline) {
      case (let steps?, nil):
        var members: [JSONValue.Member] = []
        if let units = reading.measurementUnits { members.append(.init("measurementUnits", .string(units))) }
        if reading.salvage { members.append(.init("salvage", true)) }
        return try PipelineRequest(reading: members, steps: steps)
      case (nil, let file?):
        guard reading.measurementUnits == nil, !reading.salvage else {
          throw ToolkitFailure(
            .invalidParameter("pipeline"),
            detail: "the file says how inputs are read: measurementUnits, salvage")
        }
        return try PipelineFile.read(file)
      default: throw ToolkitFailure(.invalidParameter("steps"), detail: "give either --steps or --pipeline")
      }
    }

    private static func text(of manifest: String) throws(ToolkitFailure) -> String {
      do throws(MeshError) {
        let source = manifest == "-" ? try ByteSource.standardInput() : try ByteSource.file(manifest)
        return String(decoding: try source.bytes(0..<source.count), as: UTF8.self)
      } catch {
        throw ToolkitFailure(error, during: .reading, file: displayName(manifest))
      }
    }

    /// Tells how it went, and ends with the status that says so.
    private func end(_ batch: Batch, _ summary: BatchSummary) throws {
      let isWhole = batch.options.shard?.isWhole ?? true
      var report: String?
      if isWhole {
        report = try validated { () throws(ToolkitFailure) in
          try BatchReport(of: [batch.folder]).write(to: batch.folder)
        }
      }
      if json {
        writeToStandardOutput(summary.json(report: report).text(pretty: true) + "\n")
      } else {
        writeToStandardOutput(summary.text)
        if let report { writeToStandardOutput("  → \(report)\n") }
      }
      let status = Signals.exitStatus ?? summary.exitStatus
      if status != 0 { throw ExitCode(status) }
    }
  }

  extension Shard: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
  }
#endif
