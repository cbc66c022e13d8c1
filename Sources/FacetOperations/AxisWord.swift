import Facet

/// An axis as parameters name it.
enum AxisWord: String, ParameterChoice {
  case x = "X"
  case y = "Y"
  case z = "Z"

  var axis: Axis {
    switch self {
    case .x: .x
    case .y: .y
    case .z: .z
    }
  }
}
