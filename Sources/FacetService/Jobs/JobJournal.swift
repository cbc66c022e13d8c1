#if Server
  import Foundation
  import GRDB

  /// What is written down about jobs. A job's end, its files and its callback are one transaction: after a crash a job
  /// has either ended with everything it made, or is as if it had not been begun.
  struct JobJournal: Sendable {
    let store: Store
    let folder: DataFolder
    let settings: ServiceSettings

    func add(_ job: Job, for account: Account) async throws {
      try await store.write { db in
        if let input = job.input { _ = try Files.find(input, account.id, db) }
        try job.insert(db)
      }
    }

    func job(_ id: String, of account: Account) async throws -> Job {
      try await store.read { db in
        guard let job = try JobJournal.find(id, db), job.account == account.id else {
          throw ServiceError.operationNotFound(id)
        }
        return job
      }
    }

    private static func find(_ id: String, _ db: Database) throws -> Job? {
      try Job.first(db, "SELECT * FROM job WHERE id = ?", [id])
    }

    /// Nothing is lost when the machine ends before this is on the disk: the job waits, as before.
    ///
    /// - Returns: The job and what it works on; nil when somebody else has it, or it is gone.
    func begin(_ id: String) throws -> (job: Job, workspace: Workspace)? {
      try store.writeSoon { db in
        guard var job = try JobJournal.find(id, db), job.state == .queued else { return nil }
        job.state = .running
        job.attempts += 1
        try db.change(
          "UPDATE job SET state = ?, attempts = ? WHERE id = ?", [job.state.rawValue, job.attempts, id])
        let input = try job.input.flatMap { try Files.found($0, job.account, db) }
        return (job, Workspace(folder: folder, store: store, account: job.account, input: input))
      }
    }

    /// The attempt does not count: it was not the job that ended it.
    func putBack(_ id: String) throws {
      try store.writeSoon { db in
        try db.change(
          "UPDATE job SET state = ?, attempts = max(0, attempts - 1) WHERE id = ? AND state = ?",
          [Job.State.queued.rawValue, id, Job.State.running.rawValue])
      }
    }

    /// - Returns: The job as it ended; nil when it had ended already.
    func end(_ id: String, _ state: Job.State, _ outcome: String?, _ files: [NewFile]) throws -> Job? {
      let now = settings.now()
      return try store.writeNow { db in
        guard var job = try JobJournal.find(id, db), job.state == .running else { return nil }
        for file in files {
          if file.sharesInput, !(try Files.isUsed(file.blob.name, db)) {
            throw ServiceError.fileNotFound(job.input ?? file.id)
          }
          try StoredFile(
            account: job.account, id: file.id, name: file.name, mediaType: file.mediaType, file.blob,
            createdAt: now
          ).insert(db)
        }
        try JobJournal.close(&job, state, outcome, now, db)
        return job
      }
    }

    private static func close(
      _ job: inout Job, _ state: Job.State, _ outcome: String?, _ now: Date, _ db: Database
    ) throws {
      job.state = state
      job.outcome = outcome
      job.finishedAt = now
      try db.change(
        "UPDATE job SET state = ?, outcome = ?, finishedAt = ? WHERE id = ?",
        [state.rawValue, outcome, now, job.id])
      if state != .succeeded { try JobJournal.returnCredits(of: job, db) }
      if job.callbackURL != nil { try db.change("INSERT INTO callback VALUES (?, 0, ?)", [job.id, now]) }
    }

    /// After a crash: what was running is to be done again, unless it was begun too often.
    ///
    /// - Returns: All that is to be done, the oldest first.
    func recover() throws -> [Job] {
      let now = settings.now()
      return try store.writeNow { db in
        for var job in try Job.filter(Column("state") == Job.State.running.rawValue).fetchAll(db) {
          if job.attempts >= settings.attempts {
            try JobJournal.close(&job, .interrupted, nil, now, db)
          } else {
            job.state = .queued
            try job.update(db)
          }
        }
        return try Job.filter(Column("state") == Job.State.queued.rawValue).order(Column("createdAt"))
          .fetchAll(db)
      }
    }
  }
#endif
