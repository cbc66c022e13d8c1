/// Why the engine could not do what it was asked: what was wrong, where, and (in ``description``) what to do.
public enum MeshError: Error, Sendable, Equatable {
  // MARK: A mesh that does not hold together

  case vertexIndexOutOfRange(triangle: Int, index: Int, vertexCount: Int)
  case nonFinitePosition(vertex: Int)
  case tooManyTriangles(count: Int, limit: Int)
  case colorCountMismatch(colors: Int, triangles: Int)
  case emptyMesh(operation: String)

  /// The mesh is flat along an axis along which it should get a size.
  case noExtent(axis: Axis)

  // MARK: Options outside their range

  case invalidOption(name: String, value: String, allowed: String)

  // MARK: The run

  case cancelled
  case memoryBudgetExceeded(neededBytes: Int, budgetBytes: Int, purpose: String)

  // MARK: Files

  /// The system refused: open, read, write or rename.
  case file(path: String, action: FileAction, errno: Int32)
  /// A directory, FIFO, socket or device where a regular file is needed.
  case notARegularFile(path: String, kind: String)
  /// The file became shorter while it was read.
  case changedWhileReading(byte: Int)
  case emptyFile

  // MARK: Bytes that are not the format they claim to be

  case unrecognizedFormat(firstBytes: String)
  /// A picture where a model is needed.
  case picture(type: String)
  case unsupportedFormat(name: String, supported: [String])
  /// A binary file whose length and facet count disagree.
  case lengthMismatch(declaredFacets: Int, expectedBytes: Int, actualBytes: Int)
  case syntax(format: MeshFormat, location: Location, expected: String, found: String)
  /// The file ends in the middle of something.
  case truncated(format: MeshFormat, location: Location, inside: String)
  /// NaN or an infinity, or a number beyond Float's range.
  case nonFiniteCoordinate(facet: Int, location: Location)
  /// Readable to the end, and no triangle in it.
  case noTriangles(format: MeshFormat)

  // MARK: Pictures

  /// The picture could not be made into a file.
  case imageEncoding(reason: String)

  public enum FileAction: String, Sendable {
    case open, read, write, rename
  }

  /// A place in a file: a line (from 1) in text, a byte offset (from 0) in binary.
  public enum Location: Sendable, Hashable, CustomStringConvertible {
    case line(Int)
    case byte(Int)

    public var description: String {
      switch self {
      case .line(let n): "line \(n)"
      case .byte(let n): "byte \(n)"
      }
    }
  }
}
