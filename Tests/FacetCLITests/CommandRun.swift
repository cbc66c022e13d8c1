import Facet
import Foundation
import Testing

/// The built command in a process of its own, as people run it.
struct CommandRun {
  let status: Int32
  let output: Data
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  /// Runs `facet` to its end.
  ///
  /// - Parameters:
  ///   - folder: The working directory.
  ///   - stopping: Send SIGTERM after this time; standard input then never ends.
  init(
    _ arguments: [String], in folder: TemporaryFolder? = nil, input: Data = Data(), stopping: Duration? = nil
  ) throws {
    let scratch = try TemporaryFolder()
    try scratch.write(input, "input")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var neverEnding: [Int32] = [-1, -1]
    defer { for end in neverEnding where end >= 0 { close(end) } }
    if stopping != nil {
      pipe(&neverEnding)
      posix_spawn_file_actions_adddup2(&actions, neverEnding[0], STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, scratch.path("input"), O_RDONLY, 0)
    }
    for (descriptor, name) in [(STDOUT_FILENO, "output"), (STDERR_FILENO, "errors")] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, scratch.path(name), O_WRONLY | O_CREAT, 0o600)
    }
    // The shell changes the folder for it, and becomes it.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder?.url.path ?? "."]
    var strings = (shell + [CommandRun.executable] + arguments).map { strdup($0) }
    strings.append(nil)
    defer { for string in strings { free(string) } }
    var process = pid_t()
    try #require(posix_spawn(&process, shell[0], &actions, nil, strings, environ) == 0)
    if let stopping {
      Thread.sleep(forTimeInterval: stopping / .seconds(1))
      kill(process, SIGTERM)
    }
    var ended: Int32 = 0
    try #require(waitpid(process, &ended, 0) == process)
    status = ended & 0x7F == 0 ? (ended >> 8) & 0xFF : 128 + (ended & 0x7F)
    output = try scratch.read("output")
    errors = String(decoding: try scratch.read("errors"), as: UTF8.self)
  }

  init(_ line: String, in folder: TemporaryFolder? = nil, input: Data = Data()) throws {
    try self.init(line.split(separator: " ").map(String.init), in: folder, input: input)
  }

  /// The one JSON object on standard output.
  var json: [String: Any] {
    get throws { try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any]) }
  }

  /// The codes in `{"errors":[{"code","message"}]}`.
  var errorCodes: [Int] {
    get throws { try #require(try json["errors"] as? [[String: Any]]).compactMap { $0["code"] as? Int } }
  }

  /// The product stands next to the test bundle.
  private static let executable: String = {
    #if os(Linux)
      let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    #else
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }!.bundleURL
    #endif
    return bundle.deletingLastPathComponent().appending(path: "facet").path
  }()
}

/// A folder that goes with its last reference.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "facet-tests-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func read(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  func write(_ data: Data, _ name: String) throws { try data.write(to: url.appending(path: name)) }

  /// A sample part's file in this folder.
  func sample(_ name: String, as file: String? = nil) throws {
    let file = file ?? name + ".stl"
    let part = try #require(Sample.named(name))
    try write(Data(try part.encoded(MeshFormat(pathExtensionOf: file) ?? .stl)), file)
  }
}
