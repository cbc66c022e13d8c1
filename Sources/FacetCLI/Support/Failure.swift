#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations

  /// What a command could not do, in the toolkit API's codes and texts, and on which file.
  struct Failure: Error {
    let cause: ToolkitFailure
    /// The input at fault; nil for a wrong request.
    let file: String?

    init(_ cause: ToolkitFailure, file: String? = nil) {
      self.cause = cause
      self.file = file
    }

    /// The engine gave up on a file.
    init(_ error: MeshError, during stage: ToolkitFailure.Stage, file: String) {
      self.init(ToolkitFailure(error, during: stage, file: file), file: file)
    }

    /// Wrong arguments that no operation's parameter is to blame for.
    static func usage(_ detail: String, argument: String = "arguments") -> Failure {
      Failure(ToolkitFailure(.invalidParameter(argument), detail: detail))
    }

    var exitStatus: Int32 { Signals.exitStatus ?? cause.exitStatus.rawValue }

    /// The documented texts, each with what is known beyond it: the file and the place in it.
    private var messages: [(code: Int, text: String)] {
      cause.entries.map { entry in
        let detail =
          switch (file, entry.detail) {
          case (let file?, let detail?): detail.contains(file) ? detail : "\(file): \(detail)"
          case (let file?, nil): file
          case (nil, let detail): detail
          }
        return (
          entry.error.code.rawValue,
          detail.map { "\(entry.error.message) (\($0))" } ?? entry.error.message
        )
      }
    }

    /// The lines for standard error.
    var text: String {
      if Signals.exitStatus != nil { return "cancelled" + (file.map { ": \($0)" } ?? "") + "\n" }
      return messages.map { "error \($0.code): \($0.text)\n" }.joined()
    }

    /// The entries of `{"errors":[…]}`.
    var json: [JSONValue] {
      messages.map { ["code": .integer($0.code), "message": .string($0.text)] }
    }
  }
#endif
