import FacetOperations

/// What a call that went wrong answers: one error, or several when several parameters were wrong.
public struct ToolkitFailure: Error, Sendable, Hashable {
  /// At least one, in the order of the request's fields.
  public let entries: [Entry]

  /// An error, and what is known of it beyond its documented text.
  public struct Entry: Sendable, Hashable {
    public let error: ToolkitError
    /// For people: the byte or line at fault, the value that was too big, what to do.
    public let detail: String?

    public init(_ error: ToolkitError, detail: String? = nil) {
      self.error = error
      self.detail = detail
    }

    /// The documented text, then the detail when there is one. Ours: the documentation knows no details, but
    /// clients show the message to people, whom "corrupt" without a place does not help.
    public var message: String {
      if let detail { "\(error.message) (\(detail))" } else { error.message }
    }

    public var json: JSONValue {
      ["code": .integer(error.code.rawValue), "message": .string(message)]
    }
  }

  /// Makes the failure of one error.
  public init(_ error: ToolkitError, detail: String? = nil) {
    entries = [Entry(error, detail: detail)]
  }

  /// nil when there is no error.
  public init?(_ entries: [Entry]) {
    guard !entries.isEmpty else { return nil }
    self.entries = entries
  }

  /// The error that decides about the status: the first.
  public var first: ToolkitError { entries[0].error }

  public var httpStatus: Int { first.httpStatus }

  public var exitStatus: ToolkitError.ExitStatus { first.exitStatus }

  /// `{"errors":[{"code":13,"message":"…"}]}`
  public var json: JSONValue { ["errors": .array(entries.map(\.json))] }
}
