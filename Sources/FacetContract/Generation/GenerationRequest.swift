import FacetOperations

/// A request that was validated; only ``GenerationContract`` makes one.
public struct GenerationRequest: Sendable, Hashable {
  public let source: Source
  public let designMode: DesignMode
  public let outputFormat: OutputFormat
  public let callbackURL: String?
  /// An object of the client's own, to be echoed as it is; nil when there is none.
  public let metadata: JSONValue?

  init(
    source: Source, designMode: DesignMode, outputFormat: OutputFormat, callbackURL: String?,
    metadata: JSONValue?
  ) {
    self.source = source
    self.designMode = designMode
    self.outputFormat = outputFormat
    self.callbackURL = callbackURL
    self.metadata = metadata
  }

  public enum Source: Sendable, Hashable {
    case text(prompt: String)
    /// One to three pictures, in the order sent, and what the client adds in words.
    case images([ImageType], prompt: String?)
  }

  public enum DesignMode: String, Sendable, CaseIterable {
    case standard
    case pro
    case assembly

    /// What a job costs: reserved when it is submitted, consumed when it succeeds.
    public var credits: Int {
      switch self {
      case .standard: 1
      case .pro: 2
      case .assembly: 3
      }
    }
  }

  public enum OutputFormat: String, Sendable, CaseIterable {
    case step = "STEP"
    case stl = "STL"
    case glb = "GLB"
    case threeMF = "3MF"
  }
}

/// An image as it was received, for validation.
public struct ImageUpload: Sendable, Hashable {
  public var byteCount: Int
  /// At least ``ImageType/neededBytes`` of it, where it has as many.
  public var firstBytes: [UInt8]

  public init(byteCount: Int, firstBytes: [UInt8]) {
    self.byteCount = byteCount
    self.firstBytes = firstBytes
  }
}
