import FacetTestSupport
import Testing

@testable import Facet

@Suite struct PredicatesTests {
  typealias P = SIMD3<Float>

  static func oracle(_ a: P, _ b: P, _ c: P, _ d: P) -> Int {
    func difference(_ p: P, _ axis: Int) -> BigInteger {
      BigInteger(scaled: p[axis]) - BigInteger(scaled: a[axis])
    }
    func minor(_ x: Int, _ y: Int) -> BigInteger {
      difference(b, x) * difference(c, y) - difference(b, y) * difference(c, x)
    }
    return
      (difference(d, 0) * minor(1, 2) + difference(d, 1) * minor(2, 0) + difference(d, 2) * minor(0, 1))
      .sign
  }

  static func oracle(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>) -> Int {
    let x = BigInteger(scaled: a.x)
    let y = BigInteger(scaled: a.y)
    return
      ((BigInteger(scaled: b.x) - x) * (BigInteger(scaled: c.y) - y)
      - (BigInteger(scaled: b.y) - y) * (BigInteger(scaled: c.x) - x)).sign
  }

  /// All ways to the sign that apply must agree with the oracle.
  private func check(_ a: P, _ b: P, _ c: P, _ d: P) {
    let expected = PredicatesTests.oracle(a, b, c, d)
    let found = orient3d(a, b, c, d)
    let inExpansions = orient3dInExpansions(a, b, c, d)
    let inIntegers = orient3dInIntegers(a, b, c, d) ?? expected
    if found != expected || inExpansions != expected || inIntegers != expected {
      Issue.record("\(a) \(b) \(c) \(d): \(found), \(inExpansions), \(inIntegers), not \(expected)")
    }
    let flat = [a, b, c].map { SIMD2($0.x, $0.y) }
    let turn = PredicatesTests.oracle(flat[0], flat[1], flat[2])
    if orient2d(flat[0], flat[1], flat[2]) != turn || orient2dExactly(flat[0], flat[1], flat[2]) != turn {
      Issue.record("\(flat) is not \(turn)")
    }
  }

  @Test func theNormalPointsToThePositiveSide() {
    let (a, b, c) = (P(0, 0, 0), P(1, 0, 0), P(0, 1, 0))
    #expect(orient3d(a, b, c, P(0, 0, 1)) == 1)
    #expect(orient3d(a, b, c, P(0, 0, -1)) == -1)
    #expect(orient3d(a, b, c, P(5, 7, 0)) == 0)
    #expect(orient2d(SIMD2(0, 0), SIMD2(1, 0), SIMD2(0, 1)) == 1)
    #expect(orient2d(SIMD2(0, 0), SIMD2(1, 0), SIMD2(0, -1)) == -1)
  }

  @Test func anyFiniteFloatsAreDecidedExactly() {
    var random = SeededGenerator(seed: 1)
    func float() -> Float {
      // Any bits but infinities and NaN: subnormal and huge ones as likely as others.
      while true {
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        if value.isFinite { return value }
      }
    }
    func point() -> P { P(float(), float(), float()) }
    for _ in 0..<300 { check(point(), point(), point(), point()) }
  }

  @Test func extremesAndZerosAreDecidedExactly() {
    var random = SeededGenerator(seed: 2)
    let values: [Float] = [
      0, -0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1, -1, 1.0000001, 3e-20, -3e20,
    ]
    func point() -> P {
      P(
        values.randomElement(using: &random)!, values.randomElement(using: &random)!,
        values.randomElement(using: &random)!)
    }
    for _ in 0..<600 { check(point(), point(), point(), point()) }
  }

  @Test func pointsOnAndBesideAPlaneByOneUnitInTheLastPlace() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<600 {
      // A plane through grid points, far from the origin, and a fourth point of it; then moved by least steps.
      func grid() -> P {
        P(
          Float(Int.random(in: -50...50, using: &random)), Float(Int.random(in: -50...50, using: &random)),
          Float(Int.random(in: -50...50, using: &random)))
      }
      let a = grid()
      let u = grid()
      let v = grid()
      let scale: Float = [1, 0.125, 3, 0.1, 1e30, 0x1p-133].randomElement(using: &random)!
      var d = (a + u + v) * scale
      let axis = Int.random(in: 0..<3, using: &random)
      check(a * scale, (a + u) * scale, (a + v) * scale, d)
      d[axis] = Bool.random(using: &random) ? d[axis].nextUp : d[axis].nextDown
      check(a * scale, (a + u) * scale, (a + v) * scale, d)
    }
  }

  @Test func commonPointsGiveZero() {
    let (a, b, c) = (P(0.1, 0.7, 1e-30), P(3.3, 1e20, 5), P(-1e-3, 0.3, 0.9))
    for (p, q, r, s) in [(a, b, c, a), (a, b, c, b), (a, b, c, c), (a, a, b, c), (a, b, b, c)] {
      #expect(orient3d(p, q, r, s) == 0)
    }
  }

  @Test func integersAreUsedWherePointsShareAGrid() {
    #expect(orient3dInIntegers(P(0, 0, 0), P(8, 1, 3), P(2, 9, 4), P(10, 10, 7)) == 0)
    #expect(orient3dInIntegers(P(0, 0, 0), P(1e-30, 1, 3), P(2, 9, 4), P(10, 10, 7)) == nil)
  }
}
