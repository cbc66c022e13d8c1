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
    grid = PointGrid((edges.map(\.from) + edges.map(\.to)).map { SIMD3<Double>($0) }, cell: cell)
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
