#if Server
  import FacetContract
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  /// Each error of a call, by its true cause.
  @Suite struct RequestErrorTests {
    private static func isShaped(_ reply: Reply, _ code: String, _ status: Int) -> Bool {
      reply.status == status && reply.errorCode == code && reply.json["message"]?.asString?.isEmpty == false
        && reply.json.asMembers?.count == 2
    }

    @Test func aKeyMustBeThereAndGood() async throws {
      try await Workshop.open { workshop in
        for header in [
          "", "Basic abc", "Bearer", "Bearer mk_pub_00000000000000000000000000000000", "Bearer x",
        ] {
          for (method, path) in [
            (HTTPRequest.Method.post, "/v1/text-to-cad"), (.get, "/v1/jobs/pub_000000000000"),
          ] {
            let reply = try await workshop.call(method, path, headers: [.authorization: header])
            #expect(Self.isShaped(reply, "invalid_api_key", 401), "\(header) \(path): \(reply.text)")
          }
        }
        // An access token of the other API is no key.
        let token = try await workshop.make(["prompt": "x"], key: workshop.shop.token)
        #expect(token.errorCode == "invalid_api_key")
        let accepted = try await workshop.make(["prompt": "x"])
        try workshop.service.keys.revoke(workshop.new.key.id)
        #expect(try await workshop.make(["prompt": "x"]).errorCode == "invalid_api_key")
        #expect(try await workshop.job(accepted.jobId!).errorCode == "invalid_api_key")
      }
    }

    @Test func aDisabledAccountsKeysAreNoGood() async throws {
      try await Workshop.open { workshop in
        try workshop.service.accounts.change(workshop.shop.credentials.userName) { $0.isDisabled = true }
        #expect(Self.isShaped(try await workshop.make(["prompt": "x"]), "invalid_api_key", 401))
      }
    }

    @Test func creditsMustSuffice() async throws {
      try await Workshop.open(credits: 2) { workshop in
        let reply = try await workshop.make(["prompt": "x", "design_mode": "assembly"])
        #expect(Self.isShaped(reply, "payment_required", 402))
        #expect(reply.json["message"]?.asString?.contains("takes 3, and 2 remain") == true)
        #expect(try workshop.credits() == 2)
        #expect(try await workshop.make(["prompt": "x", "design_mode": "pro"]).status == 202)
        #expect(try await workshop.make(["prompt": "x"]).errorCode == "payment_required")
      }
    }

    @Test func aJobIsItsKeysAlone() async throws {
      try await Workshop.open { workshop in
        let id = try #require(try await workshop.make(["prompt": "x"]).jobId)
        #expect(id.wholeMatch(of: /pub_[0-9a-f]{12}/) != nil)
        let other = try workshop.service.keys.create(
          "other", for: workshop.shop.credentials.userName, credits: 1)
        for (path, key) in [
          ("/v1/jobs/\(id)", other.text), ("/v1/jobs/pub_000000000000", workshop.new.text),
          ("/v1/nothing", workshop.new.text), ("/v1/keys/\(other.key.id)/nothing", workshop.new.text),
        ] {
          let reply = try await workshop.call(.get, path, key: key)
          #expect(reply.status == 404 && reply.body.readableBytes == 0, "\(path): \(reply.text)")
        }
      }
    }

    @Test func outputsExpire() async throws {
      let clock = TestClock()
      var settings = Shop.settings
      settings.service.now = { clock.now }
      try await Workshop.open(settings) { workshop in
        let made = try await workshop.made(["prompt": "a part"])
        let failed = try await workshop.made(["prompt": "internal_error"])
        let link = try #require(made.json["download_url"]?.asString)
        clock.advance(30 * 86_400 - 60)
        #expect(try await workshop.job(made.jobId!).status == 200)
        clock.advance(120)
        #expect(Self.isShaped(try await workshop.job(made.jobId!), "output_expired", 410))
        // What failed had no output.
        #expect(try await workshop.job(failed.jobId!).status == 200)
        #expect(try await workshop.call(.get, link).status == 410)
        // The file goes, what is known of the job stays for a year.
        try await workshop.service.cleaning.removeExpired()
        #expect(Self.isShaped(try await workshop.job(made.jobId!), "output_expired", 410))
        clock.advance(366 * 86_400)
        try await workshop.service.cleaning.removeExpired()
        #expect(try await workshop.job(made.jobId!).status == 404)
      }
    }

    @Test(arguments: [
      ("", "prompt is required"), ("{", "JSON"), ("[]", "must be a JSON object"),
      (#"{"prompt":""}"#, "prompt must be at least 1 character"),
      (#"{"prompt":5}"#, "prompt must be a string"),
      (#"{"prompt":"x","design_mode":"fast"}"#, "design_mode must be one of standard, pro, assembly"),
      (#"{"prompt":"x","output_format":"step"}"#, "output_format must be one of STEP, STL, GLB, 3MF"),
      (#"{"prompt":"x","callback_url":"http://example.com"}"#, "callback_url must be an https URL"),
      (#"{"prompt":"x","metadata":[]}"#, "metadata must be a JSON object"),
    ])
    func aWrongBodyIsNamed(body: String, message: String) async throws {
      try await Workshop.open { workshop in
        let reply = try await workshop.call(.post, "/v1/text-to-cad", body: ByteBuffer(string: body))
        #expect(Self.isShaped(reply, "invalid_input", 422), "\(reply.text)")
        #expect(reply.json["message"]?.asString?.contains(message) == true, "\(reply.text)")
        #expect(try workshop.credits() == 100)
      }
    }

    @Test func aPromptMayBeFiveThousandCharacters() async throws {
      try await Workshop.open { workshop in
        let most = String(repeating: "é", count: 5000)
        #expect(try await workshop.make(["prompt": .string(most)]).status == 202)
        let reply = try await workshop.make(["prompt": .string(most + "é")])
        #expect(Self.isShaped(reply, "invalid_input", 422))
        #expect(reply.json["message"] == "prompt must be at most 5000 characters")
      }
    }

    @Test func theMethodMustBeRight() async throws {
      try await Workshop.open { workshop in
        let reply = try await workshop.call(.get, "/v1/text-to-cad")
        #expect(reply.status == 405)
        #expect(reply.headers[.allow] == "POST")
        #expect(reply.errorCode == "invalid_input")
      }
    }
  }
#endif
