// Two boundary edges are near when they run opposite ways and each end of one is close to an end of the
// other: closer than the tolerance, and than a quarter of the shorter edge. Of all near pairs the closest are
// taken first, each edge once, so the count is what a stitch would close.

extension BadEdges {
  /// The pairs of boundary edges that a stitch within `tolerance` (mm) would close, as indices into
  /// ``boundary``, the closest first.
  ///
  /// - Throws: ``MeshError/cancelled``.
  package func stitchablePairs(
    in mesh: Mesh, tolerance: Float, diagonal: Double, _ run: RunContext = .init()
  ) throws(MeshError) -> [SIMD2<UInt32>] {
    let tolerance = min(tolerance, Float(diagonal * Tolerances.stitchShareOfDiagonal))
    guard tolerance > 0, boundary.count > 1 else { return [] }
    let edges = boundary.map { h in
      BoundaryEdge(
        from: mesh.positions[Int(mesh.corner(Int(h)))],
        to: mesh.positions[Int(mesh.corner(Topology.next(Int(h))))])
    }
    // A neighbour within the tolerance has its middle in one of the eight cubes around.
    let grid = PointGrid(edges.map(\.middle), cell: 2 * Double(tolerance))
    let found = try run.mapChunks(of: edges.count, size: 4096) { _, range in
      var found: [NearPair] = []
      for i in range {
        grid.visit(around: edges[i].middle) { j in
          // Each pair once, from its later edge.
          guard j < i, let gap = edges[i].gap(to: edges[j], tolerance) else { return }
          found.append(NearPair(gap: gap, first: UInt32(j), second: UInt32(i)))
        }
      }
      return found
    }
    var taken = [Bool](repeating: false, count: edges.count)
    var pairs: [SIMD2<UInt32>] = []
    for pair in found.joined().sorted() where !taken[Int(pair.first)] && !taken[Int(pair.second)] {
      taken[Int(pair.first)] = true
      taken[Int(pair.second)] = true
      pairs.append(SIMD2(pair.first, pair.second))
    }
    return pairs
  }
}

private struct NearPair: Comparable, BitwiseCopyable {
  var gap: Float
  var first: UInt32
  var second: UInt32

  static func < (a: NearPair, b: NearPair) -> Bool {
    (a.gap, a.first, a.second) < (b.gap, b.first, b.second)
  }
}

private struct BoundaryEdge: BitwiseCopyable {
  var from: SIMD3<Float>
  var to: SIMD3<Float>

  var middle: SIMD3<Double> { (SIMD3<Double>(from) + SIMD3<Double>(to)) * 0.5 }

  /// How far apart the ends are of two edges that run opposite ways, or nil when that is too far.
  func gap(to other: BoundaryEdge, _ tolerance: Float) -> Float? {
    let gap = max(length(from - other.to), length(to - other.from))
    let shorter = min(length(to - from), length(other.to - other.from))
    return gap <= min(tolerance, Tolerances.stitchShareOfEdge * shorter) ? gap : nil
  }
}
