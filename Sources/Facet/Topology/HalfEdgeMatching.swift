// Each edge is filed under its lower vertex, in a list of the edges that start there: three or so in a good
// mesh, so a list is quicker than any hash. The first half-edge of an edge stands for it in the list; later
// ones find it there and pair up. What comes out does not depend on the order in which half-edges come:
// a pair needs exactly one of each direction, anything else is non-manifold.
//

// Threads divide the vertices, not the triangles: each looks at all half-edges and files those whose lower
// vertex is its own, so nothing is shared and nothing needs a lock. Vertices are numbered as they first occur,
// so mostly whole blocks of triangles belong to one thread; the blocks' lowest and highest lower vertices
// tell which to skip.

private let blockTriangles = 2048
/// The end of a list.
private let none = UInt32.max

/// An edge in its lower vertex's list: the other vertex, and the half-edge that stands for the next edge.
private struct Entry: BitwiseCopyable {
  var higher: UInt32
  var next: UInt32
}

/// Fills `twin`; returns the number of degenerate triangles.
func matchHalfEdges(
  of mesh: MeshView, into twin: SharedElements<UInt32>, _ run: RunContext
) throws(MeshError) -> Int {
  let (vertexCount, triangleCount) = (mesh.vertexCount, mesh.triangleCount)
  let spans = try run.mapChunks(of: triangleCount, size: blockTriangles) { _, range in
    lowerVertexSpan(mesh.corners, range)
  }
  run.report(0.1)
  var head = [UInt32](repeating: none, count: vertexCount)
  // Only the entries of half-edges that stand for their edge are ever written and read.
  let lists = Lists(entries: .allocate(capacity: triangleCount * 3))
  defer { lists.entries.deallocate() }
  try head.withSharedElements { (head) throws(MeshError) in
    // What comes out is the same however the vertices are divided.
    let size = max(1, (vertexCount + run.threads - 1) / run.threads)
    try run.forEachChunk(of: vertexCount, size: size) { (_, vertices) throws(MeshError) in
      let low = UInt32(vertices.lowerBound)
      let high = UInt32(vertices.upperBound - 1)
      for (block, span) in spans.enumerated() where span.low <= high && span.high >= low {
        if block & 31 == 0 { try run.checkCancellation() }
        let first = block * blockTriangles
        file(
          mesh.corners, first..<min(first + blockTriangles, triangleCount), low, high - low, head.base,
          lists.entries, twin.base)
      }
    }
  }
  return spans.reduce(0) { $0 + $1.degenerate }
}

private struct Lists: @unchecked Sendable {
  let entries: UnsafeMutablePointer<Entry>
}

/// The lowest and highest of the lower vertices of a block's half-edges; how many triangles are degenerate.
private func lowerVertexSpan(
  _ corners: UnsafePointer<UInt32>, _ range: Range<Int>
) -> (low: UInt32, high: UInt32, degenerate: Int) {
  var (low, high) = (UInt32.max, UInt32.min)
  var degenerate = 0
  for f in range {
    let (a, b, c) = (corners[3 &* f], corners[3 &* f &+ 1], corners[3 &* f &+ 2])
    // The two lower ones of a triangle's three corners are the lower vertices of its edges.
    let least = min(a, min(b, c))
    let middle = max(min(a, b), min(max(a, b), c))
    low = min(low, least)
    high = max(high, middle)
    if a == b || b == c || c == a { degenerate &+= 1 }
  }
  return (low, high, degenerate)
}

/// Files the half-edges of the triangles in `range` whose lower vertex is in `low...low + span`.
private func file(
  _ corners: UnsafePointer<UInt32>, _ range: Range<Int>, _ low: UInt32, _ span: UInt32,
  _ head: UnsafeMutablePointer<UInt32>, _ entries: UnsafeMutablePointer<Entry>,
  _ twin: UnsafeMutablePointer<UInt32>
) {
  for f in range {
    let first = 3 &* f
    let (a, b, c) = (corners[first], corners[first &+ 1], corners[first &+ 2])
    if a == b || b == c || c == a {
      for k in 0..<3 where min(corners[first + k], corners[first + (k + 1) % 3]) &- low <= span {
        twin[first + k] = Topology.degenerate
      }
      continue
    }
    let h = UInt32(truncatingIfNeeded: first)
    file(corners, from: a, to: b, h, low, span, head, entries, twin)
    file(corners, from: b, to: c, h &+ 1, low, span, head, entries, twin)
    file(corners, from: c, to: a, h &+ 2, low, span, head, entries, twin)
  }
}

@inline(__always)
private func file(
  _ corners: UnsafePointer<UInt32>, from: UInt32, to: UInt32, _ h: UInt32, _ low: UInt32, _ span: UInt32,
  _ head: UnsafeMutablePointer<UInt32>, _ entries: UnsafeMutablePointer<Entry>,
  _ twin: UnsafeMutablePointer<UInt32>
) {
  let isForward = from < to
  let lower = isForward ? from : to
  let higher = isForward ? to : from
  guard lower &- low <= span else { return }
  var e = head[Int(lower)]
  while e != none {
    let entry = entries[Int(e)]
    if entry.higher == higher {
      let partner = twin[Int(e)]
      if partner == Topology.boundary {
        if corners[Int(e)] == to {
          twin[Int(e)] = h
          twin[Int(h)] = e
          return
        }
      } else if partner != Topology.nonManifold {
        twin[Int(partner)] = Topology.nonManifold
      }
      twin[Int(e)] = Topology.nonManifold
      twin[Int(h)] = Topology.nonManifold
      return
    }
    e = entry.next
  }
  twin[Int(h)] = Topology.boundary
  entries[Int(h)] = Entry(higher: higher, next: head[Int(lower)])
  head[Int(lower)] = h
}
