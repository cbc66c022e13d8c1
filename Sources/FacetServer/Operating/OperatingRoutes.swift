#if Server
  import FacetOperations
  import FacetService
  import Hummingbird

  /// For whoever runs the server; none of it needs a token, and none tells of accounts.
  struct OperatingRoutes {
    let service: FacetService
    let metrics: RequestMetrics

    func add(to router: Router<ServerContext>) {
      router.get("health") { _, _ -> JSONValue in ["status": "ok"] }
      router.get("ready") { [service] _, _ in
        await service.isReady()
          ? .json(#"{"status":"ready"}"#, status: .ok)
          : Response.json(#"{"status":"not ready"}"#, status: .serviceUnavailable)
      }
      router.get("metrics") { [service, metrics] _, _ in
        Response(
          status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
          body: .init(byteBuffer: ByteBuffer(string: metrics.text(service.figures))))
      }
      router.get("openapi.json") { _, _ in
        Response.json(OpenAPIDocument.text, status: .ok, headers: [.cacheControl: "public, max-age=300"])
      }
    }
  }
#endif
