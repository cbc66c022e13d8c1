#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations
  import Foundation

  /// The folder of a batch's results: what is where in it.
  public struct BatchFolder: Sendable {
    public let path: String

    public init(_ path: String) {
      self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The path of something in it.
    public func path(_ place: String) -> String { path + "/" + place }

    /// `report.jsonl`; each shard has one of its own.
    func journal(_ shard: Shard?) -> String {
      guard let shard, !shard.isWhole else { return path("report.jsonl") }
      return path("report-\(shard.index)-of-\(shard.count).jsonl")
    }

    /// All journals there are, of whatever shards.
    var journals: [String] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      return names.filter { $0 == "report.jsonl" || ($0.hasPrefix("report-") && $0.hasSuffix(".jsonl")) }
        .sorted().map(path)
    }

    /// A folder for what is not complete yet, on the same file system; removed when the batch ends.
    func scratch(_ shard: Shard?) -> String {
      path(shard.map { $0.isWhole ? ".work" : ".work-\($0.index)-of-\($0.count)" } ?? ".work")
    }

    static func files(_ name: String, _ ending: String) -> String { "files/\(name).\(ending)" }

    static func picture(_ name: String, _ shows: BatchRecord.Picture.Subject) -> String {
      "pictures/\(name).\(shows.rawValue).png"
    }

    /// What the batch is: `batch.json`. The same bytes for all shards.
    func describe(_ pipeline: PipelineRequest, _ inputs: [BatchInput]) throws(ToolkitFailure) {
      let json: JSONValue = [
        "version": .string(EngineVersion.current), "pipeline": pipeline.json,
        "inputs": .array(inputs.map { ["name": .string($0.name), "input": .string($0.path)] }),
      ]
      try BatchFolder.write(Array((json.text() + "\n").utf8), to: path("batch.json"))
    }

    /// What ``describe(_:_:)`` wrote.
    ///
    /// - Throws: Code 52 when there is none.
    func description() throws(ToolkitFailure) -> BatchDescription {
      guard let text = FileManager.default.contents(atPath: path("batch.json")),
        let json = try? JSONValue(parsing: text), let description = BatchDescription(json: json)
      else {
        throw ToolkitFailure(
          .fileNotFound(id: path("batch.json")),
          detail: "\(path) is no folder that facet batch made")
      }
      return description
    }

    /// Gives a complete file its place in the folder; what was there before is replaced.
    func move(_ file: String, to place: String) throws(MeshError) {
      let target = path(place)
      if rename(file, target) == 0 { return }
      do throws(ToolkitFailure) {
        try BatchFolder.make(folder: String(target[..<target.lastIndex(of: "/")!]))
      } catch {
        throw .file(path: target, action: .write, errno: errno)
      }
      guard rename(file, target) == 0 else { throw .file(path: target, action: .rename, errno: errno) }
    }

    static func make(folder path: String) throws(ToolkitFailure) {
      do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      } catch {
        throw ToolkitFailure(
          MeshError.file(path: path, action: .write, errno: BatchFolder.code(of: error)),
          during: .running(.export))
      }
    }

    static func remove(_ path: String) {
      try? FileManager.default.removeItem(atPath: path)
    }

    static func write(_ bytes: [UInt8], to path: String) throws(ToolkitFailure) {
      do throws(MeshError) {
        try OutputFile.writing(to: path, RunContext()) { (sink) throws(MeshError) in try sink.write(bytes) }
      } catch {
        throw ToolkitFailure(error, during: .running(.export))
      }
    }

    private static func code(of error: any Error) -> Int32 {
      ((error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError)?.code.rawValue ?? EIO
    }
  }

  extension PipelineRequest {
    /// Sixteen hexadecimal digits that tell this pipeline from others.
    public var fingerprint: String { String(SHA256Digest.hex(of: Array(json.text().utf8)).prefix(16)) }
  }
#endif
