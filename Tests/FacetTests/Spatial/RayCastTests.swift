import FacetTestSupport
import Testing

@testable import Facet

@Suite struct RayCastTests {
  /// The nearest hit by solving for every triangle in double precision; rays that pass within `margin` of an
  /// edge, as a weight, are too close to call.
  private func bruteForce(
    _ mesh: Mesh, _ origin: SIMD3<Float>, _ direction: SIMD3<Float>, margin: Double
  ) -> (hit: (triangle: Int, distance: Double)?, isClear: Bool) {
    var nearest: (triangle: Int, distance: Double)?
    var isClear = true
    let d = SIMD3<Double>(direction)
    for i in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(i)
      let base = SIMD3<Double>(a)
      let u = SIMD3<Double>(b) - base
      let v = SIMD3<Double>(c) - base
      let w = SIMD3<Double>(origin) - base
      let determinant = dot(cross(u, v), d)
      if determinant == 0 { continue }
      let distance = -dot(cross(u, v), w) / determinant
      let beta = dot(cross(w, v), d) / determinant
      let gamma = dot(cross(u, w), d) / determinant
      let least = min(beta, gamma, 1 - beta - gamma)
      if distance < -margin || least < -margin { continue }
      if abs(distance) <= margin || abs(least) <= margin { isClear = false }
      if distance >= 0, least >= 0, distance < nearest?.distance ?? .infinity { nearest = (i, distance) }
    }
    return (nearest, isClear)
  }

  @Test func raysEqualBruteForce() throws {
    var random = SeededGenerator(seed: 1)
    for mesh in [
      Mesh.randomSoup(triangles: 300, seed: 2), .gridSoup(triangles: 60, side: 4, seed: 3),
      .randomSoup(triangles: 3, seed: 4),
    ] {
      let bvh = try BVH(mesh)
      var compared = 0
      for _ in 0..<150 {
        let origin = SIMD3<Float>.random(in: -1...2, using: &random)
        let direction = SIMD3<Float>.random(in: -1...1, using: &random)
        let (expected, isClear) = bruteForce(mesh, origin, direction, margin: 1e-4)
        if !isClear { continue }
        compared += 1
        let hit = bvh.raycast(mesh, origin: origin, direction: direction)
        #expect(hit?.triangle == expected?.triangle)
        guard let hit, let expected else { continue }
        #expect(abs(Double(hit.distance) - expected.distance) < 1e-5 * (1 + expected.distance))
        let (a, b, c) = mesh.corners(hit.triangle)
        let point = a * hit.barycentric.x + b * hit.barycentric.y + c * hit.barycentric.z
        #expect(length(point - (origin + direction * hit.distance)) < 1e-4)
      }
      #expect(compared > 100)
    }
  }

  /// A closed surface of many flat and many slanted triangles around the origin.
  private func ball(_ rings: Int) throws -> Mesh {
    var positions: [SIMD3<Float>] = [SIMD3(0, 0, 1.3), SIMD3(0, 0, -1.3)]
    var triangles: [Triangle] = []
    let segments = 2 * rings
    // Rational points of the circle, so that nothing depends on a math library.
    func circle(_ i: Int, _ n: Int) -> (Float, Float) {
      let quarter = 4 * i / n
      let t = Float(4 * i - quarter * n) / Float(n)
      let (c, s) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
      return [(c, s), (-s, c), (-c, -s), (s, -c)][quarter]
    }
    for ring in 1..<rings {
      let (z, r) = circle(ring, 2 * rings)
      for segment in 0..<segments {
        let (x, y) = circle(segment, segments)
        positions.append(SIMD3(x * r, y * r, z * 1.3))
      }
    }
    func index(_ ring: Int, _ segment: Int) -> UInt32 {
      ring == 0 ? 0 : ring == rings ? 1 : UInt32(2 + (ring - 1) * segments + segment % segments)
    }
    for ring in 0..<rings {
      for s in 0..<segments {
        let t = Triangle(index(ring, s), index(ring + 1, s), index(ring + 1, s + 1))
        let u = Triangle(index(ring, s), index(ring + 1, s + 1), index(ring, s + 1))
        if !t.isDegenerate { triangles.append(t) }
        if !u.isDegenerate { triangles.append(u) }
      }
    }
    return try Mesh(positions: positions, triangles: triangles)
  }

  @Test func noRayFromWithinAClosedSurfaceSlipsThrough() throws {
    let mesh = try ball(12)
    #expect(EdgeOracle(mesh).isClosedManifoldByEdges)
    let bvh = try BVH(mesh)
    let origins: [SIMD3<Float>] = [.zero, SIMD3(0.1, 0, 0), SIMD3(0.3, -0.2, 0.1), SIMD3(0, 0, 0.5)]
    for origin in origins {
      for i in mesh.triangles.indices {
        let (a, b, c) = mesh.corners(i)
        // At corners, at points of edges, and a hair beside them.
        for target in [a, (a + b) * 0.5, a * 0.75 + c * 0.25, b * 0.999 + c * 0.001] {
          let towards = target - origin
          var beside = towards
          beside.x = beside.x.nextUp
          for direction in [towards, beside, towards * 3e-4, towards * 7e5] {
            #expect(bvh.raycast(mesh, origin: origin, direction: direction) != nil)
          }
        }
      }
    }
  }

  @Test func noRayThroughAClosedSurfaceFromFarAwaySlipsThrough() throws {
    let mesh = try ball(10)
    let bvh = try BVH(mesh)
    var random = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      // Towards an inner point, through a corner or an edge on the near side.
      let i = Int.random(in: mesh.triangles.indices, using: &random)
      let (a, b, _) = mesh.corners(i)
      let target = Bool.random(using: &random) ? a : (a + b) * 0.5
      let origin = target * Float.random(in: 2...1000, using: &random)
      #expect(bvh.raycast(mesh, origin: origin, direction: -origin) != nil)
    }
  }

  @Test func raysAlongTheAxesHitGridsAtTheirCornersAndEdges() throws {
    // A square of n × n cells: rays through every corner and every middle, origins in the planes of boxes.
    let n = 16
    var positions: [SIMD3<Float>] = []
    var triangles: [Triangle] = []
    for y in 0...n { for x in 0...n { positions.append(SIMD3(Float(x), Float(y), 0)) } }
    for y in 0..<n {
      for x in 0..<n {
        let i = UInt32(y * (n + 1) + x)
        let above = i + UInt32(n) + 1
        triangles += [Triangle(i, i + 1, above + 1), Triangle(i, above + 1, above)]
      }
    }
    let mesh = try Mesh(positions: positions, triangles: triangles)
    let bvh = try BVH(mesh)
    for y in 0...2 * n {
      for x in 0...2 * n {
        let point = SIMD3<Float>(Float(x) / 2, Float(y) / 2, 5)
        let hit = bvh.raycast(mesh, origin: point, direction: SIMD3(0, 0, -1))
        #expect(hit?.distance == 5)
        // Every triangle at the point is at the same distance: the first of them is named.
        let first = mesh.triangles.indices.first { i in
          let (a, b, c) = mesh.corners(i)
          func side(_ p: SIMD3<Float>, _ q: SIMD3<Float>) -> Float {
            (q.x - p.x) * (point.y - p.y) - (q.y - p.y) * (point.x - p.x)
          }
          return side(a, b) >= 0 && side(b, c) >= 0 && side(c, a) >= 0
        }
        #expect(hit?.triangle == first)
        #expect(bvh.raycast(mesh, origin: point, direction: SIMD3(0, 0, 1)) == nil)
      }
    }
  }

  @Test func theRangeAndTheDirectionsLengthCount() throws {
    let mesh = try Mesh(
      positions: [
        SIMD3(-9, -9, 3), SIMD3(9, -9, 3), SIMD3(0, 9, 3), SIMD3(-9, -9, 6), SIMD3(9, -9, 6), SIMD3(0, 9, 6),
      ],
      triangles: [Triangle(3, 4, 5), Triangle(0, 1, 2)])
    let bvh = try BVH(mesh)
    func cast(_ z: Float, _ range: ClosedRange<Float> = 0 ... .infinity) -> RayHit? {
      bvh.raycast(mesh, origin: .zero, direction: SIMD3(0, 0, z), range: range)
    }
    #expect(cast(1)?.triangle == 1)
    #expect(cast(1)?.distance == 3)
    #expect(cast(2)?.distance == 1.5)
    #expect(cast(1, 0...2.9) == nil)
    #expect(cast(1, 0...3)?.triangle == 1)
    #expect(cast(1, 3.1...10)?.triangle == 0)
    #expect(cast(-1, -10...10) == nil)
    #expect(cast(0) == nil)
    #expect(bvh.raycast(mesh, origin: SIMD3(.nan, 0, 0), direction: SIMD3(0, 0, 1)) == nil)
  }

  @Test func ofDuplicatesTheLowestIndexIsHit() throws {
    let corners: [SIMD3<Float>] = [SIMD3(-1, -1, 0), SIMD3(1, -1, 0), SIMD3(0, 1, 0)]
    let mesh = try Mesh(positions: corners, triangles: [Triangle](repeating: Triangle(2, 0, 1), count: 100))
    let bvh = try BVH(mesh)
    let hit = bvh.raycast(mesh, origin: SIMD3(0.1, 0.1, 4), direction: SIMD3(0, 0, -1))
    #expect(hit?.triangle == 0)
  }

  @Test func nothingIsHitInAnEmptyMeshOrByADegenerateOne() throws {
    #expect(try BVH(.empty).raycast(.empty, origin: .zero, direction: SIMD3(1, 0, 0)) == nil)
    let line = try Mesh(
      positions: [SIMD3(-1, 0, 0), SIMD3(0, 0, 0), SIMD3(1, 0, 0)],
      triangles: [Triangle(0, 1, 2), Triangle(0, 0, 0)])
    let bvh = try BVH(line)
    #expect(bvh.raycast(line, origin: SIMD3(0.5, 0, 4), direction: SIMD3(0, 0, -1)) == nil)
  }
}
