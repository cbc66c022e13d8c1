/// What a word, or several together, can mean in the description of a part.
enum Term: Sendable, Hashable {
  case number(Quantity)
  case product([Quantity])
  case degrees(Double)
  case thread(MetricThread)
  case point(Quantity, Quantity)
  case body(BodyKind)
  case feature(FeatureKind)
  case attribute(Attribute)
  case flag(Flag)
  case direction(Direction)
  case place(Place.Noun)
  case link(Link)
  /// `x` or `y`, as a coordinate.
  case axis(Axis)
  /// Says nothing about the shape: a material, a colour, a polite word.
  case harmless
  case comma
  case colon
  case equals
  case open
  case close
  case stop
  case unknown
}

/// A term and how it stands in the prompt.
struct Item: Sendable, Hashable {
  var term: Term
  var text: String
  var isPlural = false
}

enum Axis: Sendable, Hashable { case x, y, z }

/// A dimension by its name.
enum Attribute: String, Sendable, Hashable, CaseIterable {
  case length, width, height, depth, thickness, side
  case diameter, radius
  case outerDiameter = "outer diameter"
  case innerDiameter = "inner diameter"
  case outerRadius = "outer radius"
  case innerRadius = "inner radius"
  case topDiameter = "top diameter"
  case bottomDiameter = "bottom diameter"
  case headDiameter = "head diameter"
  case wall = "wall thickness"
  case floor = "floor thickness"
  case acrossFlats = "width across flats"
  case acrossCorners = "width across corners"
  case boltCircle = "bolt circle diameter"
  case boltCircleRadius = "bolt circle radius"
  case spacing, inset, offset, clearance, rows, columns
  case angle
}

/// An adjective that changes what a thing is.
enum Flag: String, Sendable, Hashable {
  case through, blind, tapped, clearance, centered, square, round, rectangular, hexagonal, triangular, knurled
  case hollow, solid, open, closed, rounded, even, gridded, counterbored, countersunk
  case vertically, horizontally
}

enum Direction: String, Sendable, Hashable {
  case top, bottom, front, back, left, right, long, short, outer, inner, vertical, horizontal, all
}

enum Link: String, Sendable, Hashable {
  case with, and, of, on, `in`, at, from, through, to, along, `for`, each, both, the, a, `is`, it, around
}

/// A place on a part, as it is pointed to.
struct Place: Sendable, Hashable {
  enum Noun: String, Sendable, Hashable {
    case face, edge, end, corner, side, wall, center, axis, perimeter, rim, leg, floor
  }
  var directions: [Direction] = []
  var noun: Noun?
  var link: Link?
  /// "each corner", "both ends", "the corners"
  var isEvery = false
  var text: String

  func points(_ direction: Direction) -> Bool { directions.contains(direction) }
}
