/// Finds the boundary vertices that lie on other boundary edges, not at their ends.
///
/// A vertex counts when an edge of its own boundary runs along the other edge, the opposite way: so a split there
/// makes edges that can be paired.
struct Junctions: Sendable {
  /// The vertices on one half-edge, in its direction.
  struct Chain: Sendable {
    var halfEdge: UInt32
    var points: [Point]
  }

  struct Point: Sendable {
    var vertex: UInt32
    /// Where along the edge, 0 to 1.
    var place: Float
    /// From the edge, mm.
    var distance: Float
  }

  private let edges: [Edge]
  private let grid: PointGrid
  private let tolerance: Float

  private struct Edge: Sendable {
    var halfEdge: UInt32
    var fromVertex: UInt32
    var toVertex: UInt32
    var from: SIMD3<Float>
    var to: SIMD3<Float>
    var apex: SIMD3<Float>
  }

  init(
    _ mesh: Mesh, _ boundary: [UInt32], _ tolerance: Float, _ run: RunContext
  ) throws(MeshError) {
    try run.reserve(bytes: boundary.count * 96, for: "stitching")
    edges = boundary.map { h in
      let (from, to) = (mesh.corner(Int(h)), mesh.corner(Topology.next(Int(h))))
      return Edge(
        halfEdge: h, fromVertex: from, toVertex: to, from: mesh.positions[Int(from)],
        to: mesh.positions[Int(to)],
        apex: mesh.positions[Int(mesh.corner(Topology.previous(Int(h))))])
    }
    let total = edges.reduce(0.0) { $0 + Double(length($1.to - $1.from)) }
    // As wide as edges are long on average: about one vertex a cell, and few cells along an edge.
    let cell = max(4 * Double(tolerance), total / Double(max(1, edges.count)))
    grid = PointGrid(edges.map(\.from) + edges.map(\.to), cell: cell)
    self.tolerance = tolerance
  }

  /// By half-edges, ascending.
  func found(_ run: RunContext) throws(MeshError) -> [Chain] {
    let parts = try run.mapChunks(of: edges.count, size: 256) { (_, range) throws(MeshError) in
      var chains: [Chain] = []
      for i in range {
        let points = try points(on: edges[i], run)
        if !points.isEmpty { chains.append(Chain(halfEdge: edges[i].halfEdge, points: points)) }
      }
      return chains
    }
    return parts.flatMap { $0 }.sorted { $0.halfEdge < $1.halfEdge }
  }

  private func points(on edge: Edge, _ run: RunContext) throws(MeshError) -> [Point] {
    guard let line = Line(edge, tolerance) else { return [] }
    var points: [Point] = []
    try grid.visit(along: edge.from, edge.to, run) { i in
      // Each edge is filed with its start, and again with its end.
      let other = edges[i < edges.count ? i : i - edges.count]
      if let point = line.point(other, atStart: i < edges.count) { points.append(point) }
    }
    return points.sorted { ($0.place, $0.vertex) < ($1.place, $1.vertex) }
  }

  private struct Line {
    let edge: Edge
    let direction: SIMD3<Float>
    let size: Float
    let tolerance: Float
    let reach: Float
    /// What is nearer than this to an end is joined with it.
    let endGap: Float

    init?(_ edge: Edge, _ tolerance: Float) {
      self.edge = edge
      let along = edge.to - edge.from
      size = length(along)
      guard size > 0, size.isFinite else { return nil }
      direction = along / size
      self.tolerance = tolerance
      // A split farther than that from the edge could turn a piece of its triangle over.
      reach = min(tolerance, length(cross(direction, edge.apex - edge.from)) / 2)
      endGap = min(tolerance, Tolerances.stitchShareOfEdge * size)
    }

    func point(_ other: Edge, atStart: Bool) -> Point? {
      let vertex = atStart ? other.fromVertex : other.toVertex
      guard vertex != edge.fromVertex, vertex != edge.toVertex,
        dot(other.to - other.from, direction) < 0
      else { return nil }
      let (at, far) = atStart ? (other.from, other.to) : (other.to, other.from)
      let place = dot(at - edge.from, direction)
      guard place > endGap, place < size - endGap else { return nil }
      let distance = length(at - edge.from - direction * place)
      guard distance <= reach, runsAlong(from: at, to: far) else { return nil }
      return Point(vertex: vertex, place: place, distance: distance)
    }

    /// Whether two edges stay close where they run beside each other: up to the end of one of them.
    private func runsAlong(from at: SIMD3<Float>, to far: SIMD3<Float>) -> Bool {
      let place = dot(far - edge.from, direction)
      if place >= 0 && place <= size {
        return length(far - edge.from - direction * place) <= tolerance
      }
      let end = place < 0 ? edge.from : edge.to
      let other = far - at
      let share = dot(end - at, other) / dot(other, other)
      return length(end - at - other * share) <= tolerance
    }
  }
}

/// Points by the cubes they lie in.
struct PointGrid: Sendable {
  private let cell: Double
  private let mask: UInt64
  /// For each hash the last point filed, and for each point the one filed before it.
  private let heads: [Int32]
  private let previous: [Int32]
  private let keys: [UInt64]
  /// Looks at no more points of one cell: where hundreds lie that close, which fits which is guesswork.
  private static let mostInOneCell = 256

  init(_ points: [SIMD3<Float>], cell: Double) {
    self.cell = cell
    var size: UInt64 = 16
    while size < points.count * 2 { size *= 2 }
    mask = size - 1
    var heads = [Int32](repeating: -1, count: Int(size))
    var previous = [Int32](repeating: -1, count: points.count)
    var keys = [UInt64](repeating: 0, count: points.count)
    for (i, point) in points.enumerated() {
      let at = SIMD3<Double>(point) / cell
      keys[i] = PointGrid.key(at.x.rounded(.down), at.y.rounded(.down), at.z.rounded(.down))
      let slot = Int(keys[i] & mask)
      previous[i] = heads[slot]
      heads[slot] = Int32(i)
    }
    self.heads = heads
    self.previous = previous
    self.keys = keys
  }

  /// Calls `body` for all points within a quarter of a cell of the line between two points, and for some more;
  /// some of them repeatedly.
  func visit(
    along from: SIMD3<Float>, _ to: SIMD3<Float>, _ run: RunContext, _ body: (Int) -> Void
  ) throws(MeshError) {
    let (from, to) = (SIMD3<Double>(from), SIMD3<Double>(to))
    let steps = max(1, Int((length(to - from) / cell * 2).rounded(.up)))
    for step in 0...steps {
      if step & 0xFFF == 0xFFF { try run.checkCancellation() }
      visit(around: from + (to - from) * (Double(step) / Double(steps)), body)
    }
  }

  /// The points of the eight cells around a point.
  private func visit(around point: SIMD3<Double>, _ body: (Int) -> Void) {
    let at = point / cell
    let low = SIMD3((at.x - 0.5).rounded(.down), (at.y - 0.5).rounded(.down), (at.z - 0.5).rounded(.down))
    for corner in 0..<8 {
      let key = PointGrid.key(
        low.x + Double(corner & 1), low.y + Double(corner >> 1 & 1), low.z + Double(corner >> 2))
      var i = heads[Int(key & mask)]
      var left = PointGrid.mostInOneCell
      while i >= 0 && left > 0 {
        if keys[Int(i)] == key {
          body(Int(i))
          left -= 1
        }
        i = previous[Int(i)]
      }
    }
  }

  /// Of a cell's whole coordinates, which may be too large for integers. Different cells may have one key, at
  /// odds of 2⁻⁶⁴; what is too far is sorted out by distance.
  private static func key(_ x: Double, _ y: Double, _ z: Double) -> UInt64 {
    // Adding zero makes −0 into 0.
    var h = (x + 0).bitPattern &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 32) &+ (y + 0).bitPattern &* 0xC2B2_AE3D_27D4_EB4F
    h = (h ^ h >> 29) &* 0xBF58_476D_1CE4_E5B9 &+ (z + 0).bitPattern &* 0x1656_67B1_9E37_79F9
    h = (h ^ h >> 32) &* 0x94D0_49BB_1331_11EB
    return h ^ h >> 29
  }
}
