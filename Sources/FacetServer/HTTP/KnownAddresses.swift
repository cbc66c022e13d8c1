#if Server
  import Facet
  import Hummingbird

  /// Which methods an address has: the router says only whether there is one for a request.
  final class KnownAddresses: Sendable {
    private struct Route {
      let path: RouterPath
      let method: HTTPRequest.Method
    }

    private let routes = Lock<[Route]>([])

    /// Learns the routes; the middleware that asks for them stands before them, so it comes first.
    func take(from router: Router<ServerContext>) {
      let known = router.routes.map { Route(path: $0.path, method: $0.method) }
      routes.withLock { $0 = known }
    }

    /// The methods of an address in alphabetical order; nil when there is no such address.
    func methods(of path: String) -> [String]? {
      let parts = path.lowercased().split(separator: "/")
      let routes = routes.withLock { $0 }
      var methods = Set(routes.filter { $0.path.matches(parts) }.map { $0.method.rawValue })
      // Each GET has a HEAD, which the router makes.
      if methods.contains("GET") { methods.insert("HEAD") }
      return methods.isEmpty ? nil : methods.sorted()
    }
  }

  extension RouterPath {
    fileprivate func matches(_ parts: [Substring]) -> Bool {
      count == parts.count && zip(self, parts).allSatisfy { element, part in element ~= part }
    }
  }
#endif
