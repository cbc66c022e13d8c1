#if Server
  import Facet
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import HummingbirdTesting
  import Testing

  @Suite struct FileTests {
    @Test(arguments: [
      "form-data; name=\"file\"; filename=\"x.stl\"", "form-data; fileName=\"x.stl\"",
      "attachment; filename=x.stl",
      "form-data; name=\"file\"; filename*=UTF-8''x.stl",
    ])
    func everyClientsPartIsRead(disposition: String) async throws {
      try await Shop.open { shop in
        let bytes = try Shop.box.encoded()
        let reply = try await shop.upload(part: disposition, bytes)
        #expect(reply.status == 200)
        let id = try #require(reply.json["fileId"]?.asString)
        #expect(reply.json["fileUrl"]?.asString?.hasSuffix(id) == true)
        let created = try #require(reply.json["creationDate"]?.asString)
        #expect(created.prefixMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) != nil)
        let back = try await shop.call(.get, "/web-api/operation/file/\(id)")
        #expect(back.status == 200 && back.bytes == bytes)
        #expect(back.headers[.contentType] == "model/stl")
        #expect(back.headers[.contentDisposition]?.contains("filename=\"x.stl\"") == true)
        #expect(back.headers[.contentLength] == String(bytes.count))
      }
    }

    @Test func rangesAreServed() async throws {
      try await Shop.open { shop in
        let bytes = try Shop.box.encoded()
        let path = "/web-api/operation/file/\(try await shop.file())"
        let part = try await shop.call(.get, path, headers: [.range: "bytes=10-19"])
        #expect(part.status == 206 && part.bytes == Array(bytes[10...19]))
        #expect(part.headers[.contentRange] == "bytes 10-19/\(bytes.count)")
        let tail = try await shop.call(.get, path, headers: [.range: "bytes=-7"])
        #expect(tail.status == 206 && tail.bytes == Array(bytes.suffix(7)))
        let beyond = try await shop.call(.get, path, headers: [.range: "bytes=99999-"])
        #expect(beyond.status == 416 && beyond.codes == [13])
        let other = try await shop.call(.get, path, headers: [.range: "bytes=0-1", .ifRange: "\"other\""])
        #expect(other.status == 200 && other.bytes == bytes)
      }
    }

    @Test func strangersSeeNothing() async throws {
      try await Shop.open { shop in
        let id = try await shop.file()
        let operation = try await shop.begin("import", ["fileId": .string(id), "measurementUnits": "mm"])
        _ = try shop.service.accounts.create("bob")
        let bob = try shop.service.tokens.create(for: "bob", label: "test", life: 60)
        let file = try await shop.call(.get, "/web-api/operation/file/\(id)", token: bob)
        #expect(file.status == 404 && file.codes == [52])
        let removal = try await shop.call(.delete, "/web-api/operation/file/\(id)", token: bob)
        #expect(removal.status == 404 && removal.codes == [52])
        let begun = try await shop.post(
          "/web-api/operation/import", ["fileId": .string(id), "measurementUnits": "mm"], token: bob)
        #expect(begun.status == 404 && begun.codes == [52])
        for path in ["status", "import/result"] {
          let reply = try await shop.call(.get, "/web-api/operation/\(operation)/\(path)", token: bob)
          #expect(reply.status == 404 && reply.codes == [71])
        }
      }
    }

    @Test func whatIsNoSTLIsRefused() async throws {
      try await Shop.open { shop in
        let files: [[UInt8]] = [
          Array("hello, world".utf8),
          [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 7, count: 99),
          Array("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n".utf8),
          Array("PK\u{3}\u{4}".utf8) + Array(repeating: 0, count: 200),
        ]
        for file in files {
          let reply = try await shop.upload(file)
          #expect(reply.status == 400 && reply.codes == [50], "\(reply.text)")
        }
        #expect(try await shop.upload([]).codes == [53])
      }
    }

    @Test func namesCannotLeaveTheFolder() async throws {
      try await Shop.open { shop in
        let reply = try await shop.upload(try Shop.box.encoded(), name: "../../etc/pass\nwd\u{1}.stl")
        let id = try #require(reply.json["fileId"]?.asString)
        let back = try await shop.call(.get, "/web-api/operation/file/\(id)")
        #expect(back.headers[.contentDisposition]?.contains("passwd.stl") != false)
        for path in ["..%2f..%2ffacet.sqlite", "../facet.sqlite", "%2e%2e", "..", "%00"] {
          let reply = try await shop.call(.get, "/web-api/operation/file/\(path)")
          #expect(reply.status == 404, "\(path)")
        }
      }
    }

    @Test func limitsOfSizeAndNumberHold() async throws {
      var settings = Shop.settings
      let bytes = try Shop.box.encoded()
      settings.service.maximumFileBytes = bytes.count
      try await Shop.open(settings) { shop in
        #expect(try await shop.upload(bytes).status == 200)
        let large = try await shop.upload(bytes + [0])
        #expect(large.status == 413 && large.codes == [51])
        try shop.service.accounts.change("alice") { $0.uploadsPerMonth = 2 }
        #expect(try await shop.upload(bytes).status == 200)
        let third = try await shop.upload(bytes)
        #expect(third.status == 429 && third.codes == [61])
        try shop.service.accounts.change("alice") {
          $0.uploadsPerMonth = nil
          $0.diskBytes = 2 * bytes.count
        }
        #expect(try await shop.upload(bytes).codes == [51])
        try shop.service.accounts.change("alice") { $0.expiresAt = Date() - 1 }
        let expired = try await shop.upload(bytes)
        #expect(expired.status == 402 && expired.codes == [60])
        // Nothing of what was refused is left.
        let folder = shop.service.files.folder
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.incoming).isEmpty)
        let blobs = FileManager.default.enumerator(atPath: folder.blobs)?.compactMap { $0 as? String }
        #expect(blobs?.filter { $0.contains("/") }.count == 2)
      }
    }

    @Test func aFileThatTheDiskLostIsNotFound() async throws {
      try await Shop.open { shop in
        let id = try await shop.file()
        let account = try shop.service.accounts.list()[0]
        let path = shop.service.files.path(of: try await shop.service.files.file(id, of: account))
        try FileManager.default.removeItem(atPath: path)
        let reply = try await shop.call(.get, "/web-api/operation/file/\(id)")
        #expect(reply.status == 404 && reply.codes == [71], "\(reply.text)")
      }
    }

    @Test func aDeletedFileIsGone() async throws {
      try await Shop.open { shop in
        let id = try await shop.file()
        #expect(try await shop.call(.delete, "/web-api/operation/file/\(id)").status == 200)
        #expect(try await shop.call(.get, "/web-api/operation/file/\(id)").codes == [52])
      }
    }

    @Test func anUploadOverASocketIsTheSame() async throws {
      try await Shop.open(.live) { shop in
        let mesh = Primitive.icosphere(radius: 5, subdivisions: 5)
        let reply = try await shop.upload(try mesh.encoded())
        let id = try #require(reply.json["fileId"]?.asString)
        let result = try await shop.run("import", ["fileId": .string(id), "measurementUnits": "inch"])
        #expect(result.json["triangles"]?.asInteger == mesh.triangles.count)
        #expect(try await shop.call(.get, "/web-api/operation/file/\(id)").bytes == mesh.encoded())
        #expect(try await shop.call(.get, "/health").status == 200)
      }
    }
  }

  extension Shop {
    /// On a socket or in process.
    static func open(_ framework: TestingSetup, _ body: @escaping @Sendable (Shop) async throws -> Void)
      async throws
    {
      try await open(Shop.settings, in: TemporaryFolder(), framework, body)
    }
  }
#endif
