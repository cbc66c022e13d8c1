/// A file format that meshes can be read from and written to.
public enum MeshFormat: String, Sendable, CaseIterable {
  /// Stereolithography, binary or text.
  case stl
  /// Wavefront OBJ, text.
  case obj
  /// Stanford polygon format, binary little-endian.
  case ply
  /// Object File Format, text.
  case off

  /// The name people write: `STL`.
  public var displayName: String { rawValue.uppercased() }

  /// The format that a file name's ending says, or nil.
  public init?(pathExtensionOf path: String) {
    guard let dot = path.lastIndex(of: "."),
      let format = MeshFormat(rawValue: path[dot...].dropFirst().lowercased())
    else { return nil }
    self = format
  }
}
