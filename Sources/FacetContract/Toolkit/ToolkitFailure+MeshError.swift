import Facet
import FacetOperations

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ToolkitFailure {
  /// What was going on when the engine gave up: the same error has another code in another place.
  public enum Stage: Sendable, Hashable {
    /// A file arrives; only its first bytes are looked at.
    case upload
    /// A file is read into a mesh.
    case reading
    case running(OperationName)
  }

  /// The engine's error as the API says it. Ours throughout; the detail is the engine's own description.
  ///
  /// - Parameter file: The name by which the caller knows the file, for messages; nil to say the path. A
  ///   server gives the file's id here, so that no path of its own gets out.
  public init(
    _ error: MeshError, during stage: Stage, file: String? = nil, _ settings: ToolkitSettings = .init()
  ) {
    let named = error.naming(file: file)
    let toolkitError: ToolkitError =
      switch named {
      // The bytes are not a model: whatever the format, the file is at fault.
      case .lengthMismatch, .syntax, .truncated, .nonFiniteCoordinate, .noTriangles, .emptyMesh,
        .vertexIndexOutOfRange, .nonFinitePosition:
        .noValidModel
      case .unrecognizedFormat:
        stage == .upload ? .notAnSTLFile : .noValidModel
      case .picture:
        stage == .upload ? .notAnSTLFile : .conversionFailed
      case .unsupportedFormat(let name, _):
        switch stage {
        case .upload: .notAnSTLFile
        case .reading: .noValidModel
        case .running: .unsupportedExportFormat(name)
        }
      case .emptyFile: .fileEmpty
      // Too many triangles and pictures are the causes that the text itself names.
      case .tooManyTriangles: .conversionFailed

      // Only a deadline stops an operation from outside; a person who presses Ctrl-C needs no code.
      case .cancelled: .timeout
      // Another moment, or another machine, may do.
      case .memoryBudgetExceeded, .changedWhileReading, .imageEncoding:
        .temporaryError(contact: settings.contact)
      case .file(let path, let action, let errno):
        ToolkitFailure.fileError(path, action, errno, settings)
      // There is no file of that name that anybody could own.
      case .notARegularFile(let path, _): .fileNotFound(id: path)

      // The factor to any size would be infinite.
      case .noExtent: .scaleOutOfRange
      // The request is one that the documentation allows, but not with this model. What scaling cannot take is a
      // factor that drives a coordinate out of range.
      case .invalidOption(let name, _, _):
        switch stage {
        case .running(.scale): .scaleOutOfRange
        case .running: .operationRequestFailed
        case .upload, .reading: .invalidParameter(name)
        }
      // No input leads here: the engine made a mesh that does not hold together.
      case .colorCountMismatch: .operationFailed
      }
    self.init(toolkitError, detail: named.description)
  }

  /// What the system refused: lack of room is temporary, an input that cannot be opened is not there for its
  /// owner, all else is the server's fault.
  private static func fileError(
    _ path: String, _ action: MeshError.FileAction, _ errno: Int32, _ settings: ToolkitSettings
  ) -> ToolkitError {
    switch errno {
    case ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EAGAIN, EINTR, EBUSY:
      return .temporaryError(contact: settings.contact)
    case ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG:
      switch action {
      case .open, .read: return .fileNotFound(id: path)
      case .write, .rename: return .serverError
      }
    default:
      return .serverError
    }
  }
}

extension MeshError {
  /// The same error about a file by another name.
  fileprivate func naming(file: String?) -> MeshError {
    guard let file else { return self }
    return switch self {
    case .file(_, let action, let errno): .file(path: file, action: action, errno: errno)
    case .notARegularFile(_, let kind): .notARegularFile(path: file, kind: kind)
    default: self
    }
  }
}
