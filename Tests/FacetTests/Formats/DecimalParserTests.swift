import Facet
import FacetTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C library's correctly rounded `strtof` is the oracle.
@Suite struct DecimalParserTests {
  private let parser = DecimalParser()

  /// The parsed value and how many bytes were taken, or nil when the text is no number.
  private func parse(_ text: String, followedBy end: String = "\n") -> (value: Float, length: Int)? {
    var bytes = Array((text + end).utf8)
    bytes += [UInt8](repeating: UInt8(ascii: "7"), count: DecimalParser.padding)
    return bytes.withUnsafeBufferPointer { buffer in
      let start = buffer.baseAddress!
      let (value, end) = parser.parse(start)
      return end == start ? nil : (value, end - start)
    }
  }

  private func expectSameAsLibrary(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let expected = strtof(text, nil)
    guard let parsed = parse(text) else {
      Issue.record("\(text) was not parsed", sourceLocation: sourceLocation)
      return
    }
    if parsed.value.bitPattern != expected.bitPattern || parsed.length != text.utf8.count {
      Issue.record(
        "\(text): \(parsed.value) after \(parsed.length) bytes, not \(expected)",
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    "0", "-0", "+0", "0.0", "1", "-1", "+1", "1.", ".5", "-.5", "+.5e1", "1e5", "1E5", "1e+5", "1e-5", "1.e2",
    "007", "0000000000000000000000001", "0.00000000000000000000000000001", "12345678", "123456789",
    "1234567.1234567", "12345678.12345678", "1234567.12345678", "0.12345678", "0.123456789012345",
    "0.1234567890123456", "0.12345678901234567", "9999999999999999999", "99999999999999999999",
    "1234567.123456789012", "1234567.1234567890123", "0e999999999", "0e-999999999", "1e-999999999",
    "1e999999999999999999999999", "-1e999", "0.1e-40",
  ]) func everyShapeOfNumber(text: String) {
    expectSameAsLibrary(text)
  }

  @Test(arguments: [
    // Halfway between neighbours: ties go to the even one.
    "16777217", "16777219", "16777217.0000", "33554434", "33554438", "8388608.5", "8388609.5",
    "16777217.00000000000000000000000000000000000000001", "16777216.99999999999999999999999999999999",
    "1.000000059604644775390625", "1.0000000596046447753906250000000000000000000000000000000000001",
    "1.000000059604644775390624999999999999999999999999999999999999", "1.00000017881393432617187500",
    "0.000000000000000000000000000000000000000000000700649232162408535461864791644958065640130970938257885878534"
      + "141944895541342930300743319094181060791015625",
    // The edges of Float's range.
    "3.4028234663852886e38", "3.4028235677973366e38", "3.4028235677973365e38", "3.4028235677973367e38",
    "3.5e38",
    "340282356779733661637539395458142568447", "340282356779733661637539395458142568448",
    "340282356779733661637539395458142568449", "1e38", "1e39", "2e38",
    "1.1754943508222875e-38", "1.1754942807573643e-38", "1.17549421069244107548702944484928734882e-38",
    "1.401298464324817e-45", "7.006492321624085e-46", "7.006492321624086e-46", "7.1e-46", "7e-46", "1e-45",
    "1e-46",
    "2.1019476964872256e-45", "5.877471754111438e-39", "9.8607613152626476e-32",
  ]) func everyHardCase(text: String) {
    expectSameAsLibrary(text)
    expectSameAsLibrary("-" + text)
  }

  @Test func longDigitStrings() {
    for zeros in [10, 100, 1000, 4000] {
      let run = String(repeating: "0", count: zeros)
      expectSameAsLibrary("0." + run + "1234567e\(zeros)")
      expectSameAsLibrary("1234567" + run + "e-\(zeros)")
      expectSameAsLibrary(run + "1.5" + run)
      expectSameAsLibrary("16777217." + run)
      expectSameAsLibrary("16777217." + run + "1")
      expectSameAsLibrary("16777216." + String(repeating: "9", count: zeros))
    }
  }

  @Test(arguments: [
    "", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "--1", "+-1", "1..2", "1.2.3", "1,5", "1x",
    "x1",
    "nan", "-NaN", "inf", "Infinity", "1.#QNAN", "0x10", "1f", "1_000", "1e5.5", "1e1e1", "12345678a",
    "1.23456789a",
    "1e1a", "123456789012345678901234567890a", "\u{0}", "1\u{0}", "①", "−1",
  ]) func whatIsNoNumberIsNotTaken(text: String) {
    #expect(parse(text) == nil)
  }

  @Test(arguments: [" ", "\t", "\n", "\r", "\r\n", "\u{b}", "\u{c}"]) func anyWhiteSpaceEndsANumber(
    space: String
  ) {
    let parsed = parse("-12.5e1", followedBy: space)
    #expect(parsed?.value == -125)
    #expect(parsed?.length == 7)
  }

  /// Every exponent with random digits, in the forms that programs print.
  @Test func randomDecimals() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<60_000 {
      let digits = String(random.next() % 10_000_000_000)
      switch random.next() % 5 {
      case 0: expectSameAsLibrary("\(random.next() % 300).\(digits)")
      case 1: expectSameAsLibrary("-\(digits)e\(Int(random.next() % 110) - 60)")
      case 2: expectSameAsLibrary("0.\(digits)\(digits)E+\(random.next() % 50)")
      case 3: expectSameAsLibrary("\(digits)\(digits).\(digits)e-\(random.next() % 90)")
      default: expectSameAsLibrary("\(random.next() % 10).\(digits.prefix(6))e-0\(random.next() % 10)")
      }
    }
  }

  /// Printed with as many digits as `Double` needs, the points halfway between floats and their neighbours.
  @Test func numbersNextToEveryKindOfHalfwayPoint() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<20_000 {
      let low = Float(bitPattern: UInt32(random.next() % 0x7F7F_FFFF))
      let halfway = (Double(low) + Double(low.nextUp)) / 2
      for value in [halfway, halfway.nextUp, halfway.nextDown] { expectSameAsLibrary("\(value)") }
    }
  }

  /// Float's own shortest description comes back bit for bit.
  @Test func shortestDescriptionsComeBack() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<60_000 {
      let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      guard value.isFinite else { continue }
      #expect(parse(value.description)?.value.bitPattern == value.bitPattern)
    }
  }
}
