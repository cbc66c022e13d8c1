#if Server
  import FacetContract
  import FacetOperations
  import Foundation

  /// Has a language model write the program, and tells it what was wrong with the last one.
  public struct LanguageModelPlanner: Planner {
    public var endpoint: ChatEndpoint

    public init(_ endpoint: ChatEndpoint) { self.endpoint = endpoint }

    public var canRevise: Bool { true }

    public func plan(_ brief: Brief, after failures: [FailedPlan]) async throws(GenerationJobError) -> Plan {
      let reply: ChatEndpoint.Reply
      do {
        reply = try await endpoint.reply(to: messages(brief, failures))
      } catch is CancellationError {
        throw GenerationJobError(.internalError)
      } catch {
        throw GenerationJobError(.codeGenerationFailed, detail: "the language model does not answer")
      }
      return try ModelReply(reply.text).plan(tokens: reply.tokens)
    }

    private func messages(_ brief: Brief, _ failures: [FailedPlan]) -> [ChatEndpoint.Message] {
      var messages: [ChatEndpoint.Message] = [
        .init(role: .system, text: LanguageModelPlanner.instructions),
        .init(
          role: .user, text: request(brief),
          pictures: brief.pictures.compactMap { bytes in
            ImageType(firstBytes: Array(bytes.prefix(ImageType.neededBytes))).map { ($0.rawValue, bytes) }
          }),
      ]
      for failure in failures {
        messages.append(.init(role: .assistant, text: "```python\n\(failure.program)\n```"))
        messages.append(
          .init(role: .user, text: "That did not work. \(failure.problem)\nGive the whole mended program."))
      }
      return messages
    }

    private func request(_ brief: Brief) -> String {
      let parts =
        brief.designMode == .assembly
        ? "It may have several parts: `result` is then a cadquery.Assembly with a name for each part."
        : "It is one part: `result` is a Workplane or a Shape with one solid."
      let prompt = brief.prompt.isEmpty ? "Make the part in the picture." : brief.prompt
      return "\(prompt)\n\n\(parts)"
    }

    private static let instructions = """
      You write CadQuery 2 programs for parts that people describe. Lengths are in mm. Reply with one JSON object in a \
      fenced block marked json, then the program in a fenced block marked python, and nothing else.

      The object has "size": [x, y, z], the part's outer size in mm, or null; "through_holes": how many holes go \
      through it (a tube's bore is one), or null; "problem": null, or "ambiguous" when a dimension that is needed is \
      missing, or "impossible" when dimensions contradict each other; "detail": which, in one sentence, or null. With \
      a problem there is no program.

      The program imports cadquery as cq and, if it needs it, math: nothing else is there, and no file, no network. It \
      leaves the part in a variable called result, standing on the plane z = 0, and is deterministic.
      """
  }

  /// What a model answered: fenced blocks, of which models leave some out.
  struct ModelReply {
    private let text: String

    init(_ text: String) { self.text = text }

    /// - Throws: ``GenerationJobError``: what the model says is wrong with the prompt; `codeGenerationFailed` for a reply
    ///   without a program is left to the sandbox, which says so to the model.
    func plan(tokens: Int) throws(GenerationJobError) -> Plan {
      let facts = block("json").flatMap { try? JSONValue(parsing: Data($0.utf8)) }
      let detail = facts?["detail"]?.asString.map { String($0.prefix(300)) }
      switch facts?["problem"]?.asString {
      case "ambiguous": throw GenerationJobError(.promptTooAmbiguous, detail: detail)
      case "impossible": throw GenerationJobError(.geometryValidationFailed, detail: detail)
      default: break
      }
      // Some models mark nothing, or give nothing but the program.
      let program = block("python") ?? block("py") ?? block("") ?? text
      return Plan(program: program, expectation: ModelReply.expectation(facts), tokensUsed: tokens)
    }

    private static func expectation(_ facts: JSONValue?) -> Expectation {
      let numbers = facts?["size"]?.asArray?.compactMap(\.asNumber) ?? []
      let isSize = numbers.count == 3 && numbers.allSatisfy { $0.isFinite && $0 > 0 }
      return Expectation(
        size: isSize ? SIMD3(numbers[0], numbers[1], numbers[2]) : nil,
        throughHoles: facts?["through_holes"]?.asInteger)
    }

    /// What stands between ``` and a mark, and the next ```; an unmarked block begins with a line break.
    private func block(_ mark: String) -> String? {
      guard let start = text.range(of: "```\(mark)\n") else { return nil }
      let rest = text[start.upperBound...]
      return String(rest[..<(rest.range(of: "```")?.lowerBound ?? rest.endIndex)])
    }
  }
#endif
