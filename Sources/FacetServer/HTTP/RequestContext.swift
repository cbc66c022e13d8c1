#if Server
  import FacetService
  import Hummingbird

  /// What is known about a request besides its bytes.
  struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Whose token the request has; middleware sets it.
    var account: Account?
    /// The key that the request has, and whose it is; middleware sets it.
    var key: (key: APIKey, account: Account)?

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
  }
#endif
