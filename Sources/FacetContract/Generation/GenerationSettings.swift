/// What the operator decides.
public struct GenerationSettings: Sendable, Hashable {
  /// Ours: whether `callback_url` may be plain http to this machine itself, for trying things out.
  public var allowsLoopbackCallbacks: Bool

  public init(allowsLoopbackCallbacks: Bool = false) {
    self.allowsLoopbackCallbacks = allowsLoopbackCallbacks
  }
}
