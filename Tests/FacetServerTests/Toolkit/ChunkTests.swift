#if Server
  import Crypto
  import Facet
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct ChunkTests {
    private static let bytes = try! Primitive.icosphere(radius: 5, subdivisions: 3).encoded()
    private static var sha256: String {
      SHA256.hash(data: Data(bytes)).map { String(format: "%02x", $0) }.joined()
    }

    private static func piece(_ index: Int, of count: Int) -> [UInt8] {
      let size = (bytes.count + count - 1) / count
      return Array(bytes[min(index * size, bytes.count)..<min((index + 1) * size, bytes.count)])
    }

    private static func send(_ shop: Shop, _ id: String, _ index: Int, _ bytes: [UInt8]) async throws -> Reply
    {
      try await shop.call(
        .post, "/web-api/operation/file/\(id)/chunk/\(index)", body: ByteBuffer(bytes: bytes))
    }

    private static func commit(
      _ shop: Shop, _ id: String, chunks: Int, sha256: String? = nil
    ) async throws -> Reply {
      try await shop.post(
        "/web-api/operation/file/\(id)/commit",
        ["fileName": "ball.stl", "chunks": .integer(chunks), "sha256": sha256.map(JSONValue.string) ?? .null])
    }

    @Test func chunksInAnyOrderMakeAFile() async throws {
      try await Shop.open { shop in
        let id = UUID().uuidString
        for index in [3, 0, 4, 1] {
          #expect(try await Self.send(shop, id, index, Self.piece(index, of: 5)).status == 200)
        }
        let early = try await Self.commit(shop, id, chunks: 5, sha256: Self.sha256)
        #expect(early.status == 400 && early.codes == [55] && early.text.contains("missing: 2"))
        let list = try await shop.call(.get, "/web-api/operation/file/\(id)/chunk")
        #expect(list.json["chunks"] == [0, 1, 3, 4])
        // What arrives again counts as it arrived last.
        #expect(try await Self.send(shop, id, 2, [1, 2, 3]).status == 200)
        #expect(try await Self.send(shop, id, 2, Self.piece(2, of: 5)).status == 200)
        let wrong = try await Self.commit(shop, id, chunks: 5, sha256: String(repeating: "0", count: 64))
        #expect(wrong.codes == [55] && wrong.text.contains(Self.sha256))
        #expect(try await Self.commit(shop, id, chunks: 4).codes == [55])
        let done = try await Self.commit(shop, id, chunks: 5, sha256: Self.sha256.uppercased())
        #expect(done.status == 200 && done.json["fileId"] == .string(id))
        #expect(try await shop.call(.get, "/web-api/operation/file/\(id)").bytes == Self.bytes)
        #expect(try await shop.call(.get, "/web-api/operation/file/\(id.lowercased())").bytes == Self.bytes)
        let again = try await Self.commit(shop, id, chunks: 5)
        #expect(again.status == 409 && again.codes == [57])
        #expect(try await Self.send(shop, id, 0, [1]).codes == [57])
        let result = try await shop.run("import", ["fileId": .string(id), "measurementUnits": "MM"])
        #expect(result.status == 200)
      }
    }

    @Test func manyAtOnceMakeOneFile() async throws {
      try await Shop.open { shop in
        let id = UUID().uuidString
        try await withThrowingTaskGroup(of: Int.self) { group in
          for index in 0..<8 {
            for _ in 0..<4 {
              group.addTask { try await Self.send(shop, id, index, Self.piece(index, of: 8)).status }
            }
          }
          for try await status in group { #expect(status == 200) }
        }
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<8 {
            group.addTask { try await Self.commit(shop, id, chunks: 8, sha256: Self.sha256).status }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 409 }.count == 7)
        #expect(try await shop.call(.get, "/web-api/operation/file/\(id)").bytes == Self.bytes)
        let folder = shop.service.files.folder
        let blobs = FileManager.default.enumerator(atPath: folder.path + "/blobs")?.compactMap {
          $0 as? String
        }
        #expect(blobs?.filter { $0.contains("/") }.count == 1)
      }
    }

    @Test func chunksMayComeAsForms() async throws {
      try await Shop.open { shop in
        var body = ByteBuffer(
          string: "--x\r\nContent-Disposition: form-data; name=\"chunk\"; filename=\"c\"\r\n\r\n")
        body.writeBytes(Self.bytes)
        body.writeString("\r\n--x--")
        let reply = try await shop.call(
          .post, "/web-api/operation/file/form-1/chunk/0",
          headers: [.contentType: "multipart/form-data; boundary=x"],
          body: body)
        #expect(reply.status == 200)
        #expect(try await Self.commit(shop, "form-1", chunks: 1, sha256: Self.sha256).status == 200)
      }
    }

    @Test func whatIsNoChunkIsRefused() async throws {
      var settings = Shop.settings
      settings.service.maximumChunkBytes = 100
      settings.service.maximumFileBytes = 250
      try await Shop.open(settings) { shop in
        #expect(try await Self.send(shop, "c", 0, []).codes == [56])
        let large = try await Self.send(shop, "c", 0, Array(repeating: 1, count: 101))
        #expect(large.status == 413 && large.codes == [54])
        for index in ["-1", "100000", "x", "1.5"] {
          let reply = try await shop.call(
            .post, "/web-api/operation/file/c/chunk/\(index)", body: ByteBuffer(bytes: [1]))
          #expect(reply.codes == [13], "\(index)")
        }
        for index in 0..<3 {
          #expect(try await Self.send(shop, "c", index, Array(repeating: 1, count: 100)).status == 200)
        }
        let sum = try await Self.commit(shop, "c", chunks: 3)
        #expect(sum.status == 413 && sum.codes == [51])
        #expect(try await Self.commit(shop, "c", chunks: 2).codes == [55])
        let file = try await shop.upload(Array(repeating: 0, count: 10))
        #expect(file.codes == [50])
      }
    }

    @Test(arguments: [
      #"{"chunks":"3"}"#, #"{"chunks":0}"#, #"{"chunks":2.5}"#, #"{"chunks":100001}"#, #"{}"#,
      #"{"chunks":1,"sha256":"abc"}"#, #"{"chunks":1,"fileName":7}"#, "[]", "{",
    ])
    func aCommitIsValidated(body: String) async throws {
      try await Shop.open { shop in
        let reply = try await shop.call(
          .post, "/web-api/operation/file/c/commit", body: ByteBuffer(string: body))
        #expect(reply.status == 400 && reply.codes == [13], "\(reply.text)")
      }
    }
  }
#endif
