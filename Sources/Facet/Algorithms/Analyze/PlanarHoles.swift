extension BoundaryLoops {
  /// The loops whose vertices lie in a plane within `tolerance` (mm).
  ///
  /// - Throws: ``MeshError/cancelled``.
  package func planar(
    in mesh: Mesh, tolerance: Float, _ run: RunContext = .init()
  ) throws(MeshError) -> [Int] {
    let parts = try run.mapChunks(of: count, size: 256) { _, range in
      range.filter { loop in
        // Three points are in a plane.
        if self[loop].count <= 3 { return true }
        let points = self[loop].map { mesh.positions[Int(mesh.corner(Int($0)))] }
        let plane = Plane.fitted(to: points)
        return points.allSatisfy { abs(plane.distance(to: $0)) <= Double(tolerance) }
      }
    }
    return parts.flatMap { $0 }
  }
}
