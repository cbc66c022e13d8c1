import FacetTestSupport
import Testing

@testable import Facet

/// What two triangles of a contour may not have in common.
@Suite struct TrianglesMeetTests {
  private typealias Corners = (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)

  /// Both ways round, and with each turned.
  private func meet(
    _ s: Triangle, _ t: Triangle, _ positions: [SIMD3<Float>],
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Bool {
    func corners(_ t: Triangle) -> Corners { (positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)]) }
    var answers: Set<Bool> = []
    for a in [s, Triangle(s.b, s.c, s.a), Triangle(s.c, s.a, s.b)] {
      for b in [t, Triangle(t.b, t.c, t.a), Triangle(t.c, t.a, t.b)] {
        answers.insert(trianglesMeet(a, corners(a), b, corners(b)))
        answers.insert(trianglesMeet(b, corners(b), a, corners(a)))
      }
    }
    #expect(answers.count == 1, sourceLocation: sourceLocation)
    return answers.contains(true)
  }

  private let floor: [SIMD3<Float>] = [SIMD3(0, 0, 0), SIMD3(4, 0, 0), SIMD3(0, 4, 0)]

  @Test func anEdgeOrACornerUponAnotherTriangle() {
    let own = Triangle(0, 1, 2), other = Triangle(3, 4, 5)
    func ends(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> Bool {
      meet(own, other, floor + [a, b, c])
    }
    // An edge in the floor, a corner on it, a corner on its side, an edge across its side.
    #expect(ends(SIMD3(1, 1, 0), SIMD3(1.5, 1, 0), SIMD3(1, 1, 2)))
    #expect(ends(SIMD3(-3, 1, 0), SIMD3(9, 1, 0), SIMD3(1, 1, 2)))
    #expect(ends(SIMD3(1, 1, 0), SIMD3(1.5, 1, 1), SIMD3(1, 1, 2)))
    #expect(ends(SIMD3(2, 0, 0), SIMD3(1.5, 1, 1), SIMD3(1, 1, 2)))
    #expect(ends(SIMD3(2, 0, -1), SIMD3(2, 0, 1), SIMD3(2, -3, 1)))
    // Through it.
    #expect(ends(SIMD3(1, 1, -1), SIMD3(1.5, 1, 1), SIMD3(1, 1, 2)))
    // Near it, and in its plane beside it.
    #expect(!ends(SIMD3(1, 1, 1e-30), SIMD3(1.5, 1, 1), SIMD3(1, 1, 2)))
    #expect(!ends(SIMD3(3, 3, 0), SIMD3(4, 3, 0), SIMD3(3, 3, 2)))
    #expect(!ends(SIMD3(3, 3, 0), SIMD3(4, 3, 1), SIMD3(3, 3, 2)))
  }

  @Test func beyondACommonCorner() {
    let own = Triangle(0, 1, 2), other = Triangle(0, 3, 4)
    func ends(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Bool { meet(own, other, floor + [a, b]) }
    // A corner on the floor, an edge along it that leaves through its far side, and one through it.
    #expect(ends(SIMD3(1, 1, 0), SIMD3(0, 1, 1)))
    #expect(ends(SIMD3(9, 9, 0), SIMD3(0, 1, 1)))
    #expect(ends(SIMD3(1, 1, -1), SIMD3(1, 1, 1)))
    // Nothing but the corner.
    #expect(!ends(SIMD3(1, -1, 0), SIMD3(0, 1, 1)))
    #expect(!ends(SIMD3(1, 1, 1), SIMD3(0, 1, 2)))
  }

  /// Slivers that came of a bracket's fillet: upside down upon their neighbours, a tenth of a degree open.
  @Test func foldedAlongACommonEdge() {
    let points: [SIMD3<Float>] = [
      SIMD3(41.053944, 20.948542, 4.125), SIMD3(41.051537, 20.914467, 4.488656),
      SIMD3(41.051636, 20.920492, 4.4902773), SIMD3(41.05875, 21.322762, 4.493308),
    ]
    #expect(meet(Triangle(0, 1, 2), Triangle(2, 1, 3), points))
    // Unfolded, and at a sharp edge.
    #expect(
      !meet(
        Triangle(0, 1, 2), Triangle(1, 0, 3),
        [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0)]))
    #expect(
      !meet(
        Triangle(0, 1, 2), Triangle(1, 0, 3),
        [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 1, 0.1)]))
  }

  // MARK: Against whole numbers

  private typealias Whole = SIMD3<Int>

  @Test func asWholeNumbersTellIt() {
    var counts: [Int: [Bool: Int]] = [:]
    for seed in 0..<12 {
      let soup = Mesh.gridSoup(triangles: 24, side: 2 + seed % 3, seed: UInt64(seed))
      let points = soup.positions.map { Whole(Int($0.x), Int($0.y), Int($0.z)) }
      let sound = soup.triangles.filter { normal($0, points) != .zero }
      for (i, s) in sound.enumerated() {
        for t in sound[..<i] {
          let common = [s.a, s.b, s.c].count { [t.a, t.b, t.c].contains($0) }
          // Along a common edge triangles of a surface run in opposite ways.
          if common == 3 || common == 2 && !edges(s).isDisjoint(with: edges(t)) { continue }
          let isMeeting = areMeeting(s, t, points)
          #expect(meet(s, t, soup.positions) == isMeeting, "\(s) and \(t) of \(seed)")
          counts[common, default: [:]][isMeeting, default: 0] += 1
        }
      }
    }
    for common in 0...2 {
      for isMeeting in [true, false] { #expect(counts[common]?[isMeeting] ?? 0 > 3) }
    }
  }

  private func edges(_ t: Triangle) -> Set<SIMD2<UInt32>> {
    [SIMD2(t.a, t.b), SIMD2(t.b, t.c), SIMD2(t.c, t.a)]
  }

  private func cross(_ a: Whole, _ b: Whole) -> Whole {
    Whole(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  private func dot(_ a: Whole, _ b: Whole) -> Int { (a &* b).wrappedSum() }

  private func normal(_ t: Triangle, _ points: [Whole]) -> Whole {
    let a = points[Int(t.a)]
    return cross(points[Int(t.b)] &- a, points[Int(t.c)] &- a)
  }

  /// The points in which the edges of each go through the other's plane tell, or, in one plane, the sides on which
  /// corners are.
  private func areMeeting(_ s: Triangle, _ t: Triangle, _ points: [Whole]) -> Bool {
    let common = [s.a, s.b, s.c].filter { [t.a, t.b, t.c].contains($0) }
    let n = normal(t, points)
    let origin = points[Int(t.a)]
    if [s.a, s.b, s.c].allSatisfy({ dot(n, points[Int($0)] &- origin) == 0 }) {
      func separates(_ t: Triangle, _ other: Triangle) -> Bool {
        (0..<3).contains { k in
          let (from, to) = (points[Int(t[k])], points[Int(t[(k + 1) % 3])])
          let inward = cross(normal(t, points), to &- from)
          return (0..<3).allSatisfy { dot(inward, points[Int(other[$0])] &- from) <= 0 }
        }
      }
      return !separates(s, t) && !separates(t, s)
    }
    if common.count == 2 { return false }
    func passes(_ s: Triangle, through t: Triangle) -> Bool {
      let n = normal(t, points)
      return (0..<3).contains { k in
        let (a, b) = (points[Int(s[k])], points[Int(s[(k + 1) % 3])])
        let (from, to) = (dot(n, a &- points[Int(t.a)]), dot(n, b &- points[Int(t.a)]))
        if from * to > 0 || from == 0 && to == 0 { return false }
        // The point, times a number that is not 0.
        let scale = from - to
        let point = a &* scale &+ (b &- a) &* from
        if common.contains(where: { points[Int($0)] &* scale == point }) { return false }
        return (0..<3).allSatisfy { l in
          let (c, d) = (points[Int(t[l])], points[Int(t[(l + 1) % 3])])
          return dot(n, cross(d &- c, point &- c &* scale)) * scale >= 0
        }
      }
    }
    return passes(s, through: t) || passes(t, through: s)
  }
}
