/// What came of running a program.
public enum SandboxOutcome: Sendable, Hashable {
  case made(MadeFiles)
  /// It was still running when its time was over.
  case timedOut
  case failed(ProgramFailure)
}

/// A part as files: regular ones, not empty, below the limit for their size.
public struct MadeFiles: Sendable, Hashable {
  /// Path of the file in the form that was asked for: `part.step`, `part.stl`, `part.glb` or `part.3mf`.
  public var output: String
  /// Path of a binary STL of all parts in finer triangles than most need, in mm.
  public var check: String
  /// The parts' names, in order; at least one.
  public var parts: [String]

  public init(output: String, check: String, parts: [String]) {
    self.output = output
    self.check = check
    self.parts = parts
  }
}

/// Why a program came to no part.
public struct ProgramFailure: Sendable, Hashable {
  public var kind: Kind
  /// The program's lines that led to it, and what was raised, for whoever writes the next one; no path of this
  /// machine is in it, and at most 4000 characters.
  public var message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// It does not parse.
    case syntax
    /// It does what a program must not do: another module, a file, a process, the network.
    case forbidden
    /// It raised an error, or ended its process.
    case program
    /// The geometry kernel refused, or crashed.
    case kernel
    /// It ran, and left no solid in `result`.
    case noResult
    /// It took more memory than it may.
    case memory
    /// The part was made, but not the file.
    case export
  }
}
