// A file holds positions, not vertices: where two pieces of surface merely touch along an edge, its reader makes
// one edge of four triangles again. So one of the pieces draws back there, a hair's breadth into its own
// material; only where nothing turns over and nothing is crossed that was not crossed before.

extension RepairState {
  /// Moves vertices so that no two edges with vertices of their own come to one place in a file, where they would
  /// make an edge of more than two triangles.
  mutating func pullApart(_ run: RunContext) throws(MeshError) {
    var entry = RepairLedger.Entry(.touchingVertices, count: 0)
    // What one move did not part, moving the other end may.
    for _ in 0..<3 {
      let touching = try touchingVertices(run)
      if touching.isEmpty { break }
      let moved = try drawBack(touching, &entry, run)
      if !moved { break }
    }
    ledger.add(entry)
  }

  /// All but one of the vertices at each position to which too many triangles come, ascending.
  private func touchingVertices(_ run: RunContext) throws(MeshError) -> [UInt32] {
    let coincident = try coincidentVertices(run)
    if coincident.isEmpty { return [] }
    var first: [UInt32: UInt32] = [:]
    var bits = [UInt64](repeating: 0, count: positions.count / 64 + 1)
    for pair in coincident {
      first[pair.vertex] = pair.first
      for v in [pair.vertex, pair.first] { bits[Int(v / 64)] |= 1 << UInt64(v % 64) }
    }
    // Edges from a vertex that is there twice to one that is not may come together too.
    for h in try mesh.corners(at: bits, run) {
      let t = triangles[Int(h / 3)]
      for corner in 0..<3 { bits[Int(t[corner] / 64)] |= 1 << UInt64(t[corner] % 64) }
    }
    let edges = try mesh.edges(amongst: bits, renamed: { first[$0] ?? $0 }, run)
    var touching = Set<UInt32>()
    let mesh = self.mesh
    edges.forEachEdge { sides in
      if sides.count == 1 { return }
      let isSingle = sides.first!.edge >> 32 == sides.first!.edge & 0xFFFF_FFFF
      if sides.count == 2 && sides.first!.isForward != sides.last!.isForward && !isSingle { return }
      var ends = Set<UInt32>()
      for side in sides {
        ends.insert(mesh.corner(Int(side.halfEdge)))
        ends.insert(mesh.corner(Topology.next(Int(side.halfEdge))))
      }
      // Of those at one position the first stays.
      for v in ends {
        if let f = first[v], ends.contains(where: { $0 < v && (first[$0] ?? $0) == f }) { touching.insert(v) }
      }
    }
    return touching.sorted()
  }

  /// Returns whether any was moved.
  private mutating func drawBack(
    _ touching: [UInt32], _ entry: inout RepairLedger.Entry, _ run: RunContext
  ) throws(MeshError) -> Bool {
    var bits = [UInt64](repeating: 0, count: positions.count / 64 + 1)
    for v in touching { bits[Int(v / 64)] |= 1 << UInt64(v % 64) }
    var around: [UInt32: [UInt32]] = [:]
    for h in try mesh.corners(at: bits, run) { around[mesh.corner(Int(h)), default: []].append(h / 3) }
    let before = mesh
    let bvh = try BVH(before, run)
    var isMoved = false
    for (i, v) in touching.enumerated() {
      if i & 0x3F == 0 { try run.checkCancellation() }
      guard let fan = around[v], !fan.isEmpty, let place = placeToDrawBack(v, fan, before, bvh) else {
        continue
      }
      entry.count += 1
      entry.largestMove = max(entry.largestMove, length(place - positions[Int(v)]))
      for f in fan { entry.area += mesh.area(of: Int(f)) }
      move(v, to: place)
      isMoved = true
    }
    return isMoved
  }

  /// Where a vertex may go, close by: first into the material behind its triangles, then along them.
  private func placeToDrawBack(_ v: UInt32, _ fan: [UInt32], _ before: Mesh, _ bvh: BVH) -> SIMD3<Float>? {
    let from = positions[Int(v)]
    var (normal, middle) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
    var shortest = Float.infinity
    for f in fan {
      let t = triangles[Int(f)]
      normal += self.normal(t).normalized
      for corner in 0..<3 where t[corner] != v {
        let p = positions[Int(t[corner])]
        middle += SIMD3<Double>(p) - SIMD3<Double>(from)
        shortest = min(shortest, length(p - from))
      }
    }
    let along = SIMD3<Float>(middle.normalized)
    let inward = SIMD3<Float>(-normal.normalized)
    // Some last places of the coordinates at least, or the move would be rounded away.
    let last = max(abs(from.x), abs(from.y), abs(from.z)) * 1.2e-7
    let least = max(16 * last, 1e-5 * shortest)
    for size in [least, 4 * least, 16 * last] where size < 0.1 * shortest {
      for direction in [inward, (inward + along).normalized, along] where direction != .zero {
        let place = from + direction * size
        if place != from && place.isFinite && isFree(v, place, fan, size, before, bvh) { return place }
      }
    }
    return nil
  }

  /// Whether a vertex may go somewhere without turning a triangle over or into another one.
  private func isFree(
    _ v: UInt32, _ place: SIMD3<Float>, _ fan: [UInt32], _ size: Float, _ before: Mesh, _ bvh: BVH
  ) -> Bool {
    for f in fan {
      let t = triangles[Int(f)]
      let old = mesh.corners(Int(f))
      let new = (
        t.a == v ? place : old.0, t.b == v ? place : old.1, t.c == v ? place : old.2
      )
      let a = SIMD3<Double>(new.0)
      let n = cross(SIMD3<Double>(new.1) - a, SIMD3<Double>(new.2) - a)
      guard dot(n, normal(t)) > 0 else { return false }
      var box = Box.empty
      for p in [new.0, new.1, new.2] { box.formUnion(p) }
      // Others may have moved by a hair since the tree was made.
      box.minimum -= SIMD3(repeating: 16 * size)
      box.maximum += SIMD3(repeating: 16 * size)
      for g in bvh.triangles(before, overlapping: box) where g != f {
        let other = mesh.corners(Int(g))
        let s = triangles[Int(g)]
        if s.isDegenerate { continue }
        let otherNew = (
          s.a == v ? place : other.0, s.b == v ? place : other.1, s.c == v ? place : other.2
        )
        if trianglesCross(new, otherNew) && !trianglesCross(old, other) { return false }
      }
    }
    return true
  }
}
