/// The pieces that a mesh's triangles form: two triangles that share an edge, a non-manifold one too, are in
/// one shell. Touching in a vertex alone does not join.
public struct Shells: Sendable, Equatable {
  /// For each triangle its shell's number, or ``none`` for a degenerate triangle. Shells are numbered in the
  /// order of their first triangles.
  public let ofTriangle: [UInt32]
  public let count: Int

  /// The "shell" of a triangle that names a vertex twice.
  public static let none = UInt32.max
}

extension Topology {
  /// The mesh's shells; `badEdges` are those of this topology.
  ///
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  public func shells(_ badEdges: BadEdges, _ run: RunContext = .init()) throws(MeshError) -> Shells {
    let triangles = twin.count / 3
    try run.reserve(bytes: triangles * 20, for: "finding shells")
    var parent = try [UInt32](filling: triangles) { (parent) throws(MeshError) in
      let later = try joinWithinChunks(parent, run)
      // What runs between chunks, in order.
      for pairs in later {
        try run.checkCancellation()
        for pair in pairs { disjointJoin(parent.base, pair.x, pair.y) }
      }
      for edge in 0..<badEdges.nonManifoldCount {
        let group = badEdges.nonManifold(edge)
        for h in group.dropFirst() { disjointJoin(parent.base, group.first! / 3, h / 3) }
      }
    }
    let count = numberRoots(&parent)
    run.report(1)
    return Shells(ofTriangle: parent, count: count)
  }

  /// Joins neighbours of which both are in one chunk; returns the other pairs.
  private func joinWithinChunks(
    _ parent: SharedElements<UInt32>, _ run: RunContext
  ) throws(MeshError) -> [[SIMD2<UInt32>]] {
    try twin.withUnsafeBufferPointer { (twin) throws(MeshError) in
      let twin = SharedTwins(base: twin)
      return try run.mapChunks(of: parent.count, size: 1 << 16) { _, range in
        let (twin, parent) = (twin.base.baseAddress!, parent.base)
        let first = UInt32(range.lowerBound)
        var later: [SIMD2<UInt32>] = []
        for f in UInt32(range.lowerBound)..<UInt32(range.upperBound) {
          // The root of what f is in; of nothing yet but itself.
          var root = f
          for k in 0..<3 {
            let t = twin[3 &* Int(f) &+ k]
            guard t < Topology.degenerate else { continue }
            let g = t / 3
            // Each pair once, from its later triangle.
            guard g < f else { continue }
            guard g >= first else {
              later.append(SIMD2(f, g))
              continue
            }
            if parent[Int(g)] == root { continue }
            let other = disjointRoot(parent, g)
            if other < root {
              if root != f { parent[Int(root)] = other }
              root = other
            } else if other > root {
              parent[Int(other)] = root
            }
          }
          parent[Int(f)] = root
        }
        return later
      }
    }
  }

  /// Turns parents into shell numbers; returns how many there are.
  private func numberRoots(_ parent: inout [UInt32]) -> Int {
    var count: UInt32 = 0
    twin.withUnsafeBufferPointer { twin in
      parent.withUnsafeMutableBufferPointer { parent in
        for f in 0..<parent.count {
          let p = Int(parent[f])
          if p != f {
            // A parent comes before its child, so it has its number already.
            parent[f] = parent[p]
          } else if twin[3 &* f] == Topology.degenerate {
            parent[f] = Shells.none
          } else {
            parent[f] = count
            count += 1
          }
        }
      }
    }
    return Int(count)
  }
}
