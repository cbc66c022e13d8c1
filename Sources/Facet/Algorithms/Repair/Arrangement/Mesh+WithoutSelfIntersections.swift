extension Mesh {
  /// The mesh without triangles that cross: cut exactly along what they have in common, and of the pieces those kept
  /// that part the inside, where the surface winds around once or more, from the outside.
  ///
  /// So shells that run into each other become one, walls inside the part and parts inside another's material go,
  /// cavities stay. Triangles that meet no others stay as they are. New vertices lie where exact points round to; what
  /// rounding makes cross anew is cut again, up to four times.
  ///
  /// - Parameter options: With ``RepairOptions/keepsShells`` each shell is dealt with as if it were alone.
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  func withoutSelfIntersections(
    _ options: RepairOptions, _ run: RunContext
  ) throws(MeshError) -> StageResult {
    let unchanged = StageResult(mesh: self, entry: RepairLedger.Entry(.selfIntersections, count: 0))
    // Beyond this size a frame around coordinates is not finite.
    let bounds = bounds
    guard !bounds.isEmpty, bounds.diagonal < 0x1p120 else { return unchanged }
    var mesh = try weldingVertices(within: 0, run.slice(0...0.05))
    var entry = RepairLedger.Entry(.selfIntersections, count: 0)
    for round in 0..<4 {
      let part = run.slice(0.05 + 0.9 * Double(round) / 4...0.05 + 0.9 * Double(round + 1) / 4)
      guard let step = try mesh.resolved(part) else { break }
      if entry.count == 0 { entry.count = step.crossing }
      entry.largestMove = max(entry.largestMove, step.largestMove)
      entry.area += step.area
      mesh = step.mesh
    }
    if entry.count == 0 { return unchanged }
    run.report(1)
    return StageResult(mesh: mesh, entry: entry)
  }

  private struct ResolvedMesh {
    var mesh: Mesh
    /// Triangles that crossed others.
    var crossing: Int
    var largestMove: Float
    var area: Double
  }

  /// Nil when nothing crosses, or more than can be cut.
  private func resolved(_ run: RunContext) throws(MeshError) -> ResolvedMesh? {
    if triangles.count < 2 { return nil }
    let bvh = try BVH(self, run.slice(0...0.1))
    let crossing = try selfIntersections(bvh, run.slice(0.1...0.3))
    if crossing.pairCount == 0 { return nil }
    let limit = 1 << 20 + triangles.count
    guard let pairs = try contactPairs(bvh, limit: limit, run.slice(0.3...0.5)) else { return nil }
    try run.reserve(bytes: triangles.count * 150 + pairs.count * 2000, for: "cutting crossing triangles")
    let arrangement = try Arrangement(self, pairs, run.slice(0.5...0.8))
    let winding = try WindingNumber(self, bvh, run)
    let cells = try ArrangementCells(arrangement, winding, run.slice(0.8...1))
    return resolved(arrangement, cells, crossing: crossing.triangles.count)
  }

  /// The faces between inside and outside, rounded.
  private func resolved(
    _ arrangement: Arrangement, _ cells: ArrangementCells, crossing: Int
  ) -> ResolvedMesh {
    var triangles: [Triangle] = []
    var sources: [UInt32] = []
    var isWhole = [Bool](repeating: false, count: self.triangles.count)
    var area = 0.0
    for (face, facing) in zip(arrangement.faces, cells.facing) where facing != 0 {
      triangles.append(facing > 0 ? face.corners : face.corners.flipped)
      sources.append(face.source)
      if face.isWhole && facing > 0 {
        isWhole[Int(face.source)] = true
      }
    }
    for i in self.triangles.indices where !isWhole[i] {
      let (a, b, c) = corners(i)
      area += length(cross(SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))) / 2
    }
    var move = 0.0
    let points = arrangement.points
    var positions = self.positions
    positions.reserveCapacity(points.count)
    for i in self.positions.count..<points.count {
      let p = points.rounded(UInt32(i))
      positions.append(p)
      move = max(move, length(SIMD3<Double>(p) - points.approximation(UInt32(i))))
    }
    let surface = RoundedSurface(
      positions: positions, triangles: triangles, sources: sources, firstNew: self.positions.count)
    let mesh = surface.mesh(colors: colors)
    return ResolvedMesh(
      mesh: mesh, crossing: crossing, largestMove: Float(move + surface.largestMove), area: area)
  }
}
