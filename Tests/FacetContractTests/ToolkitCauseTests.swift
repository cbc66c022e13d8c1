import Facet
import FacetContract
import FacetOperations
import Testing

/// Every code comes out of what the documentation says causes it: a request, a model or a file. Codes whose
/// cause lies with whoever serves (tokens, quotas, chunks, the store) are values of ``ToolkitExamples`` here.
@Suite struct ToolkitCauseTests {
  struct Cause: Sendable, CustomTestStringConvertible {
    var code: Int
    var testDescription: String
    var act: @Sendable () throws(ToolkitFailure) -> Void

    init(_ code: Int, _ description: String, _ act: @escaping @Sendable () throws(ToolkitFailure) -> Void) {
      self.code = code
      testDescription = "\(code): \(description)"
      self.act = act
    }
  }

  private static func request(
    _ operation: OperationName, _ body: JSONValue
  ) throws(ToolkitFailure) -> OperationRequest {
    try ToolkitContract.validate(operation, body, input: .given)
  }

  private static func read(
    _ bytes: [UInt8], _ options: ImportOptions = ImportOptions(),
    during stage: ToolkitFailure.Stage = .reading
  ) throws(ToolkitFailure) {
    do throws(MeshError) {
      _ = try Mesh.read(ByteSource(bytes), options, RunContext(threads: 1))
    } catch {
      throw ToolkitFailure(error, during: stage)
    }
  }

  private static let png: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 7, count: 99)
  private static let box = Primitive.box(maximum: SIMD3(10, 10, 10))

  private static func encodedBox() -> [UInt8] {
    (try? box.encoded()) ?? []
  }

  static let causes: [Cause] = [
    Cause(11, "the memory budget is too small") { () throws(ToolkitFailure) in
      do throws(MeshError) {
        _ = try Mesh.read(ByteSource(encodedBox()), .init(), RunContext(threads: 1, memoryBudget: 10))
      } catch {
        throw ToolkitFailure(error, during: .reading)
      }
    },
    Cause(13, "a string where a number is due") { () throws(ToolkitFailure) in
      _ = try request(.thumbnail, ["width": "wide"])
    },
    Cause(50, "a picture is uploaded") { () throws(ToolkitFailure) in try read(png, during: .upload) },
    Cause(50, "a text is uploaded") { () throws(ToolkitFailure) in
      try read(Array("Dear reader, this is no model.".utf8), during: .upload)
    },
    Cause(52, "there is no such file") { () throws(ToolkitFailure) in
      do throws(MeshError) {
        _ = try Mesh.read("/nonexistent/part.stl")
      } catch {
        throw ToolkitFailure(error, during: .reading)
      }
    },
    Cause(52, "it is a directory") { () throws(ToolkitFailure) in
      do throws(MeshError) {
        _ = try Mesh.read("/")
      } catch {
        throw ToolkitFailure(error, during: .reading)
      }
    },
    Cause(53, "a file of no bytes") { () throws(ToolkitFailure) in try read([]) },
    Cause(70, "walls of 2 mm where coordinates are too coarse for them") { () throws(ToolkitFailure) in
      let far = Primitive.box(minimum: SIMD3(repeating: 1e7), maximum: SIMD3(repeating: 1.1e7))
      _ = try request(.hollowing, ["wallThicknessMm": 2])
        .run(OperationInput(far), ToolkitSettings(), RunContext(threads: 1))
    },
    Cause(71, "no such operation") { () throws(ToolkitFailure) in
      _ = try ToolkitContract.validate("polish", [:])
    },
    Cause(72, "the run is stopped") { () throws(ToolkitFailure) in
      let deadline = Cancellation()
      deadline.cancel()
      _ = try request(.export, [:])
        .run(OperationInput(box), ToolkitSettings(), RunContext(threads: 1, cancellation: deadline))
    },
    Cause(200, "units that nobody knows") { () throws(ToolkitFailure) in
      _ = try request(.import, ["measurementUnits": "furlong"])
    },
    Cause(201, "a file with more triangles than allowed") { () throws(ToolkitFailure) in
      try read(encodedBox(), ImportOptions(maximumTriangles: 11))
    },
    Cause(201, "a model with more triangles than allowed") { () throws(ToolkitFailure) in
      _ = try request(.export, [:])
        .run(OperationInput(box), ToolkitSettings(maximumTriangles: 11), RunContext(threads: 1))
    },
    Cause(201, "a picture in place of a model") { () throws(ToolkitFailure) in try read(png) },
    Cause(202, "a file that was cut") { () throws(ToolkitFailure) in
      try read(Array(encodedBox().dropLast(30)))
    },
    Cause(202, "a model of nothing") { () throws(ToolkitFailure) in
      _ = try request(.export, [:]).run(OperationInput(.empty), ToolkitSettings(), RunContext(threads: 1))
    },
    Cause(300, "a wall too thin to look for") { () throws(ToolkitFailure) in
      _ = try request(.wallThicknessAnalysis, ["minimalWallThicknessMm": 0.05])
    },
    Cause(301, "an accuracy that is not there") { () throws(ToolkitFailure) in
      _ = try request(.wallThicknessAnalysis, ["minimalWallThicknessMm": 1, "accuracyWallThickness": 4])
    },
    Cause(302, "a model of half a metre and more") { () throws(ToolkitFailure) in
      try request(.wallThicknessAnalysis, ["minimalWallThicknessMm": 1])
        .check(against: Primitive.box(maximum: SIMD3(501, 1, 1)))
    },
    Cause(400, "a hundred thousand times as large") { () throws(ToolkitFailure) in
      try request(.scale, ["axis": "X", "scaleToSizeMm": 1e6]).check(against: box)
    },
    Cause(401, "an axis that is not there") { () throws(ToolkitFailure) in
      _ = try request(.scale, ["axis": "W", "scaleToSizeMm": 1])
    },
    Cause(500, "a picture too small") { () throws(ToolkitFailure) in
      _ = try request(.thumbnail, ["width": 9])
    },
    Cause(501, "more than half a turn") { () throws(ToolkitFailure) in
      _ = try request(.thumbnail, ["cameraAngleY": 181])
    },
    Cause(600, "an accuracy that is not there") { () throws(ToolkitFailure) in
      _ = try request(.shrinkwrapRepair, ["accuracy": "Perfect"])
    },
    Cause(700, "a deviation too large") { () throws(ToolkitFailure) in
      _ = try request(.reduceTriangles, ["accuracyMm": 10.5])
    },
    Cause(701, "more than a right angle") { () throws(ToolkitFailure) in
      _ = try request(.reduceTriangles, ["maxAngle": 91])
    },
    Cause(702, "no iteration") { () throws(ToolkitFailure) in
      _ = try request(.reduceTriangles, ["numberOfIterations": 0])
    },
    Cause(800, "a wall too thick") { () throws(ToolkitFailure) in
      _ = try request(.hollowing, ["wallThicknessMm": 20.5])
    },
    Cause(900, "a format that is not written") { () throws(ToolkitFailure) in
      _ = try request(.export, ["exportToFormat": "step"])
    },
  ]

  @Test(arguments: causes)
  func theCauseGivesTheCode(cause: Cause) {
    let failure = #expect(throws: ToolkitFailure.self) { try cause.act() }
    #expect(failure?.entries.map(\.error.code.rawValue) == [cause.code])
    #expect(failure?.entries.first?.detail?.isEmpty == false)
  }

  @Test func onlyCodesOfWhoeverServesAreWithoutACauseHere() {
    let caused = Set(Self.causes.map(\.code))
    let others = ToolkitError.Code.allCases.map(\.rawValue).filter { !caused.contains($0) }
    #expect(others == [10, 12, 51, 54, 55, 56, 57, 60, 61, 73, 74])
  }

  @Test func aDamagedFileIsRefusedWithThePlaceOfTheDamage() throws {
    let failure = #expect(throws: ToolkitFailure.self) {
      try Self.read(Array(Self.encodedBox().dropLast(30)))
    }
    let message = try #require(failure?.entries.first?.message)
    #expect(message.contains("byte"))
  }
}
