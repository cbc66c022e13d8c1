import Foundation
import Testing

/// Modules see only what lies below them.
@Suite struct ImportDirectionTests {
  /// The system's C library goes by another name on each platform.
  static let system: Set<String> = ["Glibc", "Musl", "Darwin", "Synchronization"]
  static let allowed: [String: Set<String>] = [
    "Facet": [],
    "FacetRender": ["Facet", "CPNG", "CCamera"],
    "FacetOperations": ["Facet", "FacetRender", "Foundation", "FoundationEssentials"],
    "FacetContract": ["Facet", "FacetOperations"],
    "FacetBatch": [
      "Facet", "FacetRender", "FacetOperations", "FacetContract", "Crypto", "Dispatch", "Foundation",
      "Subprocess", "Yams",
    ],
    "FacetGeneration": [
      "Facet", "FacetOperations", "FacetContract", "AsyncHTTPClient", "Foundation", "NIOCore", "Subprocess",
    ],
    "FacetService": [
      "Facet", "AsyncHTTPClient", "Crypto", "CryptoExtras", "Foundation", "GRDB", "Logging", "NIOCore",
      "NIOPosix",
    ],
    "FacetServer": [
      "Facet", "FacetOperations", "FacetContract", "FacetGeneration", "FacetService", "Foundation",
      "HTTPTypes",
      "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes",
      "ServiceLifecycle",
    ],
  ]

  static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources").standardizedFileURL

  /// The Swift files of a module with the modules that each imports.
  private static func imports(_ module: String) throws -> [(file: String, modules: Set<String>)] {
    let folder = sources.appending(path: module)
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
    return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { file in
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      var modules: Set<String> = []
      for line in text.split(whereSeparator: \.isNewline) {
        // `@testable import struct Module.Name` and the like.
        let words = line.split(whereSeparator: \.isWhitespace)
        guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isModifier)
        else { continue }
        let rest = words[(keyword + 1)...].drop(while: isKind)
        if let name = rest.first { modules.insert(String(name.prefix { $0 != "." })) }
      }
      return (file, modules)
    }
  }

  private static func isModifier(_ word: Substring) -> Bool {
    word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
  }

  private static func isKind(_ word: Substring) -> Bool {
    ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"].contains(word)
  }

  @Test(arguments: allowed.keys.sorted())
  func everyModuleImportsOnlyWhatLiesBelow(module: String) throws {
    let files = try Self.imports(module)
    #expect(!files.isEmpty)
    for (file, modules) in files {
      let strangers = modules.subtracting(Self.allowed[module] ?? []).subtracting(Self.system)
      #expect(strangers.isEmpty, "\(module)/\(file) imports \(strangers.sorted())")
    }
  }

  @Test(arguments: ["CPNG", "CCamera"])
  func aForeignLibraryIsUsedInOneFile(library: String) throws {
    let users = try Self.imports("FacetRender").filter { $0.modules.contains(library) }
    #expect(users.count == 1, "\(users.map(\.file))")
  }
}
