#if Server
  import FacetContract
  import FacetService
  import Foundation
  import Hummingbird

  /// Finds out whose token a request has.
  struct Authentication: RouterMiddleware {
    let tokens: Tokens

    func handle(
      _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
      guard let token = request.bearerToken else {
        throw ToolkitFailure(
          .accessDenied(.missingOrInvalid), detail: "send Authorization: Bearer with an access token")
      }
      var context = context
      context.account = try await tokens.account(of: token)
      return try await next(request, context)
    }
  }

  extension Request {
    /// What follows `Authorization: Bearer`.
    var bearerToken: String? {
      guard let header = headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return nil }
      return header.dropFirst(7).trimmingCharacters(in: .whitespaces)
    }
  }

  extension ServerContext {
    /// The account of the request's token.
    func requireAccount() throws -> Account {
      guard let account else { throw ServiceError.wrongCredentials }
      return account
    }
  }
#endif
