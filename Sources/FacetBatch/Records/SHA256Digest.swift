#if CommandLine
  import Crypto
  import Facet

  /// SHA-256 (FIPS 180-4) of bytes and files, as 64 hexadecimal digits.
  enum SHA256Digest {
    static func hex(of bytes: [UInt8]) -> String {
      hex(SHA256.hash(data: bytes))
    }

    /// - Throws: What reading throws, and ``Facet/MeshError/cancelled``.
    static func hex(of source: ByteSource, _ run: RunContext) throws(MeshError) -> String {
      var hash = SHA256()
      // Small enough to stay in the processor's second cache between reading and hashing.
      let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 64)
      defer { block.deallocate() }
      for start in stride(from: 0, to: source.count, by: block.count) {
        try run.checkCancellation()
        let read = UnsafeMutableRawBufferPointer(rebasing: block[..<min(source.count - start, block.count)])
        try source.read(at: start, into: read)
        hash.update(bufferPointer: UnsafeRawBufferPointer(read))
      }
      return hex(hash.finalize())
    }

    private static func hex(_ digest: some Sequence<UInt8>) -> String {
      let digits = Array("0123456789abcdef".utf8)
      return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }
#endif
