/// A mesh with fewer triangles, and what it took.
public struct DecimationResult: Sendable {
  public var mesh: Mesh
  public var trianglesBefore: Int
  public var trianglesAfter: Int { mesh.triangles.count }
  /// How far the mesh (forward) and the result (backward) are from each other, mm. With a limit on the accuracy every
  /// point of both surfaces has been proven to be within it, and this is the largest distance that was met; without,
  /// it is measured at corners and the middles of triangles, at most 300,000 of the mesh's. nil when ``DecimationOptions/measures`` is off and
  /// there is no such limit.
  public var deviation: Deviation?
  /// The largest angle between a triangle of the mesh and the new one that took its place, degrees. Without a limit on
  /// accuracy or angle, the new one that is nearest to its middle, and at most 300,000 are looked at. nil when
  /// ``DecimationOptions/measures`` is off.
  public var largestTurn: Float?
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

extension DecimationResult {
  /// Nothing was to be done, or nothing could.
  init(unchanged mesh: Mesh, _ stopped: StopReason) {
    self.init(
      mesh: mesh, trianglesBefore: mesh.triangles.count, deviation: Deviation(forward: 0, backward: 0),
      largestTurn: 0, stopped: stopped, passes: 0, untouchedTriangles: 0)
  }
}
