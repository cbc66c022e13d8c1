#if Server
  import Facet
  import Foundation
  import GRDB

  /// A session: the pair that a client works with and renews.
  public struct Session: Sendable, Hashable {
    public let accessToken: String
    public let refreshToken: String
    public let issuedAt: Date
    public let expiresAt: Date
  }

  /// A token that a person made for a script; the token itself is shown once.
  public struct ScriptToken: Sendable, Codable, FetchableRecord {
    public let label: String
    public let account: String
    public let isAdministrators: Bool
    public let createdAt: Date
    public let expiresAt: Date
  }

  /// Opens sessions, and tells whose a token is. Tokens are random words; the database has their hashes only.
  public struct Tokens: Sendable {
    let store: Store
    let settings: ServiceSettings

    private enum Kind: String {
      case access, refresh, script
      /// Manages keys, and does nothing else.
      case admin
    }

    /// What proves that a request comes from a program that may ask for tokens.
    public enum Client: Sendable, Hashable {
      case registered(id: String, secret: String)
      /// A program that cannot keep a secret, such as the page that the server itself serves (RFC 6749, 2.1).
      case `public`
    }

    /// Opens a session with a password. Takes as long for a name that nobody has; waits for the key derivation, so it
    /// must not be called on a thread that serves others.
    ///
    /// - Parameter passwords: What the client may have meant, when it is open whether it encoded the password.
    /// - Throws: ``ServiceError/wrongCredentials``, ``ServiceError/locked(seconds:)``,
    ///   ``ServiceError/accountDisabled``.
    public func open(_ client: Client, userName: String, passwords: [String]) throws -> Session {
      // Names that are tried are kept; those of accounts are shorter.
      guard userName.utf8.count <= Account.longestName else { throw ServiceError.wrongCredentials }
      let now = settings.now()
      let account = try store.readNow { db in
        let locked = try Date.fetchOne(
          db, sql: "SELECT lockedUntil FROM loginFailure WHERE name = ?", arguments: [userName])
        if let locked, locked > now {
          throw ServiceError.locked(seconds: Int(locked.timeIntervalSince(now).rounded(.up)))
        }
        return try Account.filter(Column("name").collating(.nocase) == userName).fetchOne(db)
      }
      let hash = try account.map { PasswordHash(text: $0.passwordHash) } ?? decoy.get(settings.passwordCost)
      let isPassword = try passwords.contains { try hash.matches($0) }
      guard let account, isPassword, matches(client, account) else {
        try noteFailure(userName, now)
        throw ServiceError.wrongCredentials
      }
      guard !account.isDisabled else { throw ServiceError.accountDisabled }
      return try store.writeNow { db in
        try db.execute(sql: "DELETE FROM loginFailure WHERE name = ?", arguments: [userName])
        return try makeSession(account.id, now, db)
      }
    }

    /// Renews a session. The old refresh token is good for another minute, for a client whose reply got lost.
    ///
    /// - Throws: ``ServiceError/wrongCredentials``, ``ServiceError/accountDisabled``.
    public func renew(_ client: Client, refreshToken: String) throws -> Session {
      let now = settings.now()
      return try store.writeNow { db in
        guard let account = try owner(of: refreshToken, [.refresh], now, db), matches(client, account) else {
          throw ServiceError.wrongCredentials
        }
        guard !account.isDisabled else { throw ServiceError.accountDisabled }
        try db.execute(
          sql: "UPDATE token SET expiresAt = min(expiresAt, ?) WHERE hash = ?",
          arguments: [now + 60, Secret.hash(refreshToken)])
        return try makeSession(account.id, now, db)
      }
    }

    /// Whose the token is.
    ///
    /// - Throws: ``ServiceError/wrongCredentials``, ``ServiceError/accountDisabled``.
    public func account(of accessToken: String) async throws -> Account {
      let now = settings.now()
      return try await store.read { db in
        guard let account = try owner(of: accessToken, [.access, .script], now, db) else {
          throw ServiceError.wrongCredentials
        }
        guard !account.isDisabled else { throw ServiceError.accountDisabled }
        return account
      }
    }

    /// Whether the token may manage keys.
    ///
    /// - Throws: ``ServiceError/wrongCredentials``, ``ServiceError/accountDisabled``.
    public func requireAdministrator(_ token: String) async throws {
      let now = settings.now()
      try await store.read { db in
        guard let account = try owner(of: token, [.admin], now, db) else {
          throw ServiceError.wrongCredentials
        }
        guard !account.isDisabled else { throw ServiceError.accountDisabled }
      }
    }

    /// Makes a token for a script.
    ///
    /// - Parameter isAdministrators: Whether it is for managing keys, and for nothing else.
    /// - Throws: ``ServiceError/noSuchAccount(_:)``.
    public func create(
      for name: String, label: String, life: TimeInterval, isAdministrators: Bool = false
    ) throws -> String {
      let now = settings.now()
      return try store.writeNow { db in
        let account = try Accounts.named(name, db).id
        return try insert(isAdministrators ? .admin : .script, of: account, label, now, now + life, db)
      }
    }

    /// The scripts' tokens that are still good.
    public func list() throws -> [ScriptToken] {
      try store.readNow { db in
        try ScriptToken.fetchAll(
          db,
          sql: """
            SELECT label, account.name AS account, kind = ? AS isAdministrators, token.createdAt, token.expiresAt
            FROM token JOIN account ON account.id = token.account
            WHERE label IS NOT NULL AND token.expiresAt > ? ORDER BY account.name, label
            """, arguments: [Kind.admin.rawValue, settings.now()])
      }
    }

    /// - Returns: How many there were with this label.
    public func revoke(for name: String, label: String) throws -> Int {
      try store.writeNow { db in
        try db.execute(
          sql: "DELETE FROM token WHERE account = ? AND label = ?",
          arguments: [try Accounts.named(name, db).id, label])
        return db.changesCount
      }
    }

    private func matches(_ client: Client, _ account: Account) -> Bool {
      switch client {
      case .public: true
      case .registered(let id, let secret):
        id == account.clientId && isEqualInConstantTime(Secret.hash(secret), account.clientSecretHash)
      }
    }

    private func noteFailure(_ userName: String, _ now: Date) throws {
      try store.writeNow { db in
        let count =
          try Int.fetchOne(
            db, sql: "SELECT count FROM loginFailure WHERE name = ?", arguments: [userName]) ?? 0
        let beyond = count + 1 - settings.failuresUntilLock
        let lock = beyond < 0 ? 0 : min(settings.lockDuration * Double(1 << min(beyond, 20)), 3_600)
        try db.execute(
          sql: "INSERT OR REPLACE INTO loginFailure VALUES (?, ?, ?)",
          arguments: [userName, count + 1, now + lock])
      }
    }

    private func owner(of token: String, _ kinds: [Kind], _ now: Date, _ db: Database) throws -> Account? {
      let kinds = kinds.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      return try Account.first(
        db,
        """
        SELECT account.* FROM token JOIN account ON account.id = token.account
        WHERE hash = ? AND token.expiresAt > ? AND kind IN (\(kinds))
        """, [Secret.hash(token), now])
    }

    private func makeSession(_ account: String, _ now: Date, _ db: Database) throws -> Session {
      let end = now + settings.accessTokenLife
      return Session(
        accessToken: try insert(.access, of: account, nil, now, end, db),
        refreshToken: try insert(.refresh, of: account, nil, now, now + settings.refreshTokenLife, db),
        issuedAt: now, expiresAt: end)
    }

    private func insert(
      _ kind: Kind, of account: String, _ label: String?, _ now: Date, _ end: Date, _ db: Database
    ) throws -> String {
      let token = Secret.make()
      try db.execute(
        sql: "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [Secret.hash(token), account, kind.rawValue, label, now, end])
      return token
    }

    private let decoy = Decoy()
  }

  extension Tokens {
    public init(_ folder: DataFolder, _ settings: ServiceSettings = .init()) throws {
      self.init(store: try Store(folder), settings: settings)
    }
  }

  /// The hash that a password is tried on when nobody has the name, so that trying takes as long.
  private final class Decoy: Sendable {
    private let hash = Lock<PasswordHash?>(nil)

    func get(_ cost: PasswordCost) throws -> PasswordHash {
      if let hash = hash.withLock({ $0 }) { return hash }
      let made = try PasswordHash(of: Secret.make(), cost)
      hash.withLock { $0 = made }
      return made
    }
  }
#endif
