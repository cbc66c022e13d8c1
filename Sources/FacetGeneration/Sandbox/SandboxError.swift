/// Why a sandbox could not be used at all, and what to do; no program's fault.
public enum SandboxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// - Parameter path: The folder of the environment.
  case notInstalled(path: String)
  /// The Python that was named cannot be run, is too old or lacks `venv`.
  case python(problem: String)
  /// - Parameter output: The last of what was said.
  case installFailed(step: String, output: String)
  /// - Parameter output: The last of what was said.
  case broken(output: String)
  /// - Parameter problem: The file at fault, and what went wrong.
  case file(problem: String)

  public var description: String {
    switch self {
    case .notInstalled(let path):
      "there is no environment for CadQuery in \(path): run facet generation install"
    case .python(let problem):
      problem
    case .installFailed(let step, let output):
      "\(step) failed: \(output)"
    case .broken(let output):
      "the environment for CadQuery does not work; run facet generation install again (\(output))"
    case .file(let problem):
      problem
    }
  }
}
