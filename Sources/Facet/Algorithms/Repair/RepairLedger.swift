/// What repair did, stage after stage.
public struct RepairLedger: Sendable, Equatable {
  /// Stages that changed something, in the order in which they ran; a stage may run more than once.
  public private(set) var entries: [Entry] = []

  public init() {}

  /// What one stage changed.
  public struct Entry: Sendable, Equatable {
    public var stage: RepairStage
    /// How many of what the stage deals with it mended: ``RepairStage/unit`` says what is counted.
    public var count: Int
    /// The farthest that any vertex was moved, mm; or, where surface was replaced, the farthest that the new
    /// surface lies from the old.
    public var largestMove: Float
    /// The area of the triangles that were removed, turned, moved or made, mm².
    public var area: Double

    public init(_ stage: RepairStage, count: Int, largestMove: Float = 0, area: Double = 0) {
      self.stage = stage
      self.count = count
      self.largestMove = largestMove
      self.area = area
    }
  }

  /// Adds a stage's entry, unless it changed nothing.
  public mutating func add(_ entry: Entry) {
    if entry.count > 0 { entries.append(entry) }
  }
}

/// The stages of repair.
public enum RepairStage: String, Sendable, CaseIterable {
  /// Triangles that name a vertex twice, or whose corners lie on one line, are removed; their neighbours meet
  /// as if they had not been there.
  case degenerateTriangles = "degenerate triangles"
  /// Of triangles with the same three corners one is kept; two that lie back to back both go.
  case duplicateTriangles = "duplicate triangles"
  /// Boundary edges within the stitch tolerance of each other are joined; a vertex that lies on another
  /// triangle's edge becomes a corner there.
  case nearEdges = "near edges"
  /// Triangles too thin for the file's precision give way: short edges collapse, long ones are turned.
  case needles = "needles and caps"
  /// Edges of three triangles or more, and vertices where several fans meet, are cut, so that each sheet is a
  /// surface of its own.
  case nonManifold = "non-manifold edges"
  /// Triangles are turned to agree with their neighbours, and shells to face outward; a shell inside a hollow
  /// part faces into its cavity.
  case orientation = "orientation"
  /// Specks and loose scraps that are no part of the part are removed; a small body that could be meant
  /// stays.
  case noiseShells = "noise shells"
  /// Holes are closed: flat ones by triangles in their plane, curved ones by the smallest surface, refined
  /// and smoothed to follow what is around them (Liepa 2003).
  case holes = "holes"
  /// Triangles are cut along the lines where they cross, exactly, and what lies inside is dropped: bodies
  /// that overlap become one.
  case selfIntersections = "self-intersections"
  /// Surfaces that touch in an edge or a vertex, which a file would join, are pulled a hair apart.
  case touchingVertices = "touching vertices"
  /// The whole part is wrapped anew, because nothing else made it solid.
  case shrinkwrap = "shrinkwrap"

  /// What the stage's count counts.
  public var unit: String {
    switch self {
    case .degenerateTriangles: "triangles removed"
    case .duplicateTriangles: "triangles removed"
    case .nearEdges: "edges stitched"
    case .needles: "triangles removed"
    case .nonManifold: "edges cut"
    case .orientation: "triangles turned"
    case .noiseShells: "shells removed"
    case .holes: "holes filled"
    case .selfIntersections: "triangles resolved"
    case .touchingVertices: "vertices pulled apart"
    case .shrinkwrap: "triangles replaced"
    }
  }
}
