import FacetOperations

/// Every error that a call of the generation API itself can answer with.
///
/// What goes wrong later, while the job runs, is a ``GenerationJobError``.
public enum GenerationError: Error, Sendable, Hashable {
  /// The Authorization header is missing or has another form, or the key is unknown or revoked.
  case invalidAPIKey
  case paymentRequired(neededCredits: Int, remainingCredits: Int)
  /// No such job, or another key's: which of the two is nobody's business, so there is no body.
  case jobNotFound
  case outputExpired
  case invalidInput(String)
  case imageParseFailed(String)
  /// - Parameter retryAfterSeconds: Until the window has room again.
  case quotaExceeded(retryAfterSeconds: Int)

  /// The documented codes of calls, all six; the 404 has none.
  public enum Code: String, Sendable, CaseIterable {
    case invalidAPIKey = "invalid_api_key"
    case paymentRequired = "payment_required"
    case outputExpired = "output_expired"
    case invalidInput = "invalid_input"
    case imageParseFailed = "image_parse_failed"
    case quotaExceeded = "quota_exceeded"
  }

  public var code: Code? {
    switch self {
    case .invalidAPIKey: .invalidAPIKey
    case .paymentRequired: .paymentRequired
    case .jobNotFound: nil
    case .outputExpired: .outputExpired
    case .invalidInput: .invalidInput
    case .imageParseFailed: .imageParseFailed
    case .quotaExceeded: .quotaExceeded
    }
  }

  /// The documented status of the HTTP response.
  public var httpStatus: Int {
    switch self {
    case .invalidAPIKey: 401
    case .paymentRequired: 402
    case .jobNotFound: 404
    case .outputExpired: 410
    case .invalidInput, .imageParseFailed: 422
    case .quotaExceeded: 429
    }
  }

  /// The text for people. The documentation fixes the form of `invalid_input` ("prompt must be at most 5000
  /// characters"); the other texts are Ours, after the causes it lists.
  public var message: String? {
    switch self {
    case .invalidAPIKey:
      "Missing Authorization header, wrong format, or revoked key; send Authorization: Bearer mk_pub_…"
    case .paymentRequired(let needed, let remaining):
      "The account has insufficient credits: this job takes \(needed), and \(remaining) remain"
    case .jobNotFound:
      nil
    case .outputExpired:
      "The output file has expired, \(GenerationLimits.outputDays) days after the job was created; "
        + "submit the job again"
    case .invalidInput(let message), .imageParseFailed(let message):
      message
    case .quotaExceeded:
      "Rate limit exceeded (\(GenerationLimits.requestsPerMinute) a minute or "
        + "\(GenerationLimits.requestsPerHour) an hour for each API key)"
    }
  }

  /// Seconds for the `Retry-After` header.
  public var retryAfterSeconds: Int? {
    if case .quotaExceeded(let seconds) = self { seconds } else { nil }
  }

  /// `{"error_code":"invalid_input","message":"…"}`, or nil for the 404, which has no body.
  public var json: JSONValue? {
    guard let code, let message else { return nil }
    return ["error_code": .string(code.rawValue), "message": .string(message)]
  }
}
