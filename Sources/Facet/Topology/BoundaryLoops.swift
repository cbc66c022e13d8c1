/// The contours of a mesh: closed loops of boundary edges, the material on their left.
///
/// From one boundary edge to the next a loop turns about the vertex through the triangles there, from
/// neighbour to neighbour, until it comes to the next boundary edge. So at a vertex where several fans of
/// triangles touch, a loop stays with its own fan: two triangles that touch in a vertex have two loops, and
/// two holes that touch in a vertex are one loop that visits it twice. Where the turn comes to a
/// non-manifold edge there is no loop; such edges are in the bad contours only (``BadContours``).
public struct BoundaryLoops: Sendable, Equatable {
  /// The half-edges of all loops, each loop's in order from its least half-edge on.
  public let halfEdges: [UInt32]
  /// Where each loop begins in ``halfEdges``, and at last its count.
  public let starts: [Int]

  public var count: Int { starts.count - 1 }

  /// The half-edges of a loop, in order.
  public subscript(loop: Int) -> ArraySlice<UInt32> { halfEdges[starts[loop]..<starts[loop + 1]] }
}

extension Topology {
  /// The mesh's boundary loops, by their least half-edges; `badEdges` are those of this topology.
  ///
  /// - Throws: ``MeshError/cancelled``.
  public func boundaryLoops(
    _ badEdges: BadEdges, _ run: RunContext = .init()
  ) throws(MeshError) -> BoundaryLoops {
    var halfEdges: [UInt32] = []
    var starts = [0]
    guard !badEdges.boundary.isEmpty else { return BoundaryLoops(halfEdges: [], starts: starts) }
    var visited = [UInt64](repeating: 0, count: (twin.count + 63) / 64)
    for (i, start) in badEdges.boundary.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      if visited[Int(start / 64)] & 1 << UInt64(start % 64) != 0 { continue }
      var h: UInt32? = start
      while let current = h, visited[Int(current / 64)] & 1 << UInt64(current % 64) == 0 {
        visited[Int(current / 64)] |= 1 << UInt64(current % 64)
        halfEdges.append(current)
        h = nextBoundary(after: current)
      }
      // One fan leads to each boundary edge: a walk comes back to its start, or it ends, or it runs into the
      // later part of a chain that ended.
      if h == start {
        starts.append(halfEdges.count)
      } else {
        halfEdges.removeSubrange(starts.last!...)
      }
    }
    return BoundaryLoops(halfEdges: halfEdges, starts: starts)
  }

  /// The boundary half-edge at the other side of the fan at the end of boundary half-edge `h`; nil where a
  /// non-manifold edge ends the fan.
  private func nextBoundary(after h: UInt32) -> UInt32? {
    var turned = Topology.next(Int(h))
    while true {
      let t = twin[turned]
      if t == Topology.boundary { return UInt32(turned) }
      guard t < Topology.degenerate else { return nil }
      turned = Topology.next(Int(t))
    }
  }
}
