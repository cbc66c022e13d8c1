extension RepairState {
  /// Removes triangles that have the same three vertices as others: of those that face the same way one stays.
  /// Two that face opposite ways enclose nothing, and both go, unless the surface around has a hole just there:
  /// then the one that fits stays.
  mutating func removeDuplicateTriangles(_ run: RunContext) throws(MeshError) {
    let later = try topology.duplicateTriangles(in: mesh, run)
    if later.isEmpty { return }
    var area = 0.0
    var count = 0
    let groups = duplicateGroups(later)
    for group in groups {
      let kept = triangleToKeep(of: group)
      for f in group where f != kept {
        area += mesh.area(of: Int(f))
        count += 1
        remove(Int(f))
      }
    }
    try matchEdges(run)
    ledger.add(.init(.duplicateTriangles, count: count, area: area))
  }

  /// The triangles of each set of three vertices, ascending; `later` has all but the first of each.
  private func duplicateGroups(_ later: [UInt32]) -> [[UInt32]] {
    var groups: [TriangleKey: [UInt32]] = [:]
    for f in later { groups[TriangleKey(triangles[Int(f)]), default: []].append(f) }
    // The first one shares a non-manifold edge with the others, or is the twin of the only other one.
    for (key, group) in groups {
      let first = (0..<3).lazy.flatMap { self.sides(of: 3 * Int(group[0]) + $0) }.map { $0 / 3 }
        .first { $0 < group[0] && TriangleKey(self.triangles[Int($0)]) == key }
      if let first { groups[key]!.append(first) }
    }
    return groups.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }

  /// All half-edges along the edge of half-edge `h`, that one too.
  func sides(of h: Int) -> [UInt32] {
    switch topology.twin[h] {
    case Topology.boundary, Topology.degenerate: [UInt32(h)]
    case Topology.nonManifold:
      badEdges.nonManifold(along: h, in: mesh).map { Array(badEdges.nonManifold($0)) } ?? [UInt32(h)]
    case let t: [UInt32(h), t]
    }
  }

  private func triangleToKeep(of group: [UInt32]) -> UInt32? {
    let first = triangles[Int(group[0])]
    let isOpposed = group.map { !first.isTurned(triangles[Int($0)]) }
    if !isOpposed.contains(true) { return group[0] }
    // At how many edges something is missing without the group, and whether the first one's way round fits.
    var (missing, fit) = (0, 0)
    for h in 3 * Int(group[0])..<3 * Int(group[0]) + 3 {
      // What is there several times has its own turn, and one of it may stay.
      let others = sides(of: h).filter { !group.contains($0 / 3) }
      if Set(others.map { TriangleKey(triangles[Int($0 / 3)]) }).count % 2 == 0 { continue }
      missing += 1
      let from = mesh.corner(h)
      for other in others { fit += mesh.corner(Int(other)) == from ? -1 : 1 }
    }
    if missing < 2 { return nil }
    return group[(fit >= 0 ? isOpposed.firstIndex(of: false) : isOpposed.firstIndex(of: true))!]
  }
}

/// Three vertices, ascending.
private struct TriangleKey: Hashable {
  let low: UInt32
  let middle: UInt32
  let high: UInt32

  init(_ t: Triangle) {
    low = min(t.a, t.b, t.c)
    high = max(t.a, t.b, t.c)
    middle = t.a ^ t.b ^ t.c ^ low ^ high
  }
}

extension Triangle {
  /// Whether `other` has the same vertices in the same cyclic order.
  fileprivate func isTurned(_ other: Triangle) -> Bool {
    self == other || Triangle(b, c, a) == other || Triangle(c, a, b) == other
  }
}

extension BadEdges {
  /// The number of the non-manifold edge that half-edge `h` runs along.
  func nonManifold(along h: Int, in mesh: Mesh) -> Int? {
    func key(_ h: Int) -> UInt64 {
      let from = UInt64(mesh.corner(h))
      let to = UInt64(mesh.corner(Topology.next(h)))
      return min(from, to) << 32 | max(from, to)
    }
    let wanted = key(h)
    var (low, high) = (0, nonManifoldCount)
    while low < high {
      let middle = (low + high) / 2
      if key(Int(nonManifold[nonManifoldStarts[middle]])) < wanted { low = middle + 1 } else { high = middle }
    }
    guard low < nonManifoldCount, key(Int(nonManifold[nonManifoldStarts[low]])) == wanted else { return nil }
    return low
  }
}

extension Mesh {
  /// The area of a triangle, mm².
  func area(of f: Int) -> Double {
    let (a, b, c) = corners(f)
    return length(cross(SIMD3<Double>(b) - SIMD3<Double>(a), SIMD3<Double>(c) - SIMD3<Double>(a))) / 2
  }
}
