#if Server
  import AsyncHTTPClient
  import FacetContract
  import FacetOperations
  import Foundation
  import NIOCore

  /// A chat endpoint that speaks as OpenAI's `/chat/completions` does, as most servers of language models do.
  public struct ChatEndpoint: Sendable {
    /// Up to and with the version: `https://host/v1`.
    public var address: String
    public var model: String
    /// Sent as a bearer token; nil for none.
    public var apiKey: String?
    /// Whether the model can look at pictures.
    public var seesPictures: Bool
    /// Seconds that a reply may take.
    public var timeout: Double

    /// Tries of one question that gets no answer, and the waits before the second and the third, in seconds.
    private static let waits: [Double] = [0, 1, 4]
    /// Bytes of a reply that are read at most.
    private static let longestReply = 4 << 20

    public init(
      address: String, model: String, apiKey: String? = nil, seesPictures: Bool = false, timeout: Double = 120
    ) {
      self.address = address
      self.model = model
      self.apiKey = apiKey
      self.seesPictures = seesPictures
      self.timeout = timeout
    }

    struct Message: Sendable {
      enum Role: String, Sendable {
        case system, user, assistant
      }

      let role: Role
      let text: String
      /// Files, each with its media type.
      var pictures: [(type: String, bytes: [UInt8])] = []
    }

    struct Reply: Sendable {
      let text: String
      let tokens: Int
    }

    /// Asks the model, a second and a third time where there is no answer or the server is busy.
    ///
    /// - Throws: ``ChatError``, `CancellationError`.
    func reply(to messages: [Message]) async throws -> Reply {
      var problem = ChatError.unreachable("")
      for wait in ChatEndpoint.waits {
        if wait > 0 { try await Task.sleep(for: .seconds(wait)) }
        do {
          return try await ask(messages)
        } catch let error as ChatError {
          guard error.isPassing else { throw error }
          problem = error
        } catch {
          try Task.checkCancellation()
          problem = .unreachable("\(error)")
        }
      }
      throw problem
    }

    private func ask(_ messages: [Message]) async throws -> Reply {
      var request = HTTPClientRequest(url: address + "/chat/completions")
      request.method = .POST
      request.headers.add(name: "content-type", value: "application/json")
      if let apiKey { request.headers.add(name: "authorization", value: "Bearer \(apiKey)") }
      let body: JSONValue = [
        "model": .string(model), "temperature": 0, "messages": .array(messages.map(\.json)),
      ]
      request.body = .bytes(ByteBuffer(string: body.text()))
      let response = try await HTTPClient.shared.execute(
        request, timeout: .milliseconds(Int64(timeout * 1000)))
      let bytes = try await response.body.collect(upTo: ChatEndpoint.longestReply)
      guard response.status.code == 200 else { throw ChatError.status(Int(response.status.code)) }
      guard let json = try? JSONValue(parsing: Data(bytes.readableBytesView)),
        let text = json["choices"]?.asArray?.first?["message"]?["content"]?.asString
      else { throw ChatError.notUnderstood }
      return Reply(text: text, tokens: max(0, json["usage"]?["total_tokens"]?.asInteger ?? 0))
    }
  }

  enum ChatError: Error, Sendable, Hashable {
    case unreachable(String)
    case status(Int)
    /// The reply is not of the documented form.
    case notUnderstood

    /// Whether the same question may be answered a little later.
    var isPassing: Bool {
      switch self {
      case .unreachable: true
      case .status(let code): code == 408 || code == 429 || code >= 500
      case .notUnderstood: false
      }
    }
  }

  extension ChatEndpoint.Message {
    fileprivate var json: JSONValue {
      guard !pictures.isEmpty else { return ["role": .string(role.rawValue), "content": .string(text)] }
      let parts: [JSONValue] = pictures.map { picture in
        let data = "data:\(picture.type);base64,\(Data(picture.bytes).base64EncodedString())"
        return ["type": "image_url", "image_url": ["url": .string(data)]]
      }
      return [
        "role": .string(role.rawValue),
        "content": .array([["type": "text", "text": .string(text)]] + parts),
      ]
    }
  }
#endif
