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
}
