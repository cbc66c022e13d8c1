// Surfaces that close the holes of a broken mesh, for the labels only.
//
// At every vertex of every mesh an even number of edges has an odd number of triangles: so such edges fall into
// closed loops, whichever way the triangles face and however many meet. A surface over each loop makes the
// whole closed, and a closed surface parts space.

/// What a mesh lacks to be closed.
struct Closure: Sendable {
  /// The mesh with vertices along cracks joined; the mesh itself when there are none.
  let joined: Mesh
  /// Triangles over the holes, and those that joining has moved. Vertices are those of ``joined``.
  let patches: Mesh

  /// Nil when the mesh is closed.
  ///
  /// - Parameter crack: Vertices up to this many mm apart are joined.
  init?(_ mesh: Mesh, _ topology: Topology, crack: Float, _ run: RunContext) throws(MeshError) {
    let badEdges = try topology.badEdges(of: mesh, run)
    var odd = badEdges.boundary
    for edge in 0..<badEdges.nonManifoldCount {
      let group = badEdges.nonManifold(edge)
      if group.count % 2 == 1 { odd.append(group.first!) }
    }
    if odd.isEmpty { return nil }
    try run.reserve(bytes: odd.count * 160 + mesh.positions.count * 8, for: "closing holes")
    let names = try Closure.joining(odd, of: mesh, within: crack, run)
    var edges: [DirectedEdge] = odd.map { h in
      DirectedEdge(
        from: names[Int(mesh.corner(Int(h)))], to: names[Int(mesh.corner(Topology.next(Int(h))))])
    }
    Closure.keepOdd(&edges)
    try run.checkCancellation()

    var moved: [Triangle] = []
    var joined = mesh.triangles
    for i in joined.indices {
      let t = joined[i]
      let new = Triangle(names[Int(t.a)], names[Int(t.b)], names[Int(t.c)])
      if new == t { continue }
      joined[i] = new
      if !new.isDegenerate { moved.append(new) }
    }
    self.joined = moved.isEmpty ? mesh : Mesh(unchecked: mesh.positions, triangles: joined)

    var patches = moved
    var cover = LoopCover(positions: mesh.positions)
    for (i, loop) in EdgeLoops(edges, vertexCount: mesh.positions.count).loops.enumerated() {
      if i & 0xFF == 0 { try run.checkCancellation() }
      // A loop runs along its triangles, so what closes it runs the other way.
      try cover.close(loop.reversed(), run)
    }
    patches += cover.triangles
    self.patches = Mesh(unchecked: mesh.positions, triangles: patches)
  }

  /// For each vertex the one it is joined with: only ends of odd edges are.
  private static func joining(
    _ odd: [UInt32], of mesh: Mesh, within crack: Float, _ run: RunContext
  ) throws(MeshError) -> [UInt32] {
    var names = Array(0..<UInt32(mesh.positions.count))
    var isEnd = [Bool](repeating: false, count: mesh.positions.count)
    for h in odd {
      isEnd[Int(mesh.corner(Int(h)))] = true
      isEnd[Int(mesh.corner(Topology.next(Int(h))))] = true
    }
    let ends = names.filter { isEnd[Int($0)] }
    let points = Mesh(
      unchecked: ends.map { mesh.positions[Int($0)] },
      triangles: ends.indices.map { Triangle(UInt32($0), UInt32($0), UInt32($0)) })
    let welded = try points.weldingVertices(within: crack, run)
    var first = [UInt32](repeating: .max, count: welded.positions.count)
    for (i, v) in ends.enumerated() {
      let kept = Int(welded.triangles[i].a)
      if first[kept] == .max { first[kept] = v }
      names[Int(v)] = first[kept]
    }
    return names
  }

  /// Keeps of edges that have become one those that are there an odd number of times.
  private static func keepOdd(_ edges: inout [DirectedEdge]) {
    edges.removeAll { $0.from == $0.to }
    edges.sort { ($0.key, $0.from) < ($1.key, $1.from) }
    var kept: [DirectedEdge] = []
    var i = 0
    while i < edges.count {
      var j = i
      while j < edges.count, edges[j].key == edges[i].key { j += 1 }
      if (j - i) % 2 == 1 { kept.append(edges[(i + j) / 2]) }
      i = j
    }
    edges = kept
  }
}

struct DirectedEdge: Sendable {
  var from: UInt32
  var to: UInt32
  var key: UInt64 { UInt64(min(from, to)) << 32 | UInt64(max(from, to)) }
}

/// Parts edges of which an even number meet at every vertex into loops that visit no vertex twice.
struct EdgeLoops {
  private(set) var loops: [[UInt32]] = []

  init(_ edges: [DirectedEdge], vertexCount: Int) {
    // The edges at each vertex, those that start there first.
    var starts = [UInt32](repeating: 0, count: vertexCount + 1)
    for e in edges {
      starts[Int(e.from) + 1] += 1
      starts[Int(e.to) + 1] += 1
    }
    for v in 0..<vertexCount { starts[v + 1] += starts[v] }
    var cursors = starts
    var around = [UInt32](repeating: 0, count: edges.count * 2)
    func enter(_ v: UInt32, _ edge: Int) {
      around[Int(cursors[Int(v)])] = UInt32(edge)
      cursors[Int(v)] += 1
    }
    for (i, e) in edges.enumerated() { enter(e.from, i) }
    for (i, e) in edges.enumerated() { enter(e.to, i) }

    cursors = starts
    var isUsed = [Bool](repeating: false, count: edges.count)
    /// Where each vertex is on the way, or -1.
    var place = [Int32](repeating: -1, count: vertexCount)
    var way: [UInt32] = []
    for first in edges.indices where !isUsed[first] {
      way = [edges[first].from]
      place[Int(way[0])] = 0
      while let v = way.last {
        var next: UInt32?
        while next == nil, cursors[Int(v)] < starts[Int(v) + 1] {
          let e = Int(around[Int(cursors[Int(v)])])
          cursors[Int(v)] += 1
          if isUsed[e] { continue }
          isUsed[e] = true
          next = edges[e].from == v ? edges[e].to : edges[e].from
        }
        guard let next else {
          // Every vertex has an even number: only the start can have none left, once all its loops are closed.
          place[Int(v)] = -1
          way.removeLast()
          continue
        }
        let seen = Int(place[Int(next)])
        if seen < 0 {
          place[Int(next)] = Int32(way.count)
          way.append(next)
          continue
        }
        loops.append(Array(way[seen...]))
        for u in way[(seen + 1)...] { place[Int(u)] = -1 }
        way.removeSubrange((seen + 1)...)
      }
    }
  }
}

/// Covers loops with triangles over their own vertices: a loop is divided where two of its vertices are nearest
/// to each other for the way between them along the loop. So a crack is zipped up and a round hole is halved.
struct LoopCover {
  let positions: [SIMD3<Float>]
  private(set) var triangles: [Triangle] = []

  /// Loops longer than this are first made coarser: looking at all pairs takes the square.
  static let longest = 256

  init(positions: [SIMD3<Float>]) { self.positions = positions }

  mutating func close(_ loop: [UInt32], _ run: RunContext) throws(MeshError) {
    var waiting = [loop]
    while let loop = waiting.popLast() {
      switch loop.count {
      case ..<3: continue
      case 3: triangles.append(Triangle(loop[0], loop[1], loop[2]))
      case ...LoopCover.longest:
        if loop.count > 64 { try run.checkCancellation() }
        let (i, j) = division(of: loop)
        waiting.append(Array(loop[i...j]))
        waiting.append(Array(loop[j...]) + loop[...i])
      default:
        // A loop of every so manieth vertex, and what is between it and the loop.
        let step = (loop.count + LoopCover.longest - 1) / LoopCover.longest
        let keys = Array(stride(from: 0, to: loop.count, by: step))
        waiting.append(keys.map { loop[$0] })
        for (n, key) in keys.enumerated() {
          let end = n + 1 < keys.count ? keys[n + 1] : loop.count
          waiting.append(Array(loop[key..<end]) + [loop[end % loop.count]])
        }
      }
    }
  }

  /// Two vertices of a loop of four or more that are no neighbours.
  private func division(of loop: [UInt32]) -> (Int, Int) {
    let n = loop.count
    let points = loop.map { positions[Int($0)] }
    var along: [Float] = [0]
    for i in 1...n { along.append(along[i - 1] + length(points[i % n] - points[i - 1])) }
    var best = (0, 2)
    var least = Float.infinity
    for i in 0..<n - 2 {
      // The first vertex is the last one's neighbour.
      for j in i + 2..<(i == 0 ? n - 1 : n) {
        let between = along[j] - along[i]
        let way = min(between, along[n] - between)
        let ratio = length(points[i] - points[j]) / way
        if ratio < least {
          least = ratio
          best = (i, j)
        }
      }
    }
    return best
  }
}
