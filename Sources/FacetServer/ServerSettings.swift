#if Server
  import FacetContract
  import FacetService

  /// What the operator of a server decides.
  public struct ServerSettings: Sendable {
    public var host = "127.0.0.1"
    /// 0 for any that is free.
    public var port = 8080
    /// Paths of the certificate chain and the key, in PEM; nil to serve plain HTTP.
    public var tls: TLSFiles?
    /// Whether the page is served at `/`.
    public var servesPage = true
    public var service = ServiceSettings()
    public var toolkit = ToolkitSettings()
    public var generation = GenerationServerSettings()

    public struct TLSFiles: Sendable {
      public var certificate: String
      public var key: String

      public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
      }
    }

    public init() {}
  }
#endif
