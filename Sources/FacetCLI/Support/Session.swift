#if CommandLine
  import ArgumentParser
  import Facet
  import FacetContract
  import FacetOperations

  /// One invocation of a command: does the work for each input, tells what came of it, and decides the exit
  /// status. What fails on one input does not keep the others from being worked on.
  struct Session {
    let options: RunOptions
    /// Whether a file goes to standard output; reports for people then go to standard error.
    var standardOutputIsTaken = false

    /// What came of one input.
    struct Outcome {
      /// For `--json`.
      var fields: [JSONValue.Member]
      /// For people: the lines of the report.
      var text = ""
      /// What was odd about the input, for people.
      let warnings: [String]
      /// Whether the text is what was asked for, and not news about a file that was written.
      let isAnswer: Bool

      init(_ input: OperationInput, fields: [JSONValue.Member], isAnswer: Bool) {
        self.fields = fields
        self.isAnswer = isAnswer
        warnings = input.report?.messages ?? []
        if !fields.contains(where: { $0.name == "warnings" }) {
          self.fields.append(.init("warnings", .array(warnings.map(JSONValue.string))))
        }
      }

      mutating func addWritten(_ paths: [String], as name: String = "output") {
        for path in paths { text += "  → \(path)\n" }
        fields.append(.init(name, .string(paths[0])))
      }

      mutating func addPicture(_ path: String) {
        text += "  → \(path)\n"
        fields.append(.init("picture", .string(path)))
      }
    }

    /// - Throws: `ExitCode` when the work failed on an input; everything has been said then.
    func run(
      _ inputs: [String], _ work: (_ path: String, _ run: RunContext) throws(Failure) -> Outcome
    ) throws {
      var results: [JSONValue] = []
      var errors: [JSONValue] = []
      var status: Int32 = 0
      for path in inputs {
        do throws(Failure) {
          let outcome = try withProgress(path) { (run) throws(Failure) in try work(path, run) }
          if options.json {
            let name: [JSONValue.Member] = inputs.count > 1 ? [.init("input", .string(path))] : []
            results.append(.object(name + outcome.fields))
          } else {
            tell(outcome, about: path)
          }
        } catch {
          writeToStandardError(error.text)
          errors += error.json
          if status == 0 { status = error.exitStatus }
        }
        if Signals.exitStatus != nil { break }
      }
      if options.json { writeToStandardOutput(Session.summary(results, errors, inputs.count) + "\n") }
      if status != 0 { throw ExitCode(status) }
    }

    private func withProgress(
      _ path: String, _ work: (RunContext) throws(Failure) -> Outcome
    ) throws(Failure) -> Outcome {
      let bar = ProgressBar(label: displayName(path), quiet: options.quiet)
      defer { bar?.finish() }
      return try work(options.context { bar?.report($0) })
    }

    private func tell(_ outcome: Outcome, about path: String) {
      if !options.quiet {
        for warning in outcome.warnings {
          writeToStandardError("warning: \(displayName(path)): \(warning)\n")
        }
      }
      guard outcome.isAnswer || !options.quiet else { return }
      if standardOutputIsTaken {
        writeToStandardError(outcome.text)
      } else {
        writeToStandardOutput(outcome.text)
      }
    }

    /// The one object that `--json` prints: of one input its result, of several a list.
    private static func summary(_ results: [JSONValue], _ errors: [JSONValue], _ inputs: Int) -> String {
      if inputs == 1 {
        return (results.first ?? ["errors": .array(errors)]).text(pretty: true)
      }
      var members: [JSONValue.Member] = [.init("results", .array(results))]
      if !errors.isEmpty { members.append(.init("errors", .array(errors))) }
      return JSONValue.object(members).text(pretty: true)
    }
  }

  extension RunOptions {
    func context(progress: (@Sendable (Double) -> Void)? = nil) -> RunContext {
      RunContext(
        threads: threads?.count, memoryBudget: memoryBudget?.bytes, cancellation: Signals.cancellation,
        progress: progress)
    }
  }

  /// How messages name an input.
  func displayName(_ path: String) -> String { path == "-" ? "standard input" : path }
#endif
