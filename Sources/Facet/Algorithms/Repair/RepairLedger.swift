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
  case degenerateTriangles = "degenerate triangles"
  case duplicateTriangles = "duplicate triangles"
  case nearEdges = "near edges"
  case needles = "needles and caps"
  case nonManifold = "non-manifold edges"
  case orientation = "orientation"
  case noiseShells = "noise shells"
  case holes = "holes"
  case selfIntersections = "self-intersections"
  case touchingVertices = "touching vertices"
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
