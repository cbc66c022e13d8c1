extension Mesh {
  /// The mesh without triangles that cross: cut exactly along what they have in common, and of the pieces those kept
  /// that part the inside, where the surface winds around once or more, from the outside.
  ///
  /// So shells that run into each other become one, walls inside the part and parts inside another's material go,
  /// cavities stay. Triangles that meet no others stay as they are. New vertices lie where exact points round to; what
  /// rounding makes cross anew is cut again, a few times.
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
    guard options.keepsShells else { return try united(run) }
    let topology = try Topology(self, run.slice(0...0.02))
    let shells = try topology.shells(topology.badEdges(of: self, run), run.slice(0.02...0.04))
    if shells.count < 2 { return try united(run) }
    var members = [[UInt32]](repeating: [], count: shells.count)
    for (i, shell) in shells.ofTriangle.enumerated() where shell != Shells.none {
      members[Int(shell)].append(UInt32(i))
    }
    var isChanged = [Bool](repeating: false, count: shells.count)
    var entry = unchanged.entry
    var parts: [Mesh] = []
    var done = 0
    for (shell, list) in members.enumerated() {
      try run.checkCancellation()
      let share = 0.05 + 0.95 * Double(done) / Double(triangles.count)
      done += list.count
      let part = run.slice(share...0.05 + 0.95 * Double(done) / Double(triangles.count))
      let own = Mesh(
        unchecked: positions, triangles: list.map { triangles[Int($0)] }, colors: colors?.taken(from: list))
      let result = try own.withoutUnusedVertices().united(part)
      if result.entry.count == 0 { continue }
      isChanged[shell] = true
      parts.append(result.mesh)
      entry.count += result.entry.count
      entry.area += result.entry.area
      entry.largestMove = max(entry.largestMove, result.entry.largestMove)
    }
    if parts.isEmpty { return unchanged }
    parts.insert(
      keeping { shells.ofTriangle[$0] == Shells.none || !isChanged[Int(shells.ofTriangle[$0])] }, at: 0)
    return StageResult(mesh: Mesh(side: parts), entry: entry)
  }

  /// Nil when nothing was changed; whether anything crosses is in ``StageResult/isClear``.
  private func united(_ run: RunContext) throws(MeshError) -> StageResult {
    var result = StageResult(mesh: self, entry: RepairLedger.Entry(.selfIntersections, count: 0))
    var mesh = try weldingVertices(within: 0, run.slice(0...0.05))
    if mesh.triangles.count < 2 { return result }
    let bvh = try BVH(mesh, run.slice(0.05...0.1))
    var (best, last): (ResolvedMesh?, ResolvedMesh?)
    let rounds = 5
    for round in 0..<rounds {
      let share = 0.1 + 0.9 * Double(round) / Double(rounds)
      let part = run.slice(share...share + 0.9 / Double(rounds))
      guard let pairs = try mesh.pairsToResolve(last?.tracked.suspects, bvh, part.slice(0...0.4)) else {
        break
      }
      let crossing = try mesh.crossings(among: pairs, part)
      if crossing.pairs == 0 && round == 0 {
        result.isClear = true
        break
      }
      var tracked = last?.tracked
      if tracked == nil { tracked = TrackedTriangles(mesh, bvh, try WindingNumber(mesh, bvh, part)) }
      let step = try mesh.resolved(pairs, tracked!, round, part.slice(0.4...1))
      if result.entry.count == 0 { result.entry.count = crossing.triangles }
      result.entry.largestMove = max(result.entry.largestMove, step.largestMove)
      result.entry.area += step.area
      mesh = step.mesh
      last = step
      if best == nil || step.left < best!.left { best = step }
      if step.left == 0 { break }
    }
    run.report(1)
    if let best {
      result.mesh = best.mesh
      result.isClear = best.left == 0
    }
    return result
  }

  private struct ResolvedMesh {
    var mesh: Mesh
    var largestMove: Float
    var area: Double
    /// Pairs that cross still.
    var left: Int
    var tracked: TrackedTriangles
  }

  /// The pairs that may have more in common than corners and edges; nil where so much crosses that there is no
  /// surface to keep, and cutting would take long.
  ///
  /// - Parameter suspects: The triangles of which some may cross; nil for all, of which `bvh` is the tree.
  private func pairsToResolve(
    _ suspects: [UInt32]?, _ bvh: BVH, _ run: RunContext
  ) throws(MeshError) -> [SIMD2<UInt32>]? {
    let limit = 1024 + 16 * triangles.count
    guard let suspects else { return try contactPairs(bvh, limit: limit, run) }
    let part = Mesh(unchecked: positions, triangles: suspects.map { triangles[Int($0)] })
    let pairs = try part.contactPairs(BVH(part, run.slice(0...0.5)), limit: limit, run.slice(0.5...1))
    return pairs?.map { SIMD2(suspects[Int($0.x)], suspects[Int($0.y)]) }
  }

  /// - Parameter tracked: Of this mesh.
  private func resolved(
    _ pairs: [SIMD2<UInt32>], _ tracked: TrackedTriangles, _ round: Int, _ run: RunContext
  ) throws(MeshError) -> ResolvedMesh {
    try run.reserve(bytes: triangles.count * 150 + pairs.count * 2000, for: "cutting crossing triangles")
    let arrangement = try Arrangement(self, pairs, run.slice(0...0.5))
    let winding = try tracked.winding(of: self, run)
    let cells = try ArrangementCells(arrangement, winding, run.slice(0.5...0.85))

    var triangles: [Triangle] = []
    var sources: [UInt32] = []
    var isCut: [Bool] = []
    var isKept = [Bool](repeating: false, count: self.triangles.count)
    triangles.reserveCapacity(arrangement.faces.count)
    sources.reserveCapacity(arrangement.faces.count)
    isCut.reserveCapacity(arrangement.faces.count)
    for (i, face) in arrangement.faces.enumerated() where cells.facing[i] != 0 {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      let facing = cells.facing[i]
      triangles.append(facing > 0 ? face.corners : face.corners.flipped)
      sources.append(face.source)
      isCut.append(!face.isWhole)
      if face.isWhole && facing > 0 { isKept[Int(face.source)] = true }
    }
    var move = 0.0
    let points = arrangement.points
    var positions = self.positions
    positions.reserveCapacity(points.count)
    for i in UInt32(points.vertexCount)..<UInt32(points.count) {
      let p = points.rounded(i)
      positions.append(p)
      move = max(move, length(SIMD3<Double>(p) - points.approximation(i)))
    }
    // Flipping caps away mostly helps, and sometimes harms.
    var best: (surface: RoundedSurface, tracked: TrackedTriangles, left: Int)?
    for flipsCaps in [false, true] where best?.left != 0 {
      let part = flipsCaps ? run.slice(0.93...1) : run.slice(0.85...0.93)
      let surface = try RoundedSurface(
        positions: positions, triangles: triangles, sources: sources, firstNew: points.vertexCount,
        isCut: isCut, round: round, flipsCaps: flipsCaps, part)
      let after = surface.mesh(colors: nil)
      let next = try tracked.advanced(from: self, isKept, to: after, sources: surface.sources, part)
      let suspects = Mesh(
        unchecked: after.positions, triangles: next.suspects.map { after.triangles[Int($0)] })
      // Triangles upon each other are for the next round.
      let left = try (surface.hasDoubles ? 1 : 0) + suspects.crossingPairs(part)
      if best == nil || left < best!.left { best = (surface, next, left) }
    }
    let (surface, next, left) = best!
    return ResolvedMesh(
      mesh: surface.mesh(colors: colors), largestMove: Float(move + surface.largestMove),
      area: area { !isKept[$0] }, left: left, tracked: next)
  }

  private func crossingPairs(_ run: RunContext) throws(MeshError) -> Int {
    if triangles.count < 2 { return 0 }
    return try selfIntersections(BVH(self, run.slice(0...0.5)), run.slice(0.5...1)).pairCount
  }

  private func area(of isCounted: (Int) -> Bool) -> Double {
    var sum = 0.0
    for i in triangles.indices where isCounted(i) {
      let (a, b, c) = corners(i)
      sum += length(cross(SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))) / 2
    }
    return sum
  }
}

extension Mesh {
  /// Meshes side by side, nothing welded; with colours if all have them.
  fileprivate init(side parts: [Mesh]) {
    var positions: [SIMD3<Float>] = []
    var triangles: [Triangle] = []
    var colors = parts.first?.colors
    colors?.attributes = []
    for part in parts {
      let offset = UInt32(positions.count)
      positions += part.positions
      triangles += part.triangles.map { Triangle($0.a + offset, $0.b + offset, $0.c + offset) }
      if let own = part.colors { colors?.attributes += own.attributes } else { colors = nil }
    }
    self.init(unchecked: positions, triangles: triangles, colors: colors)
  }
}
