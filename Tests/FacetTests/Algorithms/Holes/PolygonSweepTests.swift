import FacetTestSupport
import Testing

@testable import Facet

@Suite struct PolygonSweepTests {
  private func triangles(_ loops: [[SIMD2<Float>]]) throws -> (
    points: [SIMD2<Float>], triangles: [SIMD3<Int32>]?
  ) {
    var start: Int32 = 0
    let numbers = loops.map { loop in
      defer { start += Int32(loop.count) }
      return (start..<start + Int32(loop.count)).map { $0 }
    }
    let points = loops.flatMap { $0 }
    return (points, try PolygonSweep.triangles(points, numbers, .init()))
  }

  /// Checks that the triangles fill the polygon: right number, all counter-clockwise, right area.
  private func expectFilled(_ loops: [[SIMD2<Float>]], _ place: SourceLocation = #_sourceLocation) throws {
    let (points, found) = try triangles(loops)
    let triangles = try #require(found, sourceLocation: place)
    let count =
      points.count + 2 * (loops.count { enclosedArea($0) < 0 }) - 2 * (loops.count { enclosedArea($0) > 0 })
    #expect(triangles.count == count, sourceLocation: place)
    var area = 0.0
    for t in triangles {
      let (a, b, c) = (points[Int(t.x)], points[Int(t.y)], points[Int(t.z)])
      #expect(orient2d(a, b, c) == 1, sourceLocation: place)
      area += enclosedArea([a, b, c])
    }
    let whole = loops.reduce(0) { $0 + enclosedArea($1) }
    #expect(abs(area - whole) <= 1e-9 * abs(whole), sourceLocation: place)
    // Each edge of a loop once, every other edge once in each direction.
    let mesh = try #require(PatchMesh(triangles), sourceLocation: place)
    #expect(mesh.twin.count { $0 < 0 } == points.count, sourceLocation: place)
  }

  @Test func aTriangleIsItself() throws {
    #expect(try triangles([[SIMD2(0, 0), SIMD2(1, 0), SIMD2(0, 1)]]).triangles?.count == 1)
  }

  @Test func polygonsWithVerticesOnTheirSides() throws {
    try expectFilled([[SIMD2(0, 0), SIMD2(1, 0), SIMD2(2, 0), SIMD2(0, 1)]])
    try expectFilled([
      [
        SIMD2(0, 0), SIMD2(1, 0), SIMD2(2, 0), SIMD2(2, 1), SIMD2(2, 2), SIMD2(1, 2), SIMD2(0, 2),
        SIMD2(0, 1),
      ]
    ])
    try expectFilled([[SIMD2(0, 0), SIMD2(2, 0), SIMD2(1, 1), SIMD2(0, 2)]])
    try expectFilled([[SIMD2(0, 2), SIMD2(0, 1), SIMD2(0, 0), SIMD2(5, 0)]])
  }

  @Test func combsAndSpirals() throws {
    var comb: [SIMD2<Float>] = []
    for i in 0..<20 { comb += [SIMD2(Float(2 * i), 10), SIMD2(Float(2 * i) + 0.5, 0)] }
    try expectFilled([[SIMD2(0, -1), SIMD2(40, -1)] + comb.reversed()])
    // Upright: all teeth split and merge the sweep.
    try expectFilled([([SIMD2(0, -1), SIMD2(40, -1)] + comb.reversed()).map { SIMD2(-$0.y, $0.x) }])
  }

  @Test func holesAndIslands() throws {
    let square: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(9, 0), SIMD2(9, 9), SIMD2(0, 9)]
    func box(_ x: Float, _ y: Float, _ size: Float) -> [SIMD2<Float>] {
      [SIMD2(x, y), SIMD2(x + size, y), SIMD2(x + size, y + size), SIMD2(x, y + size)]
    }
    try expectFilled([square, box(3, 3, 3).reversed()])
    try expectFilled([square, box(1, 1, 2).reversed(), box(1, 5, 2).reversed(), box(5, 1, 3).reversed()])
    try expectFilled([square, box(2, 2, 5).reversed(), box(3, 3, 2)])
    try expectFilled([square, [SIMD2(2, 4), SIMD2(4, 6), SIMD2(6, 4), SIMD2(4, 2)]])
  }

  @Test func whatCrossesOrTouchesItselfIsRefused() throws {
    let square: [SIMD2<Float>] = [SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 4), SIMD2(0, 4)]
    // A bow tie, a clockwise outline, a spike, a vertex on another edge, one point twice.
    #expect(try triangles([[SIMD2(0, 0), SIMD2(2, 2), SIMD2(2, 0), SIMD2(0, 2)]]).triangles == nil)
    #expect(try triangles([square.reversed()]).triangles == nil)
    #expect(try triangles([[SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 4), SIMD2(4, 0.5)]]).triangles == nil)
    #expect(
      try triangles([[SIMD2(0, 0), SIMD2(4, 0), SIMD2(4, 4), SIMD2(2, 0), SIMD2(0, 4)]]).triangles == nil)
    #expect(
      try triangles([[SIMD2(0, 0), SIMD2(4, 0), SIMD2(2, 2), SIMD2(4, 4), SIMD2(0, 4), SIMD2(2, 2)]])
        .triangles
        == nil)
    // A hole outside, one across the outline, one that touches it, an outline in an outline.
    func box(_ x: Float) -> [SIMD2<Float>] {
      [SIMD2(x, 1), SIMD2(x, 2), SIMD2(x + 1, 2), SIMD2(x + 1, 1)]
    }
    #expect(try triangles([square, box(6)]).triangles == nil)
    #expect(try triangles([square, box(3.5)]).triangles == nil)
    #expect(try triangles([square, box(3)]).triangles == nil)
    #expect(try triangles([square, box(1).reversed()]).triangles == nil)
    #expect(try triangles([square, box(1), box(1.5)]).triangles == nil)
  }

  @Test(arguments: 0..<40) func starsOnAGrid(seed: UInt64) throws {
    // Many vertices on common lines; a hole in the middle.
    var generator = SeededGenerator(seed: seed)
    let n = Int.random(in: 3...60, using: &generator)
    var star: [SIMD2<Float>] = []
    for p in circleOutline(radius: 1, segments: n) {
      let radius = Float.random(in: 6...20, using: &generator)
      star.append((p * radius).rounded(.toNearestOrEven))
    }
    var hole: [SIMD2<Float>] = []
    for p in circleOutline(radius: 3, segments: max(3, n / 3)).reversed() {
      hole.append(p.rounded(.toNearestOrEven))
    }
    let loops = [star, hole]
    let crosses = loops.flatMap { $0 }.count != Set(loops.flatMap { $0 }).count || isCrossed(loops)
    if crosses {
      #expect(try triangles(loops).triangles == nil)
    } else {
      try expectFilled(loops)
    }
  }

  /// The slow and obvious way: whether two edges meet other than in a common end, or a loop turns the wrong way.
  private func isCrossed(_ loops: [[SIMD2<Float>]]) -> Bool {
    if enclosedArea(loops[0]) <= 0 || loops.dropFirst().contains(where: { enclosedArea($0) >= 0 }) {
      return true
    }
    var edges: [(SIMD2<Float>, SIMD2<Float>)] = []
    for loop in loops { for i in loop.indices { edges.append((loop[i], loop[(i + 1) % loop.count])) } }
    func isOn(_ p: SIMD2<Float>, _ e: (SIMD2<Float>, SIMD2<Float>)) -> Bool {
      guard p != e.0, p != e.1, orient2d(e.0, e.1, p) == 0 else { return false }
      let (u, v) = (p - e.0, p - e.1)
      return (u * v).sum() < 0
    }
    for i in edges.indices {
      for j in edges.indices where j != i {
        let (e, f) = (edges[i], edges[j])
        if isOn(f.0, e) || isOn(f.1, e) { return true }
        if orient2d(e.0, e.1, f.0) * orient2d(e.0, e.1, f.1) < 0,
          orient2d(f.0, f.1, e.0) * orient2d(f.0, f.1, e.1) < 0
        {
          return true
        }
      }
    }
    // The hole surrounds the origin, and so does the star: apart, one is inside the other.
    return loops[0].allSatisfy { p in
      let q = loops[1][0]
      return (p * p).sum() < (q * q).sum()
    }
  }
}
