#if Server
  import Foundation
  import GRDB
  import NIOCore
  import NIOPosix

  /// What accounts have uploaded and what operations have made of it.
  ///
  /// An upload is written beside the blobs while it arrives, and has an id only when it is complete and on the disk.
  public struct Files: Sendable {
    let folder: DataFolder
    let store: Store
    let settings: ServiceSettings
    /// Writes and reads wait for the disk, on threads of their own.
    let threads: NIOThreadPool

    /// Refuses an upload that could not be kept, before any of it is read.
    ///
    /// - Throws: ``ServiceError/subscriptionExpired``, ``ServiceError/uploadLimitReached(perMonth:)``,
    ///   ``ServiceError/outOfSpace``.
    public func checkUpload(_ account: Account) async throws {
      let now = settings.now()
      try Files.checkSubscription(account, now)
      guard folder.freeBytes > settings.reservedDiskBytes else { throw ServiceError.outOfSpace }
      guard account.uploadsPerMonth != nil else { return }
      try await store.read { db in _ = try Files.uploads(by: account, now, db) }
    }

    /// Takes in bytes that arrive over time.
    ///
    /// - Parameters:
    ///   - limit: In bytes; nil for what the operator allows.
    ///   - check: Sees the complete file, by its path, and throws what is wrong with it.
    /// - Throws: ``ServiceError/fileEmpty``, ``ServiceError/fileTooBig(limit:)``, ``ServiceError/outOfSpace``, and what
    ///   the body throws.
    public func receive<Bytes: AsyncSequence & Sendable>(
      _ bytes: Bytes, limit: Int? = nil, check: @escaping @Sendable (String) throws -> Void = { _ in }
    ) async throws -> Blob where Bytes.Element == ByteBuffer {
      try await receive(bytes, limit: limit ?? settings.maximumFileBytes, check, empty: .fileEmpty) {
        .fileTooBig(limit: $0)
      }
    }

    /// Forgets an upload that is to become no file.
    public func remove(_ attachment: Attachment) { folder.removeBlob(attachment.blob.name) }

    /// Where the bytes of an upload that is no file yet lie.
    public func path(of blob: Blob) -> String { folder.path(ofBlob: blob.name) }

    /// Gives an upload an id and an owner. From here on it is kept.
    ///
    /// - Throws: ``ServiceError/uploadLimitReached(perMonth:)``, ``ServiceError/diskQuotaExceeded(_:)``.
    public func add(_ blob: Blob, named name: String, mediaType: String, for account: Account) async throws
      -> StoredFile
    {
      let file = StoredFile(
        account: account.id, id: newIdentifier(), name: name, mediaType: mediaType, blob,
        createdAt: settings.now())
      return try await keeping(blob) { db in
        try Files.countUpload(account, file.createdAt, db)
        try Files.checkQuota(account, adding: blob.bytes, db)
        try file.insert(db)
        return file
      }
    }

    /// - Throws: ``ServiceError/fileNotFound(_:)``.
    public func file(_ id: String, of account: Account) async throws -> StoredFile {
      try await file(id, ofAccount: account.id)
    }

    /// - Throws: ``ServiceError/fileNotFound(_:)``.
    public func file(_ id: String, ofAccount account: String) async throws -> StoredFile {
      try await store.read { db in try Files.find(id, account, db) }
    }

    /// Where the bytes of a file lie; they never change.
    public func path(of file: StoredFile) -> String { folder.path(ofBlob: file.blob) }

    /// Deletes a file; operations that are to read it fail.
    ///
    /// - Throws: ``ServiceError/fileNotFound(_:)``.
    public func remove(_ id: String, of account: Account) async throws {
      let unused = try await store.write { db in
        let file = try Files.find(id, account.id, db)
        try file.delete(db)
        return try Files.isUsed(file.blob, db) ? nil : file.blob
      }
      if let unused { folder.removeBlob(unused) }
    }

    // MARK: Pieces

    static func find(_ id: String, _ account: String, _ db: Database) throws -> StoredFile {
      guard let file = try found(id, account, db) else { throw ServiceError.fileNotFound(id) }
      return file
    }

    static func found(_ id: String, _ account: String, _ db: Database) throws -> StoredFile? {
      try StoredFile.first(db, "SELECT * FROM file WHERE account = ? AND id = ?", [account, id])
    }

    /// Whether a file or a chunk is kept in this blob. Operations that hand their input on share its blob.
    static func isUsed(_ blob: String, _ db: Database) throws -> Bool {
      try Bool.first(
        db,
        "SELECT EXISTS (SELECT 1 FROM file WHERE blob = ?1) OR EXISTS (SELECT 1 FROM chunk WHERE blob = ?1)",
        [blob]) ?? false
    }

    static func checkSubscription(_ account: Account, _ now: Date) throws {
      if let end = account.expiresAt, end <= now { throw ServiceError.subscriptionExpired }
    }

    /// - Returns: How many uploads this month has seen.
    /// - Throws: ``ServiceError/uploadLimitReached(perMonth:)`` when there may be no more.
    private static func uploads(by account: Account, _ now: Date, _ db: Database) throws -> Int {
      let count = try Accounts.uploads(of: account.id, Accounts.month(now), db)
      if let limit = account.uploadsPerMonth, count >= limit {
        throw ServiceError.uploadLimitReached(perMonth: limit)
      }
      return count
    }

    static func countUpload(_ account: Account, _ now: Date, _ db: Database) throws {
      let count = try uploads(by: account, now, db)
      try db.change(
        "INSERT OR REPLACE INTO uploadCount VALUES (?, ?, ?)", [account.id, Accounts.month(now), count + 1])
    }

    static func checkQuota(_ account: Account, adding bytes: Int, _ db: Database) throws {
      guard let quota = account.diskBytes else { return }
      if try Accounts.bytes(of: account.id, db) + bytes > quota {
        throw ServiceError.diskQuotaExceeded(quota)
      }
    }

    /// Writes a row for a blob; without the row the blob goes too.
    func keeping<Value: Sendable>(
      _ blob: Blob, _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws -> Value {
      do {
        return try await store.write(body)
      } catch {
        folder.removeBlob(blob.name)
        throw error
      }
    }

    func receive<Bytes: AsyncSequence & Sendable>(
      _ bytes: Bytes, limit: Int, _ check: @escaping @Sendable (String) throws -> Void, empty: ServiceError,
      tooBig: (Int) -> ServiceError
    ) async throws -> Blob where Bytes.Element == ByteBuffer {
      let incoming = Incoming()
      var block = Block()
      var count = 0
      for try await piece in bytes {
        count += piece.readableBytes
        if count > limit { throw tooBig(limit) }
        if let full = block.adding(piece) {
          try await threads.runIfActive { try incoming.write(full, folder) }
        }
      }
      guard count > 0 else { throw empty }
      let rest = block.pieces
      return try await threads.runIfActive {
        try incoming.write(rest, folder)
        return try incoming.finished(check, folder)
      }
    }
  }

  /// Pieces as they arrive are small: going to another thread for each would take longer than writing it.
  private struct Block {
    private(set) var pieces: [ByteBuffer] = []
    private var bytes = 0
    private static let enough = 1 << 19

    /// - Returns: All pieces so far, once they are worth the way.
    mutating func adding(_ piece: ByteBuffer) -> [ByteBuffer]? {
      pieces.append(piece)
      bytes += piece.readableBytes
      guard bytes >= Block.enough else { return nil }
      defer { self = Block() }
      return pieces
    }
  }

  /// An upload on its way: used by one thread after the other, never by two at once.
  private final class Incoming: @unchecked Sendable {
    private var writer: BlobWriter?

    func write(_ pieces: [ByteBuffer], _ folder: DataFolder) throws {
      let writer = try self.writer ?? BlobWriter(folder)
      self.writer = writer
      for piece in pieces { try piece.withUnsafeReadableBytes { try writer.write($0) } }
    }

    func finished(_ check: (String) throws -> Void, _ folder: DataFolder) throws -> Blob {
      let writer = try self.writer ?? BlobWriter(folder)
      self.writer = nil
      return try writer.finished(check)
    }
  }
#endif
