#if Server
  import Facet
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct DurabilityTests {
    @Test func whatWasAcceptedIsDoneByTheNextServer() async throws {
      let folder = TemporaryFolder()
      let operations = Lock<[String]>([])
      var settings = Shop.settings
      settings.service.workers = 1
      try await Shop.open(settings, in: folder) { shop in
        let model = JSONValue.string(try await shop.file(Primitive.icosphere(radius: 20, subdivisions: 5)))
        for _ in 0..<3 {
          let id = try await shop.begin("repair", ["inputId": model])
          operations.withLock { $0.append(id) }
        }
      }
      try await Shop.open(settings, in: folder) { shop in
        let token = try shop.service.tokens.create(for: "alice", label: "test", life: 600)
        for id in operations.withLock({ $0 }) {
          var status = try await shop.call(.get, "/web-api/operation/\(id)/status", token: token)
          while status.json["isCompleted"] == false {
            try await Task.sleep(for: .milliseconds(20))
            status = try await shop.call(.get, "/web-api/operation/\(id)/status", token: token)
          }
          #expect(status.json["isSuccessful"] == true, "\(status.text)")
          let result = try await shop.call(
            .get, "/web-api/operation/\(id)/repair/result", token: token)
          let file = try #require(result.json["resultId"]?.asString)
          #expect(try await shop.call(.get, "/web-api/operation/file/\(file)", token: token).status == 200)
        }
      }
    }

    @Test func leftoversOfACrashAreRemoved() async throws {
      let folder = TemporaryFolder()
      let kept = Lock("")
      try await Shop.open(in: folder) { shop in
        let id = try await shop.file()
        kept.withLock { $0 = id }
      }
      let data = try DataFolder(folder.path)
      let old = Date() - 60
      for path in [data.incoming + "/half", data.blobs + "/zz/orphan"] {
        try FileManager.default.createDirectory(
          atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
      }
      try await Shop.open(in: folder) { shop in
        while FileManager.default.fileExists(atPath: data.blobs + "/zz/orphan") {
          try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!FileManager.default.fileExists(atPath: data.incoming + "/half"))
        let token = try shop.service.tokens.create(for: "alice", label: "test", life: 600)
        let id = kept.withLock { $0 }
        #expect(try await shop.call(.get, "/web-api/operation/file/\(id)", token: token).status == 200)
      }
    }

    @Test func aJobThatNeedsMoreThanItsShareWaitsUntilItIsAlone() async throws {
      var settings = Shop.settings
      settings.service.workers = 2
      settings.service.memoryBudget = 60_000_000
      try await Shop.open(settings) { shop in
        let model = JSONValue.string(try await shop.file())
        let alone = try await shop.run(
          "thumbnail", ["inputId": model, "width": 1000, "height": 1000, "samples": 4])
        #expect(alone.status == 200, "\(alone.text)")
        let tooLarge = try await shop.run("thumbnail", ["inputId": model, "width": 4000, "height": 4000])
        #expect(tooLarge.status == 503 && tooLarge.codes == [11])
        // Those that need no more than their share go on.
        #expect(try await shop.run("analyze", ["inputId": model]).status == 200)
      }
    }
  }
#endif
