/// The bad contours of a mesh: chains of bad edges. Bad edges that share a vertex are of one chain.
public struct BadContours: Sendable, Equatable {
  /// How many chains there are.
  public let count: Int
  /// What the volume of the mesh lacks, mm³: that of fans from the middle of each chain to those of its edges
  /// that have more triangles on one side than on the other. Added to the sum over the triangles it makes the
  /// volume of an open surface one that does not depend on where the surface lies.
  let missingVolume: Double
}

extension BadEdges {
  /// The chains of bad edges in the mesh that they are of.
  ///
  /// - Throws: ``MeshError/cancelled``.
  public func contours(in mesh: Mesh, _ run: RunContext = .init()) throws(MeshError) -> BadContours {
    guard count > 0 else { return BadContours(count: 0, missingVolume: 0) }
    var sets = DisjointSets(count: mesh.positions.count)
    let halfEdges = [boundary, nonManifold].joined()
    var isBad = [Bool](repeating: false, count: mesh.positions.count)
    for (i, h) in halfEdges.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      let (from, to) = mesh.ends(of: h)
      isBad[Int(from)] = true
      isBad[Int(to)] = true
      sets.join(from, to)
    }
    // Number the chains by their least vertices.
    var chain = [UInt32](repeating: 0, count: mesh.positions.count)
    var count = 0
    for v in isBad.indices where isBad[v] && sets.root(UInt32(v)) == v {
      chain[v] = UInt32(count)
      count += 1
    }

    try run.checkCancellation()
    var middles = [(sum: SIMD3<Double>, count: Double)](repeating: (.zero, 0), count: count)
    for h in halfEdges {
      let from = mesh.ends(of: h).from
      let i = Int(chain[Int(sets.root(from))])
      middles[i].sum += SIMD3<Double>(mesh.positions[Int(from)])
      middles[i].count += 1
    }
    var sixVolume = 0.0
    let origin = mesh.measureOrigin
    for h in halfEdges {
      // Half-edges that run opposite ways along one edge cancel.
      let (from, to) = mesh.ends(of: h)
      let middle = middles[Int(chain[Int(sets.root(from))])]
      let m = middle.sum / middle.count - origin
      let p = SIMD3<Double>(mesh.positions[Int(from)]) - origin
      let q = SIMD3<Double>(mesh.positions[Int(to)]) - origin
      sixVolume += dot(m, cross(q, p))
    }
    return BadContours(count: count, missingVolume: sixVolume / 6)
  }
}

extension Mesh {
  /// The vertices at which half-edge `h` starts and ends.
  fileprivate func ends(of h: UInt32) -> (from: UInt32, to: UInt32) {
    (corner(Int(h)), corner(Topology.next(Int(h))))
  }
}
