import Facet

/// A file that an operation made, not written yet.
public struct ResultFile: Sendable {
  public var content: Content

  public init(_ content: Content) {
    self.content = content
  }

  public enum Content: Sendable {
    case png([UInt8])
    /// A model, to be encoded while it is written, so that it is never in memory twice.
    case mesh(Mesh, MeshFormat)
    /// A file as it came.
    case original(OriginalFile)
  }

  /// The result's mesh in a format: the input's own bytes where nothing in them was changed.
  public init?(meshOf result: OperationResult, as format: MeshFormat) {
    if let original = result.original, original.format == format {
      self.init(.original(original))
    } else if let mesh = result.mesh {
      self.init(.mesh(mesh, format))
    } else {
      return nil
    }
  }

  /// The ending of such a file's name, without the dot.
  public var pathExtension: String {
    switch content {
    case .png: "png"
    case .mesh(_, let format): format.rawValue
    case .original(let file): file.format.rawValue
    }
  }

  /// The media type that HTTP names it by.
  public var mediaType: String {
    switch content {
    case .png: "image/png"
    case .mesh(_, let format): ResultFile.mediaType(format)
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
    case .mesh(let mesh, let format):
      try mesh.write(to: path, ExportOptions(format: format), run)
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
    case .mesh(let mesh, let format): try mesh.encoded(ExportOptions(format: format), run)
    case .original(let file): try file.bytes.bytes(0..<file.bytes.count)
    }
  }
}
