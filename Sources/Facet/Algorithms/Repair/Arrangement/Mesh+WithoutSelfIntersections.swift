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
    guard options.keepsShells else { return try united(run) ?? unchanged }
    let topology = try Topology(self, run.slice(0...0.02))
    let shells = try topology.shells(topology.badEdges(of: self, run), run.slice(0.02...0.04))
    if shells.count < 2 { return try united(run) ?? unchanged }
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
      guard let result = try own.withoutUnusedVertices().united(part) else { continue }
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

  /// Nil when nothing crosses, or more than can be cut.
  private func united(_ run: RunContext) throws(MeshError) -> StageResult? {
    var mesh = try weldingVertices(within: 0, run.slice(0...0.05))
    var entry = RepairLedger.Entry(.selfIntersections, count: 0)
    var best: ResolvedMesh?
    let rounds = 5
    for round in 0..<rounds {
      let share = 0.05 + 0.95 * Double(round) / Double(rounds)
      let part = run.slice(share...share + 0.95 / Double(rounds))
      guard let step = try mesh.resolved(part, round: round) else { break }
      if entry.count == 0 { entry.count = step.crossing }
      entry.largestMove = max(entry.largestMove, step.largestMove)
      entry.area += step.area
      mesh = step.mesh
      if best == nil || step.left < best!.left { best = step }
      if step.left == 0 { break }
    }
    run.report(1)
    return best.map { StageResult(mesh: $0.mesh, entry: entry) }
  }

  private struct ResolvedMesh {
    var mesh: Mesh
    /// Triangles that crossed others.
    var crossing: Int
    var largestMove: Float
    var area: Double
    /// Pairs that cross still.
    var left: Int
  }

  /// Nil when nothing crosses, or more than can be cut.
  private func resolved(_ run: RunContext, round: Int) throws(MeshError) -> ResolvedMesh? {
    if triangles.count < 2 { return nil }
    let bvh = try BVH(self, run.slice(0...0.1))
    let crossing = try selfIntersections(bvh, run.slice(0.1...0.3))
    if crossing.pairCount == 0 && round == 0 { return nil }
    // Where so much crosses there is no surface to keep, and cutting takes long.
    let limit = 1024 + 16 * triangles.count
    guard let pairs = try contactPairs(bvh, limit: limit, run.slice(0.3...0.5)) else { return nil }
    try run.reserve(bytes: triangles.count * 150 + pairs.count * 2000, for: "cutting crossing triangles")
    let arrangement = try Arrangement(self, pairs, run.slice(0.5...0.8))
    let winding = try WindingNumber(self, bvh, run)
    let cells = try ArrangementCells(arrangement, winding, run.slice(0.8...0.95))

    var triangles: [Triangle] = []
    var sources: [UInt32] = []
    var isCut: [Bool] = []
    var isKept = [Bool](repeating: false, count: self.triangles.count)
    for (face, facing) in zip(arrangement.faces, cells.facing) where facing != 0 {
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
    var best: (surface: RoundedSurface, left: Int)?
    for flipsCaps in [false, true] where best?.left != 0 {
      let surface = RoundedSurface(
        positions: positions, triangles: triangles, sources: sources, firstNew: points.vertexCount,
        isCut: isCut, round: round, flipsCaps: flipsCaps)
      let left = try crossings(on: surface, bvh, flipsCaps ? run.slice(0.97...1) : run.slice(0.95...0.97))
      if best == nil || left < best!.left { best = (surface, left) }
    }
    let (surface, left) = best!
    return ResolvedMesh(
      mesh: surface.mesh(colors: colors), crossing: crossing.triangles.count,
      largestMove: Float(move + surface.largestMove), area: area { !isKept[$0] }, left: left)
  }

  private func area(of isCounted: (Int) -> Bool) -> Double {
    var sum = 0.0
    for i in triangles.indices where isCounted(i) {
      let (a, b, c) = corners(i)
      sum += length(cross(SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))) / 2
    }
    return sum
  }

  /// The pairs that cross on a surface made of this mesh's triangles, of which none cross: whatever is not one of
  /// them is held against all that is near.
  private func crossings(
    on surface: RoundedSurface, _ bvh: BVH, _ run: RunContext
  ) throws(MeshError) -> Int {
    // Triangles upon each other are for the next round.
    let doubles = surface.hasDoubles ? 1 : 0
    let after = surface.mesh(colors: nil)
    func corners(_ mesh: Mesh, _ i: Int) -> [SIMD3<Float>] {
      let (a, b, c) = mesh.corners(i)
      return [a, b, c]
    }
    var place: [UInt32: UInt32] = [:]
    var changed: [UInt32] = []
    for (i, source) in surface.sources.enumerated() {
      if corners(after, i) == corners(self, Int(source)) {
        place[source] = UInt32(i)
      } else {
        changed.append(UInt32(i))
      }
    }
    var near = Set(changed)
    for (n, i) in changed.enumerated() {
      if n & 255 == 0 { try run.checkCancellation() }
      let (a, b, c) = after.corners(Int(i))
      let box = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
      for source in bvh.triangles(self, overlapping: box) {
        if let kept = place[source] { near.insert(kept) }
      }
    }
    let part = Mesh(
      unchecked: after.positions, triangles: near.sorted().map { after.triangles[Int($0)] }
    ).withoutUnusedVertices()
    if part.triangles.count < 2 { return doubles }
    return try doubles
      + part.selfIntersections(BVH(part, run.slice(0...0.5)), run.slice(0.5...1)).pairCount
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
