#if Server
  import FacetContract
  import FacetOperations
  @testable import FacetServer
  import FacetService
  import FacetTestSupport
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct OperatingTests {
    @Test func supervisorsAreAnswered() async throws {
      try await Shop.open { shop in
        #expect(try await shop.call(.get, "/health", token: "none").json["status"] == "ok")
        #expect(try await shop.call(.get, "/ready", token: "none").status == 200)
        _ = try await shop.run("analyze", ["inputId": .string(try await shop.model())])
        let metrics = try await shop.call(.get, "/metrics", token: "none").text
        #expect(metrics.contains("facet_operations_ended_total{state=\"succeeded\"} 2"))
        #expect(
          metrics.contains(
            "facet_http_requests_total{method=\"POST\",route=\"/web-api/operation/file\",status=\"200\"} 1"))
        // Every line is a comment or a sample with a number.
        for line in metrics.split(separator: "\n") where !line.hasPrefix("#") {
          #expect(
            line.wholeMatch(of: /[a-z_]+(\{[^}]*\})? [0-9.e+-]+/) != nil || line.contains("route="), "\(line)"
          )
        }
      }
    }

    @Test func aFullDiskShowsInReady() async throws {
      var settings = Shop.settings
      settings.service.reservedDiskBytes = .max
      try await Shop.open(settings) { shop in
        let ready = try await shop.call(.get, "/ready")
        #expect(ready.status == 503)
        #expect(try await shop.call(.get, "/health").status == 200)
      }
    }

    @Test func unknownAddressesAreAnsweredInJSON() async throws {
      try await Shop.open { shop in
        for path in ["/nothing", "/web-api", "/web-api/operation/a/b/c/d", "/%ff"] {
          let reply = try await shop.call(.get, path)
          #expect(reply.status == 404 && reply.codes == [71], "\(path)")
          #expect(reply.headers[.requestId] != nil)
        }
      }
    }

    @Test(arguments: [
      ("PUT", "/health", "GET, HEAD"), ("PUT", "/web-api/operation/file/x/chunk/1", "POST"),
      ("GET", "/Token", "POST"), ("DELETE", "/", "GET, HEAD"),
      ("GET", "/web-api/operation/analyze", "POST"),
      ("PATCH", "/web-api/operation/file/x", "DELETE, GET, HEAD"),
      ("DELETE", "/web-api/operation/file/x/chunk/1", "POST"),
      ("TRACE", "/WEB-API/operation/x/status", "GET, HEAD"),
      ("NONE", "/web-api/operation/x/scale/result", "GET, HEAD"),
    ])
    func anotherMethodIsToldTheOnesThereAre(method: String, path: String, allowed: String) async throws {
      try await Shop.open { shop in
        let reply = try await shop.call(try #require(HTTPRequest.Method(method)), path, token: "none")
        #expect(reply.status == 405 && reply.codes == [13], "\(reply.text)")
        #expect(reply.headers[.allow] == allowed)
      }
    }

    @Test(arguments: ["/nothing", "/web-api/operation/analyze", "/web-api/operation/file/none", "/health"])
    func aHeadHasNoBody(path: String) async throws {
      // Over a socket: a body would be taken for the next reply.
      try await Shop.open(.live) { shop in
        let get = try await shop.call(.get, path)
        let head = try await shop.call(.head, path)
        #expect(head.bytes.isEmpty && head.headers[.contentLength] != nil, "\(head.text)")
        #expect(head.status == get.status || path == "/web-api/operation/analyze")
        #expect(try await shop.call(.get, "/health").status == 200)
      }
    }

    @Test func theDocumentDescribesEveryOperation() throws {
      let paths = try #require(OpenAPIDocument.json["paths"])
      for form in ToolkitForm.all {
        let name = form.operation.rawValue
        let schema = paths["/web-api/operation/\(name)"]?["post"]?["requestBody"]?["content"]?[
          "application/json"]?["schema"]
        let properties = try #require(schema?["properties"]?.asMembers?.map(\.name), "\(name)")
        #expect(properties == form.inputs.map(\.rawValue) + form.fields.map(\.name) + ["callbackUrl"])
        #expect(paths["/web-api/operation/{operationId}/\(name)/result"] != nil)
      }
    }

    @Test func everyFileOfThePageIsServed() async throws {
      let folder = Repository.url("Sources/FacetServer/Page").path
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(Set(PageFiles.all.map(\.name)) == Set(names))
      try await Shop.open { shop in
        for name in names {
          let reply = try await shop.call(.get, name == "index.html" ? "/" : "/page/\(name)", token: "none")
          let original = try Repository.text("Sources/FacetServer/Page/\(name)")
          #expect(reply.status == 200 && reply.text == original)
          #expect(reply.headers[.contentSecurityPolicy]?.contains("default-src 'self'") == true)
          #expect(reply.headers[.contentType] != "application/octet-stream", "\(name)")
        }
      }
    }

    @Test func theFolderIsOneServers() async throws {
      let folder = TemporaryFolder()
      try await Shop.open(in: folder) { _ in
        await #expect(throws: ServiceError.folderInUse(folder.path)) {
          try await Shop.open(in: folder) { _ in }
        }
      }
      try await Shop.open(in: folder) { shop in
        let health = try await shop.call(.get, "/health")
        #expect(health.status == 200)
      }
    }
  }
#endif
