import Facet
import Testing

extension Mesh {
  /// Says what is wrong with a mesh that is to be solid in a file: watertight, 2-manifold at edges and vertices,
  /// outward, without crossing, overlapping or degenerate triangles.
  func problemWithGuarantees() throws -> String? {
    let mesh = try weldingVertices(within: 0).withoutUnusedVertices()
    if mesh.positions.count != withoutUnusedVertices().positions.count { return "vertices at one place" }
    if mesh.triangles.isEmpty { return "empty" }
    let solidity = try mesh.solidity()
    if !solidity.isSolid { return "\(solidity)" }
    let topology = try Topology(mesh)
    // The triangles around a vertex, by turning from one to the next; one turn has to find all of them.
    var valence = [Int](repeating: 0, count: mesh.positions.count)
    var start = [Int](repeating: 0, count: mesh.positions.count)
    for (i, t) in mesh.triangles.enumerated() {
      for k in 0..<3 {
        valence[Int(t[k])] += 1
        start[Int(t[k])] = 3 * i + k
      }
    }
    for v in valence.indices {
      var h = start[v]
      var turned = 0
      repeat {
        turned += 1
        h = Int(topology.twin[Topology.previous(h)])
      } while h != start[v] && turned <= valence[v]
      if turned != valence[v] { return "vertex \(v) has several fans" }
    }
    let overlapping = try mesh.overlappingTriangles(BVH(mesh), tolerance: 0)
    if !overlapping.isEmpty { return "\(overlapping.count) triangles overlap" }
    return nil
  }

  /// The greatest distance of this mesh's vertices and centroids to another.
  func farthest(from other: Mesh) throws -> Float {
    let bvh = try BVH(other)
    var points = withoutUnusedVertices().positions
    for i in triangles.indices {
      let (a, b, c) = corners(i)
      points.append((a + b + c) / 3)
    }
    return points.reduce(0) { max($0, bvh.closestPoint(other, to: $1)!.distance) }
  }
}
