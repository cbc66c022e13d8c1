#if Server
  import Foundation
  import GRDB
  import Logging

  /// Deletes what nobody may need any more: what is past its retention, and what a crash left behind.
  struct Cleaning: Sendable {
    let store: Store
    let folder: DataFolder
    let settings: ServiceSettings
    let logger: Logger
    /// From when on this process may have written files: before then all are an earlier one's. Not when the cleaning
    /// begins, which may be after the first upload.
    let start = Date()

    /// Cleans now and every hour until it is cancelled.
    func run() async {
      do { try removeOrphans() } catch { report(error) }
      while !Task.isCancelled {
        do { try await removeExpired() } catch { report(error) }
        try? await Task.sleep(for: .seconds(3_600))
      }
    }

    /// Removes files, operations and tokens that are old. A file that unfinished work reads stays.
    func removeExpired() async throws {
      let now = settings.now()
      let end = now - settings.retention
      let blobs = try await store.write { db in
        var blobs = try String.fetchAll(
          db, sql: "SELECT blob FROM chunk WHERE createdAt < ?", arguments: [end])
        try db.execute(sql: "DELETE FROM chunk WHERE createdAt < ?", arguments: [end])
        let old = """
          createdAt < ? AND NOT EXISTS (
            SELECT 1 FROM job WHERE job.account = file.account AND input = file.id AND state IN ('queued', 'running'))
          """
        blobs += try String.fetchAll(db, sql: "SELECT blob FROM file WHERE \(old)", arguments: [end])
        try db.execute(sql: "DELETE FROM file WHERE \(old)", arguments: [end])
        // Who asks for a paid job after its files are gone is told so, and a repeated request is still known.
        try db.execute(
          sql: "DELETE FROM job WHERE finishedAt < ? AND id NOT IN (SELECT job FROM paidJob)",
          arguments: [end])
        try db.execute(
          sql: "DELETE FROM job WHERE finishedAt < ?",
          arguments: [now - max(settings.retention, settings.paidJobRetention)])
        try db.execute(sql: "DELETE FROM token WHERE expiresAt <= ?", arguments: [now])
        try db.execute(sql: "DELETE FROM loginFailure WHERE lockedUntil <= ?", arguments: [now - 86_400])
        try db.execute(
          sql: "DELETE FROM uploadCount WHERE month < ?", arguments: [Accounts.month(now - 90 * 86_400)])
        return try Set(blobs).filter { !(try Files.isUsed($0, db)) }
      }
      for blob in blobs { folder.removeBlob(blob) }
      if !blobs.isEmpty { logger.info("removed old files", metadata: ["count": "\(blobs.count)"]) }
    }

    /// Removes what a process that ended suddenly left: uploads that broke off, and blobs that no row names.
    func removeOrphans() throws {
      var count = 0
      func remove(in folder: String, unless isUsed: (String) throws -> Bool) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
          let path = folder + "/" + name
          var status = stat()
          // Times of files are the kernel's, which is a little behind.
          guard lstat(path, &status) == 0, Double(status.st_mtim.tv_sec) < start.timeIntervalSince1970 - 2,
            !(try isUsed(name))
          else { continue }
          // What a job made on the way is a folder.
          try? FileManager.default.removeItem(atPath: path)
          count += 1
        }
      }
      try remove(in: folder.incoming) { _ in false }
      for part in try FileManager.default.contentsOfDirectory(atPath: folder.blobs) {
        try remove(in: folder.blobs + "/" + part) { name in
          try store.readNow { db in try Files.isUsed(name, db) }
        }
      }
      if count > 0 { logger.info("removed what an earlier process left", metadata: ["count": "\(count)"]) }
    }

    private func report(_ error: any Error) {
      logger.error("cleaning is put off", metadata: ["error": "\(error)"])
    }
  }
#endif
