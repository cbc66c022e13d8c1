import Facet

/// A file that an operation made, not written yet.
public struct ResultFile: Sendable {
  public var content: Content
  /// A word for its name, where it is beside other files of the same part: `thickness` in `part.thickness.stl`.
  public var label: String?

  public init(_ content: Content, label: String? = nil) {
    self.content = content
    self.label = label
  }

  public enum Content: Sendable {
    case png([UInt8])
    /// A model, to be encoded while it is written, so that it is never in memory twice. Without a format it is
    /// written in any that somebody wants, else as STL.
    case mesh(Mesh, ExportOptions)
    /// A file as it came.
    case original(OriginalFile)
  }

  /// The result's mesh in a format: the input's own bytes where nothing in them was changed.
  public init?(meshOf result: OperationResult, as format: MeshFormat) {
    if let original = result.original, original.format == format {
      self.init(.original(original))
    } else if let mesh = result.mesh {
      self.init(.mesh(mesh, ExportOptions(format: format)))
    } else {
      return nil
    }
  }

  /// This file in the format that an ending (without the dot) says, or as it is without one; nil when it is not of
  /// that kind.
  public func with(pathExtension ending: String?) -> ResultFile? {
    guard let ending, ending != pathExtension else { return self }
    guard case .mesh(let mesh, var options) = content, options.format == nil,
      let format = MeshFormat(rawValue: ending)
    else { return nil }
    options.format = format
    return ResultFile(.mesh(mesh, options), label: label)
  }

  /// The ending of such a file's name, without the dot.
  public var pathExtension: String {
    switch content {
    case .png: "png"
    case .mesh(_, let options): (options.format ?? .stl).rawValue
    case .original(let file): file.format.rawValue
    }
  }

  /// What follows the part's name and a dot in the name of such a file: `thickness.stl`.
  public var ending: String { (label.map { $0 + "." } ?? "") + pathExtension }

  /// The media type that HTTP names it by.
  public var mediaType: String {
    switch content {
    case .png: "image/png"
    case .mesh(_, let options): ResultFile.mediaType(options.format ?? .stl)
    case .original(let file): ResultFile.mediaType(file.format)
    }
  }

  private static func mediaType(_ format: MeshFormat) -> String {
    switch format {
    case .stl: "model/stl"
    case .obj: "model/obj"
    case .ply, .off: "application/octet-stream"
    }
  }

  /// Writes the file under a temporary name and renames it when it is complete; `-` is standard output.
  ///
  /// - Throws: ``MeshError/file(path:action:errno:)`` and what the run throws.
  public func write(to path: String, _ run: RunContext = RunContext()) throws(MeshError) {
    switch content {
    case .mesh(let mesh, let options):
      try mesh.write(to: path, options, run)
    case .png(let bytes):
      try OutputFile.writing(to: path, run) { (sink) throws(MeshError) in try sink.write(bytes) }
    case .original(let file):
      try OutputFile.writing(to: path, run) { (sink) throws(MeshError) in
        try file.bytes.copy(into: sink, run)
      }
    }
  }

  /// The file's bytes.
  ///
  /// - Throws: What the run throws.
  public func encoded(_ run: RunContext = RunContext()) throws(MeshError) -> [UInt8] {
    switch content {
    case .png(let bytes): bytes
    case .mesh(let mesh, let options): try mesh.encoded(options, run)
    case .original(let file): try file.bytes.bytes(0..<file.bytes.count)
    }
  }
}

extension [OperationResult] {
  /// Everything that the steps of a pipeline made, each with the ending of its name, which no other has: the files,
  /// those beside them, and last the newest mesh as STL.
  public var files: [(ending: String, file: ResultFile)] {
    let mesh = last { $0.mesh != nil }.flatMap { ResultFile(meshOf: $0, as: .stl) }
    var named: [(ending: String, file: ResultFile)] = []
    for file in compactMap(\.file) + flatMap(\.extras) + (mesh.map { [$0] } ?? []) {
      var ending = file.ending
      var number = 2
      while named.contains(where: { $0.ending == ending }) {
        ending = "\(number).\(file.ending)"
        number += 1
      }
      named.append((ending, file))
    }
    return named
  }
}
