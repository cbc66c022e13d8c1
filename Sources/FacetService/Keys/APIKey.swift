#if Server
  import Foundation
  import GRDB

  /// What a program of an account shows instead of a password, and what it pays with.
  public struct APIKey: Sendable, Codable, Identifiable, FetchableRecord, PersistableRecord {
    public let id: String
    public let account: String
    public let name: String
    let hash: Data
    /// The end of the key, by which people tell keys apart.
    public let lastFour: String
    /// Never less than 0.
    public internal(set) var credits: Int
    /// Callbacks are signed with it: `whsec_` and 24 bytes in base64 (Standard Webhooks).
    var signingSecret: String
    public let createdAt: Date
    /// When the signing secret was made anew; nil for never.
    public internal(set) var rotatedAt: Date?
    public internal(set) var revokedAt: Date?
  }

  /// A key and what goes with it; known once, when it is made.
  public struct NewAPIKey: Sendable {
    public let key: APIKey
    /// `mk_pub_` and 32 hexadecimal digits.
    public let text: String
    public let signingSecret: String
  }

  /// The keys of a data folder, while a server works on it or not.
  public struct APIKeys: Sendable {
    let store: Store
    let settings: ServiceSettings

    private static let prefix = "mk_pub_"

    /// Makes a key.
    ///
    /// - Throws: ``ServiceError/noSuchAccount(_:)``, ``ServiceError/wrongName``.
    public func create(_ name: String, for account: String, credits: Int) throws -> NewAPIKey {
      try store.writeNow { db in
        try make(name, try Accounts.named(account, db).id, credits, db)
      }
    }

    /// All of them, the oldest first, those that were revoked too.
    ///
    /// - Parameter account: nil for those of all accounts.
    public func list(of account: String? = nil) throws -> [APIKey] {
      try store.readNow { db in
        let id = try account.map { try Accounts.named($0, db).id }
        return try APIKey.order(Column("createdAt"), Column("id")).fetchAll(db)
          .filter { id == nil || $0.account == id }
      }
    }

    /// Ends a key for good: jobs that it paid for go on, and nobody can ask for them any more.
    ///
    /// - Throws: ``ServiceError/noSuchKey(_:)``.
    @discardableResult
    public func revoke(_ id: String) throws -> APIKey {
      try change(id) { key in key.revokedAt = key.revokedAt ?? settings.now() }
    }

    /// - Parameter count: More than 0.
    /// - Throws: ``ServiceError/noSuchKey(_:)``.
    @discardableResult
    public func addCredits(_ count: Int, to id: String) throws -> APIKey {
      try change(id) { key in
        let (sum, isTooMany) = key.credits.addingReportingOverflow(count)
        key.credits = isTooMany ? .max : sum
      }
    }

    /// Makes a new signing secret; the old one signs nothing any more.
    ///
    /// - Throws: ``ServiceError/noSuchKey(_:)``.
    public func rotateSecret(of id: String) throws -> (key: APIKey, signingSecret: String) {
      let secret = APIKeys.newSigningSecret()
      let key = try change(id) { key in
        key.signingSecret = secret
        key.rotatedAt = settings.now()
      }
      return (key, secret)
    }

    /// Whose the key is, and what it may pay.
    ///
    /// - Throws: ``ServiceError/wrongCredentials`` also for one that was revoked, ``ServiceError/accountDisabled``.
    public func key(_ text: String) async throws -> (key: APIKey, account: Account) {
      guard text.hasPrefix(APIKeys.prefix) else { throw ServiceError.wrongCredentials }
      return try await store.read { db in
        guard let key = try APIKey.first(db, "SELECT * FROM apiKey WHERE hash = ?", [Secret.hash(text)]),
          key.revokedAt == nil,
          let account = try Account.first(db, "SELECT * FROM account WHERE id = ?", [key.account])
        else { throw ServiceError.wrongCredentials }
        guard !account.isDisabled else { throw ServiceError.accountDisabled }
        return (key, account)
      }
    }

    private func make(_ name: String, _ account: String, _ credits: Int, _ db: Database) throws -> NewAPIKey {
      guard !name.isEmpty, name.utf8.count <= Account.longestName else { throw ServiceError.wrongName }
      let text = APIKeys.prefix + Secret.randomBytes(16).hexadecimal
      let key = APIKey(
        id: newIdentifier(), account: account, name: name, hash: Secret.hash(text),
        lastFour: String(text.suffix(4)), credits: credits, signingSecret: APIKeys.newSigningSecret(),
        createdAt: settings.now())
      try key.insert(db)
      return NewAPIKey(key: key, text: text, signingSecret: key.signingSecret)
    }

    private func change(_ id: String, _ change: (inout APIKey) -> Void) throws -> APIKey {
      try store.writeNow { db in
        guard var key = try APIKey.fetchOne(db, key: id) else { throw ServiceError.noSuchKey(id) }
        change(&key)
        try key.update(db)
        return key
      }
    }

    private static func newSigningSecret() -> String {
      "whsec_" + Secret.randomBytes(24).base64EncodedString()
    }
  }

  extension APIKeys {
    public init(_ folder: DataFolder, _ settings: ServiceSettings = .init()) throws {
      self.init(store: try Store(folder), settings: settings)
    }
  }
#endif
