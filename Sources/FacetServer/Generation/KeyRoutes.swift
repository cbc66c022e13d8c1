#if Server
  import FacetContract
  import FacetOperations
  import FacetService
  import Hummingbird

  /// Keys over HTTP: their owner makes the signing secret anew, and administrators do the rest.
  struct KeyRoutes {
    let service: FacetService
    let presenter: GenerationPresenter

    func add(to group: RouterGroup<ServerContext>) {
      group.group().add(middleware: KeyAuthentication(keys: service.keys))
        .post("keys/:key/rotate-secret", use: rotateSecret)
      group.group().add(middleware: AdministratorAuthentication(tokens: service.tokens))
        .post("keys", use: create)
        .get("keys", use: list)
        .delete("keys/:key", use: revoke)
        .post("keys/:key/credits", use: addCredits)
    }

    /// Only by the key itself: whoever has another one learns not even that this one exists.
    @Sendable func rotateSecret(_ request: Request, _ context: ServerContext) async throws -> Response {
      let (key, _) = try context.requireKey()
      guard try context.parameters.require("key") == key.id else { throw GenerationError.jobNotFound }
      let (rotated, secret) = try await onDisk { try service.keys.rotateSecret(of: key.id) }
      return reply(rotated, [.init("signing_secret", .string(secret))])
    }

    @Sendable func create(_ request: Request, _ context: ServerContext) async throws -> Response {
      let body = try await request.json()
      let account = body["account"]?.asString ?? Account.firstName
      guard let name = body["name"]?.asString else { throw GenerationError.invalidInput("name is required") }
      let credits = body["credits"].flatMap { $0 == .null ? nil : $0 } ?? 0
      guard let count = credits.asInteger, count >= 0 else {
        throw GenerationError.invalidInput("credits must be a whole number from 0")
      }
      let new = try await onDisk { try service.keys.create(name, for: account, credits: count) }
      return reply(
        new.key,
        [.init("api_key", .string(new.text)), .init("signing_secret", .string(new.signingSecret))],
        status: .created)
    }

    @Sendable func list(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let keys = try await onDisk { try service.keys.list() }
      return ["keys": .array(keys.map { presenter.key($0) })]
    }

    @Sendable func revoke(_ request: Request, _ context: ServerContext) async throws -> Response {
      let id = try context.parameters.require("key")
      return reply(try await onDisk { try service.keys.revoke(id) })
    }

    @Sendable func addCredits(_ request: Request, _ context: ServerContext) async throws -> Response {
      let id = try context.parameters.require("key")
      guard let count = try await request.json()["credits"]?.asInteger, count > 0 else {
        throw GenerationError.invalidInput("credits must be a whole number from 1")
      }
      return reply(try await onDisk { try service.keys.addCredits(count, to: id) })
    }

    private func reply(
      _ key: APIKey, _ secrets: [JSONValue.Member] = [], status: HTTPResponse.Status = .ok
    ) -> Response {
      .json(presenter.key(key, secrets: secrets).text(), status: status)
    }

    private func onDisk<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
      try await service.diskThreads.runIfActive(body)
    }
  }
#endif
