#if Server
  import FacetContract
  import FacetOperations
  import FacetService
  import Foundation
  import HTTPTypes
  import Hummingbird

  /// Says what the service knows in the generation API's words.
  struct GenerationPresenter: Sendable {
    let settings: GenerationSettings

    /// Whatever has become of the job since: the answer to a repeated request is the answer to the first.
    func accepted(_ job: Job) -> Response {
      let reply: JSONValue = ["job_id": .string(job.id), "status": "queued"]
      return .json(reply.text(), status: .accepted)
    }

    /// - Parameter origin: `https://host:port`, which the link to the job's file begins with.
    func job(_ job: Job, _ origin: String, _ downloads: DownloadLinks) -> JSONValue {
      let order = GenerationOrder(job.request)
      let end = end(of: job)
      var downloadURL: JSONValue = .null
      var tokens: JSONValue = .null
      var code: JSONValue = .null
      var message: JSONValue = .null
      switch end {
      case .made(let file, let used)?:
        let link = downloads.link(to: file, of: job.id)
        let path = "\(GenerationFailures.prefix)downloads/\(job.id)/\(file)"
        downloadURL = .string("\(origin)\(path)?expires=\(link.expires)&signature=\(link.signature)")
        tokens = .integer(used)
      case .failed(let failure, let text)?: (code, message) = (.string(failure), .string(text))
      case nil: break
      }
      let milliseconds = job.finishedAt.map { Int(($0.timeIntervalSince(job.createdAt) * 1000).rounded()) }
      return [
        "job_id": .string(job.id), "status": .string(Status(job.state).rawValue),
        "design_mode": order.map { .string($0.designMode.rawValue) } ?? .null,
        "output_format": order.map { .string($0.outputFormat.rawValue) } ?? .null,
        "created_at": .string(GenerationPresenter.time(job.createdAt)),
        "completed_at": job.finishedAt.map { .string(GenerationPresenter.time($0)) } ?? .null,
        "download_url": downloadURL, "error_code": code, "error_message": message, "tokens_used": tokens,
        "latency_ms": milliseconds.map(JSONValue.integer) ?? .null,
        "metadata": order?.metadata ?? .object([]),
      ]
    }

    /// What came of a job; nil while nothing has.
    func end(of job: Job) -> GenerationOutcome? {
      switch job.state {
      case .queued, .running: nil
      case .succeeded, .failed:
        job.outcome.flatMap(GenerationOutcome.init) ?? GenerationOutcome(GenerationJobError(.internalError))
      case .timedOut: GenerationOutcome(GenerationJobError(.sandboxTimeout))
      case .interrupted: GenerationOutcome(GenerationJobError(.internalError))
      }
    }

    /// The states as the API names them.
    enum Status: String, CaseIterable {
      case queued, processing, success, failed

      init(_ state: Job.State) {
        switch state {
        case .queued: self = .queued
        case .running: self = .processing
        case .succeeded: self = .success
        case .failed, .timedOut, .interrupted: self = .failed
        }
      }
    }

    func key(_ key: APIKey, secrets: [JSONValue.Member] = []) -> JSONValue {
      .object(
        [
          .init("api_key_id", .string(key.id)), .init("name", .string(key.name)),
          .init("last_four", .string(key.lastFour)), .init("credits", .integer(key.credits)),
          .init("created_at", .string(GenerationPresenter.time(key.createdAt))),
          .init(
            "signing_secret_rotated_at",
            key.rotatedAt.map { .string(GenerationPresenter.time($0)) } ?? .null),
          .init("revoked_at", key.revokedAt.map { .string(GenerationPresenter.time($0)) } ?? .null),
        ] + secrets)
    }

    func failure(_ error: GenerationError) -> Response {
      var headers = HTTPFields()
      if let seconds = error.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
      if case .invalidAPIKey = error { headers[.wwwAuthenticate] = "Bearer" }
      let status = HTTPResponse.Status(code: error.httpStatus)
      guard let json = error.json else { return Response(status: status, headers: headers) }
      return .json(json.text(), status: status, headers: headers)
    }

    /// What is no documented error of a call: the server's own troubles, and the methods of an address.
    func failure(
      _ code: String, _ message: String, _ status: HTTPResponse.Status, _ headers: HTTPFields = [:]
    )
      -> Response
    {
      let body: JSONValue = ["error_code": .string(code), "message": .string(message)]
      return .json(body.text(), status: status, headers: headers)
    }

    private static func time(_ date: Date) -> String {
      date.ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
  }
#endif
