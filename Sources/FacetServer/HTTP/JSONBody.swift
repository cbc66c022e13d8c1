#if Server
  import FacetContract
  import FacetOperations
  import Foundation
  import HTTPTypes
  import Hummingbird
  import NIOCore

  extension Request {
    /// The body as JSON.
    ///
    /// - Throws: Code 13 naming `body` when it is too long or no JSON.
    func json(limit: Int = 1 << 20) async throws -> JSONValue {
      let bytes: ByteBuffer
      do {
        bytes = try await body.collect(upTo: limit)
      } catch is NIOTooManyBytesError {
        throw ToolkitFailure(.invalidParameter("body"), detail: "it is longer than \(limit) bytes")
      }
      // Some clients send nothing where an object without members is due.
      if bytes.readableBytes == 0 { return .object([]) }
      return try JSONValue(body: Data(bytes.readableBytesView))
    }
  }

  extension JSONValue {
    /// Reads JSON text (RFC 8259).
    ///
    /// - Throws: Code 13 naming `body`.
    init(body: Data) throws(ToolkitFailure) {
      do {
        self = try JSONValue(parsing: body)
      } catch {
        throw ToolkitFailure(.invalidParameter("body"), detail: "it is not JSON text")
      }
    }
  }

  extension JSONValue: ResponseGenerator {
    public func response(from request: Request, context: some RequestContext) -> Response {
      Response.json(text(), status: .ok)
    }
  }

  extension Response {
    static func json(_ text: String, status: HTTPResponse.Status, headers: HTTPFields = [:]) -> Response {
      var headers = headers
      headers[.contentType] = "application/json; charset=utf-8"
      headers[.cacheControl] = headers[.cacheControl] ?? "no-store"
      return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
  }
#endif
