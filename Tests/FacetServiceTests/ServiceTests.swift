#if Server
  import Facet
  @testable import FacetService
  import Foundation
  import GRDB
  import Logging
  import NIOCore
  import Testing

  /// The service without an API before it.
  @Suite struct ServiceTests {
    /// Does what a test says.
    struct Runner: JobRunner {
      let body: @Sendable (Job, Workspace, RunContext) -> JobOutcome
      func run(_ job: Job, _ workspace: Workspace, _ run: RunContext) -> JobOutcome {
        body(job, workspace, run)
      }
      func notification(of job: Job) -> String { job.id }
    }

    final class Folder: Sendable {
      let path = NSTemporaryDirectory() + "facet-service-" + UUID().uuidString
      deinit { try? FileManager.default.removeItem(atPath: path) }

      var blobs: [String] {
        (FileManager.default.enumerator(atPath: path + "/blobs")?.compactMap { $0 as? String } ?? [])
          .filter { $0.contains("/") }
      }
    }

    private static func withService(
      _ folder: Folder, _ change: (inout ServiceSettings) -> Void = { _ in },
      runner: @escaping @Sendable (Job, Workspace, RunContext) -> JobOutcome,
      _ body: (FacetService, Account) async throws -> Void
    ) async throws {
      var settings = ServiceSettings()
      settings.passwordCost.rounds = 16
      settings.passwordCost.parallelism = 1
      settings.workers = 2
      change(&settings)
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let service = try FacetService(
        DataFolder(folder.path), settings, runner: Runner(body: runner), logger: logger)
      if try service.accounts.list().isEmpty { _ = try service.accounts.create("alice") }
      try service.start()
      let account = try service.accounts.list()[0]
      do {
        try await body(service, account)
      } catch {
        await service.stop()
        throw error
      }
      await service.stop()
    }

    private static func upload(_ text: String, _ service: FacetService, _ account: Account) async throws
      -> StoredFile
    {
      let bytes = AsyncStream { continuation in
        continuation.yield(ByteBuffer(string: text))
        continuation.finish()
      }
      let blob = try await service.files.receive(bytes) { _ in }
      return try await service.files.add(blob, named: "a", mediaType: "text/plain", for: account)
    }

    private static func ended(_ id: String, _ service: FacetService, _ account: Account) async throws -> Job {
      while true {
        let job = try await service.jobs.job(id, of: account)
        if job.state.isEnd { return job }
        try await Task.sleep(for: .milliseconds(5))
      }
    }

    private static func waitUntilCancelled(_ run: RunContext) {
      while (try? run.checkCancellation()) != nil { usleep(1000) }
    }

    @Test func aJobsFilesAreThereWhenItHasEnded() async throws {
      let folder = Folder()
      try await Self.withService(folder) { job, workspace, _ in
        let text = try? String(contentsOfFile: workspace.inputPath ?? "", encoding: .utf8)
        guard
          let made = try? workspace.keep(
            "b", mediaType: "text/plain",
            { try (text ?? "").uppercased().write(toFile: $0, atomically: false, encoding: .utf8) }),
          let same = workspace.keepInput("c", mediaType: "text/plain")
        else { return .failed("no file") }
        return .succeeded("\(made.id) \(same.id)", files: [made, same])
      } _: { service, account in
        let file = try await Self.upload("facet", service, account)
        let job = try await service.jobs.submit("upper", "{}", input: file.id, callbackURL: nil, for: account)
        let end = try await Self.ended(job.id, service, account)
        #expect(end.state == .succeeded && end.attempts == 1)
        let ids = try #require(end.outcome).split(separator: " ").map(String.init)
        let made = try await service.files.file(ids[0], of: account)
        #expect(try String(contentsOfFile: service.files.path(of: made), encoding: .utf8) == "FACET")
        // Handed on, not copied; and it stays when the first is deleted.
        #expect(folder.blobs.count == 2)
        try await service.files.remove(file.id, of: account)
        let same = try await service.files.file(ids[1], of: account)
        #expect(try String(contentsOfFile: service.files.path(of: same), encoding: .utf8) == "facet")
        try await service.files.remove(same.id, of: account)
        #expect(folder.blobs.count == 1)
      }
    }

    @Test func aStopPutsBackWhatRuns() async throws {
      let folder = Folder()
      let id = Lock("")
      try await Self.withService(folder) { _, _, run in
        Self.waitUntilCancelled(run)
        return .failed("stopped")
      } _: { service, account in
        let job = try await service.jobs.submit("wait", "{}", input: nil, callbackURL: nil, for: account)
        while service.figures.runningJobs == 0 { try await Task.sleep(for: .milliseconds(2)) }
        id.withLock { $0 = job.id }
      }
      try await Self.withService(folder) { _, _, _ in
        .succeeded("done", files: [])
      } _: { service, account in
        let end = try await Self.ended(id.withLock { $0 }, service, account)
        #expect(end.state == .succeeded)
        // The stop was not the job's doing.
        #expect(end.attempts == 1)
      }
    }

    @Test func whatEndsTheProcessTooOftenIsGivenUp() async throws {
      let folder = Folder()
      let account = Lock("")
      try await Self.withService(folder) { _, _, _ in
        .failed("")
      } _: { _, owner in
        account.withLock { $0 = owner.id }
      }
      let store = try Store(DataFolder(folder.path))
      for attempts in [1, 9, 10] {
        let job = Job(
          id: "job-\(attempts)", account: account.withLock { $0 }, name: "crash", request: "{}", input: nil,
          state: .running, attempts: attempts, callbackURL: nil, createdAt: Date())
        try store.writeNow { try job.insert($0) }
      }
      try await Self.withService(folder) { _, _, _ in
        .succeeded("done", files: [])
      } _: { service, account in
        var states: [Job.State] = []
        for id in ["job-1", "job-9", "job-10"] {
          states.append(try await Self.ended(id, service, account).state)
        }
        #expect(states == [.succeeded, .succeeded, .interrupted])
      }
    }

    @Test func aJobThatTakesTooLongEnds() async throws {
      try await Self.withService(Folder()) {
        $0.timeout = 0.05
      } runner: { _, _, run in
        Self.waitUntilCancelled(run)
        return .failed("stopped")
      } _: { service, account in
        let job = try await service.jobs.submit("wait", "{}", input: nil, callbackURL: nil, for: account)
        #expect(try await Self.ended(job.id, service, account).state == .timedOut)
      }
    }

    @Test func aLargeJobRunsAloneWithAllTheMemory() async throws {
      let running = Lock<Set<String>>([])
      let companions = Lock<[Set<String>]>([])
      try await Self.withService(Folder()) {
        $0.memoryBudget = 1000
      } runner: { job, _, run in
        running.withLock { _ = $0.insert(job.id) }
        defer { running.withLock { _ = $0.remove(job.id) } }
        guard job.name == "large" else {
          usleep(20_000)
          return .succeeded("small \(run.memoryBudget)", files: [])
        }
        guard run.memoryBudget == 1000 else { return .needsMemory("too little") }
        usleep(50_000)
        companions.withLock { seen in seen.append(running.withLock { $0 }) }
        return .succeeded("large \(run.memoryBudget)", files: [])
      } _: { service, account in
        var jobs: [Job] = []
        for name in ["small", "large", "small", "small", "large", "small"] {
          jobs.append(try await service.jobs.submit(name, "{}", input: nil, callbackURL: nil, for: account))
        }
        for job in jobs {
          let end = try await Self.ended(job.id, service, account)
          #expect(end.outcome == (job.name == "large" ? "large 1000" : "small 500"))
        }
        #expect(companions.withLock { $0 }.map(\.count) == [1, 1])
      }
    }

    @Test func progressNeverFalls() async throws {
      let go = Lock(false)
      try await Self.withService(Folder()) { _, _, run in
        for fraction in [0.5, 0.2, 0.7, 0.1] { run.report(fraction) }
        while !go.withLock({ $0 }) { usleep(1000) }
        return .succeeded("done", files: [])
      } _: { service, account in
        let job = try await service.jobs.submit("wait", "{}", input: nil, callbackURL: nil, for: account)
        var seen: [Double] = []
        while seen.last != 1 {
          seen.append(try await service.jobs.progress(job.id, of: account).progress)
          if seen.last == 0.7 { go.withLock { $0 = true } }
        }
        #expect(seen == seen.sorted())
      }
    }

    @Test func oldFilesGoUnlessWorkIsToReadThem() async throws {
      let offset = Lock(0.0)
      let go = Lock(false)
      try await Self.withService(Folder()) {
        $0.now = { Date() + offset.withLock { $0 } }
        $0.retention = 100
        $0.timeout = 1e6
      } runner: { _, _, _ in
        while !go.withLock({ $0 }) { usleep(1000) }
        return .succeeded("done", files: [])
      } _: { service, account in
        let idle = try await Self.upload("idle", service, account)
        let read = try await Self.upload("read", service, account)
        let job = try await service.jobs.submit("read", "{}", input: read.id, callbackURL: nil, for: account)
        offset.withLock { $0 = 101 }
        try await service.cleaning.removeExpired()
        await #expect(throws: ServiceError.fileNotFound(idle.id)) {
          try await service.files.file(idle.id, of: account)
        }
        #expect(try await service.files.file(read.id, of: account).bytes == 4)
        go.withLock { $0 = true }
        _ = try await Self.ended(job.id, service, account)
        try await service.cleaning.removeExpired()
        await #expect(throws: ServiceError.fileNotFound(read.id)) {
          try await service.files.file(read.id, of: account)
        }
        offset.withLock { $0 = 250 }
        try await service.cleaning.removeExpired()
        await #expect(throws: ServiceError.operationNotFound(job.id)) {
          try await service.jobs.job(job.id, of: account)
        }
      }
    }

    @Test func whatThisProcessIsWritingIsNoOrphan() async throws {
      let folder = Folder()
      try await Self.withService(folder) { _, _, _ in
        .failed("")
      } _: { service, _ in
        let bytes = AsyncStream { continuation in
          continuation.yield(ByteBuffer(string: "new"))
          continuation.finish()
        }
        let blob = try await service.files.receive(bytes) { _ in }
        // However late the cleaning comes.
        try await Task.sleep(for: .seconds(3))
        try service.cleaning.removeOrphans()
        #expect(folder.blobs.map { ($0 as NSString).lastPathComponent } == [blob.name])
      }
    }

    @Test func onlyWhatIsWrittenSoonDoesNotWaitForTheDisk() throws {
      let folder = Folder()
      let store = try Store(DataFolder(folder.path))
      func mode(_ db: Database) throws -> Int? { try Int.fetchOne(db, sql: "PRAGMA synchronous") }
      func failures(_ db: Database) throws -> Int? {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM loginFailure")
      }
      func fail(_ db: Database) throws {
        try db.execute(sql: "INSERT INTO loginFailure VALUES ('x', 1, 0)")
      }
      #expect(try store.writeNow(mode) == 2)
      #expect(try store.writeSoon(mode) == 1)
      #expect(try store.writeNow(mode) == 2)
      // All or nothing, as any other.
      #expect(throws: ServiceError.fileEmpty) {
        try store.writeSoon { db in
          try fail(db)
          throw ServiceError.fileEmpty
        }
      }
      #expect(try store.writeNow(mode) == 2)
      #expect(try store.readNow(failures) == 0)
      try store.writeSoon(fail)
      #expect(try store.readNow(failures) == 1)
    }

    @Test func anotherPasswordEndsTheSessionsOfTheOldOne() async throws {
      try await Self.withService(Folder()) { _, _, _ in
        .failed("")
      } _: { service, account in
        _ = try service.accounts.setPassword("Alice", "first")
        func open(_ password: String) throws -> Session {
          try service.tokens.open(.public, userName: "alice", passwords: [password])
        }
        let session = try open("first")
        #expect(try await service.tokens.account(of: session.accessToken).id == account.id)
        for _ in 0..<5 { #expect(throws: ServiceError.wrongCredentials) { try open("guess") } }
        #expect(throws: ServiceError.locked(seconds: 30)) { try open("first") }
        _ = try service.accounts.setPassword("ALICE", "second")
        await #expect(throws: ServiceError.wrongCredentials) {
          try await service.tokens.account(of: session.accessToken)
        }
        #expect(throws: ServiceError.wrongCredentials) {
          try service.tokens.renew(.public, refreshToken: session.refreshToken)
        }
        // Unlocked too, in whatever case the name was given.
        #expect(try !open("second").accessToken.isEmpty)
        #expect(throws: ServiceError.noSuchAccount("bob")) { try service.accounts.setPassword("bob", "x") }
      }
    }

    @Test func accountsAreManagedWhileAServiceRuns() async throws {
      let folder = Folder()
      try await Self.withService(folder) { _, _, _ in
        .failed("")
      } _: { service, account in
        var settings = ServiceSettings()
        settings.passwordCost.rounds = 16
        let others = try Accounts(DataFolder(folder.path), settings)
        #expect(throws: ServiceError.nameTaken("ALICE")) { try others.create("ALICE") }
        #expect(throws: ServiceError.wrongName) { try others.create("") }
        try others.change("alice") { $0.uploadsPerMonth = 1 }
        let changed = try service.accounts.list()[0]
        _ = try await Self.upload("one", service, changed)
        #expect(try service.accounts.uploadsThisMonth(changed) == 1)
        #expect(try service.accounts.bytesUsed(changed) == 3)
        await #expect(throws: ServiceError.uploadLimitReached(perMonth: 1)) {
          try await Self.upload("two", service, changed)
        }
        #expect(throws: ServiceError.noSuchAccount("bob")) { try others.change("bob") { _ in } }
      }
    }
  }
#endif
