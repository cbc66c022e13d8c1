#if Server
  import FacetContract
  import FacetOperations
  import FacetService
  import Hummingbird

  /// Asking for an operation, for how far it is, and for what came of it.
  struct OperationRoutes {
    let service: FacetService
    let presenter: ToolkitPresenter

    func add(to group: RouterGroup<ServerContext>) {
      // The router wants one name for the place: of an operation to begin, or of one that was begun.
      group.post(":operation", use: submit)
      group.get(":operation/status", use: status)
      group.get(":operation/:name/result", use: result)
    }

    @Sendable func submit(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let account = try context.requireAccount()
      let name = try context.parameters.require("operation").lowercased()
      let order = try ToolkitContract.validate(name, try await request.json())
      let input: String? =
        switch order.input {
        case .file(let id), .model(let id): id
        case nil: nil
        }
      let job = try await service.jobs.submit(
        name, order.json.text(), input: input, callbackURL: order.callbackURL, for: account)
      return ["operationId": .string(job.id)]
    }

    @Sendable func status(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let (job, progress) = try await service.jobs.progress(
        context.parameters.require("operation"), of: context.requireAccount())
      return presenter.status(of: job, progress: progress)
    }

    @Sendable func result(_ request: Request, _ context: ServerContext) async throws -> Response {
      let job = try await service.jobs.job(
        context.parameters.require("operation"), of: context.requireAccount())
      // An id with another operation's name is no operation that there is.
      guard try context.parameters.require("name").lowercased() == job.name else {
        throw ServiceError.operationNotFound(job.id)
      }
      return try presenter.result(of: job)
    }
  }
#endif
