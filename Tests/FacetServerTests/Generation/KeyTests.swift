#if Server
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct KeyTests {
    @Test func keysAreShownOnce() async throws {
      try await Workshop.open { workshop in
        #expect(workshop.new.text.wholeMatch(of: /mk_pub_[0-9a-f]{32}/) != nil)
        let key = try #require(try workshop.service.keys.list().first)
        #expect(workshop.new.text.hasSuffix(key.lastFour))
        let rows = String(describing: key)
        #expect(!rows.contains(workshop.new.text.dropFirst(7)))
      }
    }

    @Test func aKeyRotatesItsOwnSecretOnly() async throws {
      try await Workshop.open { workshop in
        let path = "/v1/keys/\(workshop.new.key.id)/rotate-secret"
        let reply = try await workshop.call(.post, path)
        #expect(reply.status == 200)
        let secret = try #require(reply.json["signing_secret"]?.asString)
        #expect(secret.hasPrefix("whsec_") && secret != workshop.new.signingSecret)
        #expect(reply.json["signing_secret_rotated_at"]?.asString != nil)
        let other = try workshop.service.keys.create(
          "other", for: workshop.shop.credentials.userName, credits: 0)
        let wrong = try await workshop.call(.post, path, key: other.text)
        #expect(wrong.status == 404 && wrong.body.readableBytes == 0)
        #expect(try await workshop.call(.post, path, key: "x").errorCode == "invalid_api_key")
      }
    }

    @Test func administratorsManageKeys() async throws {
      try await Workshop.open { workshop in
        let name = workshop.shop.credentials.userName
        let admin = try workshop.service.tokens.create(
          for: name, label: "ops", life: 3_600, isAdministrators: true)
        func call(_ method: HTTPRequest.Method, _ path: String, _ json: JSONValue? = nil, _ token: String)
          async throws
          -> Reply
        {
          try await workshop.call(
            method, path, key: token, body: json.map { ByteBuffer(string: $0.text()) })
        }
        let made = try await call(
          .post, "/v1/keys", ["name": "shop", "account": .string(name), "credits": 2], admin)
        #expect(made.status == 201, "\(made.text)")
        let key = try #require(made.json["api_key"]?.asString)
        let id = try #require(made.json["api_key_id"]?.asString)
        #expect(made.json["signing_secret"]?.asString?.hasPrefix("whsec_") == true)
        #expect(try await workshop.make(["prompt": "x"], key: key).status == 202)
        let more = try await call(.post, "/v1/keys/\(id)/credits", ["credits": 5], admin)
        #expect(more.json["credits"] == 6)
        let list = try await call(.get, "/v1/keys", nil, admin)
        #expect(list.json["keys"]?.asArray?.count == 2)
        #expect(!list.text.contains(key) && !list.text.contains("whsec_"))
        #expect(try await call(.delete, "/v1/keys/\(id)", nil, admin).json["revoked_at"]?.asString != nil)
        #expect(try await workshop.make(["prompt": "x"], key: key).status == 401)
        // Nobody else may.
        for token in [workshop.shop.token, workshop.new.text, ""] {
          #expect(try await call(.get, "/v1/keys", nil, token).errorCode == "invalid_api_key")
          #expect(try await call(.post, "/v1/keys", ["name": "x"], token).status == 401)
        }
        // And the token opens nothing else.
        let elsewhere = try await workshop.shop.call(.get, "/web-api/operation/x/status", token: admin)
        #expect(elsewhere.code == 12)
        #expect(try await workshop.make(["prompt": "x"], key: admin).status == 401)
        for (path, json) in [
          ("/v1/keys", ["account": "nobody", "name": "x"]), ("/v1/keys", [:]),
          ("/v1/keys", ["name": "x", "account": .string(name), "credits": -1]),
          ("/v1/keys/\(id)/credits", ["credits": 0]),
        ] as [(String, JSONValue)] {
          #expect(
            try await call(.post, path, json, admin).errorCode == "invalid_input", "\(path) \(json.text())")
        }
        #expect(try await call(.post, "/v1/keys/none/credits", ["credits": 1], admin).status == 404)
      }
    }
  }
#endif
