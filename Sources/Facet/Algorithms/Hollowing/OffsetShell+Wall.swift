// That facets keep the wall, not only vertices: between vertices on a fillet a facet is nearer to the part than they
// are, by voxel² / (8 wall) about. Such vertices go deeper into the cavity until the facets' distance is proven.

extension OffsetShell {
  /// A triangle that is too near, or not proven to keep the wall.
  struct Shortfall: BitwiseCopyable {
    var quad: UInt32
    var isSecond: Bool
    /// The distance that is proven.
    var distance: Float
  }

  /// Of some quads the triangles that are not proven to keep the limit.
  ///
  /// - Parameter quads: nil for all.
  func shortfalls(
    _ proof: WallProof, among quads: [UInt32]? = nil, _ run: RunContext
  ) throws(MeshError) -> [Shortfall] {
    let scene = proof.scene
    let count = quads?.count ?? contour.quadCount
    let size = 1 << 9
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
    let q = contour.quads[Int(quad)]
    let p = contour.positions
    let (a, b, c, d) = (p[Int(q.x)], p[Int(q.y)], p[Int(q.z)], p[Int(q.w)])
    let across =
      (direction(q.x, proof.scene) + direction(q.y, proof.scene) + direction(q.z, proof.scene)
      + direction(q.w, proof.scene)).normalized
    if proof.holds(a, b, c, d, across: across, scratch) { return }
    let (first, second) = contour.triangles(Int(quad))
    for (triangle, isSecond) in [(first, false), (second, true)] {
      let across =
        (direction(triangle.a, proof.scene) + direction(triangle.b, proof.scene)
        + direction(triangle.c, proof.scene)).normalized
      let distance = proof.distance(
        p[Int(triangle.a)], p[Int(triangle.b)], p[Int(triangle.c)], across: across, scratch)
      if distance < proof.limit {
        found.append(Shortfall(quad: quad, isSecond: isSecond, distance: distance))
      }
    }
  }

  /// From the part to a vertex, of length 1.
  @inline(__always)
  func direction(_ vertex: UInt32, _ scene: PartScene) -> SIMD3<Float> {
    let way = scene.offset(from: contour.positions[Int(vertex)], to: contour.sources[Int(vertex)])
    return (SIMD3<Float>.zero - way).normalized
  }

  /// Moves vertices deeper into the cavity, within their cells, until all triangles keep the limit or that does not
  /// help any more.
  ///
  /// - Returns: What does not keep it.
  func deepen(
    _ proof: WallProof, among quads: [UInt32]? = nil, _ run: RunContext
  ) throws(MeshError) -> [Shortfall] {
    var shortfalls = try shortfalls(proof, among: quads, run)
    let lattice = contour.lattice
    let reach = SIMD3(repeating: OffsetPlacer.reach * Float(lattice.voxel))
    for _ in 0..<8 {
      if shortfalls.isEmpty { break }
      var wanted: [UInt32: Float] = [:]
      for shortfall in shortfalls {
        let (first, second) = contour.triangles(Int(shortfall.quad))
        let triangle = shortfall.isSecond ? second : first
        for k in 0..<3 {
          wanted[triangle[k]] = max(wanted[triangle[k]] ?? 0, (proof.limit - shortfall.distance) * 1.05)
        }
      }
      let vertices = wanted.keys.sorted()
      let moved = try run.mapChunks(of: vertices.count, size: 256) { _, range in
        let scratch = PartScene.Scratch(proof.scene)
        var moved: [UInt32] = []
        for i in range {
          let v = Int(vertices[i])
          let before = contour.positions[v]
          let step = direction(vertices[i], proof.scene) * wanted[vertices[i]]!
          let offset = contour.offsets[v] + step
          contour.offsets[v] = lesser(greater(offset, SIMD3<Float>.zero - reach), reach)
          contour.move(v)
          if all(contour.positions[v] .== before) { continue }
          let found = proof.scene.nearest(to: contour.positions[v], hint: contour.sources[v], scratch)
          contour.sources[v] = found.triangle
          distances[v] = found.squared.squareRoot()
          moved.append(vertices[i])
        }
        return moved
      }.flatMap(\.self)
      if moved.isEmpty { break }
      var around: Set<UInt32> = []
      for v in moved { lattice.forEachQuad(aroundCell: contour.cellOf[Int(v)]) { around.insert($0) } }
      let kept = shortfalls.filter { !around.contains($0.quad) }
      shortfalls = try kept + self.shortfalls(proof, among: around.sorted(), run)
    }
    return shortfalls
  }
}
