/// A body as it stands before its features: its extent, its faces and how the program makes it.
struct Solid: Sendable {
  enum EdgeGroup: String, Sendable, Hashable {
    case all, vertical, top, bottom, topAndBottom = "top and bottom", outer, inner, outerTop = "outer top"
    case outerBottom = "outer bottom"
  }

  /// A tool, and what is done with it.
  struct Step: Sendable, Hashable {
    var comment: String
    var isCut: Bool
    var tool: String
  }

  /// Edges that a fillet or a chamfer can be asked for.
  struct Edges: Sendable, Hashable {
    /// What follows the part in the program, giving a workplane with the edges selected.
    var selection: String
    /// A fillet's radius must stay below it, in mm.
    var limit: Double
    /// What the limit is half of, or all of, for messages.
    var reason: String
  }

  var name: String
  var low: SIMD3<Double>
  var high: SIMD3<Double>
  var faces: [FaceName: Face]
  var edges: [EdgeGroup: Edges]
  /// Bores and cavities that it has from the beginning.
  var cuts: [Cut] = []
  /// The expression that makes it, in the program.
  var expression: String
  var hollow: Hollow?
  /// What is joined or cut once its outer edges are treated.
  var steps: [Step] = []
  /// The length of an edge between walls, where a gusset can stand: for brackets.
  var bracket: Bracket?
  /// The diameter of a bore along the axis that goes through hubs too.
  var bore: Double?
  var isSphere = false
  /// Whether two of its upright edges are its extremes along x.
  var isHexagonal = false
  /// Wall thickness where it has walls.
  var wall: Double?

  var size: SIMD3<Double> { high - low }
}

/// The faces that the prompt can point to.
enum FaceName: String, Sendable, Hashable, CaseIterable {
  case top, bottom, front, back, left, right
  /// The inside of an open body's floor.
  case floor
  case horizontalLeg = "horizontal leg", verticalLeg = "vertical leg"
}

/// What is taken out of a body once its outer edges are treated.
struct Hollow: Sendable, Hashable {
  enum Shape: Sendable, Hashable {
    case box(SIMD3<Double>, SIMD3<Double>)
    case cylinder(radius: Double, from: Double, to: Double)
  }
  var shape: Shape
  var wall: Double
  /// The plane of the side that it is open to; nil for a closed cavity.
  var open: FaceName?
}

/// The inside corner of a bracket, which runs along y.
struct Bracket: Sendable, Hashable {
  /// Inner lengths of the legs, from the inner corner.
  var horizontal: Double
  var vertical: Double
  var thickness: Double
  var width: Double
  /// The inner corner's x and z.
  var corner: SIMD2<Double>
}
