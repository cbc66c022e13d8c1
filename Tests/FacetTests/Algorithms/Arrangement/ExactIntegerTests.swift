import FacetTestSupport
import Testing

@testable import Facet

@Suite struct ExactIntegerTests {
  private func integer(_ value: Int64) -> ExactInteger {
    // Two floats that hold 48 bits, and what is left.
    let magnitude = value.magnitude
    var sum = ExactInteger.zero
    for part in [UInt64(0), 20, 40, 60] {
      let bits = magnitude >> part & 0xFFFFF
      sum = sum + ExactInteger(Float(bits), shiftedBy: Int(part))
    }
    return value < 0 ? -sum : sum
  }

  @Test func sumsAndProductsAreThoseOfWideIntegers() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let a =
        Int64.random(in: .min / 2...(.max / 2), using: &random) >> Int64.random(in: 0...62, using: &random)
      let b =
        Int64.random(in: .min / 2...(.max / 2), using: &random) >> Int64.random(in: 0...62, using: &random)
      #expect(integer(a) + integer(b) == integer(a + b))
      #expect(integer(a) - integer(b) == integer(a - b))
      #expect((integer(a) - integer(b)).sign == (a - b).signum())
      // (a + b)(a - b) = a² - b², beyond 64 bits.
      #expect(
        (integer(a) + integer(b)) * (integer(a) - integer(b))
          == integer(a) * integer(a) - integer(b) * integer(b))
    }
  }

  @Test func productsOfManyLimbsDistribute() {
    var random = SeededGenerator(seed: 2)
    func wide() -> ExactInteger {
      (0..<5).reduce(ExactInteger.one) { product, _ in
        product * integer(.random(in: .min / 2...(.max / 2), using: &random))
      }
    }
    for _ in 0..<100 {
      let (a, b, c) = (wide(), wide(), wide())
      #expect(a * (b + c) == a * b + a * c)
      #expect(a + b - a == b)
      #expect((a - a).sign == 0)
    }
  }

  @Test func everyFloatIsWholeOnceShifted() {
    #expect(ExactInteger(0.375, shiftedBy: 3) == integer(3))
    #expect(ExactInteger(-1.5e6, shiftedBy: 0) == integer(-1_500_000))
    #expect(ExactInteger(.leastNonzeroMagnitude, shiftedBy: 149) == .one)
    #expect(ExactInteger(3 * .leastNonzeroMagnitude, shiftedBy: 149) == integer(3))
    #expect(ExactInteger(.leastNormalMagnitude, shiftedBy: 126) == .one)
    #expect(ExactInteger(-0.0, shiftedBy: 0).sign == 0)
    #expect(ExactInteger(0x1p100, shiftedBy: -40) == integer(1 << 60))
  }

  @Test func quotientsAreRightToTheLastPlaces() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let a = Int64.random(in: 1...(1 << 50), using: &random)
      let b = Int64.random(in: 1...(1 << 50), using: &random)
      let factor = integer(.random(in: 1 << 50...(.max / 4), using: &random))
      let expected = Double(a) / Double(b) / 1024
      let found = (-(integer(a) * factor)).quotient(integer(b) * factor, shiftedBy: 10)
      #expect(abs(found + expected) <= expected * 0x1p-51)
    }
  }

  @Test func residuesBehaveAsRemaindersModuloAPrime() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let a = integer(.random(in: .min / 2...(.max / 2), using: &random))
      let b = integer(.random(in: 1...(.max / 2), using: &random))
      #expect((a * b).residue == ExactInteger.product(a.residue, b.residue))
      // a b / b = a, whatever the quotient is written as.
      #expect(ExactInteger.product((a * b).residue, ExactInteger.inverse(b.residue)) == a.residue)
    }
    #expect(integer(-1).residue == (1 << 61) - 2)
    #expect((integer(1 << 61) - .one).residue == 0)
  }
}
