import Facet
import FacetContract
import FacetOperations
import Testing

@Suite struct ToolkitPipelineTests {
  private func run(_ steps: String) throws -> [OperationResult] {
    let box = Primitive.box(maximum: SIMD3(10, 10, 10))
    let requests = try ToolkitContract.validate(steps: steps)
    return try Pipeline.run(requests, on: OperationInput(box), RunContext(threads: 1)) {
      (request, input, run) throws(ToolkitFailure) in
      try request.run(input, ToolkitSettings(), run)
    }
  }

  @Test func eachStepHasAResult() throws {
    let results = try run(
      "scale:axis=X,scale-to-size-mm=20,thumbnail:width=32:height=16,export:export-to-format=STL")
    #expect(results.map { $0.mesh != nil } == [true, false, false])
    #expect(results[0]["dimensionXMm"] == 20.0)
    #expect(results[1]["height"] == 16)
    #expect(results[2]["triangles"] == 12)
  }

  @Test func theModelOfTheStepBeforeIsWhatCounts() throws {
    // 999 mm would be allowed from 10 mm, but not from 100 m.
    #expect(try run("scale:axis=X:scale-to-size-mm=100000,scale:axis=X:scale-to-size-mm=1000").count == 2)
    let failure = #expect(throws: ToolkitFailure.self) {
      try run("scale:axis=X:scale-to-size-mm=100000,scale:axis=X:scale-to-size-mm=999")
    }
    #expect(failure?.first == .scaleOutOfRange)
  }
}
