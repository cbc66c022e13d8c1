#if Server
  import Foundation
  import GRDB

  /// The database: who may do what, which files there are, what was asked for and what came of it.
  ///
  /// In WAL mode with full synchronization: what a transaction wrote survives a crash of the process and of the
  /// machine. Several processes may have it open: `facet account` works while a server runs.
  struct Store: Sendable {
    private let pool: DatabasePool
    private static let synchronized = "PRAGMA synchronous = FULL"

    init(_ folder: DataFolder) throws {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.maximumReaderCount = 4
      pool = try DatabasePool(path: folder.database, configuration: configuration)
      // Not while the connection is prepared: a pool turns to NORMAL when it turns to WAL mode, which is later.
      try pool.writeWithoutTransaction { db in try db.execute(sql: Store.synchronized) }
      chmod(folder.database, 0o600)
      try Schema.migrator.migrate(pool)
    }

    /// On any thread that may wait.
    func readNow<Value>(_ body: (Database) throws -> Value) throws -> Value {
      try translated { try pool.read(body) }
    }

    /// On any thread that may wait. All or nothing.
    func writeNow<Value>(_ body: (Database) throws -> Value) throws -> Value {
      try translated { try pool.write(body) }
    }

    /// As ``writeNow(_:)``, but does not wait for the disk: what is written survives a crash of the process, and one of
    /// the machine only when a later ``writeNow(_:)`` has ended. Earlier transactions are never lost before later ones.
    func writeSoon<Value>(_ body: (Database) throws -> Value) throws -> Value {
      try translated {
        try pool.writeWithoutTransaction { db in
          try db.execute(sql: "PRAGMA synchronous = NORMAL")
          let outcome = Result {
            var value: Value?
            try db.inTransaction(.immediate) {
              value = try body(db)
              return .commit
            }
            return value!
          }
          try db.execute(sql: Store.synchronized)
          return try outcome.get()
        }
      }
    }

    func read<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value {
      do { return try await pool.read(body) } catch { throw Store.translation(of: error) }
    }

    /// All or nothing.
    func write<Value: Sendable>(_ body: @Sendable @escaping (Database) throws -> Value) async throws -> Value
    {
      do { return try await pool.write(body) } catch { throw Store.translation(of: error) }
    }

    func close() throws { try pool.close() }

    private func translated<Value>(_ body: () throws -> Value) throws -> Value {
      do { return try body() } catch { throw Store.translation(of: error) }
    }

    /// A full disk shows as either of two errors, depending on which file of the database had to grow.
    private static func translation(of error: any Error) -> any Error {
      guard let error = error as? DatabaseError else { return error }
      switch error.resultCode {
      case .SQLITE_FULL, .SQLITE_IOERR: return ServiceError.outOfSpace
      default: return error
      }
    }
  }

  extension FetchableRecord {
    /// The first row of a query that is asked often: its statement is compiled once.
    static func first(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> Self? {
      try SQLRequest<Self>(sql: sql, arguments: arguments, cached: true).fetchOne(db)
    }
  }

  extension DatabaseValueConvertible {
    /// The first value of a query that is asked often: its statement is compiled once.
    static func first(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> Self? {
      try SQLRequest<Self>(sql: sql, arguments: arguments, cached: true).fetchOne(db)
    }
  }

  extension Database {
    /// Changes rows by a statement that is used often: it is compiled once.
    func change(_ sql: String, _ arguments: StatementArguments) throws {
      try cachedStatement(sql: sql).execute(arguments: arguments)
    }
  }
#endif
