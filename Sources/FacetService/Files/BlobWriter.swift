#if Server
  import Crypto
  import Foundation

  /// Writes bytes to a temporary file while they arrive, counts and hashes them, and gives them a name when they are
  /// complete. What was not named is removed with the writer.
  final class BlobWriter {
    private let folder: DataFolder
    private let path: String
    private var descriptor: Int32
    private var hash = SHA256()
    private(set) var count = 0

    init(_ folder: DataFolder) throws {
      self.folder = folder
      path = folder.incoming + "/" + newIdentifier()
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw failure(errno) }
    }

    deinit {
      guard descriptor >= 0 else { return }
      close(descriptor)
      unlink(path)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          throw failure(errno)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
      hash.update(bufferPointer: bytes)
      count += bytes.count
    }

    /// Makes the bytes durable under a name of their own.
    ///
    /// - Parameter check: Sees the complete file, by its path, before it has a name.
    /// - Throws: ``ServiceError/outOfSpace``, what the system said, and what the check throws.
    func finished(_ check: (String) throws -> Void) throws -> Blob {
      try check(path)
      guard fsync(descriptor) == 0 else { throw failure(errno) }
      close(descriptor)
      descriptor = -1
      return try folder.adopt(path, bytes: count, sha256: hash.finalize().hexadecimal)
    }

    private func failure(_ number: Int32) -> any Error { BlobWriter.failure(number, path) }

    static func failure(_ number: Int32, _ path: String) -> any Error {
      let error = SystemError(number, path)
      return error.isOutOfSpace ? ServiceError.outOfSpace : error
    }
  }

  /// Bytes on the disk that never change.
  public struct Blob: Sendable, Hashable {
    /// Names the file under `blobs/`.
    public let name: String
    public let bytes: Int
    /// In hexadecimal, lower case.
    public let sha256: String
  }

  extension DataFolder {
    func path(ofBlob name: String) -> String { "\(blobs)/\(name.prefix(2))/\(name)" }

    /// A path for a file that somebody else writes, and that ``adopt(_:bytes:sha256:)`` takes over.
    func newIncomingPath() -> String { incoming + "/" + newIdentifier() }

    /// Gives a complete, synchronized file its place among the blobs.
    fileprivate func adopt(_ incoming: String, bytes: Int, sha256: String) throws -> Blob {
      let blob = Blob(name: newIdentifier(), bytes: bytes, sha256: sha256)
      let folder = "\(blobs)/\(blob.name.prefix(2))"
      if mkdir(folder, 0o700) == 0 {
        try synchronize(folder: blobs)
      } else if errno != EEXIST {
        throw BlobWriter.failure(errno, folder)
      }
      let target = path(ofBlob: blob.name)
      guard rename(incoming, target) == 0 else { throw BlobWriter.failure(errno, target) }
      try synchronize(folder: folder)
      return blob
    }

    /// Takes over a file that is already complete: hashes it, makes it durable, moves it.
    func adopt(_ incoming: String) throws -> Blob {
      let descriptor = open(incoming, O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { throw BlobWriter.failure(errno, incoming) }
      defer { close(descriptor) }
      var hash = SHA256()
      var count = 0
      try readAll(descriptor, incoming) { bytes in
        hash.update(bufferPointer: bytes)
        count += bytes.count
      }
      guard fsync(descriptor) == 0 else { throw BlobWriter.failure(errno, incoming) }
      return try adopt(incoming, bytes: count, sha256: hash.finalize().hexadecimal)
    }

    /// Hands a blob's bytes on, a block at a time.
    func read(_ blob: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
      let path = path(ofBlob: blob)
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw SystemError(errno, path) }
      defer { close(descriptor) }
      try readAll(descriptor, path, body)
    }

    func removeBlob(_ name: String) { unlink(path(ofBlob: name)) }

    private func readAll(
      _ descriptor: Int32, _ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
      try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { block in
        while true {
          let count = Foundation.read(descriptor, block.baseAddress, block.count)
          if count == 0 { return }
          if count < 0 {
            if errno == EINTR { continue }
            throw SystemError(errno, path)
          }
          try body(UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
      }
    }

    /// A name that was given to a file lasts only when its folder is on the disk too.
    private func synchronize(folder: String) throws {
      let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { throw BlobWriter.failure(errno, folder) }
      defer { close(descriptor) }
      guard fsync(descriptor) == 0 else { throw BlobWriter.failure(errno, folder) }
    }
  }

  /// A random identifier, as the clients of the APIs know them: a UUID in lower case.
  func newIdentifier() -> String { UUID().uuidString.lowercased() }

  extension Sequence where Element == UInt8 {
    var hexadecimal: String {
      let digits = Array("0123456789abcdef".utf8)
      var text: [UInt8] = []
      for byte in self {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
      return String(decoding: text, as: UTF8.self)
    }
  }
#endif
