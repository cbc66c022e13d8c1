#if CommandLine
  import ArgumentParser
  import FacetBatch
  import FacetContract
  import FacetOperations

  /// Reports of batches.
  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make one report of a batch that was done in parts.", subcommands: [Merge.self])

    struct Merge: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Join the reports of a batch's shards.",
        discussion: """
          Writes report.jsonl (a line a file, sorted by name), report.csv and report.html: the same bytes, however the \
          batch was divided, in whatever order its parts ended, however often they were interrupted. What differs from \
          run to run, when a file was done and how long it took, is left out unless --timings is given.

          Files and pictures stay where they are; the page has the pictures in it, and links to files/ beside it. Inputs \
          without a record are listed as missing.

          EXAMPLES:
            facet report merge result -o result
                of shards that share a folder
            facet report merge machine1/result machine2/result -o all

          EXIT STATUS:
            0    all files are done
            1    some failed, and would fail again
            2    the folders are of no batch, or of different ones
            75   some are missing, or may do better next time: run facet batch again with --resume
          """)

      @Argument(help: ArgumentHelp("The folders of the batch.", valueName: "folder"), completion: .directory)
      var folders: [String]

      @Option(
        name: [.customShort("o"), .customLong("out"), .customLong("output")],
        help: ArgumentHelp("The folder for the reports.", valueName: "folder"), completion: .directory)
      var out: String

      @Flag(help: "Keep when each file was done, and how long it took.")
      var timings = false

      @Flag(help: "Print one JSON object about the whole batch on standard output.")
      var json = false

      func run() throws {
        let (totals, page) = try validated { () throws(ToolkitFailure) in
          let report = try BatchReport(of: folders.map(BatchFolder.init))
          return (
            report.totals,
            try report.write(to: BatchFolder(out), asMerged: true, keepsTimings: timings)
          )
        }
        let summary = BatchSummary(totals)
        if json {
          writeToStandardOutput(summary.json(report: page).text(pretty: true) + "\n")
        } else {
          writeToStandardOutput(summary.text + "  → \(page)\n")
        }
        if summary.exitStatus != 0 { throw ExitCode(summary.exitStatus) }
      }
    }
  }
#endif
