#if Server
  import AsyncHTTPClient
  import Foundation
  import GRDB
  import Logging
  import NIOCore

  /// Tells the addresses that requests named how their jobs ended, and tries again when nobody listens.
  ///
  /// A callback goes where a stranger says, from inside the operator's network. So the name is looked up once, every
  /// address it has must be a public one, the connection goes to the address that was checked, and no redirection is
  /// followed.
  struct Callbacks: Sendable {
    let store: Store
    let settings: ServiceSettings
    let runner: any JobRunner
    let logger: Logger
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(_ store: Store, _ settings: ServiceSettings, _ runner: any JobRunner, _ logger: Logger) {
      self.store = store
      self.settings = settings
      self.runner = runner
      self.logger = logger
      (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something may be due.
    func notice() { wake.yield() }

    /// Sends what is due until it is cancelled.
    func run() async {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          while !Task.isCancelled {
            notice()
            try? await Task.sleep(for: .seconds(5))
          }
        }
        for await _ in wakes {
          if Task.isCancelled { break }
          do {
            let jobs = try await due()
            // One listener that hangs does not keep the others waiting.
            try await withThrowingTaskGroup(of: Void.self) { group in
              for job in jobs { group.addTask { try await send(job) } }
              try await group.waitForAll()
            }
          } catch {
            logger.error("callbacks are put off", metadata: ["error": "\(error)"])
          }
        }
        group.cancelAll()
      }
    }

    private func due() async throws -> [Job] {
      let now = settings.now()
      return try await store.read { db in
        try Job.fetchAll(
          db,
          sql:
            "SELECT job.* FROM callback JOIN job ON job.id = callback.job WHERE nextAt <= ? ORDER BY nextAt LIMIT 64",
          arguments: [now])
      }
    }

    private func send(_ job: Job) async throws {
      var problem: String?
      do {
        let body = runner.notification(of: job)
        try await post(body, to: job.callbackURL ?? "", signature(of: body, job))
      } catch {
        problem = "\(error)"
      }
      let failed = problem != nil
      let now = settings.now()
      let attempts = try await store.write { [settings] db in
        let attempts =
          try Int.fetchOne(db, sql: "SELECT attempts FROM callback WHERE job = ?", arguments: [job.id]) ?? 0
        if failed, attempts < settings.callbackWaits.count {
          try db.execute(
            sql: "UPDATE callback SET attempts = ?, nextAt = ? WHERE job = ?",
            arguments: [attempts + 1, now + settings.callbackWaits[attempts], job.id])
        } else {
          try db.execute(sql: "DELETE FROM callback WHERE job = ?", arguments: [job.id])
        }
        return attempts + 1
      }
      if let problem {
        logger.warning(
          "callback failed",
          metadata: ["operation": "\(job.id)", "attempt": "\(attempts)", "error": "\(problem)"])
      }
    }

    /// Nothing for a job that no key paid for: there is no secret that its receiver knows.
    private func signature(of body: String, _ job: Job) async throws -> [(name: String, value: String)] {
      let secret = try await store.read { db in
        try String.first(
          db, "SELECT signingSecret FROM apiKey JOIN paidJob ON paidJob.apiKey = apiKey.id WHERE job = ?",
          [job.id])
      }
      guard let secret else { return [] }
      return WebhookSignature(body, id: job.id, at: settings.now(), secret: secret).headers
    }

    private func post(_ body: String, to address: String, _ headers: [(name: String, value: String)])
      async throws
    {
      guard let url = URLComponents(string: address), let host = url.host else {
        throw CallbackError.noAddress
      }
      var configuration = HTTPClient.Configuration()
      configuration.redirectConfiguration = .disallow
      configuration.timeout = .init(connect: .seconds(5), read: .seconds(10))
      configuration.connectionPool.retryConnectionEstablishment = false
      let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
      configuration.dnsOverride = [
        host: try NetworkAddress.allowed(bare, privateToo: settings.allowsPrivateCallbacks)
      ]
      let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
      do {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await client.execute(request, timeout: .seconds(15))
        guard (200..<300).contains(response.status.code) else {
          throw CallbackError.status(Int(response.status.code))
        }
        try await client.shutdown()
      } catch {
        try? await client.shutdown()
        throw error
      }
    }
  }

  enum CallbackError: Error, Sendable, Hashable {
    case noAddress
    case unknownHost(String)
    /// The name leads to this machine or into a private network.
    case privateAddress(String)
    case status(Int)
  }
#endif
