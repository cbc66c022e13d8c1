import FacetContract
import FacetOperations
import Foundation
import Testing

@testable import FacetCLI

/// Help comes from the definitions, and leaves nothing out.
@Suite struct HelpTests {
  /// The long options of each command and what the help says of them, as ArgumentParser knows them.
  private static let commands: [String: [String: String]] = {
    let dump = try? CommandRun("--experimental-dump-help").json["command"] as? [String: Any]
    var commands: [String: [String: String]] = [:]
    for command in dump?["subcommands"] as? [[String: Any]] ?? [] {
      var options: [String: String] = [:]
      for argument in command["arguments"] as? [[String: Any]] ?? []
      where argument["shouldDisplay"] as? Bool == true {
        for name in argument["names"] as? [[String: Any]] ?? [] where name["kind"] as? String == "long" {
          options[name["name"] as? String ?? ""] = argument["abstract"] as? String ?? ""
        }
      }
      commands[command["commandName"] as? String ?? ""] = options
    }
    return commands
  }()

  /// Those that every operation takes.
  private static let common: Set<String> = [
    "measurement-units", "salvage", "threads", "memory-budget", "quiet", "json", "help", "version",
  ]

  private static func options(_ command: String) -> [String: String] { commands[command] ?? [:] }

  @Test(arguments: FacetCommand.operations.map { $0.operation.name })
  func aCommandHasExactlyTheOptionsOfItsOperation(_ name: OperationName) throws {
    let operation = OperationCatalog[name]
    var expected = HelpTests.common.union(operation.parameters.map(\.optionName))
    if operation.output != .nothing { expected.insert("output") }
    if [
      .repair, .geometricalRepair, .shrinkwrapRepair, .reduceTriangles, .wallThicknessAnalysis, .hollowing,
    ].contains(name) {
      expected.insert("picture")
    }
    if name == .wallThicknessAnalysis { expected.insert("map") }
    #expect(Set(HelpTests.options(name.rawValue).keys) == expected)
  }

  @Test func everyOperationThatIsNotAPartOfAnotherHasACommand() {
    // Every command reads files, and `export` converts them.
    let inside: Set<OperationName> = [.import, .stlConversion]
    #expect(
      Set(FacetCommand.operations.map { $0.operation.name })
        == Set(OperationCatalog.all.map { $0.name })
        .subtracting(inside))
  }

  @Test(arguments: FacetCommand.operations.map { $0.operation.name })
  func theHelpOfAnOptionSaysMeaningUnitAndDefault(_ name: OperationName) throws {
    for parameter in OperationCatalog[name].parameters {
      let help = try #require(HelpTests.options(name.rawValue)[parameter.optionName])
      #expect(help.hasPrefix(parameter.help))
      if let unit = parameter.unit { #expect(help.contains("in \(unit)")) }
      if case .defaulted(let value) = parameter.presence, parameter.kind != .bool {
        #expect(help.contains("default: \(value.asString ?? value.text())"))
      }
    }
  }

  @Test(arguments: [
    "", "analyze", "repair", "geometrical-repair", "shrinkwrap", "reduce-triangles", "reduce", "scale",
    "thumbnail", "export", "convert",
    "run", "sample", "benchmark",
  ])
  func helpIsOnStandardOutputAndTeachesByExample(_ command: String) throws {
    let run = try CommandRun((command + " --help"))
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(run.text.contains("EXAMPLES:\n  facet "))
    for option in HelpTests.options(command).keys { #expect(run.text.contains("--\(option)")) }
  }

  @Test func theHelpOfBenchmarkListsWhatCanBeTimed() throws {
    let text = try CommandRun("benchmark --help").text
    for operation in BenchmarkOperation.all { #expect(text.contains(operation.name)) }
  }

  @Test func everyOptionHasSomethingToSay() {
    #expect(HelpTests.commands.count >= 7)
    for name in HelpTests.commands.keys where name != "help" {
      for (option, help) in HelpTests.options(name) {
        #expect(help.count > 10, "--\(option) of \(name)")
      }
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionScriptsKnowTheCommands(_ shell: String) throws {
    let run = try CommandRun("--generate-completion-script \(shell)")
    #expect(run.status == 0)
    #expect(run.text.contains("thumbnail"))
  }
}
