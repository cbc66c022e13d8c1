#if Server
  import Foundation
  import GRDB
  import NIOCore

  /// Uploads in pieces: the client chooses the file's id, sends the chunks in any order, as often as it likes, and
  /// commits.
  extension Files {
    /// Keeps a chunk; one of the same number is replaced.
    ///
    /// - Throws: ``ServiceError/fileExists(_:)``, ``ServiceError/chunkEmpty``, ``ServiceError/chunkTooBig(limit:)``,
    ///   ``ServiceError/diskQuotaExceeded(_:)``, ``ServiceError/outOfSpace``.
    public func addChunk<Bytes: AsyncSequence & Sendable>(
      _ number: Int, of id: String, _ bytes: Bytes, for account: Account
    ) async throws where Bytes.Element == ByteBuffer {
      try await store.read { db in try Files.checkIsFree(id, account.id, db) }
      let blob = try await receive(bytes, limit: settings.maximumChunkBytes, { _ in }, empty: .chunkEmpty) {
        .chunkTooBig(limit: $0)
      }
      let now = settings.now()
      let replaced = try await keeping(blob) { db in
        // Again: a commit may have come in between.
        try Files.checkIsFree(id, account.id, db)
        let before = try Chunk.fetchOne(db, key: ["account": account.id, "file": id, "number": number])
        try Files.checkQuota(account, adding: blob.bytes - (before?.bytes ?? 0), db)
        try Chunk(
          account: account.id, file: id, number: number, blob: blob.name, bytes: blob.bytes, createdAt: now
        )
        .save(db)
        return before
      }
      if let replaced { folder.removeBlob(replaced.blob) }
    }

    /// Numbers of the chunks that are there, in order: where an upload that broke off may go on.
    public func chunks(of id: String, for account: Account) async throws -> [Int] {
      try await store.read { db in try Files.chunks(of: id, account.id, db).map(\.number) }
    }

    /// Makes a file of chunks 0 to `count - 1`.
    ///
    /// - Parameters:
    ///   - sha256: What the whole must hash to, in hexadecimal; nil to take it as it is.
    ///   - check: As in ``receive(_:check:)``.
    /// - Throws: ``ServiceError/chunksDoNotMatch(_:)``, ``ServiceError/fileExists(_:)``,
    ///   ``ServiceError/fileTooBig(limit:)``, ``ServiceError/uploadLimitReached(perMonth:)``,
    ///   ``ServiceError/outOfSpace``.
    public func commit(
      _ id: String, named name: String, mediaType: String, chunks count: Int, sha256: String?,
      for account: Account,
      check: @escaping @Sendable (String) throws -> Void
    ) async throws -> StoredFile {
      let chunks = try await store.read { db in
        try Files.checkIsFree(id, account.id, db)
        return try Files.chunks(of: id, account.id, db)
      }
      try Files.check(chunks, are: count)
      guard chunks.reduce(0, { $0 + $1.bytes }) <= settings.maximumFileBytes else {
        throw ServiceError.fileTooBig(limit: settings.maximumFileBytes)
      }
      let blob: Blob
      do {
        blob = try await threads.runIfActive { try joined(chunks, check) }
      } catch let error as SystemError {
        // The chunks went away meanwhile: another commit was faster, or they were sent anew.
        try await store.read { db in try Files.check(chunks, areStillOf: id, account.id, db) }
        throw error
      }
      if let sha256, sha256.lowercased() != blob.sha256 {
        folder.removeBlob(blob.name)
        throw ServiceError.chunksDoNotMatch("The chunks hash to \(blob.sha256), and not to \(sha256).")
      }
      let now = settings.now()
      let file = try await keeping(blob) { db in
        try Files.check(chunks, areStillOf: id, account.id, db)
        try Files.countUpload(account, now, db)
        let file = StoredFile(
          account: account.id, id: id, name: name, mediaType: mediaType, blob, createdAt: now)
        try file.insert(db)
        try db.execute(sql: "DELETE FROM chunk WHERE account = ? AND file = ?", arguments: [account.id, id])
        return file
      }
      for chunk in chunks { folder.removeBlob(chunk.blob) }
      return file
    }

    private func joined(_ chunks: [Chunk], _ check: (String) throws -> Void) throws -> Blob {
      let writer = try BlobWriter(folder)
      for chunk in chunks {
        try folder.read(chunk.blob) { try writer.write($0) }
      }
      return try writer.finished(check)
    }

    private static func checkIsFree(_ id: String, _ account: String, _ db: Database) throws {
      if try StoredFile.exists(db, key: ["account": account, "id": id]) { throw ServiceError.fileExists(id) }
    }

    private static func chunks(of id: String, _ account: String, _ db: Database) throws -> [Chunk] {
      try Chunk.filter(Column("account") == account && Column("file") == id).order(Column("number")).fetchAll(
        db)
    }

    private static func check(
      _ chunks: [Chunk], areStillOf id: String, _ account: String, _ db: Database
    ) throws {
      try checkIsFree(id, account, db)
      guard try Files.chunks(of: id, account, db) == chunks else {
        throw ServiceError.chunksDoNotMatch("A chunk arrived during the commit; commit again.")
      }
    }

    private static func check(_ chunks: [Chunk], are count: Int) throws {
      let numbers = Set(chunks.map(\.number))
      let missing = (0..<count).filter { !numbers.contains($0) }
      guard missing.isEmpty else {
        let some = missing.prefix(10).map(String.init).joined(separator: ", ")
        throw ServiceError.chunksDoNotMatch(
          "\(missing.count) of \(count) chunks are missing: \(some)\(missing.count > 10 ? ", …" : "").")
      }
      if let extra = numbers.first(where: { $0 >= count }) {
        throw ServiceError.chunksDoNotMatch("Chunk \(extra) was sent, but the commit is for \(count) chunks.")
      }
    }
  }

  struct Chunk: Sendable, Codable, Hashable, FetchableRecord, PersistableRecord {
    let account: String
    let file: String
    let number: Int
    let blob: String
    let bytes: Int
    let createdAt: Date
  }
#endif
