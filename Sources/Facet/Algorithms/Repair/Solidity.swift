/// Whether a mesh is one that prints: closed, right side out, and nowhere running through itself.
public struct Solidity: Sendable, Equatable {
  /// Edges without exactly two oppositely oriented triangles.
  public var badEdges = 0
  /// Chains of bad edges.
  public var badContours = 0
  /// Triangles that name a vertex twice.
  public var degenerateTriangles = 0
  /// Signed volume, mm³.
  public var volume = 0.0
  /// Triangles that cross another; nil when nobody looked.
  public var intersectingTriangles: Int?

  public var isSolid: Bool {
    badEdges == 0 && badContours == 0 && degenerateTriangles == 0 && volume > 0
      && intersectingTriangles == 0
  }
}

extension Mesh {
  /// Whether the mesh is solid as a file would hold it: vertices at one place are one vertex.
  ///
  /// - Parameter findingCrossings: Whether to look for self-intersections, which takes most of the time.
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func solidity(
    findingCrossings: Bool = true, _ run: RunContext = .init()
  ) throws(MeshError) -> Solidity {
    let mesh = try Mesh.welded(soup, run.slice(0...0.1))
    var solidity = Solidity()
    let topology = try Topology(mesh, run.slice(0.1...0.2))
    let badEdges = try topology.badEdges(of: mesh, run)
    let badContours = try badEdges.contours(in: mesh, run)
    solidity.badEdges = badEdges.count
    solidity.badContours = badContours.count
    solidity.degenerateTriangles = topology.degenerateTriangles
    solidity.volume = try mesh.measured(run).volume + badContours.missingVolume
    if findingCrossings {
      let bvh = try BVH(mesh, run.slice(0.2...0.5))
      solidity.intersectingTriangles =
        try mesh.selfIntersections(bvh, run.slice(0.5...1)).triangles.count
    }
    return solidity
  }
}
