#if Server
  import Foundation
  import GRDB

  /// Who owns files and operations.
  public struct Account: Sendable, Codable, Identifiable, FetchableRecord, PersistableRecord {
    public let id: String
    public let name: String
    var passwordHash: String
    public let clientId: String
    var clientSecretHash: Data
    public var isDisabled = false
    /// When the subscription ends; nil for never.
    public var expiresAt: Date?
    /// Uploads in a calendar month (UTC) at most; nil for any number.
    public var uploadsPerMonth: Int?
    /// Bytes that the account's files may take; nil for what the disk holds.
    public var diskBytes: Int?
    public let createdAt: Date

    /// Of the account that a fresh folder gets.
    public static let firstName = "admin"
    /// In bytes of UTF-8.
    public static let longestName = 200
  }

  extension Account {
    /// Every request reads a row, and a decoder takes several times as long.
    public init(row: Row) {
      id = row["id"]
      name = row["name"]
      passwordHash = row["passwordHash"]
      clientId = row["clientId"]
      clientSecretHash = row["clientSecretHash"]
      isDisabled = row["isDisabled"]
      expiresAt = row["expiresAt"]
      uploadsPerMonth = row["uploadsPerMonth"]
      diskBytes = row["diskBytes"]
      createdAt = row["createdAt"]
    }
  }

  /// What somebody needs to use an account; known once, when it is made.
  public struct Credentials: Sendable, Hashable {
    public let userName: String
    public let password: String
    public let clientId: String
    public let clientSecret: String
  }

  /// The accounts of a data folder, while a server works on it or not.
  public struct Accounts: Sendable {
    let store: Store
    let settings: ServiceSettings

    /// Makes an account.
    ///
    /// - Parameter password: nil for a random one.
    /// - Throws: ``ServiceError/nameTaken(_:)``, ``ServiceError/wrongName``.
    public func create(_ name: String, password: String? = nil) throws -> Credentials {
      guard !name.isEmpty, name.utf8.count <= Account.longestName else { throw ServiceError.wrongName }
      let credentials = Credentials(
        userName: name, password: password ?? Secret.make(), clientId: newIdentifier(),
        clientSecret: Secret.make())
      let account = Account(
        id: newIdentifier(), name: name,
        passwordHash: try PasswordHash(of: credentials.password, settings.passwordCost).text,
        clientId: credentials.clientId, clientSecretHash: Secret.hash(credentials.clientSecret),
        createdAt: settings.now())
      try store.writeNow { db in
        guard try Account.filter(Column("name") == name).isEmpty(db) else {
          throw ServiceError.nameTaken(name)
        }
        try account.insert(db)
      }
      return credentials
    }

    /// All of them, by name.
    public func list() throws -> [Account] {
      try store.readNow { db in try Account.order(Column("name")).fetchAll(db) }
    }

    public func uploadsThisMonth(_ account: Account) throws -> Int {
      try store.readNow { db in try Accounts.uploads(of: account.id, Accounts.month(settings.now()), db) }
    }

    public func bytesUsed(_ account: Account) throws -> Int {
      try store.readNow { db in try Accounts.bytes(of: account.id, db) }
    }

    /// Changes what an account may do.
    ///
    /// - Throws: ``ServiceError/noSuchAccount(_:)``.
    @discardableResult
    public func change(_ name: String, _ change: (inout Account) throws -> Void) throws -> Account {
      try store.writeNow { db in
        var account = try Accounts.named(name, db)
        try change(&account)
        try account.update(db)
        if account.isDisabled { try Accounts.endSessions(of: account, db) }
        return account
      }
    }

    /// Gives an account another password, and ends every session of the old one.
    public func setPassword(_ name: String, _ password: String?) throws -> String {
      let password = password ?? Secret.make()
      let hash = try PasswordHash(of: password, settings.passwordCost).text
      try store.writeNow { db in
        var account = try Accounts.named(name, db)
        account.passwordHash = hash
        try account.update(db)
        try Accounts.endSessions(of: account, db)
        try db.execute(sql: "DELETE FROM loginFailure WHERE name = ?", arguments: [name])
      }
      return password
    }

    private static func endSessions(of account: Account, _ db: Database) throws {
      try db.execute(sql: "DELETE FROM token WHERE account = ?", arguments: [account.id])
    }

    static func named(_ name: String, _ db: Database) throws -> Account {
      guard let account = try Account.filter(Column("name").collating(.nocase) == name).fetchOne(db) else {
        throw ServiceError.noSuchAccount(name)
      }
      return account
    }

    static func month(_ date: Date) -> String { String(date.ISO8601Format().prefix(7)) }

    static func uploads(of account: String, _ month: String, _ db: Database) throws -> Int {
      try Int.first(db, "SELECT count FROM uploadCount WHERE account = ? AND month = ?", [account, month])
        ?? 0
    }

    static func bytes(of account: String, _ db: Database) throws -> Int {
      try Int.fetchOne(
        db,
        sql: """
          SELECT coalesce((SELECT sum(bytes) FROM file WHERE account = ?1), 0)
            + coalesce((SELECT sum(bytes) FROM chunk WHERE account = ?1), 0)
          """, arguments: [account]) ?? 0
    }
  }

  extension Accounts {
    public init(_ folder: DataFolder, _ settings: ServiceSettings = .init()) throws {
      self.init(store: try Store(folder), settings: settings)
    }
  }
#endif
