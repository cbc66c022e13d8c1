import Foundation

/// A folder with the Python environment that programs run in: CadQuery, and what it needs.
public struct SandboxEnvironment: Sendable, Hashable {
  /// The folder, absolute.
  public let path: String

  public init(_ path: String) {
    self.path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
  }

  /// `$FACET_GENERATION`, else `$XDG_DATA_HOME/facet/generation`, else `~/.local/share/facet/generation`.
  public static var standard: SandboxEnvironment {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["FACET_GENERATION"], !path.isEmpty { return SandboxEnvironment(path) }
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return SandboxEnvironment("\(data)/facet/generation")
    }
    return SandboxEnvironment("\(NSHomeDirectory())/.local/share/facet/generation")
  }

  /// Whether ``install(python:report:)`` has come to its end here, with the versions of ``packages``.
  public var isInstalled: Bool {
    guard let installed = try? String(contentsOfFile: marker, encoding: .utf8) else { return false }
    return installed == SandboxEnvironment.requirements
  }

  /// What is installed, all of it: without an exact version, the same program could make another part tomorrow.
  ///
  /// The kernel is the build without VTK. CadQuery asks for more, but uses it only for pictures, DXF files and NURBS fitting.
  public static let packages: [(name: String, version: String)] = [
    ("cadquery", "2.8.0"),
    ("cadquery-ocp-novtk", "7.9.3.1.1"),
    ("casadi", "3.8.2"),
    ("multimethod", "1.12"),
    ("nlopt", "2.11.0"),
    ("numpy", "2.4.6"),
    ("pillow", "13.0.0"),
    ("pyparsing", "3.3.3"),
    ("runtype", "0.5.3"),
    ("typing_extensions", "4.16.0"),
  ]

  static var requirements: String { packages.map { "\($0.name)==\($0.version)\n" }.joined() }

  var marker: String { "\(path)/facet-generation.txt" }
  var python: String { "\(path)/bin/python" }

  /// The folders outside the environment that its Python is made of.
  var pythonFolders: [String] {
    var folders: [String] = []
    let program = URL(filePath: python).resolvingSymlinksInPath().path(percentEncoded: false)
    var homes = [program]
    if let configuration = try? String(contentsOfFile: "\(path)/pyvenv.cfg", encoding: .utf8) {
      for line in configuration.split(separator: "\n") where line.hasPrefix("home = ") {
        homes.append("\(line.dropFirst("home = ".count))/python")
      }
    }
    for home in homes {
      // …/bin/python
      let prefix = URL(filePath: home).deletingLastPathComponent().deletingLastPathComponent()
        .standardizedFileURL.path(percentEncoded: false)
      let folder = prefix.count > 1 && prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
      if folder != "/", folder != "/usr", !folder.hasPrefix("/usr/"), !folders.contains(folder) {
        folders.append(folder)
      }
    }
    return folders
  }
}
