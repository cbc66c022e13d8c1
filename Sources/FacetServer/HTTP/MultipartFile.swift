#if Server
  import Hummingbird

  /// The first file in a multipart body, as it arrives.
  ///
  /// Clients name the part in three ways, which all are read: `form-data; name="file"; filename="x.stl"`,
  /// `form-data; fileName="x.stl"` and `attachment; filename=x.stl`.
  struct MultipartFile<Body: AsyncSequence & Sendable>: AsyncSequence, Sendable
  where Body.Element == ByteBuffer {
    typealias Element = ByteBuffer

    let fileName: String
    private let reader: MultipartReader<Body>

    /// Reads up to where the file's bytes begin.
    ///
    /// - Parameter boundary: Of the `Content-Type` header.
    /// - Throws: ``MultipartError``.
    init(_ body: Body, boundary: String) async throws {
      reader = MultipartReader(body, boundary: boundary)
      while let part = try await reader.nextPart() {
        guard let name = part.fileName else { continue }
        fileName = name
        return
      }
      throw MultipartError.noFile
    }

    struct AsyncIterator: AsyncIteratorProtocol {
      fileprivate let reader: MultipartReader<Body>

      /// - Throws: ``MultipartError/cut`` when the body ends before the file does.
      mutating func next() async throws -> ByteBuffer? {
        if let bytes = try await reader.nextBytes() { return bytes }
        try await reader.finish()
        return nil
      }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }
  }
#endif
