/// The version of Facet: of the engine, and of the command and the server that are built with it.
public enum EngineVersion {
  /// As in <https://semver.org>.
  public static let current = "0.1.0"
}
