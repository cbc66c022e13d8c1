#if CommandLine
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  func writeToStandardError(_ text: String) {
    write(Array(text.utf8), to: STDERR_FILENO)
  }

  func writeToStandardOutput(_ text: String) {
    write(Array(text.utf8), to: STDOUT_FILENO)
  }

  /// Writes everything, or gives up when the other end is gone.
  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        #if canImport(Glibc)
          let written = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
        #elseif canImport(Musl)
          let written = Musl.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
        #else
          let written = Darwin.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
        #endif
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return }
        offset += written
      }
    }
  }
#endif
