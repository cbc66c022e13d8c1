#if Server
  import FacetContract
  import FacetOperations
  import FacetService
  import Foundation
  import HTTPTypes
  import Hummingbird

  /// Says what the service knows in the toolkit API's words.
  struct ToolkitPresenter: Sendable {
    let settings: ToolkitSettings
    /// How long an operation may take, in seconds.
    let timeout: TimeInterval
    let addresses: ServerAddresses

    func session(_ session: Session) -> Response {
      let life = Int(session.expiresAt.timeIntervalSince(session.issuedAt).rounded())
      let reply: JSONValue = [
        "access_token": .string(session.accessToken), "token_type": "bearer", "expires_in": .integer(life),
        "refresh_token": .string(session.refreshToken), ".issued": .string(httpDate(session.issuedAt)),
        ".expires": .string(httpDate(session.expiresAt)),
      ]
      return .json(
        reply.text(), status: .ok,
        headers: [.cacheControl: "no-cache, no-store", .init("Pragma")!: "no-cache"])
    }

    /// - Parameter request: The one that made the file: its address begins as the request's own.
    func file(_ file: StoredFile, _ request: Request) -> JSONValue {
      [
        "fileId": .string(file.id),
        "fileUrl": .string("\(addresses.origin(of: request))/web-api/operation/file/\(file.id)"),
        "creationDate": .string(
          file.createdAt.ISO8601Format(.iso8601.year().month().day().time(includingFractionalSeconds: true))),
        "sha256": .string(file.sha256), "bytes": .integer(file.bytes),
      ]
    }

    func status(of job: Job, progress: Double) -> JSONValue {
      var members: [JSONValue.Member] = [
        .init("operationId", .string(job.id)), .init("operation", .string(job.name)),
        .init("isCompleted", .bool(job.state.isEnd)), .init("isSuccessful", .bool(job.state == .succeeded)),
        .init("progress", .number((progress * 1000).rounded() / 1000)),
      ]
      if job.state.isEnd, job.state != .succeeded { members.append(.init("errors", failure(of: job).errors)) }
      return .object(members)
    }

    /// The reply to a request for a result: what the operation found, or why there is none.
    ///
    /// - Throws: Code 73 while the operation has not ended.
    func result(of job: Job) throws(ToolkitFailure) -> Response {
      switch job.state {
      case .queued, .running: throw ToolkitFailure(.operationNotFinished(operation: "id \(job.id)"))
      case .succeeded: return .json(job.outcome ?? "{}", status: .ok)
      case .failed, .timedOut, .interrupted:
        let (status, errors) = failure(of: job)
        let reply: JSONValue = ["errors": errors]
        return .json(reply.text(), status: .init(code: status))
      }
    }

    func failure(_ failure: ToolkitFailure) -> Response {
      var headers = HTTPFields()
      if let seconds = failure.first.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
      if failure.httpStatus == 401 { headers[.wwwAuthenticate] = "Bearer" }
      return .json(failure.json.text(), status: .init(code: failure.httpStatus), headers: headers)
    }

    /// A failed operation as the store keeps it: ``result(of:)`` gives it back.
    static func stored(_ failure: ToolkitFailure) -> String {
      let kept: JSONValue = ["status": .integer(failure.httpStatus), "errors": failure.json["errors"] ?? []]
      return kept.text()
    }

    private func failure(of job: Job) -> (status: Int, errors: JSONValue) {
      func said(_ failure: ToolkitFailure) -> (Int, JSONValue) {
        (failure.httpStatus, .array(failure.entries.map(\.json)))
      }
      switch job.state {
      case .timedOut: return said(.init(.timeout, detail: "the limit is \(Int(timeout)) seconds"))
      case .failed:
        if let text = job.outcome, let kept = try? JSONValue(parsing: Data(text.utf8)),
          let status = kept["status"]?.asInteger, let errors = kept["errors"]
        {
          return (status, errors)
        }
        return said(.init(.operationFailed))
      case .interrupted, .queued, .running, .succeeded: return said(.init(.operationFailed))
      }
    }

    /// As in the headers of HTTP (RFC 9110, 5.6.7), which is RFC 1123's form.
    private func httpDate(_ date: Date) -> String { date.formatted(.http) }
  }

  extension FormatStyle where Self == Date.VerbatimFormatStyle {
    fileprivate static var http: Date.VerbatimFormatStyle {
      Date.VerbatimFormatStyle(
        format: """
          \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
          \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT
          """,
        locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    }
  }
#endif
