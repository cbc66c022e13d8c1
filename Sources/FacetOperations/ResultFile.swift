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
  }

  /// The ending of such a file's name, without the dot.
  public var pathExtension: String {
    switch content {
    case .png: "png"
    case .mesh(_, let format): format.rawValue
    }
  }

  /// The media type that HTTP names it by.
  public var mediaType: String {
    switch content {
    case .png: "image/png"
    case .mesh(_, .stl): "model/stl"
    case .mesh(_, .obj): "model/obj"
    case .mesh(_, .ply), .mesh(_, .off): "application/octet-stream"
    }
  }

  /// Writes the file under a temporary name and renames it when it is complete; `-` is standard output.
  ///
  /// - Throws: ``MeshError/file(path:action:errno:)`` and what the run throws.
  public func write(to path: String, _ run: RunContext = RunContext()) throws(MeshError) {
    switch content {
    case .mesh(let mesh, let format):
      try mesh.write(to: path, ExportOptions(format: format), run)
    case .png(let bytes) where path == "-":
      try ByteSink.standardOutput().write(bytes)
    case .png(let bytes):
      let file = try OutputFile(path)
      try file.sink.write(bytes)
      try run.checkCancellation()
      try file.commit()
    }
  }

  /// The file's bytes.
  ///
  /// - Throws: What the run throws.
  public func encoded(_ run: RunContext = RunContext()) throws(MeshError) -> [UInt8] {
    switch content {
    case .png(let bytes): bytes
    case .mesh(let mesh, let format): try mesh.encoded(ExportOptions(format: format), run)
    }
  }
}
