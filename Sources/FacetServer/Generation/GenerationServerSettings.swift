#if Server
  import FacetGeneration

  /// What the operator of a server decides about generation.
  public struct GenerationServerSettings: Sendable {
    /// Where CadQuery is installed.
    public var environment = SandboxEnvironment.standard
    /// A language model that writes the programs; nil for the embedded grammar and outline tracing.
    public var model: ChatEndpoint?
    /// What programs are allowed in place of what the design mode says.
    public var limits = LimitChanges()

    public init() {}

    var generator: any PartGenerator {
      Generator(in: Sandbox(environment), model, limits)
    }
  }
#endif
