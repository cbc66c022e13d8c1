#if Server
  import Foundation
  import GRDB

  /// What accounts ask for, and how far it is.
  public struct Jobs: Sendable {
    let journal: JobJournal
    let workers: Workers
    let settings: ServiceSettings

    /// Accepts work. When this returns, the job is on the disk and will be done.
    ///
    /// - Parameters:
    ///   - name: What is to be done, in the words of the API.
    ///   - request: The request as JSON text.
    ///   - input: The file to work on.
    /// - Throws: ``ServiceError/subscriptionExpired``, ``ServiceError/fileNotFound(_:)``.
    public func submit(
      _ name: String, _ request: String, input: String?, callbackURL: String?, for account: Account
    ) async throws -> Job {
      let now = settings.now()
      try Files.checkSubscription(account, now)
      let job = Job(
        id: newIdentifier(), account: account.id, name: name, request: request, input: input, state: .queued,
        attempts: 0, callbackURL: callbackURL, createdAt: now)
      try await journal.add(job, for: account)
      workers.add(job)
      return job
    }

    /// - Throws: ``ServiceError/operationNotFound(_:)``, also for another account's.
    public func job(_ id: String, of account: Account) async throws -> Job {
      try await journal.job(id, of: account)
    }

    /// A job and how far it is, from 0 to 1; never less than before, and 1 only at the end.
    ///
    /// - Throws: As ``job(_:of:)``.
    public func progress(_ id: String, of account: Account) async throws -> (job: Job, progress: Double) {
      // Asked first: a job that ends in between is at its end when it is read.
      let progress = workers.progress(of: id)
      let job = try await journal.job(id, of: account)
      switch job.state {
      case .queued: return (job, 0)
      case .running: return (job, min(progress ?? workers.progress(of: id) ?? 0, 0.999))
      case .succeeded, .failed, .timedOut, .interrupted: return (job, 1)
      }
    }
  }
#endif
