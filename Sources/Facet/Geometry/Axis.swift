/// A coordinate axis.
public enum Axis: Int, Sendable, Hashable, CaseIterable {
  case x, y, z

  /// `X`, `Y` or `Z`.
  public var name: String {
    switch self {
    case .x: "X"
    case .y: "Y"
    case .z: "Z"
    }
  }
}
