import Facet
import FacetTestSupport
import Testing

/// `Float.description` is the shortest decimal too, and the oracle.
@Suite struct ShortestDecimalTests {
  private let decimals = ShortestDecimal()

  private func write(_ value: Float) -> String {
    let bytes = [UInt8](unsafeUninitializedCapacity: ShortestDecimal.longest) { buffer, count in
      count = decimals.write(value, to: buffer.baseAddress!) - buffer.baseAddress!
    }
    #expect(bytes.count <= ShortestDecimal.longest)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The significant digits of a decimal and the power of ten of the last.
  private func parts(_ text: String) -> (String, Int) {
    let halves = text.drop { $0 == "-" }.split(separator: "e")
    let number = halves[0].split(separator: ".")
    var digits = number.joined()
    var exponent = (halves.count > 1 ? Int(halves[1])! : 0) - (number.count > 1 ? number[1].count : 0)
    while digits.hasSuffix("0") {
      digits.removeLast()
      exponent += 1
    }
    return (String(digits.drop { $0 == "0" }), exponent)
  }

  private func expectShortest(_ value: Float) {
    let text = write(value)
    guard Float(text)?.bitPattern == value.bitPattern, parts(text) == parts(value.description) else {
      Issue.record("\(value) was written as \(text)")
      return
    }
  }

  @Test(
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-1, "-1"), (10, "10"), (0.1, "0.1"), (1.5, "1.5"),
      (123.456, "123.456"),
      (0.00012, "0.00012"), (0.00001, "0.00001"), (0.000001, "1e-6"), (1e9, "1000000000"), (1e10, "1e10"),
      (1.25e-30, "1.25e-30"), (-3.4028235e38, "-3.4028235e38"), (.leastNonzeroMagnitude, "1e-45"),
      (16_777_216, "16777216"),
      (-0.000012345678, "-0.000012345678"), (33_554_432, "33554432"), (0.3, "0.3"),
      (9.5367432e-7, "9.536743e-7"),
    ] as [(Float, String)]) func whatPeopleWouldWrite(value: Float, text: String)
  {
    #expect(write(value) == text)
  }

  @Test func everyPowerOfTwoAndItsNeighbours() {
    for exponent in -149...127 {
      let value = Float(sign: .plus, exponent: exponent, significand: 1)
      for value in [value, value.nextUp, value.nextDown] where value > 0 { expectShortest(value) }
    }
    expectShortest(.greatestFiniteMagnitude)
  }

  @Test func randomBitPatternsAndCoordinates() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<30_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      if value.isFinite && value != 0 { expectShortest(value) }
      expectShortest(Float(Int(random.next() % 2_000_001) - 1_000_000) / 1024 + 0.001)
    }
  }
}
