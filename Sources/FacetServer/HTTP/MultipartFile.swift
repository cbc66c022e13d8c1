#if Server
  import Foundation
  import Hummingbird

  /// The first file in a multipart body (RFC 7578), as it arrives: the body is never in memory as a whole.
  ///
  /// Clients name the part in three ways, which all are read: `form-data; name="file"; filename="x.stl"`,
  /// `form-data; fileName="x.stl"` and `attachment; filename=x.stl`.
  struct MultipartFile<Body: AsyncSequence & Sendable>: AsyncSequence, Sendable
  where Body.Element == ByteBuffer {
    typealias Element = ByteBuffer

    let fileName: String
    private let start: ByteBuffer
    private let rest: Rest
    private let boundary: [UInt8]

    /// One reader after the other, never two at once.
    private final class Rest: @unchecked Sendable {
      var iterator: Body.AsyncIterator
      init(_ iterator: Body.AsyncIterator) { self.iterator = iterator }
      func next() async throws -> ByteBuffer? { try await iterator.next() }
    }

    /// Reads up to where the file's bytes begin.
    ///
    /// - Parameter boundary: Of the `Content-Type` header.
    /// - Throws: ``MultipartError``.
    init(_ body: Body, boundary: String) async throws {
      self.boundary = Array("\r\n--\(boundary)".utf8)
      rest = Rest(body.makeAsyncIterator())
      // The first boundary may stand at the very beginning; with a line break before it, it looks like the others.
      var buffer = Array("\r\n".utf8)
      while true {
        guard
          let delimiter = try await MultipartFile.find(
            self.boundary, in: &buffer, rest, keep: self.boundary.count)
        else { throw MultipartError.noFile }
        buffer.removeFirst(delimiter + self.boundary.count)
        while buffer.count < 2 { try await MultipartFile.more(&buffer, rest) }
        if buffer.starts(with: Array("--".utf8)) { throw MultipartError.noFile }
        guard
          let end = try await MultipartFile.find(Array("\r\n\r\n".utf8), in: &buffer, rest, limit: 16 << 10)
        else { throw MultipartError.cut }
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        // The blank line's second half stays: a file without bytes has its delimiter begin there.
        buffer.removeFirst(end + 2)
        if let name = MultipartFile.fileName(in: head) {
          fileName = name
          buffer.removeFirst(2)
          start = ByteBuffer(bytes: buffer)
          return
        }
      }
    }

    struct AsyncIterator: AsyncIteratorProtocol {
      fileprivate let file: MultipartFile
      /// Bytes that were read and not handed on: of no more than a piece and the beginning of a boundary.
      private var held: ByteBuffer
      private var isDone = false

      fileprivate init(_ file: MultipartFile) {
        self.file = file
        held = file.start
      }

      /// - Throws: ``MultipartError/cut`` when the body ends before the file does.
      mutating func next() async throws -> ByteBuffer? {
        guard !isDone else { return nil }
        while true {
          if let end = held.withUnsafeReadableBytes({ firstIndex(of: file.boundary, in: $0) }) {
            isDone = true
            // What follows is read to its end, so that the connection can serve the next request.
            while try await file.rest.next() != nil {}
            return end > 0 ? held.readSlice(length: end) : nil
          }
          // The last bytes may be the beginning of the boundary.
          let sure = held.readableBytes - (file.boundary.count - 1)
          if sure > 0 { return held.readSlice(length: sure) }
          guard var more = try await file.rest.next() else { throw MultipartError.cut }
          // In memory of its own: what was handed on shares what it was cut from.
          var joined = ByteBufferAllocator().buffer(capacity: held.readableBytes + more.readableBytes)
          joined.writeBuffer(&held)
          joined.writeBuffer(&more)
          held = joined
        }
      }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    // MARK: Heads

    /// The name in a part's `Content-Disposition`; nil for a field that is no file.
    private static func fileName(in head: String) -> String? {
      for line in head.split(separator: "\r\n") {
        let halves = line.split(separator: ":", maxSplits: 1)
        guard halves.count == 2, halves[0].lowercased() == "content-disposition" else { continue }
        let parameters = HeaderParameters(String(halves[1]))
        return parameters.extended("filename") ?? parameters["filename"].map(decoded)
      }
      return nil
    }

    /// A name as .NET writes one that is not ASCII: `=?utf-8?B?…?=` (RFC 2047).
    private static func decoded(_ name: String) -> String {
      guard let word = name.wholeMatch(of: /=\?utf-8\?b\?([a-z0-9+\/=]*)\?=/.ignoresCase()),
        let bytes = Data(base64Encoded: String(word.1))
      else { return name }
      return String(decoding: bytes, as: UTF8.self)
    }

    private static func more(_ buffer: inout [UInt8], _ rest: Rest) async throws {
      guard let more = try await rest.next() else { throw MultipartError.cut }
      buffer += more.readableBytesView
    }

    /// Reads on until the pattern is in the buffer.
    ///
    /// - Parameters:
    ///   - limit: Bytes without the pattern that are too many.
    ///   - keep: Of bytes without the pattern only this many are kept; nil for all.
    private static func find(
      _ pattern: [UInt8], in buffer: inout [UInt8], _ rest: Rest, limit: Int = .max, keep: Int? = nil
    ) async throws -> Int? {
      while true {
        if let index = buffer.withUnsafeBytes({ firstIndex(of: pattern, in: $0) }) { return index }
        guard buffer.count < limit else { throw MultipartError.headTooLong }
        if let keep, buffer.count > keep { buffer.removeFirst(buffer.count - keep) }
        guard let more = try await rest.next() else { return nil }
        buffer += more.readableBytesView
      }
    }
  }

  enum MultipartError: Error, Sendable {
    /// No part has a file name.
    case noFile
    /// The body ends inside a part.
    case cut
    case headTooLong
  }

  /// A header's parameters: `form-data; name="file"; filename="x.stl"`. Names in any case, values with or without
  /// quotation marks.
  struct HeaderParameters {
    let value: String
    private var parameters: [String: String] = [:]

    init(_ header: String) {
      var pieces: [String] = [""]
      var isQuoted = false
      var isEscaped = false
      for character in header {
        if isEscaped {
          pieces[pieces.count - 1].append(character)
          isEscaped = false
        } else if isQuoted, character == "\\" {
          isEscaped = true
        } else if character == "\"" {
          isQuoted.toggle()
        } else if character == ";", !isQuoted {
          pieces.append("")
        } else {
          pieces[pieces.count - 1].append(character)
        }
      }
      value = pieces[0].trimmingCharacters(in: .whitespaces).lowercased()
      for piece in pieces.dropFirst() {
        let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { continue }
        parameters[halves[0].trimmingCharacters(in: .whitespaces).lowercased()] =
          halves[1].trimmingCharacters(in: .whitespaces)
      }
    }

    subscript(name: String) -> String? { parameters[name] }

    /// A value in the form of RFC 8187: `filename*=UTF-8''na%C3%AFve.stl`.
    func extended(_ name: String) -> String? {
      guard let value = parameters[name + "*"], let start = value.range(of: "''") else { return nil }
      return String(value[start.upperBound...]).removingPercentEncoding
    }
  }

  private func firstIndex(of pattern: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
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
#endif
