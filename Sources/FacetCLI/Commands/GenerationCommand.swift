#if CommandLine
  import ArgumentParser
  import FacetGeneration

  /// Sets up what `facet generate` works with.
  struct GenerationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "generation",
      abstract: "Set up what parts are generated with.",
      discussion: """
        Parts are made by CadQuery, a Python library, in an environment of its own: about 650 MB, from the Python Package \
        Index. Programs run in a sandbox: with bubblewrap (package bubblewrap) where it is there, else with the limits \
        and filters of the kernel alone.

        EXAMPLES:
          facet generation install
          facet generation check
        """,
      subcommands: [Install.self, Check.self])

    struct Install: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Install CadQuery; what is there already is left as it is.")
      @OptionGroup var environment: GenerationEnvironmentOption
      @Option(help: "The Python to use: 3.11 or later, with venv.") var python = "python3"
      @Flag(name: .shortAndLong, help: "Say nothing but errors.") var quiet = false

      func run() async throws {
        let quiet = quiet
        let chosen = environment.chosen
        try await reportingSandbox {
          try await chosen.install(python: python) { line in
            if !quiet { writeToStandardError(line.hasSuffix("\n") ? line : line + "\n") }
          }
        }
        if !quiet { writeToStandardOutput("CadQuery is set up in \(chosen.path)\n") }
      }
    }

    struct Check: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Try the environment, and tell how programs are confined.")
      @OptionGroup var environment: GenerationEnvironmentOption

      func run() async throws {
        let chosen = environment.chosen
        let text = try await reportingSandbox { try await chosen.check() }
        writeToStandardOutput(text.hasSuffix("\n") ? text : text + "\n")
      }
    }
  }

  /// Says what cannot be set up as other commands say what they cannot do.
  private func reportingSandbox<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as SandboxError {
      throw Failure.usage(error.description, argument: "environment")
    }
  }
#endif
