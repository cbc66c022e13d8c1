#if Server
  import ArgumentParser
  import FacetGeneration

  /// A language model that plans parts in place of the embedded grammar.
  struct ModelOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Have a language model plan parts: the address of a chat endpoint that speaks as OpenAI's does, up to and with the version. Its key is read from FACET_MODEL_KEY.",
        valueName: "https://host/v1"))
    var modelUrl: String?

    @Option(help: ArgumentHelp("The model's name there.", valueName: "name"))
    var modelName: String?

    @Flag(help: "The model can look at pictures; without this they are traced.")
    var modelSeesPictures = false

    @Option(help: ArgumentHelp("The longest that a reply may take. (default: 120)", valueName: "seconds"))
    var modelTimeout: Int?

    /// nil when none is configured.
    var endpoint: ChatEndpoint? {
      get throws {
        guard let address = Environment.text("model-url", modelUrl) else { return nil }
        guard let name = Environment.text("model-name", modelName) else {
          throw Failure.usage("give --model-name with --model-url", argument: "model-name")
        }
        let seconds = try Environment.value("model-timeout", modelTimeout) { Int($0) } ?? 120
        guard seconds > 0 else { throw Failure.usage("it must be more than 0", argument: "model-timeout") }
        return ChatEndpoint(
          address: address, model: name, apiKey: Environment.text("model-key", nil),
          seesPictures: Environment.flag("model-sees-pictures", modelSeesPictures), timeout: Double(seconds))
      }
    }
  }
#endif
