#if Server
  import FacetOperations
  @testable import FacetServer
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct TokenTests {
    private static func basic(_ id: String, _ secret: String) -> String {
      "Basic " + Data("\(id):\(secret)".utf8).base64EncodedString()
    }

    private static func ask(
      _ shop: Shop, _ body: String, path: String = "/token",
      type: String? = "application/x-www-form-urlencoded",
      client: String? = nil
    ) async throws -> Reply {
      var headers: HTTPFields = [
        .authorization: client ?? basic(shop.credentials.clientId, shop.credentials.clientSecret)
      ]
      headers[.contentType] = type
      return try await shop.call(.post, path, headers: headers, body: ByteBuffer(string: body))
    }

    private static func password(_ shop: Shop) -> String {
      "grant_type=password&username=alice&password=\(shop.credentials.password)"
    }

    @Test(arguments: ["/token", "/Token", "/TOKEN"], [nil, "application/x-www-form-urlencoded"])
    func aPasswordOpensASession(path: String, type: String?) async throws {
      try await Shop.open { shop in
        let reply = try await Self.ask(shop, Self.password(shop), path: path, type: type)
        #expect(reply.status == 200)
        #expect(reply.headers[.cacheControl]?.contains("no-cache") == true)
        #expect(reply.headers[.init("Pragma")!] == "no-cache")
        #expect(reply.json["token_type"] == "bearer")
        #expect(reply.json["expires_in"] == 3600)
        let issued = try #require(reply.json[".issued"]?.asString)
        #expect(issued.wholeMatch(of: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/) != nil)
        let token = try #require(reply.json["access_token"]?.asString)
        let found = try await shop.call(.get, "/web-api/operation/none/status", token: token)
        #expect(found.code == 71)
      }
    }

    @Test func aPasswordThatWasNotEncodedIsUnderstood() async throws {
      try await Shop.open { shop in
        for password in ["50%+1&a=b c", "%41", "a+b"] {
          _ = try shop.service.accounts.setPassword("alice", password)
          let raw = try await Self.ask(
            shop, "grant_type=password&username=alice&password=\(password)", type: nil)
          #expect(raw.status == 200, "\(password)")
          let encoded = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
          let form = try await Self.ask(shop, "grant_type=password&username=alice&password=\(encoded)")
          #expect(form.status == 200, "\(password)")
        }
      }
    }

    @Test func aRefreshTokenOpensTheNextSessionOnce() async throws {
      let clock = TestClock()
      var settings = Shop.settings
      settings.service.now = { clock.now }
      try await Shop.open(settings) { shop in
        let first = try await Self.ask(shop, Self.password(shop))
        let refresh = try #require(first.json["refresh_token"]?.asString)
        let second = try await Self.ask(shop, "grant_type=refresh_token&refresh_token=\(refresh)")
        #expect(second.status == 200)
        #expect(second.json["access_token"] != first.json["access_token"])
        // The reply may have been lost: within a minute the old one does again.
        #expect(try await Self.ask(shop, "grant_type=refresh_token&refresh_token=\(refresh)").status == 200)
        clock.advance(61)
        let late = try await Self.ask(shop, "grant_type=refresh_token&refresh_token=\(refresh)")
        #expect(late.status == 401 && late.codes == [12])
      }
    }

    @Test func tokensExpire() async throws {
      let clock = TestClock()
      var settings = Shop.settings
      settings.service.now = { clock.now }
      try await Shop.open(settings) { shop in
        #expect(try await shop.call(.get, "/web-api/operation/x/status").code == 71)
        clock.advance(3_599)
        #expect(try await shop.call(.get, "/web-api/operation/x/status").code == 71)
        clock.advance(2)
        let reply = try await shop.call(.get, "/web-api/operation/x/status")
        #expect(reply.status == 401 && reply.codes == [12])
      }
    }

    @Test func wrongCredentialsAreRefused() async throws {
      try await Shop.open { shop in
        let good = Self.basic(shop.credentials.clientId, shop.credentials.clientSecret)
        let wrong: [(client: String?, body: String)] = [
          (good, "grant_type=password&username=alice&password=guess"),
          (good, "grant_type=password&username=nobody&password=\(shop.credentials.password)"),
          (Self.basic(shop.credentials.clientId, "guess"), Self.password(shop)),
          (Self.basic("guess", shop.credentials.clientSecret), Self.password(shop)),
          ("Basic !!!", Self.password(shop)), ("Bearer \(shop.token)", Self.password(shop)),
          (good, "grant_type=refresh_token&refresh_token=guess"),
          // An access token renews nothing.
          (good, "grant_type=refresh_token&refresh_token=\(shop.token)"),
        ]
        for attempt in wrong {
          let reply = try await Self.ask(shop, attempt.body, client: attempt.client)
          #expect(reply.status == 401 && reply.codes == [12], "\(attempt)")
        }
      }
    }

    @Test(arguments: [
      "", "grant_type=magic", "grant_type=password&username=alice", "grant_type=password&password=x",
    ])
    func whatIsNoRequestIsCode13(body: String) async throws {
      try await Shop.open { shop in
        let reply = try await Self.ask(shop, body)
        #expect(reply.status == 400 && reply.codes == [13])
      }
    }

    @Test func aNameIsLockedAfterFiveWrongPasswords() async throws {
      let clock = TestClock()
      var settings = Shop.settings
      settings.service.now = { clock.now }
      try await Shop.open(settings) { shop in
        for name in ["alice", "nobody"] {
          for _ in 0..<5 {
            _ = try await Self.ask(shop, "grant_type=password&username=\(name)&password=guess")
          }
          let locked = try await Self.ask(
            shop, "grant_type=password&username=\(name)&password=\(shop.credentials.password)")
          #expect(locked.status == 401 && locked.text.contains("try again in"), "\(name)")
        }
        clock.advance(31)
        #expect(try await Self.ask(shop, Self.password(shop)).status == 200)
      }
    }

    @Test func thePageNeedsNoClientSecret() async throws {
      try await Shop.open { shop in
        let page = Self.basic(TokenRoute.pageClient, "")
        let reply = try await Self.ask(shop, Self.password(shop), client: page)
        #expect(reply.status == 200)
        let wrong = "grant_type=password&username=alice&password=guess"
        #expect(try await Self.ask(shop, wrong, client: page).status == 401)
      }
      var settings = Shop.settings
      settings.servesPage = false
      try await Shop.open(settings) { shop in
        let page = Self.basic(TokenRoute.pageClient, "")
        let reply = try await Self.ask(shop, Self.password(shop), client: page)
        #expect(reply.status == 401)
      }
    }

    @Test func aDisabledAccountIsRefused() async throws {
      try await Shop.open { shop in
        let script = try shop.service.tokens.create(for: "alice", label: "nightly", life: 60)
        #expect(try await shop.call(.get, "/web-api/operation/x/status", token: script).code == 71)
        try shop.service.accounts.change("alice") { $0.isDisabled = true }
        #expect(try await shop.call(.get, "/web-api/operation/x/status", token: script).status == 401)
        let reply = try await Self.ask(shop, Self.password(shop))
        #expect(reply.status == 403 && reply.codes == [12])
      }
    }
  }
#endif
