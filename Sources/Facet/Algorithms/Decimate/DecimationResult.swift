/// A mesh with fewer triangles, and what it took.
public struct DecimationResult: Sendable {
  public var mesh: Mesh
  public var trianglesBefore: Int
  public var trianglesAfter: Int { mesh.triangles.count }
  /// How far the mesh (forward) and the result (backward) are from each other, mm. With a limit on the accuracy,
  /// an upper bound for every point of both surfaces; else measured at vertices and the middles of triangles.
  public var deviation: Deviation
  /// The largest angle between a triangle of the mesh and the place of the result that is closest to its
  /// middle, degrees.
  public var largestTurn: Float
  public var stopped: StopReason
  public var passes: Int
  /// Triangles at edges that are not manifold, or at vertices with several fans: they are all still there.
  public var untouchedTriangles: Int

  /// Why there are not fewer triangles.
  public enum StopReason: String, Sendable, CaseIterable {
    /// As few as were asked for.
    case target
    /// Every further collapse would go beyond the accuracy.
    case accuracy
    /// …or turn the surface by more than the largest angle.
    case angle
    /// The number of passes is used up.
    case passes
    /// Every further collapse would turn triangles over, make needles, cross or change what is connected.
    case shape
  }
}
