import Testing

@testable import FacetCLI

/// Numbers, sizes and bars as people see and type them.
@Suite struct FormattingTests {
  @Test(arguments: [
    (0.0, "0"), (1, "1"), (1.5, "1.5"), (-0.25, "-0.25"), (2.0004, "2"), (12345.678, "12,345.68"),
    (1_234_567.8, "1,234,568"), (0.0001, "0.0001"), (100, "100"), (999.9996, "1,000"), (25.4, "25.4"),
    (.infinity, "inf"),
  ])
  func numbersForPeople(_ number: Double, _ text: String) {
    #expect(number.readable == text)
  }

  @Test func countsForPeople() {
    #expect(1_099_932.grouped == "1,099,932")
    #expect((-1000).grouped == "-1,000")
    #expect(1.counted("vertex", "vertices") == "1 vertex")
    #expect(1200.counted("bad edge") == "1,200 bad edges")
  }

  @Test(arguments: [
    (1.0, "100 %"), (0.1, "10 %"), (0.08964, "9 %"), (0.4567, "45.7 %"), (0.00123, "0.123 %"),
  ])
  func sharesForPeople(_ share: Double, _ text: String) {
    #expect(share.percentage == text)
  }

  @Test(arguments: [
    ("800", 800), ("4GB", 4_000_000_000), ("1.5g", 1_500_000_000), ("500MB", 500_000_000), ("10kB", 10_000),
  ])
  func sizesOfMemory(_ text: String, _ bytes: Int) {
    #expect(ByteCount(argument: text)?.bytes == bytes)
  }

  @Test(arguments: ["", "GB", "-1", "0", "nan", "1e300", "4XB"])
  func whatIsNoSizeIsRefused(_ text: String) {
    #expect(ByteCount(argument: text) == nil)
  }

  @Test func theBarFillsUp() {
    #expect(ProgressBar.line("part", 0) == "part [..............................] 0 %")
    #expect(ProgressBar.line("part", 0.5) == "part [###############...............] 50 %")
    #expect(ProgressBar.line("part", 1.5) == "part [##############################] 100 %")
  }

  @Test(arguments: [
    ("a/b.v2.stl", "b.v2", "stl"), ("part", "part", nil), (".hidden", ".hidden", nil), ("-", "model", nil),
    ("x/y.STL", "y", "stl"), ("dots.", "dots", nil),
  ])
  func namesAndEndings(_ path: String, _ stem: String, _ ending: String?) {
    #expect(Destination.stem(path) == stem)
    #expect(Destination.ending(path) == ending)
  }
}
