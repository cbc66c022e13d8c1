#if Server
  import Facet
  import FacetContract
  import FacetOperations
  @testable import FacetServer
  @testable import FacetService
  import Foundation
  import GRDB
  import Hummingbird
  import Testing

  /// Every documented code is answered over HTTP, for the cause that the documentation gives.
  @Suite struct CodeTests {
    struct Cause: Sendable, CustomTestStringConvertible {
      let code: Int
      let status: Int
      var settings: @Sendable (inout ServerSettings) -> Void = { _ in }
      var before: @Sendable (DataFolder) throws -> Void = { _ in }
      let act: @Sendable (Shop) async throws -> Reply
      var testDescription: String { "\(code)" }
    }

    /// A request that names a model and is wrong otherwise.
    private static func refused(_ code: Int, _ name: String, _ body: JSONValue) -> Cause {
      Cause(code: code, status: 400) { try await $0.post("/web-api/operation/\(name)", body) }
    }

    /// An operation that begins and fails.
    private static func failing(
      _ code: Int, status: Int = 400, _ name: String, _ members: JSONValue, of mesh: Mesh = Shop.box,
      _ settings: @escaping @Sendable (inout ServerSettings) -> Void = { _ in }
    ) -> Cause {
      Cause(code: code, status: status, settings: settings) { shop in
        let id = JSONValue.string(try await shop.file(mesh))
        return try await shop.run(name, .object([.init("inputId", id)] + (members.asMembers ?? [])))
      }
    }

    private static func chunk(_ shop: Shop, _ bytes: [UInt8]) async throws -> Reply {
      try await shop.call(.post, "/web-api/operation/file/c/chunk/0", body: ByteBuffer(bytes: bytes))
    }

    static let interrupted = "00000000-0000-4000-8000-000000000074"

    static let causes: [Cause] = [
      Cause(code: 10, status: 500) { shop in
        // The database is damaged from outside.
        let store = try Store(shop.service.files.folder)
        try store.writeNow { try $0.execute(sql: "DROP TABLE chunk") }
        return try await shop.call(.get, "/web-api/operation/file/c/chunk")
      },
      Cause(code: 11, status: 503, settings: { $0.service.reservedDiskBytes = .max }) { shop in
        try await shop.upload(try Shop.box.encoded())
      },
      Cause(code: 12, status: 401) { try await $0.call(.get, "/web-api/operation/x/status", token: "guess") },
      refused(13, "analyze", ["inputId": 7]),
      Cause(code: 50, status: 400) { try await $0.upload(Array("%PDF-1.7".utf8)) },
      Cause(code: 51, status: 413, settings: { $0.service.maximumFileBytes = 100 }) {
        try await $0.upload(try Shop.box.encoded())
      }, Cause(code: 52, status: 404) { try await $0.call(.get, "/web-api/operation/file/none") },
      Cause(code: 53, status: 400) { try await $0.upload([]) },
      Cause(code: 54, status: 413, settings: { $0.service.maximumChunkBytes = 9 }) {
        try await chunk($0, Array(repeating: 0, count: 10))
      },
      Cause(code: 55, status: 400) { try await $0.post("/web-api/operation/file/c/commit", ["chunks": 1]) },
      Cause(code: 56, status: 400) { try await chunk($0, []) },
      Cause(code: 57, status: 409) { shop in
        _ = try await chunk(shop, try Shop.box.encoded())
        _ = try await shop.post("/web-api/operation/file/c/commit", ["chunks": 1])
        return try await chunk(shop, [1])
      },
      Cause(code: 60, status: 402) { shop in
        try shop.service.accounts.change("alice") { $0.expiresAt = Date() - 1 }
        return try await shop.post("/web-api/operation/analyze", ["inputId": "x"])
      },
      Cause(code: 61, status: 429) { shop in
        try shop.service.accounts.change("alice") { $0.uploadsPerMonth = 0 }
        return try await shop.upload(try Shop.box.encoded())
      },
      failing(
        70, "hollowing", ["wallThicknessMm": 2],
        of: Primitive.box(minimum: SIMD3(repeating: 1e9), maximum: SIMD3(repeating: 2e9))),
      Cause(code: 71, status: 404) { try await $0.call(.get, "/web-api/operation/none/analyze/result") },
      failing(
        72, "shrinkwrap-repair", ["accuracy": "Detailed"],
        of: Primitive.icosphere(radius: 50, subdivisions: 5),
        { $0.service.timeout = 0 }),
      Cause(code: 73, status: 409) { shop in
        let model = try await shop.file(Primitive.icosphere(radius: 50, subdivisions: 4))
        let id = try await shop.begin(
          "shrinkwrap-repair", ["inputId": .string(model), "accuracy": "Detailed"])
        return try await shop.call(.get, "/web-api/operation/\(id)/shrinkwrap-repair/result")
      },
      Cause(
        code: 74, status: 500,
        before: { folder in
          // A process ended ten times while this ran.
          let credentials = try Accounts(folder, Shop.settings.service).create("alice")
          let store = try Store(folder)
          let account = try store.readNow { try Accounts.named(credentials.userName, $0) }
          let job = Job(
            id: interrupted, account: account.id, name: "analyze", request: "{}", input: nil, state: .running,
            attempts: 10, callbackURL: nil, createdAt: Date())
          try store.writeNow { try job.insert($0) }
        }
      ) { shop in
        let token = try shop.service.tokens.create(for: "alice", label: "test", life: 60)
        return try await shop.call(.get, "/web-api/operation/\(interrupted)/analyze/result", token: token)
      },
      refused(200, "import", ["fileId": "x", "measurementUnits": "furlong"]),
      failing(201, "analyze", [:]) { $0.toolkit.maximumTriangles = 11 },
      Cause(code: 202, status: 400) { shop in
        let file = try await shop.upload(Array(try Shop.box.encoded().dropLast(1)))
        return try await shop.run(
          "import", ["fileId": file.json["fileId"] ?? .null, "measurementUnits": "mm"])
      },
      refused(300, "wall-thickness-analysis", ["inputId": "x", "minimalWallThicknessMm": 0.09]),
      refused(
        301, "wall-thickness-analysis",
        ["inputId": "x", "minimalWallThicknessMm": 1, "accuracyWallThickness": 4]),
      failing(
        302, "wall-thickness-analysis", ["minimalWallThicknessMm": 1],
        of: Primitive.box(maximum: SIMD3(501, 1, 1))),
      failing(400, "scale", ["axis": "X", "scaleToSizeMm": 1e6]),
      refused(401, "scale", ["inputId": "x", "axis": "W", "scaleToSizeMm": 10]),
      refused(500, "thumbnail", ["inputId": "x", "width": 9, "height": 10]),
      refused(501, "thumbnail", ["inputId": "x", "cameraAngleZ": -181]),
      refused(600, "shrinkwrap-repair", ["inputId": "x", "accuracy": "fine"]),
      refused(700, "reduce-triangles", ["inputId": "x", "accuracyMm": 10.1]),
      refused(701, "reduce-triangles", ["inputId": "x", "maxAngle": 91]),
      refused(702, "reduce-triangles", ["inputId": "x", "numberOfIterations": 0]),
      refused(800, "hollowing", ["inputId": "x", "wallThicknessMm": 0.9]),
      refused(900, "export", ["inputId": "x", "exportToFormat": "step"]),
    ]

    @Test func noCodeIsMissing() {
      #expect(Self.causes.map(\.code) == ToolkitError.Code.allCases.map(\.rawValue))
    }

    @Test(arguments: causes)
    func itsCauseIsAnsweredWithTheCode(cause: Cause) async throws {
      var settings = Shop.settings
      cause.settings(&settings)
      let folder = TemporaryFolder()
      try cause.before(DataFolder(folder.path))
      try await Shop.open(settings, in: folder) { shop in
        let reply = try await cause.act(shop)
        #expect(reply.codes == [cause.code], "\(reply.text)")
        #expect(reply.status == cause.status)
        #expect(reply.headers[.contentType]?.hasPrefix("application/json") == true)
        #expect((reply.headers[.retryAfter] != nil) == (cause.code == 11))
      }
    }
  }
#endif
