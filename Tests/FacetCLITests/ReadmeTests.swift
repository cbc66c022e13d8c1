import Facet
import FacetTestSupport
import Foundation
import Testing

@testable import FacetCLI

/// What the README shows works as shown.
@Suite struct ReadmeTests {
  @Test func theExampleIsTheOneThatIsCompiledAndRunHere() throws {
    let example = "```swift\n" + (try Repository.text("Tests/FacetCLITests/ReadmeExample.swift")) + "```\n"
    #expect(try Repository.updatedSection("example", of: "README.md", to: example) == example)
    let lines = example.split(separator: "\n").count - 2
    #expect(lines <= 10)
  }

  @Test func theExampleMendsABrokenPartAndScalesIt() throws {
    let folder = try TemporaryFolder()
    let output = folder.path("plate.ply")
    let broken = try prepare(Repository.url("SampleModels/hole.stl").path, as: output)
    #expect(broken.entries.map(\.stage) == [.holes])
    #expect(try Mesh.read(output).mesh.solidity().isSolid)
    let sound = try prepare(Repository.url("SampleModels/inch-plate.stl").path, as: output)
    #expect(sound.entries.isEmpty)
    #expect(try Mesh.read(output).mesh.bounds.size.x == 120)
  }

  @Test func theFirstCommandChecksMendsAndDraws() throws {
    let command = try #require(README.commands(in: "sh").first)
    let start = try #require(command.range(of: "swift run -c release facet ")).upperBound
    let arguments = command[start...].trimmingCharacters(in: .newlines)
      .replacingOccurrences(of: "\\\n", with: "")
      .replacingOccurrences(of: "SampleModels", with: Repository.url("SampleModels").path)
    let folder = try TemporaryFolder()
    let run = try CommandRun(arguments, in: folder)
    #expect(run.status == 0)
    #expect(run.text.hasSuffix("→ result/report.html\n"))
    #expect(try folder.names == ["result"])
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("result/files"))
    #expect(files.contains("hole.png") && files.contains("hole.stl") && files.contains("cut.stl"))
    // As often as one likes.
    #expect(try CommandRun(arguments, in: folder).text.contains("of them before"))
  }

  @Test func theTableOfCommandsHasThemAll() throws {
    let text = try Repository.text("README.md")
    for command in FacetCommand.configuration.subcommands where command.configuration.shouldDisplay {
      #expect(text.contains("| `facet \(command._commandName) "))
    }
  }

  @Test func linksLeadSomewhere() throws {
    for page in ["README.md", "SampleModels/README.md", "Benchmarks/README.md"] {
      let text = try Repository.text(page)
      let folder = Repository.url(page).deletingLastPathComponent()
      for link in text.matches(of: /\]\(([^)#]+)\)/).map({ String($0.1) }) where !link.hasPrefix("http") {
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: link).path), "\(page): \(link)")
      }
    }
  }

  private enum README {
    static func commands(in language: String) throws -> [String] {
      try Repository.text("README.md").components(separatedBy: "```\(language)\n").dropFirst().map {
        $0.components(separatedBy: "```")[0]
      }
    }
  }
}
