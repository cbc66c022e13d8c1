import Facet
import FacetBatch
import FacetContract
import Foundation
import Testing

/// A folder of models, and batches over it.
final class BatchFixture: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "facet-batch-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path + "/parts/inner", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Sound, open, nested, cut short and empty: six files, two of which cannot be read.
  func addModels() throws {
    try Primitive.box(maximum: SIMD3(10, 20, 30)).write(to: path + "/parts/box.stl")
    try Primitive.punctured().write(to: path + "/parts/open.stl")
    try Primitive.box(maximum: SIMD3(5, 5, 5)).write(to: path + "/parts/inner/box.obj")
    try Primitive.box(maximum: SIMD3(1, 50, 50)).write(to: path + "/parts/inner/plate.ply")
    try write(Data("solid cut\nfacet normal 0 0 1\nouter loop\nvertex 0 0".utf8), "parts/cut.stl")
    try write(Data(), "parts/inner/empty.stl")
  }

  func write(_ data: Data, _ place: String) throws { try data.write(to: URL(filePath: path + "/" + place)) }

  func read(_ place: String) throws -> Data { try Data(contentsOf: URL(filePath: path + "/" + place)) }

  /// All files below a folder, hidden ones too.
  func files(_ place: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path + "/" + place).sorted().filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path + "/" + place + "/" + $0, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  func batch(
    _ steps: String = "repair,analyze", to out: String, _ change: (inout BatchOptions) -> Void = { _ in }
  ) throws -> Batch {
    var list = InputList()
    try list.add(path + "/parts")
    var options = BatchOptions(jobs: 2, threads: 1, drawsPictures: false)
    change(&options)
    return Batch(
      pipeline: try PipelineRequest(steps: steps), inputs: try list.inputs(),
      folder: BatchFolder(path + "/" + out),
      options: options)
  }
}

extension Batch {
  /// Does it to its end: what came of each file, by name.
  func all() async throws -> [String: BatchResult] {
    var all: [String: BatchResult] = [:]
    for try await result in try results() {
      switch result {
      case .record(let record): all[record.name] = result
      case .unchanged(let input, _): all[input.name] = result
      }
    }
    return all
  }
}

extension BatchResult {
  var record: BatchRecord? {
    if case .record(let record) = self { record } else { nil }
  }
}
