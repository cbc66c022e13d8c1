import Facet
import FacetOperations
import Testing

@Suite struct PipelineTests {
  typealias P = PipelineStep.Parameter

  static let texts: [(String, [PipelineStep])] = [
    ("thumbnail", [PipelineStep("thumbnail")]),
    (
      "repair,reduce-triangles:accuracy-mm=0.05,thumbnail",
      [
        PipelineStep("repair"), PipelineStep("reduce-triangles", [P("accuracy-mm", "0.05")]),
        PipelineStep("thumbnail"),
      ]
    ),
    (
      "scale:axis=X:scale-to-size-mm=10:uniform",
      [PipelineStep("scale", [P("axis", "X"), P("scale-to-size-mm", "10"), P("uniform", nil)])]
    ),
    (
      " scale : axis = X , scale-to-size-mm=10 , analyze ",
      [PipelineStep("scale", [P("axis", "X"), P("scale-to-size-mm", "10")]), PipelineStep("analyze")]
    ),
    ("a:b=", [PipelineStep("a", [P("b", "")])]),
    ("a:b=c=d", [PipelineStep("a", [P("b", "c=d")])]),
  ]

  @Test(arguments: texts)
  func stepsAreRead(text: String, steps: [PipelineStep]) throws {
    #expect(try PipelineStep.parse(text) == steps)
  }

  @Test(arguments: [
    ("", 1), (",", 1), ("analyze,", 2), ("analyze,,thumbnail", 2), (":axis=X", 1), ("axis=X", 1),
    ("scale:=X", 1), ("analyze,scale::axis=X", 2),
  ])
  func wrongStepsAreRefusedAtTheirPart(text: String, part: Int) {
    #expect {
      try PipelineStep.parse(text)
    } throws: { error in
      (error as? PipelineSyntaxError)?.part == part
    }
  }

  /// A step that adds a vertex, or only looks.
  private struct Step {
    var makesMesh: Bool
  }

  @Test func eachStepGetsTheMeshOfTheLastOneThatMadeAny() throws {
    let steps = [
      Step(makesMesh: true), Step(makesMesh: false), Step(makesMesh: true), Step(makesMesh: false),
    ]
    let progress = Progress()
    let run = RunContext(threads: 1, progress: { progress.add($0) })
    let results = try Pipeline.run(steps, on: OperationInput(.empty), run) {
      (step, input, run) throws(MeshError) in
      let count = input.mesh.positions.count
      run.report(0.5)
      var mesh: Mesh?
      if step.makesMesh {
        mesh = try Mesh(positions: input.mesh.positions + [.zero], triangles: [])
      }
      return OperationResult(mesh: mesh, fields: [.init("got", .integer(count))])
    }
    #expect(results.map { $0["got"] } == [0, 1, 1, 2])
    #expect(results.map { $0.mesh?.positions.count } == [nil, nil, 2, nil])
    #expect(progress.values == [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1])
  }

  @Test func theFirstFailureEndsThePipeline() {
    var ran = 0
    #expect(throws: MeshError.emptyFile) {
      try Pipeline.run([1, 2, 3], on: OperationInput(.empty), RunContext(threads: 1)) {
        (step, _, _) throws(MeshError) in
        ran += 1
        if step == 2 { throw MeshError.emptyFile }
        return OperationResult()
      }
    }
    #expect(ran == 2)
  }

  @Test func aCancelledRunStartsNoOperation() {
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: MeshError.cancelled) {
      try Pipeline.run(
        [ImportOperation(units: .mm)], on: OperationInput(.empty),
        RunContext(threads: 1, cancellation: cancellation))
    }
  }
}

private final class Progress: @unchecked Sendable {
  // One thread reports.
  private(set) var values: [Double] = []
  func add(_ value: Double) { values.append(value) }
}
