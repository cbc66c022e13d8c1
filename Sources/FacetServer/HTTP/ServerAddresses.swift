#if Server
  import Hummingbird

  /// How clients see this server.
  struct ServerAddresses: Sendable {
    let servesTLS: Bool

    /// `https://host:port`, as the client sees it: a proxy that adds TLS says so.
    func origin(of request: Request) -> String {
      guard let host = request.head.authority else { return "" }
      let isSecure = servesTLS || request.headers[.init("X-Forwarded-Proto")!]?.lowercased() == "https"
      return (isSecure ? "https://" : "http://") + host
    }
  }
#endif
