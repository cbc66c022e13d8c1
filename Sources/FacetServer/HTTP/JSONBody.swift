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
      return try JSONValue(parsing: Data(bytes.readableBytesView))
    }
  }

  extension JSONValue {
    /// Reads JSON text (RFC 8259).
    ///
    /// - Throws: Code 13 naming `body`.
    init(parsing data: Data) throws(ToolkitFailure) {
      do {
        self = try JSONDecoder().decode(Decoded.self, from: data).value
      } catch {
        throw ToolkitFailure(.invalidParameter("body"), detail: "it is not JSON text")
      }
    }

    /// Members of objects are sorted: the decoder does not tell their order.
    private struct Decoded: Decodable {
      let value: JSONValue

      private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
      }

      init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Key.self) {
          value = .object(
            try members.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
              Member($0.stringValue, try members.decode(Decoded.self, forKey: $0).value)
            })
        } else if var elements = try? decoder.unkeyedContainer() {
          var values: [JSONValue] = []
          while !elements.isAtEnd { values.append(try elements.decode(Decoded.self).value) }
          value = .array(values)
        } else {
          let single = try decoder.singleValueContainer()
          if single.decodeNil() {
            value = .null
          } else if let bool = try? single.decode(Bool.self) {
            value = .bool(bool)
          } else if let integer = try? single.decode(Int.self) {
            value = .integer(integer)
          } else if let number = try? single.decode(Double.self) {
            value = .number(number)
          } else {
            value = .string(try single.decode(String.self))
          }
        }
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
