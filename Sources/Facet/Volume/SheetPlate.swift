/// What a triangle without thickness is made into: itself with a cube around each of its points, which is a convex
/// body between planes.
///
/// Nodes in it are inside. A plane of any slope thickened so passes within a node of every edge of the lattice that
/// it crosses, and its nodes are well-composed; so a contour finds the plate's flat sides as exactly as a part's own.
struct SheetPlate: BitwiseCopyable, Sendable {
  /// Half the cube's side, in voxels. From a half on nothing that crosses an edge is lost; a little more, so that a
  /// triangle just between nodes has those on both sides.
  static let half: Float = 0.515

  /// The normals of its sides: the triangle's own, the lattice's axes, and those of each edge with an axis (as for
  /// TriangleCover); zero where there is none.
  private(set) var normals = InlineArray<13, SIMD3<Float>>(repeating: .zero)
  private var low = InlineArray<13, Float>(repeating: -.infinity)
  private var high = InlineArray<13, Float>(repeating: .infinity)

  /// - Parameter half: Half the cube's side, in the unit of the corners.
  @inline(__always)
  init(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, half: Float) {
    set(0, cross(b - a, c - a), a, b, c, half)
    set(1, SIMD3(1, 0, 0), a, b, c, half)
    set(2, SIMD3(0, 1, 0), a, b, c, half)
    set(3, SIMD3(0, 0, 1), a, b, c, half)
    setEdge(4, b - a, a, b, c, half)
    setEdge(7, c - b, a, b, c, half)
    setEdge(10, a - c, a, b, c, half)
  }

  @inline(__always)
  private mutating func setEdge(
    _ first: Int, _ e: SIMD3<Float>, _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ half: Float
  ) {
    set(first, SIMD3(0, e.z, -e.y), a, b, c, half)
    set(first + 1, SIMD3(-e.z, 0, e.x), a, b, c, half)
    set(first + 2, SIMD3(e.y, -e.x, 0), a, b, c, half)
  }

  @inline(__always)
  private mutating func set(
    _ i: Int, _ direction: SIMD3<Float>, _ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>,
    _ half: Float
  ) {
    let n = direction.normalized
    if n == .zero { return }
    normals[i] = n
    let (p, q, r) = (dot(n, a), dot(n, b), dot(n, c))
    let reach = half * (abs(n.x) + abs(n.y) + abs(n.z))
    low[i] = min(p, min(q, r)) - reach
    high[i] = max(p, max(q, r)) + reach
  }

  /// How far out of the plate a point is, or below 0 how far within: the most for any side.
  @inline(__always)
  func distance(_ p: SIMD3<Float>) -> Float {
    var most = -Float.infinity
    for i in 0..<13 {
      let d = dot(normals[i], p)
      most = max(most, max(d - high[i], low[i] - d))
    }
    return most
  }

  /// One of its sides: `dot(normal, p) == height`, and less within.
  struct Side: BitwiseCopyable, Sendable {
    var normal: SIMD3<Float>
    var height: Float
  }

  static let sideCount = 26

  /// The first two are the triangle's own.
  @inline(__always)
  func side(_ i: Int) -> Side {
    i & 1 == 0
      ? Side(normal: normals[i >> 1], height: high[i >> 1])
      : Side(normal: SIMD3<Float>.zero - normals[i >> 1], height: -low[i >> 1])
  }
}
