#if Server
  import FacetContract
  import FacetService
  import Foundation
  import Hummingbird
  import NIOCore

  /// `POST /token` (RFC 6749, 4.3 and 6): sessions for a password or a refresh token.
  struct TokenRoute {
    let service: FacetService
    let presenter: ToolkitPresenter
    /// Whether the page that the server itself serves may ask.
    let allowsPage: Bool

    /// The client id of that page, which has no secret.
    static let pageClient = "facet-page"

    @Sendable func answer(_ request: Request, _ context: ServerContext) async throws -> Response {
      let client = try client(request.headers[.authorization])
      // Some clients send no content type, so none is asked for.
      let form = FormBody(String(buffer: try await collected(request)))
      let grant = form["grant_type"]?.lowercased()
      let session: Session
      switch grant {
      case "password":
        let userName = try required("username", form)
        _ = try required("password", form)
        session = try await service.keyThreads.runIfActive { [service] in
          try service.tokens.open(client, userName: userName, passwords: form.candidates("password"))
        }
      case "refresh_token":
        let token = try required("refresh_token", form)
        session = try await service.keyThreads.runIfActive { [service] in
          try service.tokens.renew(client, refreshToken: token)
        }
      default:
        throw ToolkitFailure(
          .invalidParameter("grant_type"), detail: "give grant_type=password or grant_type=refresh_token")
      }
      return presenter.session(session)
    }

    private func collected(_ request: Request) async throws -> ByteBuffer {
      do {
        return try await request.body.collect(upTo: 16 << 10)
      } catch is NIOTooManyBytesError {
        throw ToolkitFailure(.invalidParameter("body"), detail: "it is longer than 16 KiB")
      }
    }

    private func required(_ name: String, _ form: FormBody) throws -> String {
      guard let value = form[name], !value.isEmpty else {
        throw ToolkitFailure(.invalidParameter(name), detail: "it is missing")
      }
      return value
    }

    /// - Throws: Code 12 without the client's `Authorization: Basic`.
    private func client(_ header: String?) throws -> Tokens.Client {
      guard let header, header.lowercased().hasPrefix("basic "),
        let data = Data(base64Encoded: header.dropFirst(6).trimmingCharacters(in: .whitespaces))
      else {
        throw ToolkitFailure(
          .accessDenied(.missingOrInvalid),
          detail: "send Authorization: Basic with the client's id and secret")
      }
      let halves = String(decoding: data, as: UTF8.self)
        .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let (id, secret) = (String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
      if allowsPage, id == TokenRoute.pageClient { return .public }
      return .registered(id: id, secret: secret)
    }
  }
#endif
