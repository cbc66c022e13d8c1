/// What a part is and what is wrong with it.
///
/// The counts are about the mesh as it is, with vertices shared by index: a mesh read from a file has been
/// welded exactly, so equal corners are one vertex. Lengths are mm, areas mm², volumes mm³.
public struct Analysis: Sendable, Equatable {
  // MARK: What it is

  /// Vertices after exact welding: different corner positions.
  public var vertices = 0
  public var triangles = 0
  /// Shells: components of triangles over shared edges, non-manifold edges too. Touching in a vertex alone
  /// does not join; triangles that name a vertex twice are in none.
  public var shells = 0
  /// Contours: closed loops of boundary edges (edges of one triangle), each following the fan of triangles
  /// at its vertices; see ``BoundaryLoops``. None in a closed part.
  public var contours = 0
  /// Signed volume: positive when the surface faces outward, negative when it is inside out. Cavities count
  /// against it. An open surface is closed by fans about the middle of each bad contour.
  public var volume = 0.0
  /// Surface area of all shells, inner ones too.
  public var surfaceArea = 0.0
  /// The box around all triangles.
  public var bounds = Box.empty

  // MARK: Whether it is solid

  /// Bad edges: edges without exactly two oppositely oriented triangles. Each edge counts once, however many
  /// triangles meet there.
  public var badEdges = 0
  /// Bad contours: chains of bad edges; bad edges that share a vertex are of one chain.
  public var badContours = 0
  /// Near bad edges: pairs of bad edges, each of one triangle and running opposite ways, that a stitch within
  /// ``AnalysisOptions/stitchTolerance`` would close. An edge is in one pair at most.
  public var nearBadEdges = 0
  /// Planar holes: contours whose vertices all lie in a plane within ``AnalysisOptions/planarityTolerance``.
  public var planarHoles = 0
  /// Inverted normals: triangles that face inward once the shells are oriented. Triangles that disagree with
  /// most of their shell are inverted; a shell is inverted as a whole when the winding number on its surface
  /// is negative. The inner shell of a hollow part faces into its cavity, and is right.
  public var invertedNormals = 0

  // MARK: How good it is

  /// Noise shells: shells whose diagonal is under 1 % of the part's, and closed ones whose volume is under 1 %
  /// of the largest shell's.
  public var noiseShells = 0
  /// Overlapping triangles: coplanar within ``AnalysisOptions/coplanarityTolerance`` with another triangle
  /// and sharing area with it, duplicates included.
  public var overlappingTriangles = 0
  /// Intersecting triangles: triangles that cross another one that is not their neighbour, decided exactly.
  /// Neighbours that meet in their shared edge or vertex alone do not cross.
  public var intersectingTriangles = 0
  /// The worst bend in degrees between two triangles on a smooth region: where it is under
  /// ``AnalysisOptions/creaseAngle`` (sharper edges are meant to be) and the flat triangles are visibly
  /// (0.05 mm) away from the curve they stand for. 0 when nothing bends visibly.
  public var facetingScore = 0.0
  /// Whether ``Analysis/facetingScore`` is at most 16°: a circle of 24 segments passes, one of 20 does not.
  public var isFacetingScoreOk = true

  // MARK: Also

  /// Triangles that name a vertex twice: no area, no normal. They bound nothing, and all counts of edges,
  /// shells and contours leave them out.
  public var degenerateTriangles = 0
  /// Triangles with the same three vertices as an earlier one, whichever way round.
  public var duplicateTriangles = 0

  /// Width, depth and height, mm.
  public var dimensions: SIMD3<Double> {
    bounds.isEmpty ? .zero : SIMD3<Double>(bounds.maximum) - SIMD3<Double>(bounds.minimum)
  }

  /// Whether it encloses a volume: no bad edge, no bad contour, and a positive volume.
  public var isSolid: Bool { badEdges == 0 && badContours == 0 && volume > 0 }
}

/// By which tolerances a mesh is judged.
public struct AnalysisOptions: Sendable {
  /// Gaps up to this many mm could be stitched.
  public var stitchTolerance: Float
  /// Holes within this many mm of a plane are planar.
  public var planarityTolerance: Float
  /// Triangles within this many mm of each other's planes are coplanar.
  public var coplanarityTolerance: Float
  /// Edges that bend by this many degrees or more are meant to be sharp.
  public var creaseAngle: Double

  public init(
    stitchTolerance: Float = Tolerances.stitch, planarityTolerance: Float = Tolerances.planarity,
    coplanarityTolerance: Float = Tolerances.coplanarity, creaseAngle: Double = Tolerances.creaseAngle
  ) {
    self.stitchTolerance = stitchTolerance
    self.planarityTolerance = planarityTolerance
    self.coplanarityTolerance = coplanarityTolerance
    self.creaseAngle = creaseAngle
  }

  func check() throws(MeshError) {
    for (name, value) in [
      ("stitch tolerance", stitchTolerance), ("planarity tolerance", planarityTolerance),
      ("coplanarity tolerance", coplanarityTolerance),
    ] {
      guard value >= 0, value.isFinite else {
        throw .invalidOption(name: name, value: "\(value)", allowed: "0 mm or more")
      }
    }
    guard (0...180).contains(creaseAngle) else {
      throw .invalidOption(name: "crease angle", value: "\(creaseAngle)", allowed: "0 to 180 degrees")
    }
  }
}
