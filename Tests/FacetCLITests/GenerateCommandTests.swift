import Facet
import FacetGeneration
import Foundation
import Testing

@testable import FacetCLI

/// Parts from prompts, as people ask for them.
@Suite struct GenerateCommandTests {
  private static let box = "A 40x20x10mm box with a 5mm through-hole centered on the top face"

  @Test func withoutAnEnvironmentItSaysWhatToDo() throws {
    let run = try CommandRun(["generate", Self.box, "-o", "box.step", "--environment", "/nonexistent"])
    #expect(run.status == 2)
    #expect(run.errors.contains("run: facet generation install"))
  }

  @Test func theOutputsEndingIsTheFormat() throws {
    let run = try CommandRun(["generate", Self.box, "-o", "box.dwg"])
    #expect(run.status == 2)
    #expect(run.errors.contains("box.dwg must end in .step, .stl, .glb or .3mf"))
  }

  /// They need the machine for themselves, as all tests of the sandbox do.
  @Suite(
    .enabled(
      if: ProcessInfo.processInfo.environment["FACET_GENERATION"] != nil
        && SandboxEnvironment.standard.isInstalled,
      "needs an environment of facet generation install; run it alone, with FACET_GENERATION naming it"))
  struct WithCadQuery {
    @Test func aPartIsMadeAndMeasured() throws {
      let folder = try TemporaryFolder()
      let run = try CommandRun(
        ["generate", box, "-o", "box.stl", "--program", "box.py", "--json"], in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let json = try run.json
      #expect(json["sizeMm"] as? [Double] == [40, 20, 10])
      #expect(json["throughHoles"] as? Int == 1)
      let mesh = try Mesh.read(folder.path("box.stl")).mesh
      #expect(try mesh.solidity().isSolid)
      #expect(try folder.names == ["box.py", "box.stl"])
      #expect(String(decoding: try folder.read("box.py"), as: UTF8.self).contains("import cadquery as cq"))
    }

    @Test func whatIsMissingIsAskedFor() throws {
      let folder = try TemporaryFolder()
      let run = try CommandRun(["generate", "A nice box", "-o", "box.step", "--json"], in: folder)
      #expect(run.status == 1)
      #expect(run.errors.hasPrefix("error prompt_too_ambiguous: "))
      let errors = try #require(try run.json["errors"] as? [[String: Any]])
      #expect(errors.first?["code"] as? String == "prompt_too_ambiguous")
      #expect(try folder.names.isEmpty)
    }

    @Test func wrongRequestsAreRefused() throws {
      let long = String(repeating: "x", count: 5001)
      for (arguments, message) in [
        ([long, "-o", "a.step"], "error invalid_input: prompt must be at most 5000 characters"),
        ([box, "-o", "a.step", "--design-mode", "fast"], "error invalid_input: design_mode must be one of"),
        (["80mm wide, 3mm thick", "-o", "a.step", "--image", "a.png"], "a.png cannot be read"),
      ] {
        let run = try CommandRun(["generate"] + arguments)
        #expect(run.status == 2 && run.errors.contains(message), "\(run.errors)")
      }
    }

    @Test func stoppingItLeavesNothing() throws {
      let folder = try TemporaryFolder()
      let run = try CommandRun(
        ["generate", box, "-o", "box.step"], in: folder, stopping: .milliseconds(500))
      #expect(run.status == 143)
      #expect(try folder.names.isEmpty)
    }
  }
}
