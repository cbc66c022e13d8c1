#if Server
  import Facet
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import GRDB
  import Hummingbird
  import Testing

  @Suite struct CallbackTests {
    /// A listener that fails at first.
    private static func withListener(
      failures: Int,
      _ body: @escaping @Sendable (_ port: Int, _ received: Lock<[JSONValue]>) async throws -> Void
    ) async throws {
      let received = Lock<[JSONValue]>([])
      let calls = Lock(0)
      let router = Router()
      router.post("hook") { request, _ -> HTTPResponse.Status in
        let call = calls.withLock { count in
          count += 1
          return count
        }
        guard call > failures else { return .internalServerError }
        let json = try await request.json()
        received.withLock { $0.append(json) }
        return .ok
      }
      let (ports, port) = AsyncStream.makeStream(of: Int.self)
      let app = Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { port.yield($0.localAddress?.port ?? 0) })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await app.run() }
        for await number in ports {
          try await body(number, received)
          break
        }
        group.cancelAll()
      }
    }

    @Test func theEndIsToldUntilSomebodyListens() async throws {
      var settings = Shop.settings
      settings.service.allowsPrivateCallbacks = true
      settings.service.callbackWaits = [0, 0]
      let chosen = settings
      try await Self.withListener(failures: 2) { port, received in
        try await Shop.open(chosen) { shop in
          let id = try await shop.begin(
            "analyze",
            [
              "inputId": .string(try await shop.file()),
              "callbackUrl": .string("http://localhost:\(port)/hook"),
            ])
          _ = try await shop.wait(for: id)
          while received.withLock({ $0.isEmpty }) {
            shop.service.noticeCallbacks()
            try await Task.sleep(for: .milliseconds(20))
          }
          let told = received.withLock { $0 }
          #expect(told.count == 1)
          #expect(told[0]["operationId"] == .string(id))
          #expect(told[0]["isSuccessful"] == true)
        }
      }
    }

    @Test func nobodyInsideIsCalled() async throws {
      var settings = Shop.settings
      settings.service.callbackWaits = []
      let chosen = settings
      try await Self.withListener(failures: 0) { port, received in
        try await Shop.open(chosen) { shop in
          for host in ["localhost", "127.0.0.1", "[::1]", "0x7f000001", "[::ffff:127.0.0.1]"] {
            let id = try await shop.begin(
              "analyze",
              [
                "inputId": .string(try await shop.file()),
                "callbackUrl": .string("http://\(host):\(port)/hook"),
              ])
            _ = try await shop.wait(for: id)
          }
          while try await shop.service.pendingCallbacks() > 0 { try await Task.sleep(for: .milliseconds(20)) }
          #expect(received.withLock { $0.isEmpty })
        }
      }
    }
  }

  extension FacetService {
    fileprivate func noticeCallbacks() { callbacks.notice() }

    fileprivate func pendingCallbacks() async throws -> Int {
      try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM callback") ?? 0 }
    }
  }
#endif
