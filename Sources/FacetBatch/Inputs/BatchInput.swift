/// One file of a batch.
public struct BatchInput: Sendable, Hashable {
  /// What its results are called: a path without an ending, below the folder of the results. No other input of the
  /// batch has it.
  public var name: String
  /// Where the file is.
  public var path: String

  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }
}
