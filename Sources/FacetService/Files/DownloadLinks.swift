#if Server
  import Crypto
  import Foundation
  import GRDB

  /// Links that open one file for a short time, to whoever has them.
  public struct DownloadLinks: Sendable {
    let store: Store
    let settings: ServiceSettings
    private let key: SymmetricKey

    /// How long a link is good for, in seconds.
    public static let life: TimeInterval = 900

    public struct Link: Sendable, Hashable {
      /// Seconds since 1970.
      public var expires: Int
      /// Hexadecimal.
      public var signature: String

      public init(expires: Int, signature: String) {
        self.expires = expires
        self.signature = signature
      }
    }

    public enum Verdict: Sendable {
      case good, expired, forged
    }

    /// The secret is the folder's, so a link outlives the process that made it.
    init(store: Store, settings: ServiceSettings) throws {
      self.store = store
      self.settings = settings
      key = try store.writeNow { db in
        if let known = try Data.fetchOne(db, sql: "SELECT value FROM secret WHERE name = 'downloads'") {
          return SymmetricKey(data: known)
        }
        let made = Secret.randomBytes(32)
        try db.execute(sql: "INSERT INTO secret VALUES ('downloads', ?)", arguments: [made])
        return SymmetricKey(data: made)
      }
    }

    /// A new link to a file of a job.
    public func link(to file: String, of job: String) -> Link {
      let expires = Int((settings.now() + DownloadLinks.life).timeIntervalSince1970)
      return Link(expires: expires, signature: signature(file, job, expires).hexadecimal)
    }

    public func check(_ link: Link, to file: String, of job: String) -> Verdict {
      let due = Data(signature(file, job, link.expires).hexadecimal.utf8)
      guard isEqualInConstantTime(due, Data(link.signature.utf8)) else { return .forged }
      return Double(link.expires) > settings.now().timeIntervalSince1970 ? .good : .expired
    }

    private func signature(_ file: String, _ job: String, _ expires: Int) -> Data {
      Data(HMAC<SHA256>.authenticationCode(for: Data("\(job)\n\(file)\n\(expires)".utf8), using: key))
    }
  }
#endif
