#if CommandLine
  extension Generator {
    #if Server
      /// With the embedded planners, and in their place a language model for what it can do.
      public init(in sandbox: Sandbox, _ endpoint: ChatEndpoint?, _ changes: LimitChanges = LimitChanges()) {
        self.init(in: sandbox, changes)
        guard let endpoint else { return }
        let model = LanguageModelPlanner(endpoint)
        words = model
        if endpoint.seesPictures { pictures = model }
      }
    #endif

    /// With the embedded planners: the grammar for words, outline tracing for pictures.
    public init(in sandbox: Sandbox, _ changes: LimitChanges = LimitChanges()) {
      self.init(
        words: GrammarPlanner(), pictures: PicturePlanner(sandbox: sandbox), sandbox: sandbox,
        changes: changes)
    }
  }
#endif
