#if Server
  import Facet
  import FacetContract
  import FacetOperations
  import FacetService
  import Foundation
  import Hummingbird

  /// Upload in one request or in chunks, and download.
  struct FileRoutes {
    let service: FacetService
    let presenter: ToolkitPresenter

    func add(to group: RouterGroup<ServerContext>) {
      group.post("file", use: upload)
      group.get("file/:fileId", use: download)
      group.delete("file/:fileId", use: remove)
      group.get("file/:fileId/chunk", use: listChunks)
      group.post("file/:fileId/chunk/:index", use: uploadChunk)
      group.post("file/:fileId/commit", use: commit)
    }

    @Sendable func upload(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let account = try context.requireAccount()
      try await service.files.checkUpload(account)
      guard let boundary = request.multipartBoundary else {
        throw ToolkitFailure(
          .invalidParameter("Content-Type"), detail: "send multipart/form-data with a boundary and one file")
      }
      let file = try await MultipartFile(request.body, boundary: boundary)
      let blob = try await service.files.receive(file, check: FileRoutes.requireSTL)
      let stored = try await service.files.add(
        blob, named: FileRoutes.tidied(file.fileName), mediaType: "model/stl", for: account)
      return presenter.file(stored, request)
    }

    @Sendable func download(_ request: Request, _ context: ServerContext) async throws -> Response {
      let file = try await service.files.file(
        context.parameters.require("fileId"), of: context.requireAccount())
      if let response = try await service.download(file, request, context) { return response }
      let failure = ToolkitFailure(.invalidParameter("Range"), detail: "the file has \(file.bytes) bytes")
      return .json(
        failure.json.text(), status: .rangeNotSatisfiable, headers: [.contentRange: "bytes */\(file.bytes)"])
    }

    @Sendable func remove(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let id = try context.parameters.require("fileId")
      try await service.files.remove(id, of: context.requireAccount())
      return ["fileId": .string(id)]
    }

    @Sendable func uploadChunk(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let account = try context.requireAccount()
      let id = try FileRoutes.chosenId(context)
      let number = context.parameters.get("index") ?? ""
      guard let index = Int(number), FileRoutes.chunkNumbers.contains(index) else {
        throw ToolkitFailure(
          .invalidParameter("index"),
          detail: "give a whole number from 0 to \(FileRoutes.chunkNumbers.upperBound)")
      }
      try await service.files.checkUpload(account)
      if let boundary = request.multipartBoundary {
        let file = try await MultipartFile(request.body, boundary: boundary)
        try await service.files.addChunk(index, of: id, file, for: account)
      } else {
        try await service.files.addChunk(index, of: id, request.body, for: account)
      }
      return ["fileId": .string(id), "index": .integer(index)]
    }

    @Sendable func listChunks(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let id = try FileRoutes.chosenId(context)
      let numbers = try await service.files.chunks(of: id, for: context.requireAccount())
      return ["fileId": .string(id), "chunks": .array(numbers.map(JSONValue.integer))]
    }

    @Sendable func commit(_ request: Request, _ context: ServerContext) async throws -> JSONValue {
      let account = try context.requireAccount()
      let id = try FileRoutes.chosenId(context)
      let order = try CommitOrder(try await request.json())
      try await service.files.checkUpload(account)
      let file = try await service.files.commit(
        id, named: FileRoutes.tidied(order.fileName ?? "\(id).stl"), mediaType: "model/stl",
        chunks: order.chunks,
        sha256: order.sha256, for: account, check: FileRoutes.requireSTL)
      return presenter.file(file, request)
    }

    // MARK: Pieces

    static let chunkNumbers = 0...99_999

    /// - Throws: Code 50 for what is no STL file.
    @Sendable static func requireSTL(_ path: String) throws {
      do {
        let format = try MeshFormat(of: ByteSource.file(path))
        guard format == .stl else {
          throw ToolkitFailure(.notAnSTLFile, detail: "its bytes say it is \(format.rawValue)")
        }
      } catch let error as MeshError {
        // A file that says it is a binary STL and breaks off is read when it is imported: the message is better there.
        if case .truncated = error { return }
        throw ToolkitFailure(error, during: .upload, file: "the file")
      }
    }

    /// The id of a chunked upload, which the client chooses.
    private static func chosenId(_ context: ServerContext) throws -> String {
      let id = context.parameters.get("fileId") ?? ""
      let isFine = id.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 32)
          || "-_.".utf8.contains($0)
      }
      guard isFine, (1...128).contains(id.utf8.count) else {
        throw ToolkitFailure(
          .invalidParameter("fileId"),
          detail: "give 1 to 128 letters, digits, '-', '_' or '.', such as a UUID")
      }
      return id
    }

    /// A file's name without folders and control characters, of at most 200 characters.
    static func tidied(_ name: String) -> String {
      let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
      let clean = String(
        last.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.map(Character.init).suffix(200))
      return clean.isEmpty ? "model.stl" : clean
    }
  }

  /// The body of a commit.
  private struct CommitOrder {
    var fileName: String?
    var chunks: Int
    var sha256: String?

    /// - Throws: Code 13 for each member that is wrong.
    init(_ json: JSONValue) throws(ToolkitFailure) {
      var wrong: [ToolkitFailure.Entry] = []
      func member<Value>(_ name: String, _ read: (JSONValue) -> Value?, _ due: String) -> Value? {
        guard let value = json[name], value != .null else { return nil }
        if let read = read(value) { return read }
        wrong.append(.init(.invalidParameter(name), detail: "give \(due)"))
        return nil
      }
      guard json.asMembers != nil else {
        throw ToolkitFailure(.invalidParameter("body"), detail: "give a JSON object")
      }
      fileName = member("fileName", \.asString, "text")
      sha256 = member(
        "sha256", { value in value.asString.flatMap { $0.isSHA256 ? $0 : nil } }, "64 hexadecimal digits")
      let range = 1...FileRoutes.chunkNumbers.upperBound + 1
      let count = member(
        "chunks", { $0.asInteger.flatMap { range.contains($0) ? $0 : nil } }, "a whole number from 1")
      if count == nil, !wrong.contains(where: { $0.error == .invalidParameter("chunks") }) {
        wrong.append(.init(.invalidParameter("chunks"), detail: "it is missing"))
      }
      chunks = count ?? 0
      if let failure = ToolkitFailure(wrong) { throw failure }
    }
  }

  extension String {
    fileprivate var isSHA256: Bool { utf8.count == 64 && allSatisfy { $0.isASCII && $0.isHexDigit } }
  }

  extension Request {
    /// The boundary of a multipart body; nil for another body.
    var multipartBoundary: String? {
      guard let header = headers[.contentType] else { return nil }
      let parameters = HeaderParameters(header)
      guard parameters.value.hasPrefix("multipart/"), let boundary = parameters["boundary"],
        (1...256).contains(boundary.utf8.count)
      else { return nil }
      return boundary
    }
  }
#endif
