#if CommandLine
  import ArgumentParser
  import FacetGeneration

  struct GenerationEnvironmentOption: ParsableArguments {
    @Option(
      name: .customLong("environment"),
      help: ArgumentHelp(
        "Where CadQuery is set up. (default: FACET_GENERATION, else ~/.local/share/facet/generation)",
        valueName: "folder"))
    var path: String?

    var chosen: SandboxEnvironment { path.map { SandboxEnvironment($0) } ?? .standard }
  }
#endif
