#if Server
  import Crypto
  import Facet
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct WebhookTests {
    /// The example of the specification (Standard Webhooks 1.0.0).
    @Test func theSignatureIsTheSpecifications() {
      let signature = WebhookSignature(
        #"{"test": 2432232314}"#, id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
        at: Date(timeIntervalSince1970: 1_614_265_330), secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
      #expect(signature.signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func theEndOfAJobIsToldAndSigned() async throws {
      var settings = Shop.settings
      settings.service.allowsPrivateCallbacks = true
      settings.service.callbackWaits = [0, 0]
      let chosen = settings
      try await Receiver.listen(failures: 2) { port, calls in
        try await Workshop.open(chosen) { workshop in
          for prompt in ["a part", "sandbox_timeout"] {
            calls.withLock { $0 = [] }
            let id = try #require(
              try await workshop.make([
                "prompt": .string(prompt), "callback_url": .string("http://localhost:\(port)/hook"),
                "metadata": ["order": 5],
              ]).jobId)
            let job = try await workshop.wait(for: id)
            while calls.withLock({ $0.last?.isAccepted != true }) {
              workshop.service.noticeCallbacks()
              try await Task.sleep(for: .milliseconds(20))
            }
            let told = calls.withLock { $0 }
            // At least once; every try of it has the same id.
            #expect(Set(told.map { $0.headers["webhook-id"] }) == [id])
            let last = try #require(told.last)
            let json = try JSONValue(parsing: Data(last.body.utf8))
            for name in ["job_id", "status", "error_code", "metadata", "created_at", "completed_at"] {
              #expect(json[name] == job.json[name], "\(name)")
            }
            #expect((json["download_url"] == .null) == (job.json["download_url"] == .null))
            let secret = try #require(Data(base64Encoded: String(workshop.new.signingSecret.dropFirst(6))))
            let text = "\(id).\(last.headers["webhook-timestamp"] ?? "").\(last.body)"
            let due = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: secret))
            #expect(last.headers["webhook-signature"] == "v1," + Data(due).base64EncodedString())
          }
        }
      }
    }
  }
#endif
