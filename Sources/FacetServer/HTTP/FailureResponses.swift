#if Server
  import FacetContract
  import Hummingbird

  /// Whatever goes wrong is answered as the API documents it: JSON with a code, never an empty body.
  struct FailureResponses: RouterMiddleware {
    let presenter: ToolkitPresenter
    let addresses: KnownAddresses

    func handle(
      _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
      do {
        return try await next(request, context)
      } catch {
        let reply = reply(to: error, request, context)
        return request.method == .head ? reply.createHeadResponse() : reply
      }
    }

    private func reply(to error: any Error, _ request: Request, _ context: ServerContext) -> Response {
      if let error = error as? HTTPError, error.status == .notFound,
        let methods = addresses.methods(of: request.uri.path), !methods.contains(request.method.rawValue)
      {
        let list = methods.joined(separator: ", ")
        let failure = ToolkitFailure(.invalidParameter("method"), detail: "this address takes \(list)")
        return .json(failure.json.text(), status: .methodNotAllowed, headers: [.allow: list])
      }
      let failure = ToolkitFailure(error, presenter.settings)
      if case .serverError = failure.first {
        context.logger.error("request failed", metadata: ["error": "\(error)"])
      }
      return presenter.failure(failure)
    }
  }
#endif
