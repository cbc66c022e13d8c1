/// What an operator allows programs in place of what their design mode says; nil for what that says.
public struct LimitChanges: Sendable, Hashable {
  /// Seconds of one run.
  public var seconds: Double?
  /// Bytes of address space.
  public var memoryBytes: Int?
  /// Bytes of a file.
  public var fileBytes: Int?

  public init(seconds: Double? = nil, memoryBytes: Int? = nil, fileBytes: Int? = nil) {
    self.seconds = seconds
    self.memoryBytes = memoryBytes
    self.fileBytes = fileBytes
  }

  func applied(to limits: SandboxLimits) -> SandboxLimits {
    SandboxLimits(
      seconds: seconds ?? limits.seconds, memoryBytes: memoryBytes ?? limits.memoryBytes,
      fileBytes: fileBytes ?? limits.fileBytes)
  }
}
