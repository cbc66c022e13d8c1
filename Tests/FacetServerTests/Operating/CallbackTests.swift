#if Server
  import Facet
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct CallbackTests {
    @Test func theEndIsToldUntilSomebodyListens() async throws {
      var settings = Shop.settings
      settings.service.allowsPrivateCallbacks = true
      settings.service.callbackWaits = [0, 0]
      let chosen = settings
      try await Receiver.listen(failures: 2) { port, received in
        try await Shop.open(chosen) { shop in
          let id = try await shop.begin(
            "analyze",
            [
              "inputId": .string(try await shop.file()),
              "callbackUrl": .string("http://localhost:\(port)/hook"),
            ])
          _ = try await shop.wait(for: id)
          while received.withLock({ $0.last?.isAccepted != true }) {
            shop.service.noticeCallbacks()
            try await Task.sleep(for: .milliseconds(20))
          }
          let told = received.withLock { $0 }.filter(\.isAccepted).map(\.json)
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
      try await Receiver.listen(failures: 0) { port, received in
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
#endif
