#if Server
  import FacetContract
  import Hummingbird

  /// Whatever goes wrong is answered as the API that was asked documents it.
  struct FailureResponses: RouterMiddleware {
    let presenter: ToolkitPresenter
    let generation: GenerationFailures
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
      var allowed: [String]?
      if let error = error as? HTTPError, error.status == .notFound {
        allowed = addresses.methods(of: request.uri.path)
        if allowed?.contains(request.method.rawValue) == true { allowed = nil }
      }
      if request.uri.path.lowercased().hasPrefix(GenerationFailures.prefix) {
        return generation.reply(to: error, context, methods: allowed)
      }
      if let methods = allowed {
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
