import Testing

@testable import FacetOperations

@Suite struct JSONValueParsingTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

  private static let texts: [(String, JSONValue)] = [
    ("null", .null), ("true", true), ("false", false), ("0", 0), ("-7", -7), ("5.0", 5), ("1e3", 1000),
    ("0.1", 0.1), ("9007199254740993", 9_007_199_254_740_993), ("1e300", 1e300), ("\"\"", ""), ("\"5\"", "5"),
    ("\"true\"", "true"), ("[]", []), ("{}", [:]), ("[null,[1.5,\"a\"],{}]", [nil, [1.5, "a"], [:]]),
    (#""\ud83d\ude00\u0000\n\"\\""#, "😀\0\n\"\\"),
  ]

  @Test(arguments: texts)
  func whatIsReadIsWhatIsMeant(text: String, value: JSONValue) throws {
    #expect(try parse(text) == value)
  }

  @Test(arguments: ["", "{", "[1", "nul", "{\"a\" 1}", "\"a", "1 2", "{\"a\":1}}"])
  func whatIsNoJSONIsRefused(text: String) {
    #expect(throws: (any Error).self) { try parse(text) }
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let value: JSONValue = [
      "a": ["b": [0.1, -3, "quote \" back \\ tab \t bell \u{7} ü 😀 \u{2028}"], "c": nil], "d": false,
    ]
    #expect(try parse(value.text()) == value)
    #expect(try parse(value.text(pretty: true)) == value)
  }

  @Test func membersAreSortedByName() throws {
    #expect(try parse(#"{"b":1,"a":{"d":2,"c":3}}"#) == ["a": ["c": 3, "d": 2], "b": 1])
  }
}
