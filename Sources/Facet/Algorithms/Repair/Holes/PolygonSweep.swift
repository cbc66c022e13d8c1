/// Triangulates polygons with holes exactly, in n log n.
///
/// A line sweeps over the plane, from left to right and, where that is equal, upwards. Between two neighbouring
/// edges with the inside between them there is a chain of vertices, from the lower edge to the upper one, that
/// bounds what lies to its left and is not triangulated yet; each new vertex cuts off what it sees of its chain
/// (S. Hertel and K. Mehlhorn, "Fast triangulation of simple polygons", 1983). Chains rise to their rightmost
/// vertex and fall from there, and both wings bend inwards, so all tests are local ones.
///
/// Every decision is an exact orientation, so no triangle of area zero is made, whatever lies on one line. Edges
/// that become neighbours are tested against each other (M. Shamos and D. Hoey, 1976): a polygon that touches or
/// crosses itself is refused.
struct PolygonSweep {
  private struct Edge {
    var left: Int32
    var right: Int32
    /// The interval above it, or -1 when that is outside.
    var interval: Int32
  }

  /// Of a chain, and which way along it.
  private enum End {
    case lower
    case upper
  }

  private struct Interval {
    var bottom: Int32
    var top: Int32
    var rightmost: Int32

    subscript(end: End) -> Int32 {
      get { end == .lower ? bottom : top }
      set { if end == .lower { bottom = newValue } else { top = newValue } }
    }
  }

  private struct Node {
    var vertex: Int32
    var below: Int32 = -1
    var above: Int32 = -1

    subscript(toward end: End) -> Int32 {
      get { end == .lower ? below : above }
      set { if end == .lower { below = newValue } else { above = newValue } }
    }
  }

  private let points: [SIMD2<Float>]
  private var edges: [Edge] = []
  private var intervals: [Interval] = []
  private var nodes: [Node] = []
  private var triangles: [SIMD3<Int32>] = []

  /// The triangles, counter-clockwise, between loops of points; nil when the loops touch or cross themselves or
  /// each other, or run the wrong way.
  ///
  /// - Parameter loops: Numbers of points: outlines counter-clockwise, holes clockwise. Points that no loop names
  ///   are left out.
  static func triangles(
    _ points: [SIMD2<Float>], _ loops: [[Int32]], _ run: RunContext
  ) throws(MeshError) -> [SIMD3<Int32>]? {
    var sweep = PolygonSweep(points: points)
    return try sweep.swept(loops, run) ? sweep.triangles : nil
  }

  private init(points: [SIMD2<Float>]) { self.points = points }

  private func isBefore(_ a: Int32, _ b: Int32) -> Bool {
    let (p, q) = (points[Int(a)], points[Int(b)])
    return p.x != q.x ? p.x < q.x : p.y < q.y
  }

  private func turn(_ a: Int32, _ b: Int32, _ c: Int32) -> Int {
    orient2d(points[Int(a)], points[Int(b)], points[Int(c)])
  }

  private mutating func swept(_ loops: [[Int32]], _ run: RunContext) throws(MeshError) -> Bool {
    var previous = [Int32](repeating: -1, count: points.count)
    var next = previous
    var order: [Int32] = []
    for loop in loops {
      guard loop.count >= 3 else { return false }
      for (i, v) in loop.enumerated() {
        next[Int(v)] = loop[i + 1 < loop.count ? i + 1 : 0]
        previous[Int(v)] = loop[i > 0 ? i - 1 : loop.count - 1]
      }
      order += loop
    }
    order.sort { isBefore($0, $1) }
    for i in order.indices.dropFirst() where !isBefore(order[i - 1], order[i]) { return false }
    triangles.reserveCapacity(order.count)
    nodes.reserveCapacity(order.count + 8)
    for (i, v) in order.enumerated() {
      if i & 0x3FF == 0 { try run.checkCancellation() }
      let (p, n) = (previous[Int(v)], next[Int(v)])
      let at = edgesBelow(v)
      let isSound =
        switch (isBefore(p, v), isBefore(n, v)) {
        case (false, false): begin(v, p, n, at)
        case (true, true): end(v, at)
        case (true, false): continueLower(v, n, at)
        case (false, true): continueUpper(v, p, at)
        }
      guard isSound else { return false }
    }
    return edges.isEmpty
  }

  /// How many edges have the vertex strictly above them.
  private func edgesBelow(_ v: Int32) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if turn(edges[middle].left, edges[middle].right, v) > 0 { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether there is no edge at this place, or one that has the vertex strictly below it.
  private func isAbove(_ place: Int, _ v: Int32) -> Bool {
    place >= edges.count || turn(edges[place].left, edges[place].right, v) < 0
  }

  /// Whether the edges at two neighbouring places do not meet, other than in a common end.
  private func areApart(_ place: Int) -> Bool {
    guard place >= 0, place + 1 < edges.count else { return true }
    let (e, f) = (edges[place], edges[place + 1])
    if e.left == f.left || e.left == f.right || e.right == f.left || e.right == f.right { return true }
    if turn(e.left, e.right, f.left) * turn(e.left, e.right, f.right) > 0 { return true }
    return turn(f.left, f.right, e.left) * turn(f.left, f.right, e.right) > 0
  }

  // MARK: Vertices

  /// Both edges go on from here.
  private mutating func begin(_ v: Int32, _ p: Int32, _ n: Int32, _ at: Int) -> Bool {
    guard isAbove(at, v) else { return false }
    let outer = at > 0 ? edges[at - 1].interval : -1
    let bend = turn(p, v, n)
    if bend > 0 {
      guard outer < 0 else { return false }
      let node = makeNode(v)
      intervals.append(Interval(bottom: node, top: node, rightmost: node))
      let interval = Int32(intervals.count - 1)
      edges.insert(Edge(left: v, right: n, interval: interval), at: at)
      edges.insert(Edge(left: v, right: p, interval: -1), at: at + 1)
    } else if bend < 0 {
      guard outer >= 0 else { return false }
      // The vertex sees the rightmost one of the chain, and the interval parts in two along that line.
      let rightmost = intervals[Int(outer)].rightmost
      let copy = makeNode(nodes[Int(rightmost)].vertex)
      let above = nodes[Int(rightmost)].above
      nodes[Int(copy)].above = above
      if above >= 0 { nodes[Int(above)].below = copy }
      nodes[Int(rightmost)].above = -1
      let oldTop = intervals[Int(outer)].top
      intervals.append(
        Interval(bottom: copy, top: oldTop == rightmost ? copy : oldTop, rightmost: copy))
      let upper = Int32(intervals.count - 1)
      intervals[Int(outer)].top = rightmost
      add(v, at: .upper, of: outer)
      add(v, at: .lower, of: upper)
      edges.insert(Edge(left: v, right: p, interval: -1), at: at)
      edges.insert(Edge(left: v, right: n, interval: upper), at: at + 1)
    } else {
      return false
    }
    return areApart(at - 1) && areApart(at + 1)
  }

  /// Both edges end here.
  private mutating func end(_ v: Int32, _ at: Int) -> Bool {
    guard at + 1 < edges.count, edges[at].right == v, edges[at + 1].right == v, isAbove(at + 2, v)
    else { return false }
    let (lower, upper) = (edges[at].interval, edges[at + 1].interval)
    if lower >= 0 {
      guard upper < 0 else { return false }
      var node = intervals[Int(lower)].bottom
      while nodes[Int(node)].above >= 0 {
        let above = nodes[Int(node)].above
        triangles.append(SIMD3(nodes[Int(node)].vertex, v, nodes[Int(above)].vertex))
        node = above
      }
    } else {
      guard upper >= 0, at > 0, edges[at - 1].interval >= 0 else { return false }
      let outer = edges[at - 1].interval
      add(v, at: .upper, of: outer)
      add(v, at: .lower, of: upper)
      let (end, start) = (intervals[Int(outer)].top, intervals[Int(upper)].bottom)
      let rest = nodes[Int(start)].above
      nodes[Int(end)].above = rest
      nodes[Int(rest)].below = end
      intervals[Int(outer)].top = intervals[Int(upper)].top
    }
    edges.removeSubrange(at...at + 1)
    return areApart(at - 1)
  }

  /// One edge goes on from another, with the inside above.
  private mutating func continueLower(_ v: Int32, _ n: Int32, _ at: Int) -> Bool {
    guard at < edges.count, edges[at].right == v, edges[at].interval >= 0, isAbove(at + 1, v)
    else { return false }
    add(v, at: .lower, of: edges[at].interval)
    edges[at].left = v
    edges[at].right = n
    return areApart(at - 1) && areApart(at)
  }

  /// One edge goes on from another, with the inside below.
  private mutating func continueUpper(_ v: Int32, _ p: Int32, _ at: Int) -> Bool {
    guard at > 0, at < edges.count, edges[at].right == v, edges[at].interval < 0,
      edges[at - 1].interval >= 0, isAbove(at + 1, v)
    else { return false }
    add(v, at: .upper, of: edges[at - 1].interval)
    edges[at].left = v
    edges[at].right = p
    return areApart(at - 1) && areApart(at)
  }

  // MARK: Chains

  private mutating func makeNode(_ v: Int32) -> Int32 {
    nodes.append(Node(vertex: v))
    return Int32(nodes.count - 1)
  }

  /// Puts a vertex at an end of an interval's chain, and cuts off what it sees.
  private mutating func add(_ v: Int32, at end: End, of interval: Int32) {
    let inward: End = end == .lower ? .upper : .lower
    let new = makeNode(v)
    var next = intervals[Int(interval)][end]
    while nodes[Int(next)][toward: inward] >= 0 {
      let after = nodes[Int(next)][toward: inward]
      let (near, far) = (nodes[Int(next)].vertex, nodes[Int(after)].vertex)
      let (low, high) = end == .lower ? (near, far) : (far, near)
      guard turn(low, v, high) > 0 else { break }
      triangles.append(SIMD3(low, v, high))
      next = after
    }
    nodes[Int(new)][toward: inward] = next
    nodes[Int(next)][toward: end] = new
    intervals[Int(interval)][end] = new
    intervals[Int(interval)].rightmost = new
  }
}
