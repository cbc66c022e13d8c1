#if Server
  import Foundation

  /// Where a service keeps everything: `facet.sqlite`, `blobs/`, and `incoming/` for what is not complete yet.
  public struct DataFolder: Sendable {
    public let path: String

    public var database: String { DataFolder.database(in: path) }
    var blobs: String { path + "/blobs" }
    var incoming: String { path + "/incoming" }
    private var lock: String { path + "/lock" }

    /// Makes the folder when it is not there. Only its owner may look into it.
    public init(_ path: String) throws {
      self.path = path
      for folder in [path, blobs, incoming] {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      }
    }

    /// The folder of a service that was there before; nil when it is none. Makes nothing.
    public static func existing(_ path: String) throws -> DataFolder? {
      FileManager.default.fileExists(atPath: database(in: path)) ? try DataFolder(path) : nil
    }

    private static func database(in path: String) -> String { path + "/facet.sqlite" }

    /// Whether nobody has used the folder yet.
    public var isNew: Bool { !FileManager.default.fileExists(atPath: database) }

    /// Takes the folder for this process until the lock is gone, which the system sees to when the process ends.
    ///
    /// - Throws: ``ServiceError/folderInUse(_:)`` while another server has it.
    func locked() throws -> FolderLock {
      let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw SystemError(errno, lock) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw ServiceError.folderInUse(path)
      }
      return FolderLock(descriptor)
    }

    /// Bytes that are free for this user on the folder's disk.
    public var freeBytes: Int {
      var status = statvfs()
      guard statvfs(path, &status) == 0 else { return 0 }
      return Int(status.f_bavail) * Int(status.f_frsize)
    }
  }

  final class FolderLock: Sendable {
    private let descriptor: Int32

    fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
  }

  /// What the system refused.
  struct SystemError: Error, CustomStringConvertible {
    let number: Int32
    let path: String

    init(_ number: Int32, _ path: String) {
      self.number = number
      self.path = path
    }

    /// Whether there is no room for more.
    var isOutOfSpace: Bool { number == ENOSPC || number == EDQUOT }

    var description: String { "\(path): \(String(cString: strerror(number)))" }
  }
#endif
