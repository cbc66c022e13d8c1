extension Primitive {
  /// A sphere around `center` of almost equal triangles: an icosahedron, split `subdivisions` times into
  /// four (20 · 4ⁿ triangles), all vertices at `radius`.
  public static func icosphere(
    radius: Double, subdivisions: Int = 3, center: SIMD3<Double> = .zero
  ) -> Mesh {
    precondition(radius > 0 && (0...10).contains(subdivisions))
    let (directions, triangles) = unitIcosphere(subdivisions)
    return Mesh(
      unchecked: directions.map { SIMD3<Float>(center + $0 * radius) }, triangles: triangles)
  }

  /// A hollow sphere: an outer shell that faces outward, and inside a smaller one that faces into its cavity.
  /// The wall is within (outer − inner) · [f, 1], where f is 0.985 at 3 subdivisions and 0.996 at 4.
  public static func sphereInSphere(
    outerRadius: Double, innerRadius: Double, subdivisions: Int = 4
  ) -> Mesh {
    precondition(innerRadius < outerRadius)
    let outer = icosphere(radius: outerRadius, subdivisions: subdivisions)
    return outer.merged(with: icosphere(radius: innerRadius, subdivisions: subdivisions).insideOut)
  }

  private static func unitIcosphere(
    _ subdivisions: Int
  ) -> (directions: [SIMD3<Double>], triangles: [Triangle]) {
    let golden = (1 + 5.0.squareRoot()) / 2
    var directions: [SIMD3<Double>] = [
      SIMD3(-1, golden, 0), SIMD3(1, golden, 0), SIMD3(-1, -golden, 0), SIMD3(1, -golden, 0),
      SIMD3(0, -1, golden), SIMD3(0, 1, golden), SIMD3(0, -1, -golden), SIMD3(0, 1, -golden),
      SIMD3(golden, 0, -1), SIMD3(golden, 0, 1), SIMD3(-golden, 0, -1), SIMD3(-golden, 0, 1),
    ].map { $0.normalized }
    var triangles: [Triangle] = [
      Triangle(0, 11, 5), Triangle(0, 5, 1), Triangle(0, 1, 7), Triangle(0, 7, 10), Triangle(0, 10, 11),
      Triangle(1, 5, 9), Triangle(5, 11, 4), Triangle(11, 10, 2), Triangle(10, 7, 6), Triangle(7, 1, 8),
      Triangle(3, 9, 4), Triangle(3, 4, 2), Triangle(3, 2, 6), Triangle(3, 6, 8), Triangle(3, 8, 9),
      Triangle(4, 9, 5), Triangle(2, 4, 11), Triangle(6, 2, 10), Triangle(8, 6, 7), Triangle(9, 8, 1),
    ]
    for _ in 0..<subdivisions {
      var middles: [SIMD2<UInt32>: UInt32] = [:]
      func middle(_ a: UInt32, _ b: UInt32) -> UInt32 {
        let key = SIMD2(Swift.min(a, b), Swift.max(a, b))
        if let known = middles[key] { return known }
        let new = UInt32(directions.count)
        directions.append((directions[Int(key.x)] + directions[Int(key.y)]).normalized)
        middles[key] = new
        return new
      }
      triangles = triangles.flatMap { t in
        let (ab, bc, ca) = (middle(t.a, t.b), middle(t.b, t.c), middle(t.c, t.a))
        return [
          Triangle(t.a, ab, ca), Triangle(t.b, bc, ab), Triangle(t.c, ca, bc), Triangle(ab, bc, ca),
        ]
      }
    }
    return (directions, triangles)
  }
}

extension Mesh {
  /// Both meshes' triangles in one, nothing welded, `other`'s after this one's. Colours are dropped.
  package func merged(with other: Mesh) -> Mesh {
    let offset = UInt32(positions.count)
    return Mesh(
      unchecked: positions + other.positions,
      triangles: triangles + other.triangles.map { Triangle($0.a + offset, $0.b + offset, $0.c + offset) })
  }

  /// Every triangle seen from its other side.
  package var insideOut: Mesh {
    Mesh(unchecked: positions, triangles: triangles.map(\.flipped), colors: colors)
  }
}
