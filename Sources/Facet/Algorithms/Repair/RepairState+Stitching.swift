// Gaps are closed along pairs of boundary edges that run opposite ways close by, in two steps that take turns.
// Where a vertex of one side lies on an edge of the other (a T-junction, or a crack whose sides have different
// vertices), the edge's triangle is split at that vertex. Then edges whose ends are near are paired, the closest
// first, and their ends made one: the lower-numbered vertex stays where it is.

extension RepairState {
  /// Closes gaps up to `tolerance` mm, and at most ``Tolerances/stitchShareOfDiagonal`` of the part.
  mutating func stitch(tolerance: Float, _ run: RunContext) throws(MeshError) {
    guard badEdges.boundary.count > 1, tolerance > 0 else { return }
    let diagonal = mesh.bounds.diagonal
    let tolerance = min(tolerance, Float(diagonal * Tolerances.stitchShareOfDiagonal))
    guard tolerance > 0 else { return }
    var entry = RepairLedger.Entry(.nearEdges, count: 0)
    for _ in 0..<6 {
      let before = badEdges.boundary.count
      let added = try splitAtJunctions(tolerance, &entry, run)
      let joined = try joinNearEdges(tolerance, diagonal, &entry, run)
      entry.count += max(0, before + added - badEdges.boundary.count + 1) / 2
      if added == 0 && joined == 0 { break }
    }
    ledger.add(entry)
  }

  // MARK: T-junctions

  /// Returns how many edges were added.
  private mutating func splitAtJunctions(
    _ tolerance: Float, _ entry: inout RepairLedger.Entry, _ run: RunContext
  ) throws(MeshError) -> Int {
    let junctions = try Junctions(mesh, badEdges.boundary, tolerance, run).found(run)
    var added = 0
    var lastSplit = UInt32.max
    for chain in junctions {
      // The half-edges of a triangle follow one another; its other edges have their turn in the next round.
      let f = chain.halfEdge / 3
      if f == lastSplit { continue }
      lastSplit = f
      let h = Int(chain.halfEdge)
      let apex = mesh.corner(Topology.previous(h))
      var path = [mesh.corner(h)]
      for point in chain.points where point.vertex != apex && !path.contains(point.vertex) {
        path.append(point.vertex)
        entry.largestMove = max(entry.largestMove, point.distance)
      }
      if path.count == 1 { continue }
      path.append(mesh.corner(Topology.next(h)))
      entry.area += mesh.area(of: Int(f))
      for i in 0..<path.count - 1 {
        let piece = Triangle(path[i], path[i + 1], apex)
        if i == 0 { replace(Int(f), with: piece) } else { append(piece, like: Int(f)) }
      }
      added += path.count - 2
    }
    try matchEdges(run)
    return added
  }

  // MARK: Near edges

  /// Returns how many vertices were joined to others.
  private mutating func joinNearEdges(
    _ tolerance: Float, _ diagonal: Double, _ entry: inout RepairLedger.Entry, _ run: RunContext
  ) throws(MeshError) -> Int {
    let boundary = badEdges.boundary
    let pairs = try badEdges.stitchablePairs(in: mesh, tolerance: tolerance, diagonal: diagonal, run)
    if pairs.isEmpty { return 0 }
    var joins: [SIMD2<UInt32>] = []
    for pair in pairs {
      let (h, g) = (Int(boundary[Int(pair.x)]), Int(boundary[Int(pair.y)]))
      for (u, v) in [
        (mesh.corner(h), mesh.corner(Topology.next(g))), (mesh.corner(Topology.next(h)), mesh.corner(g)),
      ] where u != v { joins.append(SIMD2(u, v)) }
    }
    // What would turn a triangle over is left open.
    var isRefused = [Bool](repeating: false, count: joins.count)
    for _ in 0..<8 {
      let clusters = VertexClusters(joins, isRefused)
      if clusters.isEmpty { return 0 }
      var bits = [UInt64](repeating: 0, count: positions.count / 64 + 1)
      for v in clusters.joined { bits[Int(v / 64)] |= 1 << UInt64(v % 64) }
      let corners = try mesh.corners(at: bits, run)
      var overturned = Set<UInt32>()
      var affected: [UInt32] = []
      for h in corners {
        let f = h / 3
        if affected.last == f { continue }
        affected.append(f)
        let new = clusters.renamed(triangles[Int(f)])
        if turnsOver(triangles[Int(f)], new) {
          for corner in 0..<3 { overturned.insert(clusters.root(triangles[Int(f)][corner])) }
        }
      }
      if !overturned.isEmpty {
        for (i, join) in joins.enumerated() where overturned.contains(clusters.root(join.x)) {
          isRefused[i] = true
        }
        continue
      }
      for v in clusters.joined {
        let move = length(positions[Int(v)] - positions[Int(clusters.root(v))])
        entry.largestMove = max(entry.largestMove, move)
      }
      for f in affected {
        entry.area += mesh.area(of: Int(f))
        let new = clusters.renamed(triangles[Int(f)])
        if new.isDegenerate { remove(Int(f)) } else { replace(Int(f), with: new) }
      }
      try matchEdges(run)
      return clusters.joined.count
    }
    return 0
  }

  /// Whether a triangle faces the other way, or nowhere, once it has other corners.
  private func turnsOver(_ old: Triangle, _ new: Triangle) -> Bool {
    if new.isDegenerate { return true }
    let before = normal(old)
    let after = normal(new)
    return before != .zero && dot(before, after) <= 0
  }

  /// Twice the area long.
  func normal(_ t: Triangle) -> SIMD3<Double> {
    let a = SIMD3<Double>(positions[Int(t.a)])
    return cross(SIMD3<Double>(positions[Int(t.b)]) - a, SIMD3<Double>(positions[Int(t.c)]) - a)
  }
}

/// Vertices that become one: each set is named by its lowest.
private struct VertexClusters {
  private var parent: [UInt32: UInt32] = [:]
  /// The vertices that get another's number, ascending.
  private(set) var joined: [UInt32] = []

  init(_ joins: [SIMD2<UInt32>], _ isRefused: [Bool]) {
    for (join, refused) in zip(joins, isRefused) where !refused {
      let (a, b) = (root(join.x), root(join.y))
      if a != b { parent[max(a, b)] = min(a, b) }
    }
    joined = parent.keys.sorted()
    // A parent is below its child, so it has its root by now.
    for v in joined { parent[v] = root(v) }
  }

  var isEmpty: Bool { joined.isEmpty }

  func root(_ v: UInt32) -> UInt32 {
    var v = v
    while let p = parent[v] { v = p }
    return v
  }

  func renamed(_ t: Triangle) -> Triangle { Triangle(root(t.a), root(t.b), root(t.c)) }
}
