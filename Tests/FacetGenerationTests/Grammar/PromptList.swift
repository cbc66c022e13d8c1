import Foundation

/// The prompts of `Tests/Generation/prompts.json`.
struct PromptList: Decodable {
  struct Part: Decodable {
    var prompt: String
    var mode: String?
    var genus: Int
    var shells: Int?
    var size: [String]
  }
  struct Refusal: Decodable {
    var prompt: String
    var mode: String?
    var code: String
    var names: String?
  }
  var demanded: Int
  var parts: [Part]
  var refusals: [Refusal]

  static func read() throws -> PromptList {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "Generation/prompts.json"))
    return try JSONDecoder().decode(PromptList.self, from: data)
  }
}
