#if Server
  import Foundation
  import GRDB

  /// How often a key may call: sliding windows over the times of its calls.
  ///
  /// A call that is exactly as old as a window is long is not in it any more, and a call that is refused for these limits
  /// is not counted.
  public struct CallLimits: Sendable, Hashable {
    /// Calls in any so many seconds.
    private let windows: [Window]

    private struct Window: Sendable, Hashable {
      let calls: Int
      /// Its length, in microseconds.
      let length: Int
    }

    public init(perMinute: Int, perHour: Int) {
      windows = [Window(calls: perMinute, length: 60_000_000), Window(calls: perHour, length: 3_600_000_000)]
    }

    /// - Throws: ``ServiceError/tooManyCalls(retryAfter:)`` while there is no room for a call of the key.
    func check(_ key: APIKey, at now: Date, _ db: Database) throws {
      let now = CallLimits.microseconds(now)
      let calls = try Int.fetchAll(
        db, sql: "SELECT at FROM apiCall WHERE apiKey = ? ORDER BY at", arguments: [key.id])
      let waits = windows.compactMap { window -> Int? in
        let inside = calls.filter { $0 > now - window.length }
        guard inside.count >= window.calls else { return nil }
        // Once this one has left the window there is room.
        return inside[inside.count - window.calls] + window.length - now
      }
      if let wait = waits.max() {
        throw ServiceError.tooManyCalls(retryAfter: (wait + 999_999) / 1_000_000)
      }
    }

    /// Checks, and counts a call.
    func count(_ key: APIKey, at now: Date, _ db: Database) throws {
      let longest = windows.map(\.length).max() ?? 0
      let time = CallLimits.microseconds(now)
      try db.change("DELETE FROM apiCall WHERE apiKey = ? AND at <= ?", [key.id, time - longest])
      try check(key, at: now, db)
      try db.change("INSERT INTO apiCall VALUES (?, ?)", [key.id, time])
    }

    private static func microseconds(_ time: Date) -> Int {
      Int((time.timeIntervalSince1970 * 1e6).rounded())
    }
  }

  extension APIKeys {
    /// - Throws: ``ServiceError/tooManyCalls(retryAfter:)`` when a call that came now would be refused.
    public func checkCalls(_ key: APIKey, _ limits: CallLimits) async throws {
      let now = settings.now()
      try await store.read { db in try limits.check(key, at: now, db) }
    }

    /// Counts a call that leads to nothing.
    ///
    /// - Throws: ``ServiceError/tooManyCalls(retryAfter:)``.
    public func countCall(_ key: APIKey, _ limits: CallLimits) async throws {
      let now = settings.now()
      try await store.write { db in try limits.count(key, at: now, db) }
    }
  }
#endif
