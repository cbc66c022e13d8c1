// Along which diagonal each quad is cut. Where the input has a sharp edge the cut goes along it: of the two
// diagonals the one whose middle is nearer to the triangles at the ends of the quad's edge. Elsewhere the
// shorter one.

extension CellPlacer {
  /// Normals that differ by less bend too little to matter: cos 8°.
  private static let flat: Float = 0.99

  /// Chooses the diagonal of a quad whose vertices have been placed.
  func cut(_ quad: Int) {
    let q = contour.quads[quad]
    let p = contour.positions
    let (a, b, c, d) = (p[Int(q.x)], p[Int(q.y)], p[Int(q.z)], p[Int(q.w)])
    let isAcross: Bool
    let along = (a + c) * 0.5
    let across = (b + d) * 0.5
    let bend = along - across
    if dot(bend, bend) > 1e-6 * voxel * voxel, let isFarther = isFarther(along, across, fromPlatesAround: q) {
      isAcross = isFarther
    } else if let triangles = stray(q)?.triangles ?? ends(of: contour.edgeOf[quad]) {
      isAcross = distance(across, triangles) < distance(along, triangles)
    } else {
      isAcross = dot(b - d, b - d) < dot(a - c, a - c)
    }
    let rest = contour.cuts[quad] & ~Contour.isCutAcross
    contour.cuts[quad] = isAcross ? rest | Contour.isCutAcross : rest
  }

  /// The stray among a quad's vertices, if there is one.
  private func stray(_ q: SIMD4<UInt32>) -> Stray? {
    for k in 0..<4 where contour.isAstray(q[k]) { return contour.stray(q[k]) }
    return nil
  }

  /// The triangles nearest to the ends of an edge of the lattice, the second one twice, if their planes differ.
  private func ends(of code: UInt32) -> SIMD3<UInt32>? {
    let lattice = contour.lattice
    let (block, x, y, z) = lattice.place(code >> 2)
    let axis = code & 3
    let lower = lattice.resolve(block, x, y, z)
    let upper = lattice.resolve(
      block, axis == 0 ? x &+ 1 : x, axis == 1 ? y &+ 1 : y, axis == 2 ? z &+ 1 : z)
    guard upper.block >= 0, fieldBlock[lower.block] >= 0, fieldBlock[upper.block] >= 0 else { return nil }
    let first = nearest[Int(fieldBlock[lower.block]) &* 512 &+ lower.local]
    let second = nearest[Int(fieldBlock[upper.block]) &* 512 &+ upper.local]
    if first == second || first == .max || second == .max { return nil }
    return dot(normal(first), normal(second)) > CellPlacer.flat ? nil : SIMD3(first, second, second)
  }

  private func normal(_ triangle: UInt32) -> SIMD3<Float> {
    let (a, b, c) = corners(triangle)
    return cross(b - a, c - a).normalized
  }

  @inline(__always)
  func corners(_ triangle: UInt32) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    let t = mesh.corners + Int(triangle) * 3
    return (mesh.positions[Int(t[0])], mesh.positions[Int(t[1])], mesh.positions[Int(t[2])])
  }

  /// The squared distance of a point to the nearest of the triangles.
  private func distance(_ point: SIMD3<Float>, _ triangles: SIMD3<UInt32>) -> Float {
    func squared(_ triangle: UInt32) -> Float {
      let (a, b, c) = corners(triangle)
      let offset = closestOffset(a - point, b - point, c - point)
      return dot(offset, offset)
    }
    let nearer = min(squared(triangles.x), squared(triangles.y))
    return triangles.z == triangles.y ? nearer : min(nearer, squared(triangles.z))
  }
}
