import FacetOperations
import Testing

@Suite struct JSONValueTests {
  static let texts: [(JSONValue, String)] = [
    (JSONValue.null, "null"),
    (true, "true"),
    (-7, "-7"),
    (0.1, "0.1"),
    (2.0, "2.0"),
    (1e300, "1e+300"),
    (.number(.nan), "null"),
    (.number(-.infinity), "null"),
    ("", "\"\""),
    ("a\"b\\c\n\r\t\u{1}é–", "\"a\\\"b\\\\c\\n\\r\\t\\u0001é–\""),
    ([], "[]"),
    ([1, [2], nil], "[1,[2],null]"),
    ([:], "{}"),
    (["z": 1, "a": ["b": "c"]], "{\"z\":1,\"a\":{\"b\":\"c\"}}"),
  ]

  @Test(arguments: texts)
  func textIsJSONWithMembersInTheirOrder(value: JSONValue, text: String) {
    #expect(value.text() == text)
  }

  @Test func prettyTextHasAMemberALine() {
    let value: JSONValue = ["errors": [["code": 13, "list": []]], "empty": [:]]
    #expect(
      value.text(pretty: true) == """
        {
          "errors": [
            {
              "code": 13,
              "list": []
            }
          ],
          "empty": {}
        }
        """)
  }

  @Test func ofSeveralMembersOfOneNameTheLastCounts() {
    let value = JSONValue.object([.init("a", 1), .init("a", 2)])
    #expect(value["a"] == 2)
    #expect(value["b"] == nil)
    #expect(JSONValue.string("a")["a"] == nil)
  }

  @Test func aNumberWithoutFractionIsAnInteger() {
    #expect(JSONValue.number(5.0).asInteger == 5)
    #expect(JSONValue.number(5.5).asInteger == nil)
    #expect(JSONValue.number(1e30).asInteger == nil)
    #expect(JSONValue.number(.nan).asInteger == nil)
    #expect(JSONValue.number(.nan).asNumber == nil)
    #expect(JSONValue.integer(3).asNumber == 3)
    #expect(JSONValue.string("5").asNumber == nil)
  }
}
