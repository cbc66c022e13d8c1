/// One triangle's side of an edge.
struct EdgeSide: BitwiseCopyable {
  /// The lower vertex in the upper half.
  var edge: UInt64
  var halfEdge: UInt32
  /// Whether the half-edge runs from the lower vertex to the higher.
  var isForward: Bool
}

/// Half-edges by their edges, ascending.
struct EdgeSides {
  let sides: [EdgeSide]

  func forEachEdge(_ body: (ArraySlice<EdgeSide>) -> Void) {
    var first = 0
    while first < sides.count {
      var end = first + 1
      while end < sides.count, sides[end].edge == sides[first].edge { end += 1 }
      body(sides[first..<end])
      first = end
    }
  }
}

extension Mesh {
  /// The half-edges that run between vertices of a set, given as bits; `renamed` says under which numbers.
  func edges(
    amongst vertices: [UInt64], renamed: ((UInt32) -> UInt32)? = nil, _ run: RunContext
  ) throws(MeshError) -> EdgeSides {
    let parts = try withView { (view) throws(MeshError) in
      try vertices.withUnsafeBufferPointer { (vertices) throws(MeshError) in
        let set = VertexSet(bits: vertices.baseAddress!)
        return try run.mapChunks(of: view.triangleCount, size: 1 << 16) { _, range in
          set.halfEdges(of: range, view)
        }
      }
    }
    var sides: [EdgeSide] = []
    sides.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for h in parts.joined() {
      var from = corner(Int(h))
      var to = corner(Topology.next(Int(h)))
      if let renamed { (from, to) = (renamed(from), renamed(to)) }
      let isForward = from < to
      let edge = isForward ? UInt64(from) << 32 | UInt64(to) : UInt64(to) << 32 | UInt64(from)
      sides.append(EdgeSide(edge: edge, halfEdge: h, isForward: isForward))
    }
    sides.sort { ($0.edge, $0.halfEdge) < ($1.edge, $1.halfEdge) }
    return EdgeSides(sides: sides)
  }

  /// The corners (as half-edges that start there) at the vertices of a set, ascending.
  func corners(at vertices: [UInt64], _ run: RunContext) throws(MeshError) -> [UInt32] {
    let parts = try withView { (view) throws(MeshError) in
      try vertices.withUnsafeBufferPointer { (vertices) throws(MeshError) in
        let set = VertexSet(bits: vertices.baseAddress!)
        return try run.mapChunks(of: view.triangleCount, size: 1 << 16) { _, range in
          set.corners(of: range, view)
        }
      }
    }
    return parts.flatMap { $0 }
  }
}

private struct VertexSet: @unchecked Sendable {
  let bits: UnsafePointer<UInt64>

  @inline(__always)
  private func has(_ v: UInt32) -> Bool { bits[Int(v >> 6)] >> UInt64(v & 63) & 1 != 0 }

  func halfEdges(of range: Range<Int>, _ mesh: MeshView) -> [UInt32] {
    var found: [UInt32] = []
    for f in range {
      let (a, b, c) = (mesh.corners[3 &* f], mesh.corners[3 &* f &+ 1], mesh.corners[3 &* f &+ 2])
      let (hasA, hasB, hasC) = (has(a), has(b), has(c))
      if !(hasA || hasB) || a == b || b == c || c == a { continue }
      let h = UInt32(truncatingIfNeeded: 3 &* f)
      if hasA && hasB { found.append(h) }
      if hasB && hasC { found.append(h &+ 1) }
      if hasC && hasA { found.append(h &+ 2) }
    }
    return found
  }

  func corners(of range: Range<Int>, _ mesh: MeshView) -> [UInt32] {
    var found: [UInt32] = []
    for f in range {
      let (a, b, c) = (mesh.corners[3 &* f], mesh.corners[3 &* f &+ 1], mesh.corners[3 &* f &+ 2])
      if a == b || b == c || c == a { continue }
      let h = UInt32(truncatingIfNeeded: 3 &* f)
      if has(a) { found.append(h) }
      if has(b) { found.append(h &+ 1) }
      if has(c) { found.append(h &+ 2) }
    }
    return found
  }
}

/// Bad edges being listed.
struct BadEdgeLists {
  var boundary: [UInt32] = []
  private(set) var nonManifold: [UInt32] = []
  private(set) var nonManifoldStarts = [0]

  /// - Parameter halfEdges: Of one non-manifold edge.
  mutating func append(edge halfEdges: some Collection<UInt32>) {
    nonManifold += halfEdges
    nonManifoldStarts.append(nonManifold.count)
  }
}

extension BadEdges {
  /// The bad edges with others in place of those for which `isOld` holds, asked of one half-edge.
  ///
  /// - Parameter new: In order, each list by itself.
  func replacing(with new: BadEdgeLists, in mesh: Mesh, _ isOld: (UInt32) -> Bool) -> BadEdges {
    var result = BadEdgeLists()
    result.boundary.reserveCapacity(boundary.count + new.boundary.count)
    var i = 0
    for h in boundary where !isOld(h) {
      while i < new.boundary.count, new.boundary[i] < h {
        result.boundary.append(new.boundary[i])
        i += 1
      }
      result.boundary.append(h)
    }
    result.boundary += new.boundary[i...]

    func edge(_ h: UInt32) -> UInt64 {
      let (from, to) = (mesh.corner(Int(h)), mesh.corner(Topology.next(Int(h))))
      return UInt64(min(from, to)) << 32 | UInt64(max(from, to))
    }
    let starts = new.nonManifoldStarts
    var j = 0
    for n in 0..<nonManifoldCount {
      let group = nonManifold(n)
      if isOld(group.first!) { continue }
      let own = edge(group.first!)
      while j + 1 < starts.count, edge(new.nonManifold[starts[j]]) < own {
        result.append(edge: new.nonManifold[starts[j]..<starts[j + 1]])
        j += 1
      }
      result.append(edge: group)
    }
    while j + 1 < starts.count {
      result.append(edge: new.nonManifold[starts[j]..<starts[j + 1]])
      j += 1
    }
    return BadEdges(
      boundary: result.boundary, nonManifold: result.nonManifold, nonManifoldStarts: result.nonManifoldStarts)
  }
}
