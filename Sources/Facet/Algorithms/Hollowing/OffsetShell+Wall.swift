// That facets keep the wall, not only vertices: between vertices on a fillet a facet is nearer to the part than they
// are, by voxel² / (8 wall) about. Such vertices go deeper into the cavity until the facets' distance is proven.

extension OffsetShell {
  /// A triangle that is too near, or not proven to keep the wall.
  struct Shortfall: BitwiseCopyable {
    var quad: UInt32
    var isSecond: Bool
    /// The distance that is proven.
    var distance: Float
    /// From the part to where it is so near, of length 1 or zero.
    var way: SIMD3<Float>
  }

  /// Of some quads the triangles that are not proven to keep the limit.
  ///
  /// - Parameter quads: nil for all.
  func shortfalls(
    _ proof: WallProof, among quads: [UInt32]? = nil, _ run: RunContext
  ) throws(MeshError) -> [Shortfall] {
    let scene = proof.scene
    let count = quads?.count ?? contour.quadCount
    // Those of a round are few, and each takes long.
    let size = quads == nil ? 1 << 9 : 32
    var found = [[Shortfall]](repeating: [], count: (count + size - 1) / size)
    try found.withSharedElements { (found) throws(MeshError) in
      try run.forEachChunk(of: count, size: size, scratch: { PartScene.Scratch(scene) }) {
        scratch, chunk, range in
        var own: [Shortfall] = []
        for i in range {
          examine(quads?[i] ?? UInt32(truncatingIfNeeded: i), proof, scratch, &own)
        }
        found[chunk] = own
      }
    }
    return found.flatMap(\.self)
  }

  private func examine(
    _ quad: UInt32, _ proof: WallProof, _ scratch: PartScene.Scratch, _ found: inout [Shortfall]
  ) {
    let (first, second) = contour.triangles(Int(quad))
    let sampled = SampledWall(limit: proof.limit)
    if sampled.holds(corners(first)) && sampled.holds(corners(second)) { return }
    let q = contour.quads[Int(quad)]
    let p = contour.positions
    let (a, b, c, d) = (p[Int(q.x)], p[Int(q.y)], p[Int(q.z)], p[Int(q.w)])
    let facing = cross(c - a, d - b).normalized
    let across = contour.cuts[Int(quad)] & Contour.isTurned != 0 ? SIMD3<Float>.zero - facing : facing
    let near = scratch.near
    let isComplete = proof.findNear(a, b, c, d, across: across, scratch)
    if isComplete && near.count == 0 { return }
    let scene = proof.scene
    if isComplete { near.arrange(scene.points.positions, from: a) }
    for (triangle, isSecond) in [(first, false), (second, true)] {
      var hint = contour.sources[Int(triangle.a)]
      let worst = sampled.worst(of: corners(triangle)) { point in
        if isComplete { return near.squaredDistance(to: point) }
        let found = scene.nearest(to: point, hint: hint, scratch)
        hint = found.triangle
        return found.squared
      }
      guard let (distance, place) = worst else { continue }
      let way =
        isComplete
        ? near.offset(from: place, scene.points.positions)
        : scene.nearest(to: place, hint: hint, scratch).offset
      found.append(
        Shortfall(
          quad: quad, isSecond: isSecond, distance: distance, way: (SIMD3<Float>.zero - way).normalized))
    }
  }

  private func corners(_ t: Triangle) -> SampledWall.Corners {
    let p = contour.positions
    return SampledWall.Corners(
      a: p[Int(t.a)], b: p[Int(t.b)], c: p[Int(t.c)],
      squares: SIMD3(
        distances[Int(t.a)] * distances[Int(t.a)], distances[Int(t.b)] * distances[Int(t.b)],
        distances[Int(t.c)] * distances[Int(t.c)]))
  }

  /// Sees to it that the facets keep the limit and that nothing crosses.
  ///
  /// - Returns: What is not proven to keep the limit, because there was no room for it.
  func settle(_ proof: WallProof, _ run: RunContext) throws(MeshError) -> [Shortfall] {
    var short = try deepen(proof, run)
    run.report(0.6)
    // What is held back may be too near again. The last word is that nothing crosses.
    let enough = proof.limit - Float(contour.lattice.voxel) / 30
    for round in 0..<6 {
      let (held, recut) = try holdBack(isFirst: round == 0, run)
      if held.isEmpty && recut.isEmpty { break }
      let scratch = PartScene.Scratch(proof.scene)
      for (i, v) in held.enumerated() {
        if i & 0xFF == 0 { try run.checkCancellation() }
        look(Int(v), proof.scene, scratch)
      }
      // What was proven of a quad need not hold when it is cut the other way.
      let others = Set(quads(around: held)).union(recut)
      let around = others.sorted()
      let kept = short.filter { !others.contains($0.quad) }
      short = try kept + shortfalls(proof, among: around, run)
      if round == 5 || short.allSatisfy({ $0.distance >= enough }) { break }
      short = try deepen(proof, among: Set(short.map(\.quad)).sorted(), run)
    }
    return short
  }

  /// Moves vertices deeper into the cavity, out of their cells if need be, until all triangles keep the limit or that
  /// does not help any more.
  ///
  /// - Returns: What does not keep it.
  func deepen(
    _ proof: WallProof, among quads: [UInt32]? = nil, _ run: RunContext
  ) throws(MeshError) -> [Shortfall] {
    var shortfalls = try shortfalls(proof, among: quads, run)
    for round in 0..<6 {
      if shortfalls.isEmpty { break }
      if round > 0 && round % 2 == 0 {
        try recut(shortfalls, proof, run)
        for shortfall in shortfalls {
          for k in 0..<4 { touched.append(contour.quads[Int(shortfall.quad)][k]) }
        }
      }
      let wishes = wishes(shortfalls, proof.limit)
      let starts = wishes.indices.filter { $0 == 0 || wishes[$0].vertex != wishes[$0 - 1].vertex }
      let moves = try run.mapChunks(of: starts.count, size: 32) { _, range in
        let scratch = PartScene.Scratch(proof.scene)
        return range.map { i in
          let end = i + 1 < starts.count ? starts[i + 1] : wishes.count
          return place(wishes[starts[i]..<end], proof, scratch)
        }
      }.flatMap(\.self)
      move(moves)
      try run.forEachChunk(of: moves.count, size: 32, scratch: { PartScene.Scratch(proof.scene) }) {
        scratch, _, range in
        for move in moves[range] {
          let v = Int(move.vertex)
          let away = length(contour.positions[v] - move.place)
          if away < 1e-5 * proof.limit {
            contour.sources[v] = move.found.triangle
            distances[v] = move.found.squared.squareRoot() - away * 1.01
          } else {
            look(v, proof.scene, scratch)
          }
        }
      }
      touched += moves.map(\.vertex)
      shortfalls = try self.shortfalls(proof, among: self.quads(around: moves.map(\.vertex)), run)
    }
    return shortfalls
  }

  /// From the part to a vertex, of length 1.
  @inline(__always)
  func direction(_ vertex: UInt32, _ scene: PartScene) -> SIMD3<Float> {
    let way = scene.offset(from: contour.positions[Int(vertex)], to: contour.sources[Int(vertex)])
    return (SIMD3<Float>.zero - way).normalized
  }

  /// Holds vertices back until nothing crosses; those that were, and the quads that were cut the other way, ascending.
  ///
  /// - Parameter isFirst: Everything is new; else only what was touched.
  func holdBack(isFirst: Bool, _ run: RunContext) throws(MeshError) -> (held: [UInt32], recut: [UInt32]) {
    let before = Array(UnsafeBufferPointer(start: contour.positions, count: contour.vertexCount))
    let cuts = Array(UnsafeBufferPointer(start: contour.cuts, count: contour.quadCount))
    _ =
      try isFirst ? contour.holdBack(run) : contour.holdBack(after: Set(touched).sorted(), run)
    touched = []
    return (
      (0..<UInt32(contour.vertexCount)).filter { any(before[Int($0)] .!= contour.positions[Int($0)]) },
      (0..<UInt32(contour.quadCount)).filter {
        (cuts[Int($0)] ^ contour.cuts[Int($0)]) & Contour.isCutAcross != 0
      }
    )
  }

  /// The quads around some vertices, ascending.
  func quads(around vertices: [UInt32]) -> [UInt32] {
    var all: [UInt32] = []
    all.reserveCapacity(vertices.count * 5)
    for v in vertices { contour.lattice.forEachQuad(aroundCell: contour.cellOf[Int(v)]) { all.append($0) } }
    all.sort()
    var last = UInt32.max
    all.removeAll { quad in
      defer { last = quad }
      return quad == last
    }
    return all
  }

  /// Cuts quads along their other diagonals where that keeps more of the wall.
  private func recut(_ shortfalls: [Shortfall], _ proof: WallProof, _ run: RunContext) throws(MeshError) {
    try run.forEachChunk(of: shortfalls.count, size: 32, scratch: { PartScene.Scratch(proof.scene) }) {
      scratch, _, range in
      for i in range where i == 0 || shortfalls[i].quad != shortfalls[i - 1].quad {
        let quad = Int(shortfalls[i].quad)
        var own: [Shortfall] = []
        func least(_ cut: UInt8) -> Float {
          contour.cuts[quad] = cut
          own.removeAll()
          examine(UInt32(quad), proof, scratch, &own)
          return own.reduce(proof.limit) { min($0, $1.distance) }
        }
        let cut = contour.cuts[quad]
        if least(cut ^ Contour.isCutAcross) <= least(cut) { continue }
        contour.cuts[quad] = cut ^ Contour.isCutAcross
      }
    }
  }

  /// In which direction, and how far at least, a vertex is to go.
  private struct Wish: BitwiseCopyable {
    var vertex: UInt32
    var least: Float
    var way: SIMD3<Float>
  }

  /// What triangles that are too near want of their corners, ascending by vertex: of those that are too near
  /// themselves that they go, and if none is, that all do.
  private func wishes(_ shortfalls: [Shortfall], _ limit: Float) -> [Wish] {
    var all: [Wish] = []
    all.reserveCapacity(shortfalls.count * 3)
    for shortfall in shortfalls {
      let (first, second) = contour.triangles(Int(shortfall.quad))
      let t = shortfall.isSecond ? second : first
      let least = (limit - shortfall.distance) * 1.02 + limit * 2e-5
      let areNear = (distances[Int(t.a)] < limit, distances[Int(t.b)] < limit, distances[Int(t.c)] < limit)
      let none = areNear == (false, false, false)
      if none || areNear.0 { all.append(Wish(vertex: t.a, least: least, way: shortfall.way)) }
      if none || areNear.1 { all.append(Wish(vertex: t.b, least: least, way: shortfall.way)) }
      if none || areNear.2 { all.append(Wish(vertex: t.c, least: least, way: shortfall.way)) }
    }
    all.sort { ($0.vertex, $1.least) < ($1.vertex, $0.least) }
    return all
  }

  /// Where a vertex goes.
  private struct Move {
    var vertex: UInt32
    /// From the center of its cell.
    var offset: SIMD3<Float>
    /// Where the distance from the part was asked for last: mostly there.
    var place: SIMD3<Float>
    var found: NearestPoint
  }

  /// The place nearest to a vertex that grants its wishes and is not too near to the part itself.
  private func place(
    _ wishes: ArraySlice<Wish>, _ proof: WallProof, _ scratch: PartScene.Scratch
  ) -> Move {
    let vertex = wishes.first!.vertex
    let start = contour.positions[Int(vertex)]
    var demands = HalfSpaces()
    for wish in wishes { demands.add(wish.way, wish.least) }
    var step = demands.nearest
    var asked = start + step
    var found = proof.scene.nearest(to: asked, hint: contour.sources[Int(vertex)], scratch)
    for _ in 0..<6 {
      let distance = found.squared.squareRoot()
      if distance >= proof.limit * 1.00001 || distance == 0 { break }
      let way = found.offset * (-1 / distance)
      demands.add(way, dot(way, step) + (proof.limit - distance) * 1.01 + proof.limit * 1e-5)
      step = demands.nearest
      asked = start + step
      found = proof.scene.nearest(to: asked, hint: found.triangle, scratch)
    }
    let farthest = Float(contour.lattice.voxel) / 2
    let size = length(step)
    if size > farthest { step *= farthest / size }
    return Move(vertex: vertex, offset: offset(of: vertex) + step, place: asked, found: found)
  }

  /// Where a vertex is to be, from the center of its cell.
  private func offset(of vertex: UInt32) -> SIMD3<Float> {
    contour.isAstray(vertex) ? contour.stray(vertex).offset : contour.offsets[Int(vertex)]
  }

  /// Moves vertices, which are ascending; those that leave their cells become strays.
  private func move(_ moves: [Move]) {
    let voxel = Float(contour.lattice.voxel)
    let limit = SIMD3(repeating: 1.4 * voxel)
    var new: [Stray] = []
    for move in moves {
      let (vertex, offset) = (move.vertex, move.offset)
      let v = Int(vertex)
      let farthest = max(abs(offset.x), max(abs(offset.y), abs(offset.z)))
      if !contour.isAstray(vertex), farthest <= OffsetPlacer.reach * voxel {
        contour.offsets[v] = offset
        contour.move(v)
        continue
      }
      let inCell = SIMD3(repeating: OffsetPlacer.reach * voxel)
      contour.offsets[v] = lesser(greater(offset, SIMD3<Float>.zero - inCell), inCell)
      new.append(
        Stray(
          vertex: vertex, cell: contour.cellOf[v],
          offset: lesser(greater(offset, SIMD3<Float>.zero - limit), limit),
          triangles: SIMD3(repeating: contour.sources[v])))
    }
    if new.isEmpty { return }
    // Both ascend.
    var merged: [Stray] = []
    var old = contour.strays[...]
    for stray in new {
      while let first = old.first, first.vertex < stray.vertex {
        merged.append(first)
        old.removeFirst()
      }
      if old.first?.vertex == stray.vertex { old.removeFirst() }
      merged.append(stray)
    }
    contour.strays = merged + old
    for stray in new {
      contour.levels[Int(stray.vertex)] = Contour.astray
      contour.move(Int(stray.vertex))
    }
  }
}
