#if Server
  import FacetService
  import Foundation
  import Hummingbird

  extension FacetService {
    /// A file's bytes, or the part of them that the request asks for.
    ///
    /// - Returns: nil for a range that the file does not have.
    func download(_ file: StoredFile, _ request: Request, _ context: ServerContext) async throws -> Response?
    {
      var headers: HTTPFields = [
        .contentType: file.mediaType, .acceptRanges: "bytes", .eTag: "\"\(file.sha256)\"",
        .contentDisposition: disposition(file.name), .cacheControl: "private, no-cache",
      ]
      // A part of another version is of no use to who asked for this one.
      let isSame = request.headers[.ifRange].map { $0 == headers[.eTag] } ?? true
      switch ByteRange(isSame ? request.headers[.range] : nil, of: file.bytes) {
      case .whole:
        return Response(
          status: .ok, headers: headers, body: try await body(of: file, 0...(file.bytes - 1), context))
      case .part(let range):
        headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(file.bytes)"
        return Response(
          status: .partialContent, headers: headers, body: try await body(of: file, range, context))
      case .unsatisfiable: return nil
      }
    }

    private func body(of file: StoredFile, _ range: ClosedRange<Int>, _ context: ServerContext) async throws
      -> ResponseBody
    {
      try await FileIO(threadPool: diskThreads).loadFile(
        path: files.path(of: file), range: range, context: context)
    }
  }

  /// RFC 6266: the name in ASCII for old clients, and as it is for others.
  private func disposition(_ name: String) -> String {
    let plain = name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" ? Character($0) : "_" }
    var allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
    allowed.insert(charactersIn: "-._~")
    let encoded = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(encoded)"
  }
#endif
