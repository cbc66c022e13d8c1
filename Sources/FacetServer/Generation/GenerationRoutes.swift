#if Server
  import FacetContract
  import FacetGeneration
  import FacetOperations
  import FacetService
  import Foundation
  import Hummingbird

  /// Asking for a part, for what came of it, and for its file.
  struct GenerationRoutes {
    let service: FacetService
    let presenter: GenerationPresenter
    let addresses: ServerAddresses
    let pictures: PictureCheck

    static let limits = CallLimits(
      perMinute: GenerationLimits.requestsPerMinute, perHour: GenerationLimits.requestsPerHour)
    private static let longestIdempotencyKey = 255

    func add(to group: RouterGroup<ServerContext>) {
      // The links that jobs name need no key.
      group.get("downloads/:job/:file", use: download)
      group.group().add(middleware: KeyAuthentication(keys: service.keys))
        .post(RouterPath(GenerationJobName.text.rawValue), use: makeFromText)
        .post(RouterPath(GenerationJobName.image.rawValue), use: makeFromPictures)
        .get("jobs/:job", use: job)
    }

    // MARK: Asking for a part

    @Sendable func makeFromText(_ request: Request, _ context: ServerContext) async throws -> Response {
      try await accept(.text, request, context) {
        (try GenerationContract.textToCAD(try await request.json(), presenter.settings), [])
      }
    }

    @Sendable func makeFromPictures(_ request: Request, _ context: ServerContext) async throws -> Response {
      try await accept(.image, request, context) {
        let form = try await GenerationForm(request, service.files)
        do {
          let order = try GenerationContract.imageToCAD(
            form.fields, images: form.uploads, presenter.settings)
          try await pictures.check(form.attachments.map(\.path))
          return (order, form.attachments.map(\.file))
        } catch {
          for attachment in form.attachments { service.files.remove(attachment.file) }
          throw error
        }
      }
    }

    private func accept(
      _ name: GenerationJobName, _ request: Request, _ context: ServerContext,
      _ read: () async throws -> (GenerationRequest, [Attachment])
    ) async throws -> Response {
      let (key, account) = try context.requireKey()
      let idempotencyKey = request.headers[.init("Idempotency-Key")!]
      if let idempotencyKey {
        guard (1...GenerationRoutes.longestIdempotencyKey).contains(idempotencyKey.utf8.count) else {
          throw GenerationError.invalidInput(
            "Idempotency-Key must be 1 to \(GenerationRoutes.longestIdempotencyKey) characters")
        }
        // Whatever the body is, and whatever it would cost.
        if let job = try await service.jobs.earlier(idempotencyKey, of: key) {
          return presenter.accepted(job)
        }
      }
      // Before anything of the body is read.
      try await service.keys.checkCalls(key, GenerationRoutes.limits)
      let (order, attachments): (GenerationRequest, [Attachment])
      do {
        (order, attachments) = try await read()
      } catch {
        try await service.keys.countCall(key, GenerationRoutes.limits)
        throw error
      }
      let kept = GenerationOrder(
        order, pictures: attachments.map(\.id), origin: addresses.origin(of: request))
      let job = try await service.jobs.submit(
        PaidRequest(
          name.rawValue, kept.text, attachments: attachments, callbackURL: order.callbackURL,
          credits: order.designMode.credits, idempotencyKey: idempotencyKey, limits: GenerationRoutes.limits),
        with: key, of: account)
      return presenter.accepted(job)
    }

    // MARK: What came of it

    @Sendable func job(_ request: Request, _ context: ServerContext) async throws -> Response {
      let (key, account) = try context.requireKey()
      let job = try await service.jobs.job(context.parameters.require("job"), of: key)
      if case .made(let file, _)? = presenter.end(of: job) {
        try await requireOutput(file, of: job, account.id)
      }
      let origin = addresses.origin(of: request)
      return .json(presenter.job(job, origin, service.downloads).text(), status: .ok)
    }

    @Sendable func download(_ request: Request, _ context: ServerContext) async throws -> Response {
      let id = try context.parameters.require("job")
      let file = try context.parameters.require("file")
      guard let expires = request.uri.queryParameters["expires"].flatMap({ Int($0) }),
        let signature = request.uri.queryParameters["signature"]
      else { throw GenerationError.jobNotFound }
      switch service.downloads.check(.init(expires: expires, signature: String(signature)), to: file, of: id)
      {
      case .forged: throw GenerationError.jobNotFound
      case .expired:
        return presenter.failure(
          GenerationError.Code.outputExpired.rawValue,
          "The download link has expired; ask for the job again to get a new one", .gone)
      case .good: break
      }
      let job = try await service.jobs.job(anyonesWithId: id)
      let stored = try await requireOutput(file, of: job, job.account)
      guard let response = try await service.download(stored, request, context) else {
        return presenter.failure(
          GenerationError.Code.invalidInput.rawValue, "the file has \(stored.bytes) bytes",
          .rangeNotSatisfiable, [.contentRange: "bytes */\(stored.bytes)"])
      }
      return response
    }

    /// - Throws: ``GenerationError/outputExpired`` when it is too old, or was removed before.
    @discardableResult
    private func requireOutput(_ file: String, of job: Job, _ account: String) async throws -> StoredFile {
      let age = service.settings.now().timeIntervalSince(job.createdAt)
      guard age <= Double(GenerationLimits.outputDays) * 86_400 else { throw GenerationError.outputExpired }
      return try await service.files.file(file, ofAccount: account)
    }
  }
#endif
