/// The surface of the cavities as triangles, whose vertices know how far they are from the part.
struct CavityMesh: Sendable {
  var positions: [SIMD3<Float>]
  /// Facing into the cavities.
  var triangles: [Triangle]
  /// For each vertex the part's triangle nearest to it; `.max` where the part is far away.
  var sources: [UInt32]
  /// For each vertex its distance from the part, mm.
  var distances: [Float]
}

extension OffsetShell {
  func mesh(_ run: RunContext) throws(MeshError) -> CavityMesh {
    let mesh = try contour.mesh(run)
    return CavityMesh(
      positions: mesh.positions, triangles: mesh.triangles,
      sources: Array(UnsafeBufferPointer(start: contour.sources, count: contour.vertexCount)),
      distances: Array(UnsafeBufferPointer(start: distances, count: contour.vertexCount)))
  }
}
