/// A surface whose triangles are divided at the middles of their edges, each edge on both sides alike. Pieces of one
/// triangle stay together, in its place in the order.
struct DividedSurface: Sendable {
  private(set) var positions: [SIMD3<Float>]
  private(set) var triangles: [Triangle]
  /// For each piece the triangle that it is of.
  private(set) var sources: [UInt32]

  init(_ mesh: Mesh) {
    positions = mesh.positions
    triangles = mesh.triangles
    sources = Array(0..<UInt32(mesh.triangles.count))
  }

  func corners(_ i: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    let t = triangles[i]
    return (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)])
  }

  /// Divides what wants it and, where edges are shared, its neighbours. Edges at which not exactly two triangles meet,
  /// other than the surface's border, stay whole.
  ///
  /// - Parameters:
  ///   - wants: For each triangle whether it is to be divided.
  ///   - longest: Edges that are not longer stay whole, mm.
  /// - Returns: For each new piece the old one when it is the same, else ``fresh``; nil when no edge was divided.
  mutating func divide(
    _ wants: [Bool], longest: Float, _ run: RunContext
  ) throws(MeshError) -> [UInt32]? {
    guard wants.contains(true) else { return nil }
    let topology = try Topology(Mesh(unchecked: positions, triangles: triangles), run)
    // The new vertex of each divided half-edge; none yet.
    var middles = [UInt32](repeating: .max, count: triangles.count * 3)
    for i in triangles.indices where wants[i] {
      let t = triangles[i]
      let lengths = (0..<3).map { k in
        let edge = positions[Int(t[(k + 1) % 3])] - positions[Int(t[k])]
        return dot(edge, edge)
      }
      let greatest = lengths.max()!
      for k in 0..<3 where lengths[k] > longest * longest && lengths[k] >= 0.25 * greatest {
        let h = 3 * i + k
        let twin = topology.twin[h]
        if twin < Topology.degenerate || twin == Topology.boundary { middles[h] = 0 }
        if twin < Topology.degenerate { middles[Int(twin)] = 0 }
      }
    }
    try run.checkCancellation()
    let before = positions.count
    for h in middles.indices where middles[h] == 0 {
      let twin = topology.twin[h]
      if twin < h {
        middles[h] = middles[Int(twin)]
        continue
      }
      let t = triangles[h / 3]
      let (a, b) = (positions[Int(t[h % 3])], positions[Int(t[(h % 3 + 1) % 3])])
      middles[h] = UInt32(positions.count)
      positions.append(a * 0.5 + b * 0.5)
    }
    if positions.count == before { return nil }
    try run.checkCancellation()
    return try divideTriangles(at: middles, run)
  }

  /// The piece is new.
  static let fresh = UInt32.max

  private mutating func divideTriangles(at middles: [UInt32], _ run: RunContext) throws(MeshError) -> [UInt32]
  {
    var count = triangles.count
    for m in middles where m != .max { count += 1 }
    guard count <= Mesh.maximumTriangleCount else {
      throw .tooManyTriangles(count: count, limit: Mesh.maximumTriangleCount)
    }
    try run.reserve(bytes: count * DividedSurface.bytesPerPiece, for: "dividing the surface")
    var pieces: [Triangle] = []
    var from: [UInt32] = []
    var old: [UInt32] = []
    pieces.reserveCapacity(count)
    from.reserveCapacity(count)
    old.reserveCapacity(count)
    for i in triangles.indices {
      let first = pieces.count
      let t = triangles[i]
      add(t, (middles[3 * i], middles[3 * i + 1], middles[3 * i + 2]), to: &pieces)
      let added = pieces.count - first
      for _ in 0..<added {
        from.append(sources[i])
        old.append(added == 1 ? UInt32(i) : DividedSurface.fresh)
      }
      if i & 0xFFFF == 0 { try run.checkCancellation() }
    }
    triangles = pieces
    sources = from
    return old
  }

  /// A piece's corners, source, measures, and the topology while dividing.
  static let bytesPerPiece = 12 + 4 + 4 + MemoryLayout<PieceThickness>.stride + 48

  private func add(_ t: Triangle, _ m: (UInt32, UInt32, UInt32), to pieces: inout [Triangle]) {
    let none = UInt32.max
    switch (m.0 != none, m.1 != none, m.2 != none) {
    case (false, false, false): pieces.append(t)
    case (true, true, true):
      pieces.append(Triangle(t.a, m.0, m.2))
      pieces.append(Triangle(m.0, t.b, m.1))
      pieces.append(Triangle(m.2, m.1, t.c))
      pieces.append(Triangle(m.0, m.1, m.2))
    case (true, false, false): halve(t.a, t.b, t.c, m.0, &pieces)
    case (false, true, false): halve(t.b, t.c, t.a, m.1, &pieces)
    case (false, false, true): halve(t.c, t.a, t.b, m.2, &pieces)
    case (true, true, false): cutCorner(t.a, t.b, t.c, m.0, m.1, &pieces)
    case (false, true, true): cutCorner(t.b, t.c, t.a, m.1, m.2, &pieces)
    case (true, false, true): cutCorner(t.c, t.a, t.b, m.2, m.0, &pieces)
    }
  }

  /// `m` is between `a` and `b`.
  private func halve(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ m: UInt32, _ pieces: inout [Triangle]) {
    pieces.append(Triangle(a, m, c))
    pieces.append(Triangle(m, b, c))
  }

  /// `m` is between `a` and `b`, `n` between `b` and `c`.
  private func cutCorner(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ m: UInt32, _ n: UInt32, _ pieces: inout [Triangle]
  ) {
    pieces.append(Triangle(m, b, n))
    let first = positions[Int(a)] - positions[Int(n)]
    let second = positions[Int(m)] - positions[Int(c)]
    if dot(first, first) <= dot(second, second) {
      pieces.append(Triangle(a, m, n))
      pieces.append(Triangle(a, n, c))
    } else {
      pieces.append(Triangle(a, m, c))
      pieces.append(Triangle(m, n, c))
    }
  }
}
