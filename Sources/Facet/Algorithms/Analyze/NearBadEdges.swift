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
    let grid = MidpointGrid(edges, cell: 2 * Double(tolerance))
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

/// Edges by the cubes that their midpoints lie in. Cubes are as wide as two tolerances, so a neighbour within
/// the tolerance is in one of the eight around the point.
private struct MidpointGrid: Sendable {
  private let cell: Double
  private let mask: UInt64
  /// For each hash the last edge filed, and for each edge the one filed before it.
  private let heads: [Int32]
  private let previous: [Int32]
  private let keys: [UInt64]
  /// Looks at no more edges of one cube: where hundreds lie in one tolerance, stitching is guesswork, and
  /// trying all pairs would take for ever.
  private static let mostInOneCell = 256

  init(_ edges: [BoundaryEdge], cell: Double) {
    self.cell = cell
    var size: UInt64 = 16
    while size < edges.count * 2 { size *= 2 }
    mask = size - 1
    var heads = [Int32](repeating: -1, count: Int(size))
    var previous = [Int32](repeating: -1, count: edges.count)
    var keys = [UInt64](repeating: 0, count: edges.count)
    for (i, edge) in edges.enumerated() {
      let at = edge.middle / cell
      keys[i] = MidpointGrid.key(at.x.rounded(.down), at.y.rounded(.down), at.z.rounded(.down))
      let slot = Int(keys[i] & mask)
      previous[i] = heads[slot]
      heads[slot] = Int32(i)
    }
    self.heads = heads
    self.previous = previous
    self.keys = keys
  }

  func visit(around point: SIMD3<Double>, _ body: (Int) -> Void) {
    let at = point / cell
    let low = SIMD3((at.x - 0.5).rounded(.down), (at.y - 0.5).rounded(.down), (at.z - 0.5).rounded(.down))
    for corner in 0..<8 {
      let key = MidpointGrid.key(
        low.x + Double(corner & 1), low.y + Double(corner >> 1 & 1), low.z + Double(corner >> 2))
      var i = heads[Int(key & mask)]
      var left = MidpointGrid.mostInOneCell
      while i >= 0 && left > 0 {
        if keys[Int(i)] == key {
          body(Int(i))
          left -= 1
        }
        i = previous[Int(i)]
      }
    }
  }

  /// Of the corner's whole coordinates, which may be too large for integers. Different cubes may have one key,
  /// at odds of 2⁻⁶⁴; what is too far is sorted out by distance.
  private static func key(_ x: Double, _ y: Double, _ z: Double) -> UInt64 {
    // Adding zero makes −0 into 0.
    var h = (x + 0).bitPattern &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 32) &+ (y + 0).bitPattern &* 0xC2B2_AE3D_27D4_EB4F
    h = (h ^ h >> 29) &* 0xBF58_476D_1CE4_E5B9 &+ (z + 0).bitPattern &* 0x1656_67B1_9E37_79F9
    h = (h ^ h >> 32) &* 0x94D0_49BB_1331_11EB
    return h ^ h >> 29
  }
}
