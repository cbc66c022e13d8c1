import Facet

/// How far a mesh reaches, found in parallel.
enum Extents {
  private static let chunk = 1 << 15

  static func bounds(of mesh: Mesh, _ run: RunContext) throws(MeshError) -> Box {
    let positions = mesh.positions
    let parts = try run.mapChunks(of: positions.count, size: chunk) { (_, range) throws(MeshError) -> Box in
      positions.withUnsafeBufferPointer { positions in
        // Four lanes: three are not a register's, and cost much more.
        var minimum = SIMD4<Float>(repeating: .infinity)
        var maximum = SIMD4<Float>(repeating: -.infinity)
        for i in range {
          let p = SIMD4(positions[i], 0)
          minimum = minimum.replacing(with: p, where: p .< minimum)
          maximum = maximum.replacing(with: p, where: p .> maximum)
        }
        return Box(
          minimum: SIMD3(minimum.x, minimum.y, minimum.z), maximum: SIMD3(maximum.x, maximum.y, maximum.z))
      }
    }
    var box = Box.empty
    for part in parts { box.formUnion(part) }
    return box
  }

  /// The largest value of `direction · (p − center) · scale` over all vertices, for up to eight directions.
  ///
  /// - Parameter axis: When given, the largest over a full turn of the mesh about this unit vector through
  ///   `center`.
  static func farthest(
    of mesh: Mesh, center: SIMD3<Double>, scale: Double, along directions: [SIMD3<Double>],
    turnedAbout axis: SIMD3<Double>?, _ run: RunContext
  ) throws(MeshError) -> [Double] {
    precondition(directions.count <= 8)
    // A point at height h over the center and distance r from the axis goes round a circle; along a
    // direction a it gets as far as (a · axis) h + |a across the axis| r.
    var x = SIMD8<Float>.zero
    var y = SIMD8<Float>.zero
    var z = SIMD8<Float>.zero
    for (lane, direction) in directions.enumerated() {
      if let axis {
        let along = dot(direction, axis)
        x[lane] = Float(along)
        y[lane] = Float(length(direction - axis * along))
      } else {
        x[lane] = Float(direction.x)
        y[lane] = Float(direction.y)
        z[lane] = Float(direction.z)
      }
    }
    let lanes = (x, y, z)
    let positions = mesh.positions
    let parts = try run.mapChunks(of: positions.count, size: chunk) {
      (_, range) throws(MeshError) -> SIMD8<Float> in
      positions.withUnsafeBufferPointer { positions in
        var farthest = SIMD8<Float>(repeating: -.infinity)
        for i in range {
          var p = SIMD3<Float>((SIMD3<Double>(positions[i]) - center) * scale)
          if let axis {
            let axis = SIMD3<Float>(axis)
            let height = dot(p, axis)
            p = SIMD3(height, length(p - axis * height), 0)
          }
          let a = lanes.0 * p.x
          let b = lanes.1 * p.y
          let c = lanes.2 * p.z
          let value = a + b + c
          farthest = farthest.replacing(with: value, where: value .> farthest)
        }
        return farthest
      }
    }
    var farthest = SIMD8<Float>(repeating: -.infinity)
    for part in parts { farthest = farthest.replacing(with: part, where: part .> farthest) }
    return directions.indices.map { Double(farthest[$0]) }
  }
}
