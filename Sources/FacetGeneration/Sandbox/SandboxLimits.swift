import FacetContract

/// What a program may use.
public struct SandboxLimits: Sendable, Hashable {
  /// Seconds of one run, by the clock.
  public var seconds: Double
  /// Bytes of address space.
  public var memoryBytes: Int
  /// Bytes of a file that it writes.
  public var fileBytes: Int

  public init(seconds: Double, memoryBytes: Int, fileBytes: Int = 256 << 20) {
    self.seconds = seconds
    self.memoryBytes = memoryBytes
    self.fileBytes = fileBytes
  }
}

extension GenerationRequest.DesignMode {
  /// What the mode's programs may use. The documentation has only that pro and assembly may take longer.
  public var limits: SandboxLimits {
    switch self {
    case .standard: SandboxLimits(seconds: 30, memoryBytes: 4 << 30)
    case .pro: SandboxLimits(seconds: 90, memoryBytes: 6 << 30)
    case .assembly: SandboxLimits(seconds: 150, memoryBytes: 6 << 30)
    }
  }
}
