#if Server
  import Facet
  import FacetOperations
  @testable import FacetService
  import Foundation
  import GRDB
  import Hummingbird

  /// Listens to callbacks, and fails at first.
  enum Receiver {
    struct Call: Sendable {
      var headers: [String: String]
      var body: String
      var isAccepted: Bool
    }

    static func listen(
      failures: Int,
      _ body: @escaping @Sendable (_ port: Int, _ calls: Lock<[Call]>) async throws -> Void
    ) async throws {
      let calls = Lock<[Call]>([])
      let left = Lock(failures)
      let router = Router()
      router.post("hook") { request, _ -> HTTPResponse.Status in
        let text = String(buffer: try await request.body.collect(upTo: 1 << 20))
        let headers = Dictionary(
          request.headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { $1 })
        let isAccepted = left.withLock { count in
          count -= 1
          return count < 0
        }
        calls.withLock { $0.append(Call(headers: headers, body: text, isAccepted: isAccepted)) }
        return isAccepted ? .ok : .internalServerError
      }
      let (ports, port) = AsyncStream.makeStream(of: Int.self)
      let app = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { port.yield($0.localAddress?.port ?? 0) })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await app.run() }
        for await number in ports {
          try await body(number, calls)
          break
        }
        group.cancelAll()
      }
    }
  }

  extension Receiver.Call {
    var json: JSONValue { (try? JSONValue(parsing: Data(body.utf8))) ?? .null }
  }

  extension FacetService {
    func noticeCallbacks() { callbacks.notice() }

    func pendingCallbacks() async throws -> Int {
      try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM callback") ?? 0 }
    }
  }
#endif
