#if Server
  import FacetContract
  import FacetGeneration
  import FacetOperations
  import Foundation
  import Testing

  @Suite struct LanguageModelTests {
    private static let brief = Brief("A box", designMode: .pro)

    private static func code(_ body: () async throws -> Plan) async -> GenerationJobError.Code? {
      do {
        _ = try await body()
        return nil
      } catch {
        return (error as? GenerationJobError)?.code
      }
    }

    @Test func aGoodReplyIsAPlan() async throws {
      let facts = #"{"size": [10, 20.5, 30], "through_holes": 2, "problem": null, "detail": null}"#
      try await FakeModel.serve([.says(FakeModel.reply("result = 1", facts: facts))]) { model, endpoint in
        let plan = try await LanguageModelPlanner(endpoint).plan(Self.brief, after: [])
        #expect(plan.program == "result = 1\n")
        #expect(plan.expectation == Expectation(size: SIMD3(10, 20.5, 30), throughHoles: 2))
        #expect(plan.tokensUsed == 100)
        let asked = try #require(model.asked.withLock { $0 }.first)
        #expect(asked.authorization == "Bearer secret")
        #expect(asked.body["model"] == "fake")
        let messages = try #require(asked.body["messages"]?.asArray)
        #expect(messages.map { $0["role"]?.asString } == ["system", "user"])
        #expect(messages[1]["content"]?.asString?.hasPrefix("A box") == true)
      }
    }

    @Test func whatWentWrongIsFedBack() async throws {
      try await FakeModel.serve([.says(FakeModel.reply("x"))]) { model, endpoint in
        _ = try await LanguageModelPlanner(endpoint).plan(
          Self.brief, after: [FailedPlan(program: "first", problem: "line 1: no")])
        let messages = try #require(model.asked.withLock { $0 }.first?.body["messages"]?.asArray)
        #expect(messages.map { $0["role"]?.asString } == ["system", "user", "assistant", "user"])
        #expect(messages[2]["content"]?.asString?.contains("first") == true)
        #expect(messages[3]["content"]?.asString?.contains("line 1: no") == true)
      }
    }

    @Test(arguments: [
      ("```python\na\n```", "a\n"), ("```\na\n```", "a\n"), ("```py\na", "a"),
      ("import cadquery", "import cadquery"),
    ])
    func modelsForgetMarks(reply: String, program: String) async throws {
      try await FakeModel.serve([.says(reply)]) { _, endpoint in
        let plan = try await LanguageModelPlanner(endpoint).plan(Self.brief, after: [])
        #expect(plan.program == program)
        #expect(plan.expectation == Expectation())
      }
    }

    @Test(arguments: [
      ("ambiguous", GenerationJobError.Code.promptTooAmbiguous), ("impossible", .geometryValidationFailed),
    ])
    func theModelMayRefuse(problem: String, code: GenerationJobError.Code) async throws {
      let reply = "```json\n{\"problem\": \"\(problem)\", \"detail\": \"the height is missing\"}\n```"
      try await FakeModel.serve([.says(reply)]) { _, endpoint in
        do {
          _ = try await LanguageModelPlanner(endpoint).plan(Self.brief, after: [])
          Issue.record("a plan was made")
        } catch {
          #expect(error as? GenerationJobError == GenerationJobError(code, detail: "the height is missing"))
        }
      }
    }

    @Test func aBusyServerIsAskedAgain() async throws {
      try await FakeModel.serve([.status(.serviceUnavailable), .says(FakeModel.reply("a"))]) {
        model, endpoint in
        let plan = try await LanguageModelPlanner(endpoint).plan(Self.brief, after: [])
        #expect(plan.program == "a\n")
        #expect(model.asked.withLock { $0.count } == 2)
      }
    }

    @Test func whatIsNoReplyIsNoPlan() async throws {
      for answer: FakeModel.Answer in [.status(.unauthorized), .raw("{"), .raw(#"{"choices":[]}"#)] {
        try await FakeModel.serve([answer]) { model, endpoint in
          let code = await Self.code { try await LanguageModelPlanner(endpoint).plan(Self.brief, after: []) }
          #expect(code == .codeGenerationFailed)
          #expect(model.asked.withLock { $0.count } == 1)
        }
      }
    }

    @Test func silenceIsNoPlan() async throws {
      try await FakeModel.serve([.waits(30)], timeout: 1) { model, endpoint in
        let code = await Self.code { try await LanguageModelPlanner(endpoint).plan(Self.brief, after: []) }
        #expect(code == .codeGenerationFailed)
        #expect(model.asked.withLock { $0.count } == 3)
        let nobody = ChatEndpoint(address: "http://127.0.0.1:9/v1", model: "none", timeout: 1)
        #expect(
          await Self.code { try await LanguageModelPlanner(nobody).plan(Self.brief, after: []) }
            == .codeGenerationFailed)
      }
    }

    @Test func picturesAreShown() async throws {
      let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4]
      try await FakeModel.serve([.says(FakeModel.reply("a"))], seesPictures: true) { model, endpoint in
        _ = try await LanguageModelPlanner(endpoint).plan(Brief("", pictures: [png]), after: [])
        let content = try #require(
          model.asked.withLock { $0 }.first?.body["messages"]?.asArray?[1]["content"]?.asArray)
        #expect(content.count == 2)
        let address = try #require(content[1]["image_url"]?["url"]?.asString)
        #expect(address == "data:image/png;base64," + Data(png).base64EncodedString())
      }
    }
  }
#endif
