#if Server
  import FacetContract
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import Testing

  @Suite struct ImageFormTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0]

    /// Pictures are looked at by their first bytes alone where no environment decodes them.
    private static var settings: ServerSettings {
      var settings = Shop.settings
      settings.generation.environment = .init("/nonexistent")
      return settings
    }

    private static func blobs(_ workshop: Workshop) throws -> Int {
      let folder = try #require(workshop.service.files.folder.blobs as String?)
      return (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
        .filter { $0.contains("/") }.count
    }

    @Test func picturesReachTheGenerator() async throws {
      let generator = TestGenerator { brief, format, _ in
        "\(brief.prompt) \(brief.pictures.map { $0.count }) \(brief.designMode) \(format.rawValue)"
      }
      try await Workshop.open(Self.settings, generator: generator) { workshop in
        let reply = try await workshop.make(
          images: [Self.png, Self.png + [1]],
          fields: [
            ("prompt", "80mm wide"), ("design_mode", "assembly"), ("output_format", "GLB"),
            ("metadata_json", #"{"a":[1]}"#), ("callback_url", ""),
          ])
        #expect(reply.status == 202, "\(reply.text)")
        let job = try await workshop.wait(for: reply.jobId!)
        #expect(job.json["metadata"] == ["a": [1]])
        #expect(try workshop.credits() == 97)
        let file = try await workshop.call(.get, try #require(job.json["download_url"]?.asString))
        #expect(file.text == "80mm wide [12, 13] assembly GLB")
        #expect(file.headers[.contentType] == "model/gltf-binary")
      }
    }

    @Test func wrongFormsAreRefusedAndLeaveNothing() async throws {
      try await Workshop.open(Self.settings) { workshop in
        let big = Self.png + [UInt8](repeating: 0, count: GenerationLimits.imageBytes)
        let cases: [(images: [[UInt8]], fields: [(String, String)], code: String, message: String)] = [
          ([], [], "invalid_input", "image is required"),
          (Array(repeating: Self.png, count: 4), [], "invalid_input", "image must be at most 3 files"),
          ([Self.png, Array("GIF8".utf8)], [], "image_parse_failed", "image 2 must be one of image/png"),
          ([Self.png, []], [], "image_parse_failed", "image 2"),
          ([big], [], "image_parse_failed", "image 1 must be at most 10 MB"),
          ([Self.png], [("metadata_json", "[1]")], "invalid_input", "metadata_json"),
          ([Self.png], [("metadata_json", "{")], "invalid_input", "metadata_json"),
          (
            [Self.png], [("design_mode", "pro")], "invalid_input",
            "design_mode must be one of standard, assembly"
          ),
          ([Self.png], [("prompt", String(repeating: "x", count: 5001))], "invalid_input", "prompt"),
        ]
        for test in cases {
          let reply = try await workshop.make(images: test.images, fields: test.fields)
          #expect(reply.status == 422 && reply.errorCode == test.code, "\(test.message): \(reply.text)")
          #expect(reply.json["message"]?.asString?.hasPrefix(test.message) == true, "\(reply.text)")
        }
        #expect(try workshop.credits() == 100)
        #expect(try Self.blobs(workshop) == 0)
      }
    }

    @Test func tenMegabytesAreNotTooMany() async throws {
      try await Workshop.open(Self.settings) { workshop in
        let most = Self.png + [UInt8](repeating: 0, count: GenerationLimits.imageBytes - Self.png.count)
        let reply = try await workshop.make(images: [most])
        #expect(reply.status == 202)
      }
    }

    @Test func anotherBodyIsNoForm() async throws {
      try await Workshop.open(Self.settings) { workshop in
        for (type, body) in [
          ("application/json", "{}"), ("multipart/form-data", "x"),
          ("multipart/form-data; boundary=b", "nothing"), ("multipart/form-data; boundary=b", "--b\r\nX"),
        ] {
          let reply = try await workshop.call(
            .post, "/v1/image-to-cad", headers: [.contentType: type], body: ByteBuffer(string: body))
          #expect(reply.status == 422 && reply.errorCode == "invalid_input", "\(body): \(reply.text)")
        }
      }
    }

    /// A repeated request brings its pictures again; they are not kept twice.
    @Test func aRepeatedRequestLeavesNothing() async throws {
      try await Workshop.open(Self.settings) { workshop in
        var body = ByteBuffer(
          string: "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\n")
        body.writeBytes(Self.png)
        body.writeString("\r\n--b--\r\n")
        let form = body
        let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
          for _ in 0..<8 {
            group.addTask {
              try await workshop.call(
                .post, "/v1/image-to-cad",
                headers: [
                  .contentType: "multipart/form-data; boundary=b", .init("Idempotency-Key")!: "once",
                ], body: form)
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(replies.compactMap(\.jobId)).count == 1)
        _ = try await workshop.wait(for: replies[0].jobId!)
        // The picture, and what was made of it.
        #expect(try Self.blobs(workshop) == 2)
      }
    }
  }
#endif
