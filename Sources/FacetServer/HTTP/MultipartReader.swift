#if Server
  import Foundation
  import Hummingbird

  /// The parts of a multipart body (RFC 7578) one after the other, as they arrive: the body is never in memory as a
  /// whole. One reader at a time, never two at once.
  final class MultipartReader<Body: AsyncSequence & Sendable>: @unchecked Sendable
  where Body.Element == ByteBuffer {
    private var body: Body.AsyncIterator
    private let delimiter: [UInt8]
    /// Bytes that were read and not handed on. The first boundary may stand at the very beginning; with a line break
    /// before it, it looks like the others.
    private var held = ByteBuffer(string: "\r\n")
    /// What stands before the first boundary is a part without a head.
    private var isInPart = true
    private var isPreamble = true

    private static var longestHead: Int { 16 << 10 }

    /// - Parameter boundary: Of the `Content-Type` header.
    init(_ body: Body, boundary: String) {
      self.body = body.makeAsyncIterator()
      delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Goes on to the next part, past what is left of this one.
    ///
    /// - Returns: nil after the last one; the body is read to its end then.
    /// - Throws: ``MultipartError``.
    func nextPart() async throws -> MultipartHead? {
      do {
        while try await nextBytes() != nil {}
      } catch MultipartError.cut where isPreamble {
        throw MultipartError.noFile
      }
      isPreamble = false
      while held.readableBytes < 2 { try await more() }
      if held.readableBytesView.starts(with: Array("--".utf8)) {
        try await finish()
        return nil
      }
      let blankLine = Array("\r\n\r\n".utf8)
      while true {
        if let end = held.firstIndex(of: blankLine) {
          let head = MultipartHead(held.readString(length: end) ?? "")
          // A part without bytes may have its delimiter begin with the blank line's second half.
          held.moveReaderIndex(forwardBy: 2)
          while held.readableBytes < delimiter.count, try await moreIfAny() {}
          if !held.readableBytesView.starts(with: delimiter) { held.moveReaderIndex(forwardBy: 2) }
          isInPart = true
          return head
        }
        guard held.readableBytes < MultipartReader.longestHead else { throw MultipartError.headTooLong }
        try await more()
      }
    }

    /// Bytes of the part that was come to last; nil at its end.
    ///
    /// - Throws: ``MultipartError/cut`` when the body ends before the part does.
    func nextBytes() async throws -> ByteBuffer? {
      while isInPart {
        if let end = held.firstIndex(of: delimiter) {
          isInPart = false
          let bytes = held.readSlice(length: end)
          held.moveReaderIndex(forwardBy: delimiter.count)
          return end > 0 ? bytes : nil
        }
        // The last bytes may be the beginning of the delimiter.
        let sure = held.readableBytes - (delimiter.count - 1)
        if sure > 0 { return held.readSlice(length: sure) }
        try await more()
      }
      return nil
    }

    /// The part's bytes, for who takes a sequence.
    var bytes: some AsyncSequence<ByteBuffer, any Error> & Sendable { MultipartBytes(reader: self) }

    /// Reads what follows, so that the connection can serve the next request.
    func finish() async throws {
      isInPart = false
      while try await body.next() != nil {}
    }

    private func more() async throws {
      guard try await moreIfAny() else { throw MultipartError.cut }
    }

    private func moreIfAny() async throws -> Bool {
      guard var more = try await body.next() else { return false }
      // In memory of its own: what was handed on shares what it was cut from.
      var joined = ByteBufferAllocator().buffer(capacity: held.readableBytes + more.readableBytes)
      joined.writeBuffer(&held)
      joined.writeBuffer(&more)
      held = joined
      return true
    }
  }

  private struct MultipartBytes<Body: AsyncSequence & Sendable>: AsyncSequence, Sendable
  where Body.Element == ByteBuffer {
    let reader: MultipartReader<Body>

    struct AsyncIterator: AsyncIteratorProtocol {
      let reader: MultipartReader<Body>
      mutating func next() async throws -> ByteBuffer? { try await reader.nextBytes() }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }
  }

  enum MultipartError: Error, Sendable {
    /// No part has a file name.
    case noFile
    /// The body ends inside a part.
    case cut
    case headTooLong
  }

  extension ByteBuffer {
    /// How far from the next byte to be read the pattern begins.
    fileprivate func firstIndex(of pattern: [UInt8]) -> Int? {
      withUnsafeReadableBytes { bytes in
        pattern.withUnsafeBytes { pattern in
          guard let start = bytes.baseAddress, let wanted = pattern.baseAddress else { return nil }
          var index = 0
          while bytes.count - index >= pattern.count {
            let rest = bytes.count - index - pattern.count + 1
            guard let found = memchr(start + index, Int32(pattern[0]), rest) else { return nil }
            index = UnsafeRawPointer(found) - start
            if memcmp(found, wanted, pattern.count) == 0 { return index }
            index += 1
          }
          return nil
        }
      }
    }
  }
#endif
