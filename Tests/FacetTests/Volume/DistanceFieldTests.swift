import FacetTestSupport
import Testing

@testable import Facet

@Suite struct DistanceFieldTests {
  /// The nodes of a field, and nodes that are in no block, against the search tree.
  private func check(_ mesh: Mesh, voxel: Float, band: Float, origin: SIMD3<Float>? = nil) throws {
    let field = try DistanceField(mesh, voxel: voxel, band: band, origin: origin)
    let bvh = try BVH(mesh)
    let size = mesh.bounds.size
    // Coordinates are rounded to Float before they come here, distances after.
    let rounding = max(size.x, size.y, size.z, length(field.grid.origin)) * 1e-6 + voxel * 1e-5
    var (wrong, inBand) = (0, 0)
    // A prime, so that all places in a block have their turn.
    for i in stride(from: 0, to: field.grid.nodeCount, by: 11) {
      let p = field.grid.position(of: field.grid.node(at: i))
      guard field.distances[i].isFinite else {
        if field.nearest[i] != .max || bvh.closestPoint(mesh, to: p, within: band - rounding) != nil {
          wrong += 1
        }
        continue
      }
      inBand += 1
      let truth = bvh.closestPoint(mesh, to: p)?.distance ?? .infinity
      let (a, b, c) = mesh.corners(Int(field.nearest[i]))
      let named = length(closestOffset(a - p, b - p, c - p))
      let distance = field.distances[i]
      if !(abs(truth - distance) <= rounding && abs(named - distance) <= rounding) { wrong += 1 }
    }
    #expect(wrong == 0)
    #expect(inBand > 50)
    var random = SeededGenerator(seed: 7)
    let box = mesh.bounds
    for _ in 0..<100 {
      let share = SIMD3<Float>.random(in: -0.1...1.1, using: &random)
      let at = ((box.minimum + share * box.size - field.grid.origin) / voxel)
      let node = SIMD3<Int32>(Int32(at.x.rounded()), Int32(at.y.rounded()), Int32(at.z.rounded()))
      if field.grid.index(of: node) == nil {
        let found = bvh.closestPoint(mesh, to: field.grid.position(of: node), within: band - rounding)
        #expect(found == nil)
      }
    }
  }

  @Test func nodesAgreeWithTheTreeOnManySmallTriangles() throws {
    try check(Primitive.icosphere(radius: 3, subdivisions: 3), voxel: 0.4, band: 0.6)
    try check(
      Primitive.torus(majorRadius: 5, minorRadius: 2, majorSegments: 32, minorSegments: 16), voxel: 1,
      band: 1.5)
  }

  @Test func nodesAgreeWithTheTreeOnFewLargeTriangles() throws {
    try check(Primitive.box(minimum: SIMD3(-7, -3, 0), maximum: SIMD3(9, 5, 12)), voxel: 0.5, band: 0.8)
    try check(Primitive.tetrahedron(corner: SIMD3(100, -50, 20), size: 17), voxel: 0.4, band: 0.7)
  }

  @Test func nodesAgreeWithTheTreeInWideBands() throws {
    try check(Primitive.icosphere(radius: 3, subdivisions: 2), voxel: 0.4, band: 4)
    try check(Primitive.box(maximum: SIMD3(5, 4, 3)), voxel: 0.5, band: 3)
  }

  @Test func nodesAgreeWithTheTreeOnSoups() throws {
    for seed in 0..<3 as Range<UInt64> {
      try check(.randomSoup(triangles: 60, size: 0.6, seed: seed), voxel: 0.07, band: 0.15)
      try check(
        .gridSoup(triangles: 30, side: 4, seed: seed, allowingDegenerate: true), voxel: 0.3, band: 0.5,
        origin: SIMD3(-0.3, 0.6, 0))
    }
  }

  /// In double precision, by the edges and the foot on the plane.
  private func distance(_ p: SIMD3<Double>, _ corners: [SIMD3<Double>]) -> Double {
    var least = Double.infinity
    for i in 0..<3 {
      let edge = corners[(i + 1) % 3] - corners[i]
      let squared = dot(edge, edge)
      let along = squared > 0 ? min(1, max(0, dot(p - corners[i], edge) / squared)) : 0
      least = min(least, length(p - (corners[i] + edge * along)))
    }
    let n = cross(corners[1] - corners[0], corners[2] - corners[0])
    guard dot(n, n) > 0 else { return least }
    let isInside = (0..<3).allSatisfy { i in
      dot(cross(corners[(i + 1) % 3] - corners[i], p - corners[i]), n) >= 0
    }
    return isInside ? min(least, abs(dot(n, p - corners[0])) / length(n)) : least
  }

  @Test func needlesCapsAndPointsAreAsNearAsTheyAre() throws {
    let mesh = try Mesh(
      positions: [
        SIMD3(0, 0, 0), SIMD3(50, 20, 10), SIMD3(50, 20.001, 10), SIMD3(3, 4, 5), SIMD3(25, 10, 5),
        SIMD3(20, 30, 0), SIMD3(40, 30, 0), SIMD3(30, 30.0005, 0),
      ],
      triangles: [
        Triangle(0, 1, 2), Triangle(3, 3, 3), Triangle(0, 4, 1), Triangle(1, 1, 2), Triangle(5, 6, 7),
      ])
    let field = try DistanceField(mesh, voxel: 0.5, band: 0.9)
    var seen: Set<UInt32> = []
    for i in 0..<field.grid.nodeCount where field.distances[i].isFinite {
      let p = SIMD3<Double>(field.grid.position(of: field.grid.node(at: i)))
      let truth = mesh.triangles.indices.map { f in
        let (a, b, c) = mesh.corners(f)
        return distance(p, [SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c)])
      }
      let error = abs(Double(field.distances[i]) - truth.min()!)
      if error > 1e-5 { Issue.record("node \(i) is off by \(error)") }
      seen.insert(field.nearest[i])
    }
    #expect(seen.isSuperset(of: [0, 1, 4]))
  }

  @Test func distancesOfASphereAreThoseOfTheSphere() throws {
    let sphere = Primitive.icosphere(radius: 10, subdivisions: 4)
    let field = try DistanceField(sphere, voxel: 0.5, band: 1)
    var near = 0
    for i in 0..<field.grid.nodeCount where field.distances[i].isFinite {
      let p = field.grid.position(of: field.grid.node(at: i))
      // Facets lie up to 0.03 mm within the sphere.
      if abs(abs(length(p) - 10) - field.distances[i]) >= 0.03 { Issue.record("node \(i)") }
      near += 1
    }
    // A shell of 2 mm around a surface of 1257 mm², eight nodes a mm³.
    #expect(abs(Double(near) - 1257 * 2 * 8) < 400)
  }

  @Test func ofTrianglesAtOneDistanceTheFirstIsNearest() throws {
    let corners: [SIMD3<Float>] = [SIMD3(0, 0, 0), SIMD3(9, 0, 0), SIMD3(0, 9, 0)]
    let mesh = try Mesh(positions: corners, triangles: [Triangle](repeating: Triangle(0, 1, 2), count: 9))
    let field = try DistanceField(mesh, voxel: 1, band: 2)
    #expect(Set(field.nearest) == [0, .max])
  }

  @Test func memoryIsInProportionToTheSurface() throws {
    let mesh = Primitive.box(maximum: SIMD3(repeating: 60))
    let coarse = try DistanceField(mesh, voxel: 1, band: 1.5)
    let fine = try DistanceField(mesh, voxel: 0.5, band: 0.75)
    let growth = Double(fine.grid.blocks.count) / Double(coarse.grid.blocks.count)
    // In proportion to the volume it would be 8.
    #expect(growth < 6)
  }

  @Test func anyNumberOfThreadsGivesTheSameBytes() throws {
    let mesh = Mesh.randomSoup(triangles: 1000, size: 0.1, seed: 3)
    let one = try DistanceField(mesh, voxel: 0.03, band: 0.045, RunContext(threads: 1))
    for threads in [2, 5] {
      let other = try DistanceField(mesh, voxel: 0.03, band: 0.045, RunContext(threads: threads))
      #expect(other.grid.blocks == one.grid.blocks)
      #expect(other.distances.map(\.bitPattern) == one.distances.map(\.bitPattern))
      #expect(other.nearest == one.nearest)
    }
  }

  @Test func emptyMeshHasAnEmptyField() throws {
    let field = try DistanceField(.empty, voxel: 1, band: 2)
    #expect(field.grid.blocks.isEmpty && field.distances.isEmpty)
  }

  @Test func absurdVoxelsAreRefusedBeforeAnythingIsAllocated() throws {
    let part = Primitive.box(maximum: SIMD3(repeating: 1000))
    for voxel: Float in [1e-4, 1e-3, 1e-20, .leastNonzeroMagnitude, 0, -1, .infinity, .nan] {
      #expect {
        _ = try DistanceField(part, voxel: voxel, band: voxel)
      } throws: {
        if case .invalidOption(let name, _, _) = $0 as? MeshError {
          name == "voxel" || name == "band"
        } else {
          false
        }
      }
    }
    let far = Primitive.box(minimum: SIMD3(repeating: 3e38), maximum: SIMD3(repeating: 3.1e38))
    #expect(throws: MeshError.self) { _ = try DistanceField(far, voxel: 1, band: 1) }
  }

  @Test func memoryOverTheBudgetIsRefused() throws {
    let part = Primitive.box(maximum: SIMD3(repeating: 30))
    let run = RunContext(memoryBudget: 3 << 20)
    for voxel: Float in [0.25, 0.01, 0.001] {
      #expect {
        _ = try DistanceField(part, voxel: voxel, band: voxel * 2, run)
      } throws: {
        if case .memoryBudgetExceeded = $0 as? MeshError { true } else { false }
      }
    }
    _ = try DistanceField(part, voxel: 2, band: 4, run)
  }

  @Test func cancellingStopsTheScan() throws {
    let cancellation = Cancellation()
    let run = RunContext(cancellation: cancellation, progress: { if $0 > 0.29 { cancellation.cancel() } })
    #expect(throws: MeshError.cancelled) {
      _ = try DistanceField(Primitive.box(maximum: SIMD3(repeating: 50)), voxel: 0.8, band: 1, run)
    }
  }
}
