import Facet
import FacetRender
import Testing

@testable import FacetOperations

@Suite struct ReduceTrianglesTests {
  private let run = RunContext(threads: 1)
  private let sphere = Primitive.uvSphere(radius: 10, segments: 48, rings: 24)

  private func operation(_ values: JSONValue = [:]) -> ReduceTrianglesOperation {
    ReduceTrianglesOperation(Arguments(validated: values.asMembers ?? []))
  }

  @Test func withNothingGivenTheEnginesAccuracyHolds() {
    #expect(operation().options == DecimationOptions(accuracy: DecimationOptions.defaultAccuracy))
    #expect(operation(["targetRatio": 0.5]).options == DecimationOptions(target: .ratio(0.5)))
    #expect(operation(["targetTriangles": 7]).options == DecimationOptions(target: .triangles(7)))
    #expect(operation(["maxAngle": 0]).options == DecimationOptions(maximumAngle: 0))
    #expect(
      operation(["accuracyMm": 0.0, "maxAngle": 30, "numberOfIterations": 5]).options
        == DecimationOptions(accuracy: 0, maximumAngle: 30, maximumPasses: 5))
  }

  @Test(arguments: [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.25, 1, 9.999, 10])
  func noAccuracyIsLooserThanItWasAskedFor(_ accuracy: Double) throws {
    let taken = try #require(operation(["accuracyMm": .number(accuracy)]).options.accuracy)
    #expect(Double(taken) <= accuracy)
    #expect(Double(taken) >= accuracy * (1 - 1e-6))
  }

  @Test func theResultSaysWhatCameOfIt() throws {
    let before = sphere.triangles.count
    let result = try operation(["targetTriangles": 500]).run(OperationInput(sphere), run)
    let mesh = try #require(result.mesh)
    #expect(
      result.fields.map(\.name) == [
        "trianglesBefore", "trianglesAfter", "deviationMm", "isAccuracyProven", "largestTurnDegrees",
        "stoppedBecause", "iterations", "untouchedTriangles",
      ])
    #expect(result["trianglesBefore"] == .integer(before))
    #expect(result["trianglesAfter"] == .integer(mesh.triangles.count))
    #expect((400...500).contains(mesh.triangles.count))
    #expect(result["stoppedBecause"] == "target")
    #expect(result["isAccuracyProven"] == false)
    #expect(result["untouchedTriangles"] == 0)
    #expect(try #require(result["iterations"]?.asInteger) >= 1)
    let deviation = try #require(result["deviationMm"]?.asNumber)
    #expect(deviation >= 0 && deviation < 1)
    #expect(try mesh.solidity(run).isSolid)
  }

  @Test func aShareIsOneOfTheTrianglesThereAre() throws {
    let count = sphere.triangles.count
    let share = try operation(["targetRatio": 0.25]).run(OperationInput(sphere), run)
    let number = try operation(["targetTriangles": .integer(count / 4)]).run(OperationInput(sphere), run)
    #expect(share.json == number.json)
    #expect(share.mesh == number.mesh)
  }

  @Test func ofTwoTargetsTheFirstThatIsReachedEndsTheRun() throws {
    let count = sphere.triangles.count
    for (triangles, ratio) in [(count / 2, 0.1), (count / 10, 0.5)] {
      let result = try operation(["targetTriangles": .integer(triangles), "targetRatio": .number(ratio)])
        .run(OperationInput(sphere), run)
      let after = try #require(result["trianglesAfter"]?.asInteger)
      #expect(after <= count / 2 && after > count * 2 / 5)
    }
  }

  @Test func whereNothingGoesTheInputIsHandedOn() throws {
    let bytes = try sphere.encoded(ExportOptions(header: Array("made elsewhere".utf8)), run)
    let source = ByteSource(bytes)
    let input = OperationInput(try Mesh.read(source, ImportOptions(), run), from: source)
    let kept = try operation(["targetRatio": 1.0]).run(input, run)
    #expect(kept.mesh == input.mesh)
    #expect(kept["trianglesAfter"] == kept["trianglesBefore"])
    #expect(kept["deviationMm"] == 0.0)
    let file = try #require(ResultFile(meshOf: kept, as: .stl))
    #expect(try file.encoded(run) == bytes)
    let reduced = try operation(["targetRatio": 0.5]).run(input, run)
    #expect(reduced.original == nil)
  }

  @Test func thePictureShowsTheTrianglesBeforeAndAfter() throws {
    let result = try operation(["targetTriangles": 300]).run(OperationInput(sphere), run)
    let draw = try #require(result.picture)
    let image = try draw(nil, run)
    #expect(image.width == 1288 && image.height == 640)
    // There are more edges, so less light, on the left.
    var light = [0, 0]
    for row in stride(from: 0, to: image.height, by: 5) {
      for column in stride(from: 0, to: 640, by: 3) {
        for side in 0..<2 { light[side] += Int(image.pixels[4 * (row * image.width + column + side * 648)]) }
      }
    }
    #expect(light[0] < light[1])
  }

  @Test func facetsKeepTheirColours() throws {
    // The upper half has one colour, the lower another.
    let colors = [Color(red: 248, green: 0, blue: 0), Color(red: 0, green: 0, blue: 248)]
    let attributes = sphere.triangles.indices.map { triangle in
      let (a, b, c) = sphere.corners(triangle)
      return FacetColors.attribute(for: colors[a.z + b.z + c.z > 0 ? 0 : 1], .visCAM)
    }
    let painted = try Mesh(
      positions: sphere.positions, triangles: sphere.triangles,
      colors: FacetColors(convention: .visCAM, attributes: attributes))
    let result = try operation(["targetRatio": 0.5]).run(OperationInput(painted), run)
    let mesh = try #require(result.mesh)
    let kept = try #require(mesh.colors)
    #expect(kept.attributes.count == mesh.triangles.count)
    for triangle in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(triangle)
      let height = (a.z + b.z + c.z) / 3
      if abs(height) > 3 { #expect((kept[triangle]?.red ?? 0 > 0) == (height > 0)) }
    }
  }

  @Test func aMeshWithoutTrianglesStaysOne() throws {
    let result = try operation().run(OperationInput(.empty), run)
    #expect(result["trianglesBefore"] == 0)
    #expect(result["trianglesAfter"] == 0)
    #expect(result["deviationMm"] == 0.0)
  }
}
