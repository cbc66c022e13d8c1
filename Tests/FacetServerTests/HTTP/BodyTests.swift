#if Server
  @testable import FacetServer
  import FacetOperations
  import Foundation
  import Hummingbird
  import NIOCore
  import Testing

  @Suite struct BodyTests {
    /// A body that arrives in pieces of a size.
    struct Pieces: AsyncSequence, Sendable {
      typealias Element = ByteBuffer
      let bytes: [UInt8]
      let size: Int

      struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let size: Int

        mutating func next() async throws -> ByteBuffer? {
          guard !rest.isEmpty else { return nil }
          defer { rest = rest.dropFirst(size) }
          return ByteBuffer(bytes: rest.prefix(size))
        }
      }

      func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: bytes[...], size: size) }
    }

    private static func read(_ body: [UInt8], size: Int) async throws -> (name: String, bytes: [UInt8]) {
      let file = try await MultipartFile(Pieces(bytes: body, size: size), boundary: "xx")
      var bytes: [UInt8] = []
      for try await piece in file { bytes += piece.readableBytesView }
      return (file.fileName, bytes)
    }

    /// Bytes that look like the boundary, and end like its beginning.
    private static let content = Array("\r\n--x\r\n--xy--xx\r\n-\r\n--".utf8) + [0, 255, 13, 10]

    @Test(arguments: [1, 2, 3, 5, 7, 64, 4096])
    func aPartIsReadInPiecesOfAnySize(size: Int) async throws {
      let body =
        Array("preamble\r\n--xx\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nvalue\r\n".utf8)
        + Array("--xx\r\ncontent-disposition: ATTACHMENT; FileName=a b.stl\r\nX: y\r\n\r\n".utf8)
        + Self.content
        + Array("\r\n--xx--\r\nepilogue".utf8)
      let read = try await Self.read(body, size: size)
      #expect(read.name == "a b.stl")
      #expect(read.bytes == Self.content)
    }

    @Test(arguments: [
      ("filename=\"=?utf-8?B?bmHDr3ZlLnN0bA==?=\"", "naïve.stl"),
      ("filename*=UTF-8''na%C3%AFve.stl; filename=n", "naïve.stl"),
      ("filename=\"=?utf-8?B?!?=\"", "=?utf-8?B?!?="), ("filename=\"naïve.stl\"", "naïve.stl"),
    ])
    func namesOutsideASCIIAreRead(parameter: String, name: String) async throws {
      let body = "--xx\r\nContent-Disposition: form-data; \(parameter)\r\n\r\nabc\r\n--xx--"
      #expect(try await Self.read(Array(body.utf8), size: 50).name == name)
    }

    @Test(arguments: [1, 3, 1000])
    func anEmptyPartIsEmpty(size: Int) async throws {
      let body = Array("--xx\r\nContent-Disposition: form-data; filename=\"e\"\r\n\r\n\r\n--xx--".utf8)
      let read = try await Self.read(body, size: size)
      #expect(read.name == "e" && read.bytes.isEmpty)
    }

    @Test func everyTruncationIsToldApart() async throws {
      let body = Array("--xx\r\nContent-Disposition: form-data; filename=\"e\"\r\n\r\nabc\r\n--xx".utf8)
      #expect(try await Self.read(body, size: 9).bytes == Array("abc".utf8))
      for length in 0..<body.count {
        await #expect(throws: MultipartError.self, "\(length)") {
          try await Self.read(Array(body[..<length]), size: 9)
        }
      }
      await #expect(throws: MultipartError.headTooLong) {
        try await Self.read(Array("--xx\r\n".utf8) + Array(repeating: 65, count: 40_000), size: 100)
      }
    }

    @Test func headersAreTakenApart() {
      let header = HeaderParameters(
        #" Form-Data; name="a;b\"c" ; FILENAME = x.stl; filename*=UTF-8''na%C3%AFve.stl"#)
      #expect(header.value == "form-data")
      #expect(header["name"] == "a;b\"c")
      #expect(header["filename"] == "x.stl")
      #expect(header.extended("filename") == "naïve.stl")
    }

    @Test func rangesAreTakenApart() {
      let cases: [(String?, ByteRange)] = [
        (nil, .whole), ("bytes=0-", .part(0...99)), ("bytes=5-9", .part(5...9)),
        ("Bytes=90-200", .part(90...99)),
        ("bytes=-10", .part(90...99)), ("bytes=-1000", .part(0...99)), ("bytes=100-", .unsatisfiable),
        ("bytes=-0", .unsatisfiable), ("bytes=9-5", .whole), ("bytes=1-2,4-5", .whole), ("lines=1-2", .whole),
        ("bytes=a-b", .whole), ("bytes=", .whole), ("bytes=-", .whole), ("bytes=--5", .whole),
        ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=0-99999999999999999999", .part(0...99)),
      ]
      for (header, range) in cases { #expect(ByteRange(header, of: 100) == range, "\(header ?? "none")") }
      #expect(ByteRange("bytes=0-", of: 0) == .unsatisfiable)
    }

    @Test func jsonIsRead() throws {
      let text = #"{"b":[1,2.5,true,null,"é"],"a":{"x":-0.0},"big":1e3}"#
      let value = try JSONValue(parsing: Data(text.utf8))
      #expect(value["b"] == [1, 2.5, true, nil, "é"])
      #expect(value["big"]?.asInteger == 1000)
      for broken in ["", "{", "{]", "nan", "\u{FEFF}", String(repeating: "[", count: 100_000)] {
        #expect(throws: (any Error).self, "\(broken.prefix(20))") {
          try JSONValue(parsing: Data(broken.utf8))
        }
      }
    }
  }
#endif
