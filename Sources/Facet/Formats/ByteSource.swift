#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a file or of memory, read at any offset and from any thread.
///
/// Files are read with `pread`, never mapped: a file that is cut while it is read gives an error, where a
/// mapping would kill the process.
public struct ByteSource: Sendable {
  /// The number of bytes; of a file, when it was opened.
  public let count: Int
  /// The file's path, for messages and to tell the format when the bytes leave it open.
  public let path: String?
  private let storage: Storage

  private enum Storage: Sendable {
    /// `origin` is where the bytes begin in the file.
    case file(Descriptor, origin: Int)
    /// Blocks of `blockSize` bytes, the last one shorter.
    case memory(blocks: [[UInt8]], blockSize: Int)
  }

  /// Bytes in memory.
  public init(_ bytes: [UInt8]) {
    count = bytes.count
    path = nil
    storage = .memory(blocks: [bytes], blockSize: max(1, bytes.count))
  }

  private init(count: Int, path: String?, storage: Storage) {
    self.count = count
    self.path = path
    self.storage = storage
  }

  /// A regular file.
  ///
  /// - Throws: ``MeshError/file(path:action:errno:)`` when it cannot be opened, and
  ///   ``MeshError/notARegularFile(path:kind:)`` for a directory, FIFO, socket or device: these are refused
  ///   without opening them, so a FIFO without a writer does not block and a device sees nothing.
  public static func file(_ path: String) throws(MeshError) -> ByteSource {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .file(path: path, action: .open, errno: errno)
    }
    try requireRegular(status, path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      throw .file(path: path, action: .open, errno: errno)
    }
    let owned = Descriptor(descriptor, closing: true)
    // Again, on what was really opened: the name may have been given to something else in between.
    guard fstat(descriptor, &status) == 0 else {
      throw .file(path: path, action: .open, errno: errno)
    }
    try requireRegular(status, path)
    return ByteSource(count: Int(status.st_size), path: path, storage: .file(owned, origin: 0))
  }

  private static func requireRegular(_ status: stat, _ path: String) throws(MeshError) {
    let kind = FileKind(mode: status.st_mode)
    guard kind == .regular else {
      throw .notARegularFile(path: path, kind: kind.rawValue)
    }
  }

  /// Standard input, to its end. A redirected file is read in place; a pipe is kept in memory.
  ///
  /// - Throws: ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)`` when a pipe holds more than
  ///   the budget, ``MeshError/cancelled``, also while waiting for bytes, and
  ///   ``MeshError/file(path:action:errno:)``.
  public static func standardInput(_ run: RunContext = RunContext()) throws(MeshError) -> ByteSource {
    try stream(STDIN_FILENO, name: "standard input", run)
  }

  /// Reads an open descriptor to its end; a regular file is read in place from its current offset.
  package static func stream(
    _ descriptor: Int32, name: String, _ run: RunContext
  ) throws(MeshError) -> ByteSource {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .file(path: name, action: .read, errno: errno)
    }
    switch FileKind(mode: status.st_mode) {
    case .regular:
      let offset = lseek(descriptor, 0, SEEK_CUR)
      if offset >= 0 {
        return ByteSource(
          count: max(0, Int(status.st_size) - Int(offset)), path: nil,
          storage: .file(Descriptor(descriptor, closing: false), origin: Int(offset)))
      }
    case .directory:
      throw .notARegularFile(path: name, kind: FileKind.directory.rawValue)
    default:
      break
    }
    return try pipe(descriptor, name: name, run)
  }

  private static func pipe(
    _ descriptor: Int32, name: String, _ run: RunContext
  ) throws(MeshError) -> ByteSource {
    let blockSize = 1 << 20
    var blocks: [[UInt8]] = []
    var count = 0
    var atEnd = false
    while !atEnd {
      try run.reserve(bytes: count + blockSize, for: "reading \(name)")
      var failure: MeshError?
      let block = [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, filled in
        do throws(MeshError) {
          while filled < blockSize {
            try waitForBytes(descriptor, name, run)
            let got = readSome(descriptor, buffer.baseAddress! + filled, blockSize - filled)
            if got == 0 {
              atEnd = true
              break
            }
            if got > 0 {
              filled += got
            } else if errno != EINTR && errno != EAGAIN {
              throw .file(path: name, action: .read, errno: errno)
            }
          }
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      count += block.count
      blocks.append(block)
    }
    return ByteSource(count: count, path: nil, storage: .memory(blocks: blocks, blockSize: blockSize))
  }

  /// Returns when there is something to read (or the end), looking for cancellation every tenth of a second.
  private static func waitForBytes(
    _ descriptor: Int32, _ name: String, _ run: RunContext
  ) throws(MeshError) {
    while true {
      try run.checkCancellation()
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, 100)
      if ready > 0 { return }
      if ready < 0 && errno != EINTR {
        throw .file(path: name, action: .read, errno: errno)
      }
    }
  }

  /// Fills `target` with the bytes from `offset` on.
  ///
  /// - Throws: ``MeshError/changedWhileReading(byte:)`` when the file has become shorter, and
  ///   ``MeshError/file(path:action:errno:)``.
  package func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(MeshError) {
    precondition(offset >= 0 && offset + target.count <= count, "read beyond the end of a byte source")
    guard var destination = target.baseAddress, target.count > 0 else { return }
    var left = target.count
    var position = offset
    switch storage {
    case .file(let descriptor, let origin):
      while left > 0 {
        let got = pread(descriptor.number, destination, left, off_t(origin + position))
        if got > 0 {
          destination += got
          position += got
          left -= got
        } else if got == 0 {
          throw .changedWhileReading(byte: position)
        } else if errno != EINTR {
          throw .file(path: path ?? "standard input", action: .read, errno: errno)
        }
      }
    case .memory(let blocks, let blockSize):
      while left > 0 {
        let inBlock = position % blockSize
        let length = min(left, blockSize - inBlock)
        blocks[position / blockSize].withUnsafeBytes {
          destination.copyMemory(from: $0.baseAddress! + inBlock, byteCount: length)
        }
        destination += length
        position += length
        left -= length
      }
    }
  }

  /// The bytes of a range, as an array.
  package func bytes(_ range: Range<Int>) throws(MeshError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var failure: MeshError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(MeshError) {
        try read(at: range.lowerBound, into: buffer)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

extension ByteSource {
  /// Hands all bytes on, a megabyte at a time.
  ///
  /// - Throws: What ``read(at:into:)``, the sink and the run throw.
  package func copy(into sink: ByteSink, _ run: RunContext) throws(MeshError) {
    let step = 1 << 20
    for start in stride(from: 0, to: count, by: step) {
      try run.checkCancellation()
      try sink.write(try bytes(start..<min(count, start + step)))
      run.report(Double(start) / Double(count))
    }
  }
}

/// The system call, by a name that the method above does not hide.
private func readSome(_ descriptor: Int32, _ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
  read(descriptor, target, count)
}

/// An open file, closed with its last user.
private final class Descriptor: Sendable {
  let number: Int32
  private let closing: Bool

  init(_ number: Int32, closing: Bool) {
    self.number = number
    self.closing = closing
  }

  deinit {
    if closing { close(number) }
  }
}

/// What a path can name.
enum FileKind: String {
  case regular = "regular file"
  case directory
  case fifo = "FIFO"
  case socket
  case device

  init(mode: mode_t) {
    self =
      switch mode & mode_t(S_IFMT) {
      case mode_t(S_IFREG): .regular
      case mode_t(S_IFDIR): .directory
      case mode_t(S_IFIFO): .fifo
      case mode_t(S_IFSOCK): .socket
      default: .device
      }
  }
}
