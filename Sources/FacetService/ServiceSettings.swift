#if Server
  import Foundation

  /// What the operator decides about storage and work; the defaults suit one machine with one owner.
  public struct ServiceSettings: Sendable {
    /// A larger upload is refused, in bytes. A binary STL of five million triangles has 250 MB.
    public var maximumFileBytes = 1_000_000_000
    /// A larger chunk is refused, in bytes.
    public var maximumChunkBytes = 64_000_000
    /// Files, and operations that have ended, are deleted when they are this old.
    public var retention: TimeInterval = 30 * 86_400
    /// What is known of jobs that were paid for, without their files, is kept for this long at least.
    public var paidJobRetention: TimeInterval = 365 * 86_400
    /// Uploads are refused when less than this is free on the disk, in bytes: what runs needs room to finish.
    public var reservedDiskBytes = 256_000_000

    /// Operations that run at the same time.
    public var workers = ProcessInfo.processInfo.activeProcessorCount
    /// What the operations that run may allocate together, in bytes.
    public var memoryBudget = Int(ProcessInfo.processInfo.physicalMemory / 4 * 3)
    /// An operation that takes longer ends, in seconds.
    public var timeout: TimeInterval = 900
    /// An operation during which the process ended this often is given up: it may be what ends the process. Far more
    /// often than restarts hit the same operation by chance.
    public var attempts = 10

    /// How long an access token is good for, in seconds.
    public var accessTokenLife: TimeInterval = 3_600
    /// How long a refresh token is good for, in seconds.
    public var refreshTokenLife: TimeInterval = 30 * 86_400
    /// Wrong passwords in a row until a user name is locked.
    public var failuresUntilLock = 5
    /// How long the first lock lasts, in seconds; each further failure doubles it, up to an hour.
    public var lockDuration: TimeInterval = 30
    public var passwordCost = PasswordCost()

    /// Whether callbacks may go to addresses of this machine and of private networks.
    public var allowsPrivateCallbacks = false
    /// The waits before a callback is tried again, in seconds; after the last one it is given up.
    public var callbackWaits: [TimeInterval] = [5, 60, 600, 3_600]

    /// The time; tests give one that they move.
    public var now: @Sendable () -> Date = { Date() }

    public init() {}
  }
#endif
