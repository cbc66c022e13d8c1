/// Every tolerance that the engine decides by, and why it is what it is. Options default to these.
public enum Tolerances {
  /// Gaps up to this many mm are closed by a stitch: a fifth of the finest layer that printers lay.
  public static let stitch: Float = 0.01
  /// …but at most this share of the part's diagonal, so that a part in the wrong units keeps its shape,
  package static let stitchShareOfDiagonal = 1e-3
  /// …and at most this share of the shorter of two edges, so that an edge is never stitched to the next one.
  package static let stitchShareOfEdge: Float = 0.25

  /// A loop lies in a plane when none of its vertices is farther from it than this many mm.
  public static let planarity: Float = 0.01

  /// Triangles are coplanar when they are within this many mm of each other's planes: some last places of
  /// a Float at 100 mm, so what differs is rounding.
  public static let coplanarity: Float = 1e-4

  /// Shells smaller than this share of the part are noise.
  public static let noise = 0.01
  /// …and repair drops them when they are also smaller than this many mm: what a printer's nozzle cannot lay.
  package static let speck = 0.4

  /// Edges that bend by this many degrees or more are meant to be sharp.
  public static let creaseAngle = 30.0
  /// An edge meant to bend by the crease angle may bend by this many degrees less, for rounding of coordinates.
  package static let creaseRounding = 0.1
  /// Bends on smooth regions up to this many degrees pass: a circle of 24 segments (15°) does, one of 20
  /// (18°) does not.
  public static let facetingAngle = 16.0
  /// A bend shows when the flat facets are this many mm or more away from the curve they stand for: what a
  /// fine printer resolves.
  public static let visibleFacet = 0.05

  /// Two sides of a part that open by up to this many degrees make a wall, however thin it is at their tip; at a larger
  /// angle they make an edge. Between the angles that are drawn on purpose: a blade of 30° is a wall, an edge of 45°
  /// or the crest of a thread of 60° is not.
  public static let wedgeAngle = 35.0
  /// Its cosine.
  package static let wedgeCosine = 0.8191520442889918
  /// Gaps between walls that are no wider than this share of the least wall count as closed: what a print would fuse.
  package static let closedGap = 0.05
  /// Thin surface of less than this share of the least wall's square is a fold or a chip in the mesh, not a wall.
  package static let wallSpeck = 0.05
  /// A wall counts as thin when it is thinner by more than this many last places of the part's largest coordinate:
  /// both its sides are rounded to those, and so is their distance to each other.
  package static let wallRounding = 4.0
}
