// The counts were worked out by hand or by Euler's formula, volumes and areas by formulas over the outlines;
// none of them by the code that they are there to check.

extension Sample {
  /// Every sample, sound ones first.
  public static let all: [Sample] = [
    bracket, gear, flange, tube, sphereInSphere, inchPlate, torus,
    hole, flipped, insideOut, nonManifoldEdge, duplicate, selfCrossing, looseSoup, noise, cut,
  ]

  // MARK: Sound

  private static let bracket = Sample(
    "bracket", "An angle bracket with ribs, counterbored holes and rounded corners",
    facts: Facts(
      vertices: 696, triangles: 1404, volume: Bracket(segments: 48).volume,
      dimensions: SIMD3(60, 40, 50))
  ) { Primitive.bracket() }

  private static let gear = Sample(
    "gear", "A spur gear of 24 teeth with a web of six holes and a keyed bore",
    facts: Facts(
      vertices: 1438, triangles: 2900, volume: Gear(segments: 48).volume,
      dimensions: SIMD3(51.980309, 51.980309, 14))
  ) { Primitive.gear() }

  private static let flange = Sample(
    "flange", "A pipe flange with six bolt holes, its facets coloured by what they are",
    facts: Facts(
      vertices: 720, triangles: 1464, volume: Flange(segments: 72).volume, dimensions: SIMD3(60, 60, 24))
  ) { Primitive.flange() }

  private static let tubeProfile = [SIMD2(15.0, 0), SIMD2(15, 40), SIMD2(12, 40), SIMD2(12, 0)]

  private static let tube = Sample(
    "tube", "A tube of 30 mm across whose wall is 3 mm",
    facts: Facts(
      vertices: 256, triangles: 512,
      volume: Primitive.revolvedVolume(tubeProfile, closed: true, segments: 64),
      area: Primitive.revolvedArea(tubeProfile, closed: true, segments: 64),
      dimensions: SIMD3(30, 30, 40)
    ) {
      // 3 · cos(π / 64), where the flats face each other.
      $0.leastWall = 2.996386
    }
  ) { Primitive.tube(outerRadius: 15, innerRadius: 12, height: 40) }

  private static let sphereInSphere = Sample(
    "sphere-in-sphere", "A hollow ball of 40 mm across whose wall is 3 mm",
    facts: Facts(
      // An icosahedron split four times has 10 · 4⁴ + 2 vertices.
      vertices: 2 * 2562, triangles: 2 * 5120, volume: 12902.853, dimensions: SIMD3(40, 40, 40)
    ) {
      $0.shells = 2
      $0.leastWall = 2.989
    }
  ) { Primitive.sphereInSphere(outerRadius: 20, innerRadius: 17) }

  private static let inchPlate = Sample(
    "inch-plate",
    "A plate of 4 by 2.5 by 0.25 inches with four small holes and a large one; read it with inch",
    units: .inch,
    facts: Facts(
      vertices: 488, triangles: 992,
      // In cubic inches: the plate less its polygonal holes.
      volume: (10 - (4 * 0.015625 + 0.5625) * 24 * 0.13052619222005157) * 0.25 * 25.4 * 25.4 * 25.4,
      dimensions: SIMD3(101.6, 63.5, 6.35))
  ) {
    Primitive.plate(
      width: 4, depth: 2.5, thickness: 0.25,
      holes: [
        (SIMD2(0.5, 0.5), 0.125), (SIMD2(3.5, 0.5), 0.125), (SIMD2(0.5, 2), 0.125),
        (SIMD2(3.5, 2), 0.125), (SIMD2(2, 1.25), 0.75),
      ])
  }

  private static let torus = Sample(
    "torus", "A ring of 52 mm across",
    facts: Facts(
      vertices: 2048, triangles: 4096,
      volume: Primitive.revolvedVolume(torusProfile, closed: true, segments: 64),
      area: Primitive.revolvedArea(torusProfile, closed: true, segments: 64),
      dimensions: SIMD3(52, 52, 12))
  ) { Primitive.torus(majorRadius: 20, minorRadius: 6) }

  private static let torusProfile =
    circleOutline(center: SIMD2(20, 0), radius: 6, segments: 32).map { SIMD2<Double>($0) }

  // MARK: Broken

  private static let hole = Sample(
    "hole", "A cylinder without its lid and with a hole in its wall",
    facts: Facts(vertices: 129, triangles: 32 + 3 * 64 - 4, dimensions: SIMD3(20, 20, 20)) {
      $0.badEdges = 32 + 6
      $0.badContours = 2
      $0.contours = 2
      $0.planarHoles = 1
    }
  ) { Primitive.punctured() }

  private static let flipped = Sample(
    "flipped", "A ball with five triangles facing the wrong way",
    facts: Facts(vertices: 162, triangles: 320, area: 1232.985, dimensions: SIMD3(20, 20, 20)) {
      $0.badEdges = 15
      $0.badContours = 5
      $0.invertedNormals = 5
    }
  ) { Primitive.partlyFlipped() }

  private static let insideOut = Sample(
    "inside-out", "A box that faces inward throughout",
    facts: Facts(
      vertices: 8, triangles: 12, volume: -3000, area: 1300, dimensions: SIMD3(20, 15, 10)
    ) {
      $0.invertedNormals = 12
    }
  ) { Primitive.box(maximum: SIMD3(20, 15, 10)).insideOut }

  private static let nonManifoldEdge = Sample(
    "non-manifold-edge", "Two boxes that share an edge, where four triangles meet",
    facts: Facts(
      vertices: 14, triangles: 24, volume: 16000, area: 4800, dimensions: SIMD3(40, 40, 20)
    ) {
      $0.badEdges = 1
      $0.badContours = 1
    }
  ) { Primitive.sharedEdge() }

  private static let duplicate = Sample(
    "duplicate", "A box with one of its triangles there twice",
    facts: Facts(vertices: 8, triangles: 13, dimensions: SIMD3(20, 15, 10)) {
      $0.badEdges = 3
      $0.badContours = 1
      $0.overlappingTriangles = 2
    }
  ) { Primitive.duplicated() }

  private static let selfCrossing = Sample(
    "self-crossing", "Two boxes driven through one another",
    facts: Facts(
      vertices: 16, triangles: 24, volume: 12000 + 12 * 9 * 28,
      area: 3200 + 2 * (12 * 9 + 12 * 28 + 9 * 28), dimensions: SIMD3(30, 20, 40)
    ) {
      $0.shells = 2
      // The upper box's eight wall triangles and the two of the lower box's lid.
      $0.intersectingTriangles = 10
    }
  ) { Primitive.interpenetrating() }

  private static let looseSoup = Sample(
    "loose-soup", "A ball of 320 triangles that hang beside each other without touching",
    facts: Facts(vertices: 960, triangles: 320, dimensions: SIMD3(repeating: 19.99942)) {
      $0.shells = 320
      $0.badEdges = 960
      $0.badContours = 320
      $0.contours = 320
      $0.planarHoles = 320
      $0.nearBadEdges = 480
    }
  ) { Primitive.looseSphere() }

  private static let noise = Sample(
    "noise", "The angle bracket with a speck of 0.2 mm beside it",
    facts: Facts(
      vertices: 700, triangles: 1408, volume: Bracket(segments: 48).volume + 0.2 * 0.2 * 0.2 / 6,
      dimensions: SIMD3(60, 40, 50)
    ) {
      $0.shells = 2
      $0.noiseShells = 1
    }
  ) { Primitive.withNoise() }

  private static let cut = Sample(
    "cut", "The gear's file, cut in the middle of a facet: an error, or 1000 facets with salvage",
    cutAfterBytes: 84 + 50 * 1000 + 17,
    facts: Facts(vertices: 1438, triangles: 2900, dimensions: SIMD3(51.980309, 51.980309, 14))
  ) { Primitive.gear() }
}
