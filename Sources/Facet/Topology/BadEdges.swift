/// The edges that do not have exactly two triangles which agree about the outside.
///
/// An edge is two vertices, whatever the direction, so a non-manifold edge counts once however many triangles
/// meet there. A part without bad edges encloses a volume.
public struct BadEdges: Sendable, Equatable {
  /// The half-edges of edges that have one triangle, ascending.
  public let boundary: [UInt32]
  /// The half-edges of all other bad edges, those of one edge together and ascending; edges by their vertices.
  public let nonManifold: [UInt32]
  /// Where each non-manifold edge begins in ``nonManifold``, and at last its count.
  public let nonManifoldStarts: [Int]

  /// The number of edges.
  public var count: Int { boundary.count + nonManifoldCount }

  /// The number of edges with three triangles or more, or two that disagree about the outside.
  public var nonManifoldCount: Int { nonManifoldStarts.count - 1 }

  /// The half-edges of a non-manifold edge.
  public func nonManifold(_ edge: Int) -> ArraySlice<UInt32> {
    nonManifold[nonManifoldStarts[edge]..<nonManifoldStarts[edge + 1]]
  }
}

extension Topology {
  /// The mesh's bad edges. `mesh` is the one that the topology was made of.
  ///
  /// - Throws: ``MeshError/cancelled``.
  public func badEdges(of mesh: Mesh, _ run: RunContext = .init()) throws(MeshError) -> BadEdges {
    let found = try twin.withUnsafeBufferPointer { (twin) throws(MeshError) in
      let twin = SharedTwins(base: twin)
      return try run.mapChunks(of: twin.base.count, size: 1 << 17) { _, range in
        var (boundary, nonManifold): ([UInt32], [UInt32]) = ([], [])
        for h in range where twin.base[h] > Topology.degenerate {
          if twin.base[h] == Topology.boundary {
            boundary.append(UInt32(h))
          } else {
            nonManifold.append(UInt32(h))
          }
        }
        return (boundary, nonManifold)
      }
    }
    var keyed: [(edge: UInt64, halfEdge: UInt32)] = []
    for part in found {
      for h in part.1 {
        let from = UInt64(mesh.corner(Int(h)))
        let to = UInt64(mesh.corner(Topology.next(Int(h))))
        keyed.append((min(from, to) << 32 | max(from, to), h))
      }
    }
    keyed.sort { ($0.edge, $0.halfEdge) < ($1.edge, $1.halfEdge) }
    var starts = keyed.indices.filter { $0 == 0 || keyed[$0].edge != keyed[$0 - 1].edge }
    starts.append(keyed.count)
    return BadEdges(
      boundary: found.flatMap(\.0), nonManifold: keyed.map(\.halfEdge), nonManifoldStarts: starts)
  }
}

/// The twin array for several threads to read.
struct SharedTwins: @unchecked Sendable {
  let base: UnsafeBufferPointer<UInt32>
}

extension Mesh {
  /// The vertex where half-edge `h` starts.
  @inline(__always)
  func corner(_ h: Int) -> UInt32 { triangles[h / 3][h % 3] }
}
