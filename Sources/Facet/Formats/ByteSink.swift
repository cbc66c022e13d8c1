#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where writers put their bytes, one after the other: memory, a file or standard output.
package final class ByteSink {
  private let descriptor: Int32?
  private let path: String
  private var bytes: [UInt8] = []
  /// Bytes written so far.
  package private(set) var count = 0

  /// Into memory.
  package init() {
    descriptor = nil
    path = ""
  }

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  package static func standardOutput() -> ByteSink {
    ByteSink(descriptor: STDOUT_FILENO, path: "standard output")
  }

  /// Whether the bytes stay in memory, and count against the budget.
  package var isMemory: Bool { descriptor == nil }

  /// - Throws: ``MeshError/file(path:action:errno:)``, with `ENOSPC` when the disk is full.
  package func write(_ buffer: UnsafeRawBufferPointer) throws(MeshError) {
    count += buffer.count
    guard let descriptor else {
      bytes.append(contentsOf: buffer)
      return
    }
    guard var source = buffer.baseAddress else { return }
    var left = buffer.count
    while left > 0 {
      let done = writeSome(descriptor, source, left)
      if done >= 0 {
        source += done
        left -= done
      } else if errno == EAGAIN {
        // Standard output may be a pipe that somebody made non-blocking.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, 100)
      } else if errno != EINTR {
        throw .file(path: path, action: .write, errno: errno)
      }
    }
  }

  package func write(_ array: [UInt8]) throws(MeshError) {
    var failure: MeshError?
    array.withUnsafeBytes { buffer in
      do throws(MeshError) {
        try write(buffer)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// What was written to memory.
  package func takeBytes() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }
}

/// The system call, by a name that the methods above do not hide.
private func writeSome(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, source, count)
}
