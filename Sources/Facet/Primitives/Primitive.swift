/// Generators of parts whose facts are known exactly: for samples, tests and trying things out.
///
/// Lengths are millimetres. Sound parts are closed, manifold, oriented outward and free of
/// self-intersections. Sizes that make no part (radius 0, two segments) are programming errors and trap.
public enum Primitive {
  /// A box between two corners: 8 vertices, 12 triangles.
  public static func box(
    minimum: SIMD3<Float> = .zero, maximum: SIMD3<Float> = SIMD3(repeating: 1)
  ) -> Mesh {
    precondition(all(minimum .< maximum))
    var positions: [SIMD3<Float>] = []
    for i in 0..<8 {
      positions.append(
        SIMD3(
          i & 1 == 0 ? minimum.x : maximum.x, i & 2 == 0 ? minimum.y : maximum.y,
          i & 4 == 0 ? minimum.z : maximum.z))
    }
    let quads: [(UInt32, UInt32, UInt32, UInt32)] = [
      (0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5),
    ]
    return Mesh(
      unchecked: positions,
      triangles: quads.flatMap { [Triangle($0.0, $0.1, $0.2), Triangle($0.0, $0.2, $0.3)] })
  }

  /// A tetrahedron with one corner at `corner` and three edges of length `size` along the axes.
  public static func tetrahedron(corner: SIMD3<Float> = .zero, size: Float = 1) -> Mesh {
    precondition(size > 0)
    return Mesh(
      unchecked: [
        corner, corner + SIMD3(size, 0, 0), corner + SIMD3(0, size, 0), corner + SIMD3(0, 0, size),
      ],
      triangles: [Triangle(0, 2, 1), Triangle(0, 1, 3), Triangle(1, 2, 3), Triangle(2, 0, 3)])
  }

  /// A solid cylinder on the plane z = 0 around the z axis; its cross-section is a regular polygon.
  public static func cylinder(radius: Double, height: Double, segments: Int = 64) -> Mesh {
    revolved(
      [SIMD2(0, 0), SIMD2(radius, 0), SIMD2(radius, height), SIMD2(0, height)], segments: segments)
  }

  /// A tube on the plane z = 0. Its least wall is (outer − inner) · cos(π / segments).
  public static func tube(
    outerRadius: Double, innerRadius: Double, height: Double, segments: Int = 64
  ) -> Mesh {
    precondition(innerRadius < outerRadius)
    return revolved(
      [
        SIMD2(outerRadius, 0), SIMD2(outerRadius, height), SIMD2(innerRadius, height),
        SIMD2(innerRadius, 0),
      ], closed: true, segments: segments)
  }

  /// A ring around the z axis.
  public static func torus(
    majorRadius: Double, minorRadius: Double, majorSegments: Int = 64, minorSegments: Int = 32
  ) -> Mesh {
    precondition(minorRadius < majorRadius)
    let profile = circleOutline(
      center: SIMD2(majorRadius, 0), radius: minorRadius, segments: minorSegments)
    return revolved(profile.map { SIMD2<Double>($0) }, closed: true, segments: majorSegments)
  }

  /// A sphere of meridians and parallels around the origin.
  public static func uvSphere(radius: Double, segments: Int = 64, rings: Int = 32) -> Mesh {
    precondition(rings >= 2)
    return revolved(sphereProfile(radius: radius, rings: rings), segments: segments)
  }

  package static func sphereProfile(radius: Double, rings: Int) -> [SIMD2<Double>] {
    var profile = arc(
      center: .zero, radius: radius, startDegrees: -90, endDegrees: 90, segments: rings
    ).map { SIMD2<Double>($0) }
    profile[0] = SIMD2(0, -radius)
    profile[rings] = SIMD2(0, radius)
    return profile
  }

  /// An extruded plate: a rectangle from the origin with round holes through it.
  ///
  /// - Parameter holes: Centres and radii of holes that lie inside and do not touch.
  public static func plate(
    width: Float, depth: Float, thickness: Float,
    holes: [(center: SIMD2<Double>, radius: Double)], holeSegments: Int = 48
  ) -> Mesh {
    let outline: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(width, 0), SIMD2(width, depth), SIMD2(0, depth)]
    return extruded(
      outline,
      holes: holes.map { circleOutline(center: $0.center, radius: $0.radius, segments: holeSegments) },
      from: 0, to: thickness)
  }

  /// The prism over a counter-clockwise outline with holes, along z.
  package static func extruded(
    _ outline: [SIMD2<Float>], holes: [[SIMD2<Float>]] = [], from low: Float, to high: Float
  ) -> Mesh {
    var part = PartBuilder()
    part.face(.z, at: low, facingUp: false, outline, holes: holes)
    part.face(.z, at: high, facingUp: true, outline, holes: holes)
    part.wall(.z, from: low, to: high, outline)
    for hole in holes { part.holeWall(.z, from: low, to: high, hole) }
    return part.mesh
  }
}
