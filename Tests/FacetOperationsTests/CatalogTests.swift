import FacetOperations
import Foundation
import Testing

@Suite struct CatalogTests {
  /// The names of the operation files, which are those of the types in them.
  static let files: [String] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/FacetOperations/Operations").standardizedFileURL
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.sorted()
  }()

  @Test func everyOperationFileIsInTheCatalogAndTheOtherWayRound() {
    #expect(!Self.files.isEmpty)
    #expect(OperationCatalog.all.map { "\($0)" }.sorted() == Self.files)
  }

  @Test func everyNameIsInTheCatalogOnce() {
    #expect(OperationCatalog.all.count == OperationName.allCases.count)
    #expect(Set(OperationCatalog.all.map { $0.name }) == Set(OperationName.allCases))
    for type in OperationCatalog.all {
      let found = OperationCatalog[type.name]
      #expect(ObjectIdentifier(found) == ObjectIdentifier(type))
    }
  }

  @Test func namesAreTheDocumentedOnesAndAliasesAreNobodysName() {
    #expect(
      OperationName.allCases.map(\.rawValue) == [
        "import", "stl-conversion", "analyze", "geometrical-repair", "shrinkwrap-repair", "repair",
        "wall-thickness-analysis", "scale", "thumbnail", "reduce-triangles", "hollowing", "export",
      ])
    let aliases = OperationName.allCases.compactMap(\.alias)
    #expect(Set(aliases).count == aliases.count)
    #expect(Set(aliases).isDisjoint(with: OperationName.allCases.map(\.rawValue)))
    for name in OperationName.allCases {
      #expect(OperationName(nameOrAlias: name.rawValue) == name)
      if let alias = name.alias { #expect(OperationName(nameOrAlias: alias) == name) }
    }
    #expect(OperationName(nameOrAlias: "Scale") == nil)
  }

  @Test func everyOperationExplainsItself() {
    for type in OperationCatalog.all {
      #expect(!type.summary.isEmpty && !type.summary.hasSuffix(".") && !type.summary.contains("\n"))
      #expect(type.discussion.hasSuffix("."))
      for parameter in type.parameters {
        #expect(!parameter.help.isEmpty && !parameter.help.hasSuffix("."), "\(parameter.name)")
        #expect(parameter.optionName == parameter.optionName.lowercased())
        if parameter.name.hasSuffix("Mm") { #expect(parameter.unit == "mm") }
      }
      #expect(Set(type.parameters.map(\.name)).count == type.parameters.count)
    }
  }

  @Test func optionNamesAreTheKebabOfTheAPIsNames() {
    let names = OperationCatalog.all.flatMap { $0.parameters }.map { ($0.name, $0.optionName) }
    #expect(names.contains { $0 == ("measurementUnits", "measurement-units") })
  }
}
