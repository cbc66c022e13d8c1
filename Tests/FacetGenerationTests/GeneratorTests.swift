#if CommandLine
  import Facet
  import FacetContract
  import Foundation
  import Testing

  @testable import FacetGeneration

  /// The way from a plan to a part, with CadQuery.
  @Suite(.needsSandbox) struct GeneratorTests {
    /// Testing has another.
    typealias Expectation = FacetGeneration.Expectation

    /// Gives the programs it was told to, one after the other; the last one again and again.
    final class ScriptedPlanner: Planner {
      let programs: [String]
      let expectation: Expectation
      let canRevise: Bool
      private let failures = Lock<[FailedPlan]>([])

      /// What was told to it last.
      var lastProblem: String { failures.withLock { $0.last?.problem ?? "" } }

      init(_ programs: [String], _ expectation: Expectation = Expectation(), canRevise: Bool = false) {
        self.programs = programs
        self.expectation = expectation
        self.canRevise = canRevise
      }

      func plan(_ brief: Brief, after failures: [FailedPlan]) async throws(GenerationJobError) -> Plan {
        self.failures.withLock { $0 = failures }
        let program = programs[min(failures.count, programs.count - 1)]
        return Plan(
          program: "import cadquery as cq\n" + program, expectation: expectation, tokensUsed: 10)
      }
    }

    private static func generate(
      _ planner: ScriptedPlanner, as format: GenerationRequest.OutputFormat = .stl,
      _ changes: LimitChanges = LimitChanges()
    ) async throws -> (part: GeneratedPart, bytes: [UInt8]) {
      let folder = NSTemporaryDirectory() + "facet-generator-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let generator = Generator(
        words: planner, pictures: planner, sandbox: Sandbox(.standard), changes: changes)
      let part = try await generator.generate(Brief("a part"), as: format, in: folder, RunContext())
      return (part, try Array(Data(contentsOf: URL(filePath: part.path))))
    }

    private static func code(_ planner: ScriptedPlanner, _ changes: LimitChanges = LimitChanges()) async
      -> GenerationJobError.Code?
    {
      do {
        _ = try await generate(planner, as: .stl, changes)
        return nil
      } catch {
        return (error as? GenerationJobError)?.code
      }
    }

    private static let plate = "result = cq.Workplane().box(40, 20, 10).faces('>Z').workplane().hole(5)"
    private static let planned = Expectation(size: SIMD3(40, 20, 10), throughHoles: 1, shells: 1)

    @Test func aPartIsWhatWasChecked() async throws {
      let (part, bytes) = try await Self.generate(ScriptedPlanner([Self.plate], Self.planned))
      let mesh = try Mesh.read(ByteSource(bytes)).mesh
      #expect(mesh.triangles.count == part.figures.triangles)
      #expect(try mesh.solidity().isSolid)
      #expect(part.tokensUsed == 10)
      #expect(abs(part.figures.volume - (8000 - .pi * 6.25 * 10)) < 1)
    }

    /// Spheres have poles, where the kernel makes triangles without an area.
    @Test func aBallIsAPart() async throws {
      let planner = ScriptedPlanner(
        ["result = cq.Workplane().sphere(25)"],
        Expectation(size: SIMD3(50, 50, 50), throughHoles: 0, shells: 1))
      #expect(try await Self.generate(planner, as: .step).part.figures.shells == 1)
    }

    @Test func theModelsMistakesAreFedBack() async throws {
      let planner = ScriptedPlanner(
        ["nonsense (", "result = cq.Workplane().box(1, 2, 3)", Self.plate], Self.planned, canRevise: true)
      let made = try await Self.generate(planner, as: .step)
      #expect(made.part.tokensUsed == 30)
      #expect(
        planner.lastProblem
          == "The part is not as planned: the part measures 1.0 mm along x, and was to measure 40.0 mm.")
    }

    @Test func eachMistakeHasItsCode() async {
      #expect(await Self.code(ScriptedPlanner(["nonsense ("])) == .codeGenerationFailed)
      #expect(
        await Self.code(ScriptedPlanner(["result = cq.Workplane().box(9, 9, 9).edges().fillet(20)"]))
          == .geometryValidationFailed)
      #expect(
        await Self.code(ScriptedPlanner([Self.plate], Expectation(throughHoles: 2)))
          == .geometryValidationFailed)
      #expect(
        await Self.code(ScriptedPlanner([Self.plate]), LimitChanges(fileBytes: 16 << 10)) == .exportFailed)
      // Loading CadQuery alone takes longer.
      #expect(
        await Self.code(ScriptedPlanner([Self.plate]), LimitChanges(seconds: 0.2)) == .sandboxTimeout)
    }
  }
#endif
