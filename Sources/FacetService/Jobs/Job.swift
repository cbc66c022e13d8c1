#if Server
  import Facet
  import Foundation
  import GRDB

  /// Work that was asked for, and what came of it.
  public struct Job: Sendable, Codable, Identifiable, FetchableRecord, PersistableRecord {
    public let id: String
    public let account: String
    /// What is to be done, in the words of the API that it was asked through.
    public let name: String
    /// The request as JSON text.
    public let request: String
    /// The file that is worked on.
    public let input: String?
    public internal(set) var state: State
    /// How often it was begun.
    public internal(set) var attempts: Int
    /// What the runner said at the end, as JSON text.
    public internal(set) var outcome: String?
    public let callbackURL: String?
    public let createdAt: Date
    public internal(set) var finishedAt: Date?

    public enum State: String, Sendable, Codable, CaseIterable {
      case queued, running
      case succeeded, failed
      /// It took longer than the service allows.
      case timedOut
      /// The process ended while it ran, too often to try again.
      case interrupted

      public var isEnd: Bool { self != .queued && self != .running }
    }
  }

  extension Job {
    /// Rows are read often, and a decoder takes several times as long.
    public init(row: Row) throws {
      id = row["id"]
      account = row["account"]
      name = row["name"]
      request = row["request"]
      input = row["input"]
      guard let state = State(rawValue: row["state"]) else {
        throw DatabaseError(message: "an operation's state is \(row["state"] as String)")
      }
      self.state = state
      attempts = row["attempts"]
      outcome = row["outcome"]
      callbackURL = row["callbackURL"]
      createdAt = row["createdAt"]
      finishedAt = row["finishedAt"]
    }
  }

  /// Does the work of jobs; an API's.
  public protocol JobRunner: Sendable {
    /// Works on the calling thread until the job is done or the run is cancelled.
    func run(_ job: Job, _ workspace: Workspace, _ run: RunContext) -> JobOutcome
    /// What a callback is told about a job that has ended, as JSON text.
    func notification(of job: Job) -> String
  }

  /// How a job came out, in the words of the API that it was asked through, as JSON text.
  public enum JobOutcome: Sendable {
    case succeeded(String, files: [NewFile])
    case failed(String)
    /// It needs more memory than it got; what to say if there is no more to be had.
    case needsMemory(String)
  }
#endif
