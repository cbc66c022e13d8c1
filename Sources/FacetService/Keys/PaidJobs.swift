#if Server
  import Foundation
  import GRDB

  /// Work that a key asks for and pays for.
  public struct PaidRequest: Sendable {
    /// What is to be done, in the words of the API.
    public var name: String
    /// The request as JSON text. It may name the attachments by their ids.
    public var request: String
    public var attachments: [Attachment]
    public var callbackURL: String?
    public var credits: Int
    /// Requests of a key with the same one are one request.
    public var idempotencyKey: String?
    public var limits: CallLimits

    public init(
      _ name: String, _ request: String, attachments: [Attachment] = [], callbackURL: String?, credits: Int,
      idempotencyKey: String?, limits: CallLimits
    ) {
      self.name = name
      self.request = request
      self.attachments = attachments
      self.callbackURL = callbackURL
      self.credits = credits
      self.idempotencyKey = idempotencyKey
      self.limits = limits
    }
  }

  /// A file that comes with a request; it becomes a file of the account when the request is accepted.
  public struct Attachment: Sendable {
    public let id = newIdentifier()
    let name: String
    let mediaType: String
    let blob: Blob

    public init(_ blob: Blob, named name: String, mediaType: String) {
      self.blob = blob
      self.name = name
      self.mediaType = mediaType
    }
  }

  extension Jobs {
    /// Accepts work that a key pays for: job, charge and attachments are one transaction. A request that was accepted
    /// before, by its idempotency key, is not accepted again, and costs nothing.
    ///
    /// - Returns: The job, or the one that the first such request led to.
    /// - Throws: ``ServiceError/tooManyCalls(retryAfter:)``, ``ServiceError/tooFewCredits(needed:left:)``,
    ///   ``ServiceError/subscriptionExpired``, ``ServiceError/wrongCredentials`` when the key was revoked meanwhile, ``ServiceError/outOfSpace``.
    public func submit(_ request: PaidRequest, with key: APIKey, of account: Account) async throws -> Job {
      do {
        switch try await journal.add(request, key, account) {
        case .new(let job):
          workers.add(job)
          return job
        case .known(let job):
          journal.discard(request.attachments)
          return job
        case .refused(let error): throw error
        }
      } catch {
        journal.discard(request.attachments)
        throw error
      }
    }

    /// What a request with this idempotency key led to; nil when there was none.
    public func earlier(_ idempotencyKey: String, of key: APIKey) async throws -> Job? {
      try await journal.store.read { db in try JobJournal.earlier(idempotencyKey, key, db) }
    }

    /// A paid job, whoever asks.
    ///
    /// - Throws: ``ServiceError/operationNotFound(_:)``.
    public func job(anyonesWithId id: String) async throws -> Job {
      try await journal.store.read { db in
        guard
          let job = try Job.first(
            db, "SELECT job.* FROM job JOIN paidJob ON paidJob.job = job.id WHERE job.id = ?", [id])
        else { throw ServiceError.operationNotFound(id) }
        return job
      }
    }

    /// - Throws: ``ServiceError/operationNotFound(_:)``, also for another key's.
    public func job(_ id: String, of key: APIKey) async throws -> Job {
      try await journal.store.read { db in
        guard
          let job = try Job.first(
            db, "SELECT job.* FROM job JOIN paidJob ON paidJob.job = job.id WHERE job.id = ? AND apiKey = ?",
            [id, key.id])
        else { throw ServiceError.operationNotFound(id) }
        return job
      }
    }
  }

  private enum Acceptance: Sendable {
    case new(Job)
    case known(Job)
    /// The call counts all the same.
    case refused(ServiceError)
  }

  extension JobJournal {
    fileprivate func add(_ request: PaidRequest, _ key: APIKey, _ account: Account) async throws -> Acceptance
    {
      let now = settings.now()
      guard folder.freeBytes > settings.reservedDiskBytes else { throw ServiceError.outOfSpace }
      return try await store.write { db in
        if let name = request.idempotencyKey, let job = try JobJournal.earlier(name, key, db) {
          return .known(job)
        }
        guard let current = try APIKey.fetchOne(db, key: key.id), current.revokedAt == nil else {
          throw ServiceError.wrongCredentials
        }
        try request.limits.count(key, at: now, db)
        if let end = account.expiresAt, end <= now { return .refused(.subscriptionExpired) }
        guard current.credits >= request.credits else {
          return .refused(.tooFewCredits(needed: request.credits, left: current.credits))
        }
        try db.change("UPDATE apiKey SET credits = credits - ? WHERE id = ?", [request.credits, key.id])
        for file in request.attachments {
          try Files.checkQuota(account, adding: file.blob.bytes, db)
          try StoredFile(
            account: account.id, id: file.id, name: file.name, mediaType: file.mediaType, file.blob,
            createdAt: now
          ).insert(db)
        }
        let job = Job(
          id: try JobJournal.newPaidIdentifier(db), account: account.id, name: request.name,
          request: request.request, input: nil, state: .queued, attempts: 0,
          callbackURL: request.callbackURL, createdAt: now)
        try job.insert(db)
        try db.change(
          "INSERT INTO paidJob VALUES (?, ?, ?, ?)",
          [job.id, key.id, request.idempotencyKey, request.credits])
        return .new(job)
      }
    }

    fileprivate func discard(_ attachments: [Attachment]) {
      for file in attachments { folder.removeBlob(file.blob.name) }
    }

    fileprivate static func earlier(_ idempotencyKey: String, _ key: APIKey, _ db: Database) throws -> Job? {
      try Job.first(
        db,
        "SELECT job.* FROM job JOIN paidJob ON paidJob.job = job.id WHERE apiKey = ? AND idempotencyKey = ?",
        [key.id, idempotencyKey])
    }

    /// What was reserved for a job that did not succeed is the key's again.
    static func returnCredits(of job: Job, _ db: Database) throws {
      try db.change(
        """
        UPDATE apiKey SET credits = credits + (SELECT credits FROM paidJob WHERE job = ?1)
        WHERE id = (SELECT apiKey FROM paidJob WHERE job = ?1)
        """, [job.id])
      try db.change("UPDATE paidJob SET credits = 0 WHERE job = ?", [job.id])
    }

    /// `pub_` and 12 hexadecimal digits, which are few enough to look whether they are taken.
    private static func newPaidIdentifier(_ db: Database) throws -> String {
      while true {
        let id = "pub_" + Secret.randomBytes(6).hexadecimal
        if try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM job WHERE id = ?)", arguments: [id])
          == false
        {
          return id
        }
      }
    }
  }
#endif
