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
  import Logging
  import Testing

  /// A server in this process with one account, and a client that has its token.
  struct Shop: Sendable {
    let server: FacetServer
    let client: any TestClientProtocol
    let credentials: Credentials
    let token: String

    var service: FacetService { server.service }

    /// Password hashing that tests can afford, and no line in the log for each request.
    static var settings: ServerSettings {
      var settings = ServerSettings()
      settings.service.passwordCost.rounds = 16
      settings.service.passwordCost.parallelism = 1
      return settings
    }

    /// Runs a server on a folder of its own, or on a given one.
    static func open(
      _ settings: ServerSettings = Shop.settings, in folder: TemporaryFolder = TemporaryFolder(),
      _ framework: TestingSetup = .router, generator: (any PartGenerator)? = nil,
      _ body: @escaping @Sendable (Shop) async throws -> Void
    ) async throws {
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let isNew = try DataFolder(folder.path).isNew
      let server = try FacetServer(
        DataFolder(folder.path), settings, generator ?? settings.generation.generator, logger: logger)
      let credentials = try server.service.accounts.create(isNew ? "alice" : UUID().uuidString)
      try await server.application().test(framework) { client in
        let session = try server.service.tokens.open(
          .registered(id: credentials.clientId, secret: credentials.clientSecret),
          userName: credentials.userName,
          passwords: [credentials.password])
        try await body(
          Shop(server: server, client: client, credentials: credentials, token: session.accessToken))
      }
      withExtendedLifetime(folder) {}
    }

    // MARK: Calls

    func call(
      _ method: HTTPRequest.Method, _ path: String, token: String? = nil, headers: HTTPFields = [:],
      body: ByteBuffer? = nil
    ) async throws -> Reply {
      var headers = headers
      if headers[.authorization] == nil { headers[.authorization] = "Bearer \(token ?? self.token)" }
      return try await client.execute(uri: path, method: method, headers: headers, body: body) { Reply($0) }
    }

    func post(_ path: String, _ json: JSONValue, token: String? = nil) async throws -> Reply {
      try await call(.post, path, token: token, body: ByteBuffer(string: json.text()))
    }

    func upload(_ bytes: [UInt8], name: String = "part.stl", token: String? = nil) async throws -> Reply {
      try await upload(part: "form-data; name=\"file\"; filename=\"\(name)\"", bytes, token: token)
    }

    func upload(part disposition: String, _ bytes: [UInt8], token: String? = nil) async throws -> Reply {
      var body = ByteBuffer(string: "--b0und\r\nContent-Disposition: \(disposition)\r\n\r\n")
      body.writeBytes(bytes)
      body.writeString("\r\n--b0und--\r\n")
      return try await call(
        .post, "/web-api/operation/file", token: token,
        headers: [.contentType: "multipart/form-data; boundary=b0und"], body: body)
    }

    /// Uploads a model and gives its id.
    func file(_ mesh: Mesh = Shop.box) async throws -> String {
      let reply = try await upload(mesh.encoded())
      return try #require(reply.json["fileId"]?.asString, "\(reply.text)")
    }

    /// Begins an operation and gives its id.
    func begin(_ name: String, _ body: JSONValue) async throws -> String {
      let reply = try await post("/web-api/operation/\(name)", body)
      return try #require(reply.json["operationId"]?.asString, "\(reply.text)")
    }

    /// Waits until an operation has ended.
    func wait(for operation: String) async throws -> Reply {
      while true {
        let status = try await call(.get, "/web-api/operation/\(operation)/status")
        guard status.status == 200, status.json["isCompleted"]?.asBool != true else { return status }
        try await Task.sleep(for: .milliseconds(5))
      }
    }

    /// Runs an operation to its end and gives its result.
    func run(_ name: String, _ body: JSONValue) async throws -> Reply {
      let operation = try await begin(name, body)
      _ = try await wait(for: operation)
      return try await call(.get, "/web-api/operation/\(operation)/\(name)/result")
    }

    /// A model that was imported.
    func model(_ mesh: Mesh = Shop.box) async throws -> String {
      let reply = try await run(
        "import", ["fileId": .string(try await file(mesh)), "measurementUnits": "mm"])
      return try #require(reply.json["resultId"]?.asString, "\(reply.text)")
    }

    static let box = Primitive.box(maximum: SIMD3(10, 20, 30))
  }

  /// A reply with its body as JSON.
  struct Reply: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: ByteBuffer

    init(_ response: TestResponse) {
      status = Int(response.status.code)
      headers = response.headers
      body = response.body
    }

    var text: String { String(buffer: body) }
    var bytes: [UInt8] { Array(body.readableBytesView) }
    var json: JSONValue { (try? JSONValue(parsing: Data(body.readableBytesView))) ?? .null }

    /// The codes of its errors.
    var codes: [Int] { json["errors"]?.asArray?.compactMap { $0["code"]?.asInteger } ?? [] }
    var code: Int? { codes.first }
  }

  /// A folder that goes with the test.
  final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "facet-server-" + UUID().uuidString

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// A time that tests move.
  final class TestClock: Sendable {
    private let start = Date()
    private let offset = Lock(0.0)

    var now: Date { start + offset.withLock { $0 } }

    func advance(_ seconds: TimeInterval) { offset.withLock { $0 += seconds } }
  }
#endif
