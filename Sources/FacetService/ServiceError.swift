#if Server
  /// Why the service did not do what it was asked to; each API says it in its own words.
  public enum ServiceError: Error, Sendable, Hashable {
    case wrongCredentials
    /// Too many wrong passwords; seconds until the next may be tried.
    case locked(seconds: Int)
    case accountDisabled
    case subscriptionExpired
    case uploadLimitReached(perMonth: Int)

    case fileNotFound(String)
    case fileExists(String)
    case fileEmpty
    case fileTooBig(limit: Int)
    /// The account's share of the disk is used up, in bytes.
    case diskQuotaExceeded(Int)
    case chunkEmpty
    case chunkTooBig(limit: Int)
    /// Why the chunks do not make the file, for people.
    case chunksDoNotMatch(String)

    case operationNotFound(String)
    /// A key has fewer credits than the job takes.
    case tooFewCredits(needed: Int, left: Int)
    /// More calls of a key than a time may have; seconds until there is room for the next.
    case tooManyCalls(retryAfter: Int)

    /// The disk is full, or as good as.
    case outOfSpace
    case nameTaken(String)
    /// An empty name, or one that is too long.
    case wrongName
    case noSuchAccount(String)
    case noSuchKey(String)
    /// Another server works on this folder.
    case folderInUse(String)
  }
#endif
