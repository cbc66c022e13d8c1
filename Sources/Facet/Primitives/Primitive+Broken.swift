// Parts that are broken on purpose, each in one way whose counts are known.

extension Primitive {
  /// A cylinder without its lid (a planar hole of `segments` edges) and without two neighbouring facets of
  /// its wall (a hole of six edges that no plane holds).
  public static func punctured(segments: Int = 32) -> Mesh {
    precondition(segments >= 5)
    let profile: [SIMD2<Double>] = [
      SIMD2(0, 0), SIMD2(10, 0), SIMD2(10, 7), SIMD2(10, 14), SIMD2(10, 20), SIMD2(0, 20),
    ]
    let whole = revolved(profile, segments: segments)
    let lid = UInt32(whole.positions.count - 1)
    // The bottom is a fan of `segments` triangles, the first ring of the wall two a segment.
    let hole = 3 * segments..<3 * segments + 4
    return whole.without { i, t in t.a == lid || t.b == lid || t.c == lid || hole.contains(i) }
  }

  /// A sphere with five triangles, none beside another, facing the wrong way.
  public static func partlyFlipped() -> Mesh {
    let sphere = icosphere(radius: 10, subdivisions: 2)
    // The middle one of every fourth icosahedron face's 16.
    return Mesh(
      unchecked: sphere.positions,
      triangles: sphere.triangles.enumerated().map { $0 % 64 == 15 ? $1.flipped : $1 })
  }

  /// Two boxes that share one edge: four triangles meet there.
  public static func sharedEdge() -> Mesh {
    var part = PartBuilder()
    part.append(box(maximum: SIMD3(20, 20, 20)))
    part.append(box(minimum: SIMD3(20, 20, 0), maximum: SIMD3(40, 40, 20)))
    return part.mesh
  }

  /// A box whose last triangle is there twice.
  public static func duplicated() -> Mesh {
    let whole = box(maximum: SIMD3(20, 15, 10))
    return Mesh(unchecked: whole.positions, triangles: whole.triangles + [whole.triangles.last!])
  }

  /// Two boxes driven through one another, as two shells: both sound, together not.
  public static func interpenetrating() -> Mesh {
    box(maximum: SIMD3(30, 20, 20)).merged(
      with: box(minimum: SIMD3(10, 5, 12), maximum: SIMD3(22, 14, 40)))
  }

  /// A sphere whose triangles are each shrunk by a thousandth: no two of them share a vertex.
  public static func looseSphere() -> Mesh {
    let sphere = icosphere(radius: 10, subdivisions: 2)
    var positions: [SIMD3<Float>] = []
    for i in sphere.triangles.indices {
      let (a, b, c) = sphere.corners(i)
      let center = (a + b + c) / 3
      for p in [a, b, c] { positions.append(p + (center - p) * 0.001) }
    }
    return Mesh(
      unchecked: positions,
      triangles: (0..<UInt32(sphere.triangles.count)).map { Triangle(3 * $0, 3 * $0 + 1, 3 * $0 + 2) })
  }

  /// The angle bracket and, beside it, a speck: a tetrahedron of 0.2 mm.
  public static func withNoise() -> Mesh {
    bracket().merged(with: tetrahedron(corner: SIMD3(30, 20, 20), size: 0.2))
  }
}

extension Mesh {
  /// The triangles for which `isDropped` is false, and the vertices that they still name.
  package func without(_ isDropped: (_ index: Int, _ triangle: Triangle) -> Bool) -> Mesh {
    var kept: [SIMD3<Float>] = []
    var new = [UInt32](repeating: .max, count: positions.count)
    func renamed(_ old: UInt32) -> UInt32 {
      if new[Int(old)] == .max {
        new[Int(old)] = UInt32(kept.count)
        kept.append(positions[Int(old)])
      }
      return new[Int(old)]
    }
    var triangles: [Triangle] = []
    for (i, t) in self.triangles.enumerated() where !isDropped(i, t) {
      triangles.append(Triangle(renamed(t.a), renamed(t.b), renamed(t.c)))
    }
    return Mesh(unchecked: kept, triangles: triangles)
  }
}
