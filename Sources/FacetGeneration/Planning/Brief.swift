import FacetContract

/// What a part is to be made from.
public struct Brief: Sendable, Hashable {
  /// Dimensioned English; with pictures it may be empty.
  public var prompt: String
  /// PNG, JPEG, WebP or GIF files as they were sent, at most three.
  public var pictures: [[UInt8]]
  public var designMode: GenerationRequest.DesignMode

  public init(
    _ prompt: String, pictures: [[UInt8]] = [], designMode: GenerationRequest.DesignMode = .standard
  ) {
    self.prompt = prompt
    self.pictures = pictures
    self.designMode = designMode
  }
}
