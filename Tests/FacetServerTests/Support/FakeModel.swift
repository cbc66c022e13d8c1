#if Server
  import Facet
  import FacetGeneration
  import FacetOperations
  @testable import FacetServer
  import Foundation
  import Hummingbird
  import Testing

  /// A chat endpoint that answers as a test says, and remembers what it was asked.
  final class FakeModel: Sendable {
    enum Answer: Sendable {
      /// A reply with this text.
      case says(String)
      case status(HTTPResponse.Status)
      /// Bytes that are no reply.
      case raw(String)
      /// Says nothing for so many seconds.
      case waits(Double)
    }

    /// The bodies of the requests, and their Authorization.
    let asked = Lock<[(body: JSONValue, authorization: String?)]>([])
    private let answers: [Answer]

    private init(_ answers: [Answer]) { self.answers = answers }

    /// - Parameter answers: One after the other; the last one again and again.
    static func serve(
      _ answers: [Answer], timeout: Double = 5, seesPictures: Bool = false,
      _ body: @escaping @Sendable (FakeModel, ChatEndpoint) async throws -> Void
    ) async throws {
      let model = FakeModel(answers)
      let router = Router()
      router.post("v1/chat/completions") { request, _ in try await model.answer(request) }
      let (ports, port) = AsyncStream.makeStream(of: Int.self)
      let app = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { port.yield($0.localAddress?.port ?? 0) })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await app.run() }
        for await number in ports {
          let endpoint = ChatEndpoint(
            address: "http://127.0.0.1:\(number)/v1", model: "fake", apiKey: "secret",
            seesPictures: seesPictures, timeout: timeout)
          try await body(model, endpoint)
          break
        }
        group.cancelAll()
      }
    }

    private func answer(_ request: Request) async throws -> Response {
      let json = try await request.json(limit: 64 << 20)
      let answer = asked.withLock { asked in
        asked.append((json, request.headers[.authorization]))
        return answers[min(asked.count, answers.count) - 1]
      }
      switch answer {
      case .says(let text):
        let reply: JSONValue = [
          "choices": [["message": ["role": "assistant", "content": .string(text)]]],
          "usage": ["total_tokens": 100],
        ]
        return .json(reply.text(), status: .ok)
      case .status(let status): return Response(status: status)
      case .raw(let text): return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
      case .waits(let seconds):
        try await Task.sleep(for: .seconds(seconds))
        return Response(status: .ok)
      }
    }

    /// A reply of the form that models are asked for.
    static func reply(_ program: String, facts: String = "{}") -> String {
      "Here it is.\n```json\n\(facts)\n```\n```python\n\(program)\n```\n"
    }
  }
#endif
