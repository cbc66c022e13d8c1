#if Server
  import Foundation
  import GRDB

  /// A file of an account: one that was uploaded, or one that an operation made.
  public struct StoredFile: Sendable, Codable, FetchableRecord, PersistableRecord {
    public static let databaseTableName = "file"

    public let account: String
    public let id: String
    /// What its owner calls it.
    public let name: String
    public let mediaType: String
    let blob: String
    public let bytes: Int
    /// In hexadecimal, lower case.
    public let sha256: String
    public let createdAt: Date

    init(
      account: String, id: String, name: String, mediaType: String, _ blob: Blob, createdAt: Date
    ) {
      self.account = account
      self.id = id
      self.name = name
      self.mediaType = mediaType
      self.blob = blob.name
      bytes = blob.bytes
      sha256 = blob.sha256
      self.createdAt = createdAt
    }

    var content: Blob { Blob(name: blob, bytes: bytes, sha256: sha256) }
  }
#endif
