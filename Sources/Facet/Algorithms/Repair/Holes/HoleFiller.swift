/// A loop, or several in one plane, to be closed by one patch.
struct Hole: Sendable {
  /// The outline, and loops within it.
  var loops: [HoleLoop]
  /// How the plane is seen in which all loops lie; nil for a hole that no plane holds.
  var view: PlaneView?
  /// Where its patches lie.
  var region: Box
}

/// Finds the patches of one hole after the other: of several ways to fill it the first that crosses nothing.
struct HoleFiller {
  let mesh: Mesh
  let topology: Topology
  let places: BoundaryPlaces
  let obstacles: PatchObstacles
  /// Take the patch with the fewest crossings when there is none without.
  let allowsCrossing: Bool
  /// Edges that there may be no second time.
  var edges: BoundaryEdges
  /// Patches of other holes that this one must not cross either.
  private var others: [(box: Box, faces: [PatchFace])] = []
  private var nextNumber: Int

  init(
    _ mesh: Mesh, _ topology: Topology, _ places: BoundaryPlaces, _ obstacles: PatchObstacles,
    _ edges: BoundaryEdges, allowsCrossing: Bool
  ) {
    self.mesh = mesh
    self.topology = topology
    self.places = places
    self.obstacles = obstacles
    self.allowsCrossing = allowsCrossing
    self.edges = edges
    nextNumber = mesh.positions.count + PatchRefinement.limit
  }

  /// Holds patches to come against this one too.
  mutating func heed(_ patch: HolePatch) {
    for edge in patch.chords(places) { edges.insert(edge) }
    if allowsCrossing { return }
    others.append((patch.box(mesh.positions), patch.faces(mesh.positions, firstNew: nextNumber)))
    nextNumber += patch.points.count
  }

  /// Loops up to this many edges are triangulated by dynamic programming.
  private static let dynamicLimit = 300

  /// The patches that close the hole; loops for which there is none stay open.
  func patches(of hole: Hole, _ run: RunContext) throws(MeshError) -> [HolePatch] {
    var choice = Choice(self, hole)
    if let view = hole.view, try choice.offer(planarPatch(hole.loops, view, run), run) {
      return [choice.best!]
    }
    if hole.loops.count > 1 {
      // Not together, so each by itself.
      var result: [HolePatch] = []
      for loop in hole.loops {
        result += try patches(of: Hole(loops: [loop], view: nil, region: hole.region), run)
      }
      return result
    }
    try fill(hole.loops[0], &choice, run)
    return choice.best.map { [$0] } ?? []
  }

  /// The best patch so far of one hole.
  private struct Choice {
    let filler: HoleFiller
    let hole: Hole
    var best: HolePatch?

    init(_ filler: HoleFiller, _ hole: Hole) {
      self.filler = filler
      self.hole = hole
    }

    /// Whether the patch is as good as one can be.
    mutating func offer(_ patch: HolePatch?, _ run: RunContext) throws(MeshError) -> Bool {
      guard var patch else { return false }
      let box = patch.box(filler.mesh.positions)
      guard box.intersects(hole.region), hole.region.contains(box.minimum), hole.region.contains(box.maximum)
      else { return false }
      guard let crossings = try filler.crossings(of: patch, run) else { return false }
      patch.crossings = crossings
      if crossings == 0 || (filler.allowsCrossing && crossings < best?.crossings ?? .max) { best = patch }
      return crossings == 0
    }
  }

  private func crossings(of patch: HolePatch, _ run: RunContext) throws(MeshError) -> Int? {
    guard var count = try obstacles.crossings(of: patch, limit: allowsCrossing ? 10_000 : 1, run)
    else { return nil }
    if !others.isEmpty {
      let box = patch.box(mesh.positions)
      let near = others.filter { $0.box.intersects(box) }
      if !near.isEmpty {
        for face in patch.faces(mesh.positions, firstNew: mesh.positions.count) {
          for other in near where other.box.intersects(face.box) {
            for second in other.faces where second.box.intersects(face.box) {
              if face.meeting(second) != .none { count += 1 }
            }
          }
        }
      }
    }
    return count
  }

  // MARK: Ways to fill a hole

  private func fill(_ loop: HoleLoop, _ choice: inout Choice, _ run: RunContext) throws(MeshError) {
    if loop.count == 3 {
      // A lone triangle has no other side to be closed.
      if loop.rim[0] / 3 == loop.rim[1] / 3, loop.rim[1] / 3 == loop.rim[2] / 3 { return }
      let points = loop.vertices.map { mesh.positions[Int($0)] }
      if isFlat(points[0], points[1], points[2]) { return }
      _ = try choice.offer(HolePatch(rim: loop.vertices, triangles: [SIMD3(0, 1, 2)], isGraph: true), run)
      return
    }
    let points = loop.vertices.map { mesh.positions[Int($0)] }
    let surroundings = HoleSurroundings(loop, in: mesh, topology)
    let isLong = loop.count > HoleFiller.dynamicLimit
    let view = PlaneView(normal: LoopShape(points).areaVector)
    if isLong {
      // In n log n, and a good start where the loop is at all like a plane one.
      if let flat = try planarPatch([loop], view, run) {
        if try offerFaired(flat, loop, surroundings, &choice, run) { return }
        if try choice.offer(flat, run) { return }
      }
      if let cut = try earPatch(loop, points, surroundings, run) {
        if try offerFaired(cut, loop, surroundings, &choice, run) { return }
        _ = try choice.offer(cut, run)
      }
      return
    }
    if let bent = try dynamicPatch(loop, points, surroundings, .bends, run) {
      if try offerFaired(bent, loop, surroundings, &choice, run) { return }
      if try choice.offer(bent, run) { return }
    }
    for weight in [MinimumWeightPatch.Weight.sharpestBend, .area] {
      let patch = try dynamicPatch(loop, points, surroundings, weight, run)
      if try choice.offer(patch, run) { return }
    }
    _ = try choice.offer(planarPatch([loop], view, run), run)
  }

  private func isForbidden(_ rim: [UInt32], _ i: Int, _ j: Int) -> Bool {
    let (a, b) = (places.place[Int(rim[i])], places.place[Int(rim[j])])
    return a == b || edges.contains(BoundaryEdges.key(a, b))
  }

  /// Refined and faired, where the surface around is smooth and triangles are large for it.
  private func offerFaired(
    _ patch: HolePatch, _ loop: HoleLoop, _ surroundings: HoleSurroundings, _ choice: inout Choice,
    _ run: RunContext
  ) throws(MeshError) -> Bool {
    guard loop.count >= 5, surroundings.isSmooth, let mesh = PatchMesh(patch.triangles) else { return false }
    let rim = loop.vertices
    let forbidden = { (i: Int, j: Int) -> Bool in isForbidden(rim, i, j) }
    var refinement = PatchRefinement(
      mesh, rim.map { self.mesh.positions[Int($0)] }, edgeLengths: surroundings.edgeLengths)
    try refinement.relax(run, forbidden)
    try refinement.refine(run, isForbidden: forbidden)
    // Twice: the first time tells the triangles' shape in space.
    for _ in 0..<2 {
      guard
        let faired = try PatchFairing.positions(refinement, rim: loop, in: self.mesh, topology, run)
      else { return false }
      refinement.place(faired)
      try refinement.relax(run, forbidden)
    }
    let result = HolePatch(
      rim: rim, points: refinement.points[rim.count...].map { SIMD3<Float>($0) },
      triangles: refinement.mesh.triangles)
    let positions = self.mesh.positions
    let hasFlat = result.triangles.contains {
      isFlat(
        result.position($0.x, positions), result.position($0.y, positions), result.position($0.z, positions))
    }
    return hasFlat ? false : try choice.offer(result, run)
  }

  private func dynamicPatch(
    _ loop: HoleLoop, _ points: [SIMD3<Float>], _ surroundings: HoleSurroundings,
    _ weight: MinimumWeightPatch.Weight, _ run: RunContext
  ) throws(MeshError) -> HolePatch? {
    let rim = loop.vertices
    let forbidden = { (i: Int, j: Int) -> Bool in isForbidden(rim, i, j) }
    guard
      let triangles = try MinimumWeightPatch.triangles(
        points, rimNormals: surroundings.normals, weight, run, isForbidden: forbidden)
    else { return nil }
    return try withoutSlivers(HolePatch(rim: rim, triangles: triangles), run)
  }

  /// Flips edges of parts that are flat anyway, where area could not tell a good triangle from a bad one.
  private func withoutSlivers(_ patch: HolePatch, _ run: RunContext) throws(MeshError) -> HolePatch {
    guard patch.triangles.count > 1, var mesh = PatchMesh(patch.triangles) else { return patch }
    let points = patch.rim.map { SIMD3<Double>(self.mesh.positions[Int($0)]) }
    let exact = patch.rim.map { self.mesh.positions[Int($0)] }
    let rim = patch.rim
    try mesh.flip(run) { mesh, h in
      let quad = mesh.quad(h)
      return improves(
        mesh, h, points, rim.count, flatterThan: 0.995, { (i: Int, j: Int) in isForbidden(rim, i, j) })
        && !isFlat(exact[Int(quad.a)], exact[Int(quad.d)], exact[Int(quad.c)])
        && !isFlat(exact[Int(quad.b)], exact[Int(quad.d)], exact[Int(quad.c)])
    }
    return HolePatch(rim: rim, triangles: mesh.triangles)
  }

  private func earPatch(
    _ loop: HoleLoop, _ points: [SIMD3<Float>], _ surroundings: HoleSurroundings, _ run: RunContext
  ) throws(MeshError) -> HolePatch? {
    let rim = loop.vertices
    let forbidden = { (i: Int, j: Int) -> Bool in isForbidden(rim, i, j) }
    let ears = try EarReduction(
      points, rimNormals: surroundings.normals, downTo: HoleFiller.dynamicLimit / 2, run,
      isForbidden: forbidden)
    let rest = ears.rest
    guard rest.count <= HoleFiller.dynamicLimit else { return nil }
    guard
      let middle = try MinimumWeightPatch.triangles(
        rest.map { points[Int($0)] }, rimNormals: ears.restNormals, .bends, run,
        isForbidden: { (i: Int, j: Int) in isForbidden(rim, Int(rest[i]), Int(rest[j])) })
    else { return nil }
    let triangles =
      ears.triangles + middle.map { SIMD3(rest[Int($0.x)], rest[Int($0.y)], rest[Int($0.z)]) }
    guard PatchMesh(triangles) != nil else { return nil }
    return try withoutSlivers(HolePatch(rim: rim, triangles: triangles), run)
  }

  /// The triangles between loops as they are seen in a plane.
  private func planarPatch(
    _ loops: [HoleLoop], _ view: PlaneView, _ run: RunContext
  ) throws(MeshError) -> HolePatch? {
    let rim = loops.flatMap(\.vertices)
    let exact = rim.map { mesh.positions[Int($0)] }
    let seen = exact.map { view($0) }
    var starts = 0
    var rings: [[Int32]] = []
    for loop in loops {
      rings.append((starts..<starts + loop.count).map { Int32($0) })
      starts += loop.count
    }
    guard let triangles = try PolygonSweep.triangles(seen, rings, run), var patch = PatchMesh(triangles)
    else { return nil }
    let points = exact.map { SIMD3<Double>($0) }
    try patch.flip(run) { patch, h in
      let quad = patch.quad(h)
      let (c, d) = (Int(quad.c), Int(quad.d))
      let isDoubled = isForbidden(rim, Int(quad.a), Int(quad.b))
      let (p, q) = (points[Int(quad.a)], points[Int(quad.b)])
      guard isDoubled || cotangent(p, q, points[c]) + cotangent(p, q, points[d]) < -1e-9 else { return false }
      // Exactly: both new triangles counter-clockwise.
      return orient2d(seen[Int(quad.a)], seen[d], seen[c]) > 0
        && orient2d(seen[d], seen[Int(quad.b)], seen[c]) > 0 && !isForbidden(rim, c, d)
    }
    let isDoubled = patch.corners.indices.contains { h in
      patch.twin[h] > h
        && isForbidden(rim, Int(patch.corners[h]), Int(patch.corners[PatchMesh.next(h)]))
    }
    if isDoubled { return nil }
    return HolePatch(rim: rim, triangles: patch.triangles, isGraph: true, loops: loops.count)
  }
}
