import FacetTestSupport
import Testing

@testable import Facet

@Suite struct InscribedSphereTests {
  /// The largest ball by halving its radius against the distance from its centre to each triangle.
  private func oracle(
    _ mesh: Mesh, _ point: SIMD3<Float>, _ normal: SIMD3<Float>, largest: Double, clearance: Double
  ) -> Double? {
    let p = SIMD3<Double>(point)
    let n = SIMD3<Double>(normal).normalized
    var least: Double?
    for i in mesh.triangles.indices {
      let t = mesh.corners(i)
      var low = 0.0
      var high = largest
      if closest(p + high * n, t).distance > high { continue }
      for _ in 0..<100 {
        let middle = (low + high) / 2
        if closest(p + middle * n, t).distance > middle { low = middle } else { high = middle }
      }
      if dot(closest(p + high * n, t).point - p, n) <= clearance { continue }
      if high < least ?? .infinity { least = high }
    }
    return least
  }

  private func closest(
    _ p: SIMD3<Double>, _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  ) -> (point: SIMD3<Double>, distance: Double) {
    let corners = [SIMD3<Double>(t.0), SIMD3<Double>(t.1), SIMD3<Double>(t.2)]
    var best = (point: corners[0], distance: Double.infinity)
    func offer(_ q: SIMD3<Double>) {
      if length(p - q) < best.distance { best = (q, length(p - q)) }
    }
    for i in 0..<3 {
      let a = corners[i]
      let edge = corners[(i + 1) % 3] - a
      let squared = dot(edge, edge)
      offer(a + edge * (squared > 0 ? min(1, max(0, dot(p - a, edge) / squared)) : 0))
    }
    let n = cross(corners[1] - corners[0], corners[2] - corners[0])
    let squared = dot(n, n)
    if squared == 0 { return best }
    let foot = p - n * (dot(n, p - corners[0]) / squared)
    let isInside = (0..<3).allSatisfy {
      dot(cross(corners[($0 + 1) % 3] - corners[$0], foot - corners[$0]), n) >= 0
    }
    if isInside { offer(foot) }
    return best
  }

  /// The middle of each triangle and the direction inward.
  private func samples(_ mesh: Mesh) -> (points: [SIMD3<Float>], normals: [SIMD3<Float>]) {
    var points: [SIMD3<Float>] = []
    var normals: [SIMD3<Float>] = []
    for i in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(i)
      points.append((a + b + c) / 3)
      normals.append(SIMD3<Float>(-cross(SIMD3<Double>(b - a), SIMD3<Double>(c - a)).normalized))
    }
    return (points, normals)
  }

  @Test func spheresEqualBruteForce() throws {
    var random = SeededGenerator(seed: 1)
    for mesh in [
      Mesh.randomSoup(triangles: 120, seed: 2), .randomSoup(triangles: 3, seed: 3),
      .gridSoup(triangles: 40, side: 3, seed: 4, allowingDegenerate: true),
    ] {
      let bvh = try BVH(mesh)
      var limited = 0
      for _ in 0..<50 {
        let point = SIMD3<Float>.random(in: -0.5...1.5, using: &random)
        let normal = SIMD3<Float>.random(in: -1...1, using: &random)
        let expected = oracle(mesh, point, normal, largest: 3, clearance: bvh.contactClearance)
        let sphere = bvh.inscribedSphere(mesh, at: point, normal: normal, largest: 3)
        #expect((sphere == nil) == (expected == nil))
        guard let sphere, let expected else { continue }
        limited += 1
        #expect(abs(Double(sphere.radius) - expected) <= 1e-6 * (1 + expected))
        // What is said holds: the contact is on the triangle and on the ball.
        #expect(closest(SIMD3<Double>(sphere.contact), mesh.corners(sphere.triangle)).distance < 1e-5)
        #expect(abs(length(sphere.contact - sphere.center) - sphere.radius) < 1e-5)
        #expect(abs(length(point - sphere.center) - sphere.radius) < 1e-5)
      }
      #expect(limited > 10)
    }
  }

  @Test func spheresAtTheSurfaceEqualBruteForce() throws {
    // Triangles that share edges with, cross, double and continue the one that the point lies on.
    for mesh in [
      Mesh.gridSoup(triangles: 45, side: 4, seed: 5), .randomSoup(triangles: 40, size: 0.5, seed: 6),
    ] {
      let bvh = try BVH(mesh)
      let (points, normals) = samples(mesh)
      for i in points.indices {
        let expected = oracle(mesh, points[i], normals[i], largest: 9, clearance: bvh.contactClearance)
        let sphere = bvh.inscribedSphere(mesh, at: points[i], normal: normals[i], largest: 9)
        #expect((sphere == nil) == (expected == nil))
        guard let sphere, let expected else { continue }
        #expect(abs(Double(sphere.radius) - expected) <= 1e-5 * (1 + expected))
      }
    }
  }

  @Test func lanesThatMeetTheBallEqualEachAlone() {
    var random = SeededGenerator(seed: 11)
    var meeting = 0
    for _ in 0..<3000 {
      let size = Float.random(in: 0.01...2, using: &random)
      let corners = (0..<12).map { _ in SIMD3<Float>.random(in: -size...size, using: &random) }
      let shift = SIMD3<Float>.random(in: -1.5...1.5, using: &random)
      func lanes(_ first: Int) -> Lanes3 {
        let p = (0..<4).map { corners[first + 3 * $0] + shift }
        return Lanes3(
          x: SIMD4(p[0].x, p[1].x, p[2].x, p[3].x), y: SIMD4(p[0].y, p[1].y, p[2].y, p[3].y),
          z: SIMD4(p[0].z, p[1].z, p[2].z, p[3].z))
      }
      let (a, b, c) = (lanes(0), lanes(1), lanes(2))
      let sight = BallSight(TouchingBall(SIMD3(0, 0, -1), SIMD3(0, 0, 1), 1, clearance: 1e-6, reach: 9)!)
      let block = LeafBlock(a, b, c, .zero)
      let may = sight.lanesThatMayMeet(a - sight.center, b - sight.center, c - sight.center, block.depth)
      let found = may & sight.lanesMeeting(a - sight.center, b - sight.center, c - sight.center)
      for lane in 0..<4 {
        let away = closest(.zero, (a[lane], b[lane], c[lane])).distance
        let isFound = found >> UInt32(lane) & 1 == 1
        if isFound { meeting += 1 }
        if away < 1 { #expect(isFound) }
        if away > 1.001 { #expect(!isFound) }
      }
    }
    #expect(meeting > 1000)
  }

  private func sphere(
    _ mesh: Mesh, _ point: SIMD3<Float>, _ normal: SIMD3<Float>, largest: Float = 100
  ) throws -> InscribedSphere? {
    try BVH(mesh).inscribedSphere(mesh, at: point, normal: normal, largest: largest)
  }

  @Test func aPlateHoldsBallsOfHalfItsThickness() throws {
    let plate = Primitive.box(minimum: SIMD3(-30, -20, 0), maximum: SIMD3(30, 20, 1))
    for point in [SIMD3<Float>(0, 0, 0), SIMD3(29, 0, 0), SIMD3(-29.5, -19.5, 0), SIMD3(10, -15, 0)] {
      let up = try #require(try sphere(plate, point, SIMD3(0, 0, 7)))
      #expect(up.radius == 0.5)
      #expect(up.center == point + SIMD3(0, 0, 0.5))
      #expect(up.contact.z == 1 || up.contact.x.magnitude == 30)
      let down = try #require(try sphere(plate, point + SIMD3(0, 0, 1), SIMD3(0, 0, -0.1)))
      #expect(down.radius == 0.5)
    }
    // Outward there is nothing, and a limit that the wall is thicker than finds nothing either.
    #expect(try sphere(plate, .zero, SIMD3(0, 0, -1)) == nil)
    #expect(try sphere(plate, .zero, SIMD3(0, 0, 1), largest: 0.499) == nil)
    #expect(try sphere(plate, .zero, SIMD3(0, 0, 1), largest: 0.5)?.radius == 0.5)
    #expect(try sphere(plate, .zero, SIMD3(0, 0, 1), largest: .infinity)?.radius == 0.5)
  }

  @Test func besideACornerTheNearestFaceLimitsTheBall() throws {
    let cube = Primitive.box(maximum: SIMD3(repeating: 10))
    let bvh = try BVH(cube)
    for (x, y) in [(2, 3), (1, 1), (0.01, 4), (5, 5), (9.5, 6), (7, 9.999)] as [(Float, Float)] {
      let found = bvh.inscribedSphere(cube, at: SIMD3(x, y, 0), normal: SIMD3(0, 0, 1), largest: 100)
      #expect(abs(try #require(found).radius - min(x, y, 10 - x, 10 - y)) < 1e-6)
    }
    // On the edge itself a triangle of each face goes through the point, and the other one limits the ball.
    let edge = try #require(
      bvh.inscribedSphere(cube, at: SIMD3(0, 4, 0), normal: SIMD3(0, 0, 1), largest: 100))
    #expect(edge.contact.x == 0)
    #expect(abs(edge.contact.y - edge.contact.z) < 1e-6)
    #expect(abs(edge.radius - 4 * (2 - Float(2).squareRoot()) / Float(2).squareRoot()) < 1e-5)
    let corner = try #require(bvh.inscribedSphere(cube, at: .zero, normal: SIMD3(1, 1, 1), largest: 100))
    // Tangent to the three far faces: r (1 + 1/√3) = 10.
    #expect(abs(corner.radius - 10 / (1 + 1 / Float(3).squareRoot())) < 1e-5)
  }

  @Test func inAWedgeTheBallTouchesBothFaces() throws {
    for degrees in [2.0, 10, 30, 60, 90, 150] {
      let half = degrees / 2 * .pi / 180
      let (s, c) = (sinOf(2 * half), cosOf(2 * half))
      let wedge = Primitive.extruded(
        [.zero, SIMD2(50, 0), SIMD2(Float(50 * c), Float(50 * s))], from: -40, to: 40)
      for along in [0.05, 0.5, 3, 12] {
        let found = try #require(try sphere(wedge, SIMD3(Float(along), 0, 0), SIMD3(0, 1, 0)))
        // Far from the edge an obtuse wedge's third face may be nearer.
        let expected = along * s / (1 + c)
        if expected < 5 { #expect(abs(Double(found.radius) - expected) < 1e-5 * (0.1 + expected)) }
      }
    }
  }

  @Test func aTubeHoldsBallsOfHalfItsWall() throws {
    let segments = 48
    let tube = Primitive.tube(outerRadius: 10, innerRadius: 8.4, height: 60, segments: segments)
    let bvh = try BVH(tube)
    let apothem = cosOf(.pi / Double(segments))
    var walls = 0
    let (points, normals) = samples(tube)
    for i in points.indices where abs(normals[i].z) < 0.5 {
      let middle = SIMD2(points[i].x, points[i].y)
      let isOuter = (middle * middle).sum().squareRoot() > 9
      let found = bvh.inscribedSphere(tube, at: points[i], normal: normals[i], largest: 50)
      let radius = Double(try #require(found).radius)
      walls += 1
      // The walls are flat and parallel; from inside, the ball has the neighbouring facets to either side.
      if isOuter {
        #expect(abs(radius - 0.8 * apothem) < 2e-6)
      } else {
        #expect(radius <= 0.8 * apothem + 2e-6)
      }
    }
    #expect(walls == 4 * segments)
  }

  @Test func aRegularBodyHoldsItsInscribedBall() throws {
    // An octahedron: the ball at a face's middle touches all eight.
    let corners: [SIMD3<Float>] = [
      SIMD3(6, 0, 0), SIMD3(-6, 0, 0), SIMD3(0, 6, 0), SIMD3(0, -6, 0), SIMD3(0, 0, 6), SIMD3(0, 0, -6),
    ]
    var triangles: [Triangle] = []
    for x in 0..<2 as Range<UInt32> {
      for y in 2..<4 as Range<UInt32> {
        for z in 4..<6 as Range<UInt32> {
          triangles.append((x + y + z) % 2 == 0 ? Triangle(x, y, z) : Triangle(x, z, y))
        }
      }
    }
    let mesh = try Mesh(positions: corners, triangles: triangles)
    let bvh = try BVH(mesh)
    let (points, normals) = samples(mesh)
    for i in points.indices {
      let found = try #require(bvh.inscribedSphere(mesh, at: points[i], normal: normals[i], largest: 50))
      #expect(abs(found.radius - 6 / Float(3).squareRoot()) < 1e-5)
      #expect(length(found.center) < 1e-5)
      #expect(found.triangle != i)
    }
  }

  @Test func aFlatFaceOfManyTrianglesIsOneFace() throws {
    // Slanted, so that no triangle of the plate lies exactly in the plane of another; far out, so that rounding is
    // coarse. Near the seams a neighbour is as good as touching the point.
    let n = 40
    let right = SIMD3<Double>(2, 1, 0.5).normalized
    let up = cross(right, SIMD3<Double>(0.3, -0.2, 1)).normalized
    let out = cross(right, up)
    for far in [0, 1000.0] {
      var positions: [SIMD3<Float>] = []
      var triangles: [Triangle] = []
      for side in [0.0, 2] {
        let first = UInt32(positions.count)
        for y in 0...n {
          for x in 0...n {
            positions.append(
              SIMD3<Float>(
                right * Double(x) * 0.3 + up * Double(y) * 0.3 + out * side + SIMD3(repeating: far)))
          }
        }
        for y in 0..<n {
          for x in 0..<n {
            let i = first + UInt32(y * (n + 1) + x)
            let above = i + UInt32(n) + 1
            triangles += [Triangle(i, i + 1, above + 1), Triangle(i, above + 1, above)]
          }
        }
      }
      let mesh = try Mesh(positions: positions, triangles: triangles)
      let bvh = try BVH(mesh)
      var random = SeededGenerator(seed: 8)
      for _ in 0..<300 {
        let triangle = Int.random(in: n * n / 2..<n * n, using: &random)
        let (a, b, c) = mesh.corners(triangle)
        let beside = Float.random(in: 0...1, using: &random)
        let near = Float(sign: .plus, exponent: -Int.random(in: 1...24, using: &random), significand: 1)
        let point = (a * beside + b * (1 - beside)) * (1 - near) + c * near
        let found = try #require(bvh.inscribedSphere(mesh, at: point, normal: SIMD3<Float>(out), largest: 50))
        #expect(abs(found.radius - 1) < (far == 0 ? 1e-5 : 1e-3))
        #expect(found.triangle >= 2 * n * n)
      }
    }
  }

  @Test func manyAtOnceEqualOneByOne() throws {
    for mesh in [
      Mesh.randomSoup(triangles: 1100, size: 0.05, seed: 9),
      Primitive.torus(majorRadius: 10, minorRadius: 3, majorSegments: 24, minorSegments: 12),
    ] {
      let bvh = try BVH(mesh)
      var (points, normals) = samples(mesh)
      points[7].x = .nan
      normals[9] = .zero
      let one = try bvh.inscribedSpheres(
        mesh, at: points, normals: normals, largest: 4, RunContext(threads: 1))
      let two = try bvh.inscribedSpheres(
        mesh, at: points, normals: normals, largest: 4, RunContext(threads: 2))
      #expect(one == two)
      #expect(one[7] == nil)
      #expect(one[9] == nil)
      for i in points.indices {
        #expect(one[i] == bvh.inscribedSphere(mesh, at: points[i], normal: normals[i], largest: 4))
      }
      #expect(one.contains { $0 != nil })
    }
  }

  @Test func nothingLimitsWhereNothingIs() throws {
    let empty = try BVH(.empty)
    #expect(empty.inscribedSphere(.empty, at: .zero, normal: SIMD3(0, 0, 1), largest: 5) == nil)
    #expect(try empty.inscribedSpheres(.empty, at: [], normals: [], largest: 5).isEmpty)
    let cube = Primitive.box(maximum: SIMD3(repeating: 10))
    let point = SIMD3<Float>(4, 5, 0)
    #expect(try sphere(cube, SIMD3(.nan, 0, 0), SIMD3(0, 0, 1)) == nil)
    #expect(try sphere(cube, point, .zero) == nil)
    #expect(try sphere(cube, point, SIMD3(0, 0, 1), largest: 0) == nil)
    #expect(try sphere(cube, point, SIMD3(0, 0, 1), largest: .nan) == nil)
  }

  @Test func trianglesWithoutAreaLimitAsSegmentsAndPoints() throws {
    let mesh = try Mesh(
      positions: [SIMD3(-1, 0, 4), SIMD3(0, 0, 4), SIMD3(1, 0, 4), SIMD3(0, 3, 3), SIMD3(9, 9, 9)],
      triangles: [Triangle(0, 1, 2), Triangle(3, 3, 3), Triangle(4, 4, 4)])
    // The point is nearer than the segment, but (3² + 3²) / 6 leaves more room than 4² / 8.
    let segment = try #require(try sphere(mesh, .zero, SIMD3(0, 0, 1)))
    #expect(segment.radius == 2)
    #expect(segment.triangle == 0)
    let point = try #require(try sphere(mesh, SIMD3(0, 3, 0), SIMD3(0, 0, 1)))
    #expect(point.radius == 1.5)
    #expect(point.triangle == 1)
  }

  @Test func manyStopWhenCancelledOrOverTheBudget() throws {
    let mesh = Mesh.randomSoup(triangles: 100, seed: 1)
    let bvh = try BVH(mesh)
    let (points, normals) = samples(mesh)
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try bvh.inscribedSpheres(
        mesh, at: points, normals: normals, largest: 1, RunContext(cancellation: cancellation))
    }
    #expect(throws: MeshError.self) {
      try bvh.inscribedSpheres(mesh, at: points, normals: normals, largest: 1, RunContext(memoryBudget: 1000))
    }
  }
}

/// Sine and cosine without Foundation, exact to the last places for what the tests need.
private func cosOf(_ x: Double) -> Double {
  var (sum, term) = (1.0, 1.0)
  for k in 1..<20 {
    term *= -x * x / Double((2 * k - 1) * 2 * k)
    sum += term
  }
  return sum
}

private func sinOf(_ x: Double) -> Double {
  var (sum, term) = (x, x)
  for k in 1..<20 {
    term *= -x * x / Double(2 * k * (2 * k + 1))
    sum += term
  }
  return sum
}
