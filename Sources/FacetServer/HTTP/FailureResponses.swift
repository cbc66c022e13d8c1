#if Server
  import FacetContract
  import Hummingbird

  /// Whatever goes wrong is answered as the API documents it: JSON with a code, never an empty body.
  struct FailureResponses: RouterMiddleware {
    let presenter: ToolkitPresenter

    func handle(
      _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
      do {
        return try await next(request, context)
      } catch {
        let failure = ToolkitFailure(error, presenter.settings)
        if case .serverError = failure.first {
          context.logger.error("request failed", metadata: ["error": "\(error)"])
        }
        return presenter.failure(failure)
      }
    }
  }
#endif
