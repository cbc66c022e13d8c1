extension Mesh {
  /// Counts what the part is and everything that is wrong with it; ``Analysis`` says what each count means.
  ///
  /// Never fails on bad topology. The self-intersection scan takes most of the time.
  ///
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)``, ``MeshError/cancelled`` or
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func analyzed(
    _ options: AnalysisOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> Analysis {
    try options.check()
    var analysis = Analysis()
    analysis.vertices = positions.count
    analysis.triangles = triangles.count
    guard !triangles.isEmpty else { return analysis }

    let measures = try measured(run)
    analysis.surfaceArea = measures.area
    analysis.bounds = measures.bounds
    run.report(0.02)

    let topology = try Topology(self, run.slice(0.02...0.1))
    let badEdges = try topology.badEdges(of: self, run)
    let shells = try topology.shells(badEdges, run.slice(0.1...0.14))
    let contours = try topology.boundaryLoops(badEdges, run)
    let badContours = try badEdges.contours(in: self, run)
    analysis.volume = measures.volume + badContours.missingVolume
    analysis.shells = shells.count
    analysis.contours = contours.count
    analysis.badEdges = badEdges.count
    analysis.badContours = badContours.count
    analysis.degenerateTriangles = topology.degenerateTriangles
    analysis.duplicateTriangles = try topology.duplicateTriangles(in: self, run).count
    analysis.planarHoles = try contours.planar(in: self, tolerance: options.planarityTolerance, run).count
    analysis.noiseShells = try shells.noise(in: self, badEdges, run).count
    run.report(0.18)
    analysis.nearBadEdges = try badEdges.stitchablePairs(
      in: self, tolerance: options.stitchTolerance, diagonal: measures.bounds.diagonal, run
    ).count
    analysis.facetingScore = try topology.worstBend(of: self, creaseAngle: options.creaseAngle, run)
    analysis.isFacetingScoreOk = analysis.facetingScore <= Tolerances.facetingAngle
    run.report(0.22)

    let bvh = try BVH(self, run.slice(0.22...0.35))
    analysis.intersectingTriangles = try selfIntersections(bvh, run.slice(0.35...0.75)).triangles.count
    analysis.overlappingTriangles = try overlappingTriangles(
      bvh, tolerance: options.coplanarityTolerance, run.slice(0.75...0.9)
    ).count
    analysis.invertedNormals = try topology.inverted(in: self, badEdges, bvh, run.slice(0.9...1)).count { $0 }
    run.report(1)
    return analysis
  }
}
