import FacetContract
import Testing

@Suite struct ToolkitStatusTests {
  @Test func everyCodeHasAnExample() {
    #expect(Set(ToolkitExamples.all.map(\.error.code)) == Set(ToolkitError.Code.allCases))
  }

  @Test(arguments: ToolkitExamples.all)
  func theStatusesAreAsAgreed(example: ToolkitExamples.Example) {
    #expect(example.error.httpStatus == example.httpStatus)
    #expect(example.error.exitStatus == example.exitStatus)
    #expect(ToolkitFailure(example.error).httpStatus == example.httpStatus)
  }

  @Test(arguments: ToolkitExamples.all)
  func onlyATemporaryErrorSaysWhenToRetry(example: ToolkitExamples.Example) {
    #expect((example.error.retryAfterSeconds != nil) == (example.httpStatus == 503))
  }

  @Test func exitStatusesAreThoseThatScriptsKnow() {
    #expect(ToolkitError.ExitStatus.allCases.map(\.rawValue) == [1, 2, 75])
  }
}
