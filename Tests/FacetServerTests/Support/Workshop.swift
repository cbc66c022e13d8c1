#if Server
  import Facet
  import FacetContract
  import FacetGeneration
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import Hummingbird
  import HummingbirdTesting
  import Testing

  /// Makes what a test says.
  struct TestGenerator: PartGenerator {
    var body: @Sendable (Brief, GenerationRequest.OutputFormat, _ folder: String) async throws -> String

    func generate(
      _ brief: Brief, as format: GenerationRequest.OutputFormat, in folder: String, _ run: RunContext
    ) async throws -> GeneratedPart {
      let path = folder + "/part"
      try await body(brief, format, folder).write(toFile: path, atomically: false, encoding: .utf8)
      let figures = PartFigures(
        size: SIMD3(10, 20, 30), volume: 6000, throughHoles: 0, shells: 1, triangles: 12)
      return GeneratedPart(path: path, program: "", figures: figures, tokensUsed: 7)
    }

    /// Writes the prompt where a part would be, or fails with the code that the prompt is.
    static let echo = TestGenerator { brief, _, _ in
      if let code = GenerationJobError.Code(rawValue: brief.prompt) { throw GenerationJobError(code) }
      return brief.prompt
    }
  }

  /// A shop with a key of the generation API.
  struct Workshop: Sendable {
    let shop: Shop
    let new: NewAPIKey

    var service: FacetService { shop.service }

    static func open(
      _ settings: ServerSettings = Shop.settings, in folder: TemporaryFolder = TemporaryFolder(),
      _ framework: TestingSetup = .router, credits: Int = 100,
      generator: (any PartGenerator)? = TestGenerator.echo,
      _ body: @escaping @Sendable (Workshop) async throws -> Void
    ) async throws {
      try await Shop.open(settings, in: folder, framework, generator: generator) { shop in
        let new = try shop.service.keys.create("test", for: shop.credentials.userName, credits: credits)
        try await body(Workshop(shop: shop, new: new))
      }
    }

    func call(
      _ method: HTTPRequest.Method, _ path: String, key: String? = nil, headers: HTTPFields = [:],
      body: ByteBuffer? = nil
    ) async throws -> Reply {
      try await shop.call(method, path, token: key ?? new.text, headers: headers, body: body)
    }

    func make(_ json: JSONValue, key: String? = nil, idempotencyKey: String? = nil) async throws -> Reply {
      var headers = HTTPFields()
      headers[.init("Idempotency-Key")!] = idempotencyKey
      return try await call(
        .post, "/v1/text-to-cad", key: key, headers: headers, body: ByteBuffer(string: json.text()))
    }

    /// The form of `POST /v1/image-to-cad`.
    func make(images: [[UInt8]], fields: [(String, String)] = [], name: String = "image") async throws
      -> Reply
    {
      var body = ByteBuffer()
      for (name, value) in fields {
        body.writeString(
          "--b0und\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
      }
      for (index, image) in images.enumerated() {
        body.writeString(
          "--b0und\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(index).png\"\r\n"
            + "Content-Type: image/png\r\n\r\n")
        body.writeBytes(image)
        body.writeString("\r\n")
      }
      body.writeString("--b0und--\r\n")
      return try await call(
        .post, "/v1/image-to-cad", headers: [.contentType: "multipart/form-data; boundary=b0und"], body: body)
    }

    func job(_ id: String, key: String? = nil) async throws -> Reply {
      try await call(.get, "/v1/jobs/\(id)", key: key)
    }

    /// Waits until a job has ended.
    func wait(for id: String) async throws -> Reply {
      while true {
        let reply = try await job(id)
        let status = reply.json["status"]?.asString
        guard reply.status == 200, status == "queued" || status == "processing" else { return reply }
        try await Task.sleep(for: .milliseconds(5))
      }
    }

    /// Asks for a part and waits until the job has ended.
    func made(_ json: JSONValue) async throws -> Reply {
      let reply = try await make(json)
      return try await wait(for: try #require(reply.json["job_id"]?.asString, "\(reply.text)"))
    }

    /// What the key has left.
    func credits() throws -> Int {
      try #require(try service.keys.list().first { $0.id == new.key.id }).credits
    }
  }

  extension Reply {
    var errorCode: String? { json["error_code"]?.asString }
    var jobId: String? { json["job_id"]?.asString }
  }
#endif
