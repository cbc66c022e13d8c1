#if Server
  import Facet
  import FacetContract
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Logging
  import Testing

  /// Credits, idempotency and rate limits: nothing is paid twice, lost, or below zero.
  @Suite struct PaymentTests {
    private static func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Reply)
      async throws -> [Reply]
    {
      try await withThrowingTaskGroup(of: Reply.self) { group in
        for index in 0..<count { group.addTask { try await body(index) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }

    private static func settings(_ clock: TestClock) -> ServerSettings {
      var settings = Shop.settings
      settings.service.now = { clock.now }
      return settings
    }

    @Test func aJobIsPaidWhenItSucceedsAlone() async throws {
      try await Workshop.open(credits: 10) { workshop in
        _ = try await workshop.made(["prompt": "x", "design_mode": "pro"])
        #expect(try workshop.credits() == 8)
        for code in GenerationJobError.Code.allCases {
          let job = try await workshop.made(["prompt": .string(code.rawValue), "design_mode": "assembly"])
          #expect(job.json["error_code"] == .string(code.rawValue))
          #expect(try workshop.credits() == 8)
        }
      }
    }

    @Test func fiftyRequestsWithOneKeyAreOne() async throws {
      let folder = TemporaryFolder()
      let first = Lock<(key: String, job: String)?>(nil)
      try await Workshop.open(in: folder) { workshop in
        let replies = try await Self.concurrently(50) { index in
          try await workshop.make(["prompt": .string("part \(index)")], idempotencyKey: "550e8400")
        }
        #expect(replies.allSatisfy { $0.status == 202 && $0.json["status"] == "queued" })
        let ids = Set(replies.compactMap(\.jobId))
        #expect(ids.count == 1)
        #expect(try workshop.credits() == 99)
        // Whatever the body is.
        let other = try await workshop.call(
          .post, "/v1/text-to-cad", headers: [.init("Idempotency-Key")!: "550e8400"],
          body: ByteBuffer(string: "{"))
        #expect(other.jobId == ids.first)
        // For another key it is another request.
        let second = try workshop.service.keys.create(
          "second", for: workshop.shop.credentials.userName, credits: 5)
        let own = try await workshop.make(["prompt": "x"], key: second.text, idempotencyKey: "550e8400")
        #expect(own.status == 202 && own.jobId != ids.first)
        first.withLock { $0 = (workshop.new.text, ids.first!) }
      }
      let known = try #require(first.withLock { $0 })
      try await Workshop.open(in: folder) { workshop in
        let again = try await workshop.make(["prompt": "x"], key: known.key, idempotencyKey: "550e8400")
        #expect(again.jobId == known.job)
        #expect(try workshop.service.keys.list().first?.credits == 99)
      }
    }

    @Test func creditsAreNeverBelowZero() async throws {
      try await Workshop.open(credits: 10) { workshop in
        // More than the rate limit allows are refused for that; those in it fight for ten credits.
        let replies = try await Self.concurrently(32) { _ in
          try await workshop.make(["prompt": "x", "design_mode": "assembly"])
        }
        #expect(replies.filter { $0.status == 202 }.count == 3)
        #expect(replies.filter { $0.status == 402 }.count == 17)
        #expect(replies.filter { $0.status == 429 }.count == 12)
        for id in replies.compactMap(\.jobId) { _ = try await workshop.wait(for: id) }
        #expect(try workshop.credits() == 1)
      }
    }

    @Test func theMinuteIsExact() async throws {
      let clock = TestClock()
      try await Workshop.open(Self.settings(clock), credits: 1000) { workshop in
        for index in 0..<20 {
          #expect(try await workshop.make(["prompt": "x"]).status == 202, "\(index)")
          clock.advance(0.1)
        }
        // Two seconds after the first.
        let refused = try await workshop.make(["prompt": "x"])
        #expect(refused.status == 429 && refused.errorCode == "quota_exceeded")
        #expect(refused.headers[.retryAfter] == "58")
        // Looking is not asking for a part.
        #expect(try await workshop.job("pub_000000000000").status == 404)
        clock.advance(57.999)
        #expect(try await workshop.make(["prompt": "x"]).status == 429)
        clock.advance(0.001)
        #expect(try await workshop.make(["prompt": "x"]).status == 202)
        #expect(try await workshop.make(["prompt": "x"]).status == 429)
        clock.advance(0.1)
        #expect(try await workshop.make(["prompt": "x"]).status == 202)
        // Another key has its own window.
        let other = try workshop.service.keys.create(
          "other", for: workshop.shop.credentials.userName, credits: 1)
        #expect(try await workshop.make(["prompt": "x"], key: other.text).status == 202)
      }
    }

    @Test func theHourIsExactAlsoAfterARestart() async throws {
      let clock = TestClock()
      let folder = TemporaryFolder()
      let key = Lock("")
      try await Workshop.open(Self.settings(clock), in: folder, credits: 1000) { workshop in
        key.withLock { $0 = workshop.new.text }
        for index in 0..<100 {
          let reply = try await workshop.make(["prompt": "x"])
          #expect(reply.status == 202, "\(index)")
          clock.advance(10)
        }
      }
      try await Workshop.open(Self.settings(clock), in: folder) { workshop in
        let text = key.withLock { $0 }
        let refused = try await workshop.make(["prompt": "x"], key: text)
        #expect(refused.status == 429 && refused.headers[.retryAfter] == "2600")
        clock.advance(2599.5)
        #expect(try await workshop.make(["prompt": "x"], key: text).status == 429)
        clock.advance(0.5)
        #expect(try await workshop.make(["prompt": "x"], key: text).status == 202)
        #expect(try await workshop.make(["prompt": "x"], key: text).status == 429)
      }
    }

    @Test func wrongRequestsCountAndRefusedOnesDoNot() async throws {
      let clock = TestClock()
      try await Workshop.open(Self.settings(clock), credits: 5) { workshop in
        func expect(_ count: Int, _ body: JSONValue, _ status: Int) async throws {
          for _ in 0..<count {
            let reply = try await workshop.make(body)
            #expect(reply.status == status)
          }
        }
        let part: JSONValue = ["prompt": "x"]
        try await expect(20, [:], 422)
        try await expect(5, part, 429)
        clock.advance(60)
        // Had the refused ones counted, there would be no room now.
        try await expect(5, part, 202)
        try await expect(15, part, 402)
        try await expect(1, part, 429)
      }
    }

    /// A job that was running when the process ended is done by the next one, and paid once.
    @Test func aCrashCostsNothing() async throws {
      let folder = TemporaryFolder()
      let known = Lock<(key: String, job: String)?>(nil)
      let stuck = TestGenerator { _, _, _ in
        try await Task.sleep(for: .seconds(600))
        return ""
      }
      try await Workshop.open(in: folder, credits: 4, generator: stuck) { workshop in
        let id = try #require(try await workshop.make(["prompt": "x", "design_mode": "assembly"]).jobId)
        while try await workshop.job(id).json["status"] != "processing" {
          try await Task.sleep(for: .milliseconds(5))
        }
        #expect(try workshop.credits() == 1)
        known.withLock { $0 = (workshop.new.text, id) }
      }
      let (key, id) = try #require(known.withLock { $0 })
      try await Workshop.open(in: folder) { workshop in
        var status: JSONValue? = "queued"
        while status == "queued" || status == "processing" {
          status = try await workshop.job(id, key: key).json["status"]
          try await Task.sleep(for: .milliseconds(5))
        }
        #expect(status == "success")
        #expect(try workshop.service.keys.list()[0].credits == 1)
      }
    }

    /// A job that is given up after too many crashes gives its credits back.
    @Test func whatIsGivenUpIsNotPaid() async throws {
      var settings = Shop.settings
      settings.service.attempts = 1
      let folder = TemporaryFolder()
      let data = try DataFolder(folder.path)
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let key: NewAPIKey
      let id: String
      do {
        let server = try FacetServer(data, settings, TestGenerator.echo, logger: logger)
        let credentials = try server.service.accounts.create("alice")
        key = try server.service.keys.create("k", for: credentials.userName, credits: 3)
        let (found, account) = try await server.service.keys.key(key.text)
        let order = PaidRequest(
          "text-to-cad", "{}", callbackURL: nil, credits: 3, idempotencyKey: nil,
          limits: GenerationRoutes.limits)
        let job = try await server.service.jobs.submit(order, with: found, of: account)
        id = job.id
        // Begun, and never ended: as after a crash.
        _ = try server.service.jobs.journal.begin(id)
        #expect(try server.service.keys.list()[0].credits == 0)
      }
      let server = try FacetServer(data, settings, TestGenerator.echo, logger: logger)
      #expect(try server.service.jobs.journal.recover().isEmpty)
      #expect(try server.service.keys.list()[0].credits == 3)
      let job = try await server.service.jobs.job(id, of: key.key)
      #expect(job.state == .interrupted)
      #expect(try server.service.jobs.journal.recover().isEmpty)
      #expect(try server.service.keys.list()[0].credits == 3)
    }
  }
#endif
