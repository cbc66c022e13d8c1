#if Server
  import FacetService
  import Foundation
  import HTTPTypes
  import Hummingbird
  import Logging

  /// Writes a line for each request into the log, counts it, and gives its id to the client.
  struct Measuring: RouterMiddleware {
    let metrics: RequestMetrics

    func handle(
      _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
      let start = ContinuousClock.now
      var response = try await next(request, context)
      let duration = start.duration(to: .now)
      let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
      let route = context.endpointPath ?? "NotFound"
      metrics.count(request.method.rawValue, route, Int(response.status.code), seconds)
      context.logger.info(
        "request",
        metadata: [
          "method": "\(request.method.rawValue)", "path": "\(request.uri.path)",
          "status": "\(response.status.code)",
          "milliseconds": "\(Int(seconds * 1000))",
        ])
      response.headers[.requestId] = context.id
      response.headers[.contentTypeOptions] = "nosniff"
      return response
    }
  }

  extension HTTPField.Name {
    static let requestId = HTTPField.Name("X-Request-Id")!
    static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options")!
    static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy")!
  }
#endif
