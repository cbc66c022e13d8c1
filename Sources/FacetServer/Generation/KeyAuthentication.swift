#if Server
  import FacetContract
  import FacetService
  import Foundation
  import Hummingbird

  /// Finds out whose key a request has.
  struct KeyAuthentication: RouterMiddleware {
    let keys: APIKeys

    func handle(
      _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
      guard let text = request.bearerToken else { throw GenerationError.invalidAPIKey }
      var context = context
      context.key = try await keys.key(text)
      return try await next(request, context)
    }
  }

  /// Lets tokens pass that were made for managing keys.
  struct AdministratorAuthentication: RouterMiddleware {
    let tokens: Tokens

    func handle(
      _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
      guard let token = request.bearerToken else { throw GenerationError.invalidAPIKey }
      try await tokens.requireAdministrator(token)
      return try await next(request, context)
    }
  }

  extension ServerContext {
    /// The key of the request, and whose it is.
    func requireKey() throws -> (key: APIKey, account: Account) {
      guard let key else { throw GenerationError.invalidAPIKey }
      return key
    }
  }
#endif
