import Foundation

/// What keeps a program in. Either way the kernel filters its system calls, and its memory, files and time are
/// limited.
public enum Confinement: String, Sendable, Hashable, CaseIterable {
  /// Namespaces of its own, by bubblewrap: it sees no other process, no network and only the files it needs.
  case bubblewrap
  /// Without namespaces.
  case limits

  /// ``bubblewrap`` where it is installed and works: in containers it often may not.
  public static var detected: Confinement { bubblewrapPath == nil ? .limits : .bubblewrap }

  /// The program, tried once.
  static let bubblewrapPath: String? = {
    let places = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    for place in places where place.hasPrefix("/") {
      let path = "\(place)/bwrap"
      if FileManager.default.isExecutableFile(atPath: path), works(path) { return path }
    }
    return nil
  }()

  private static func works(_ path: String) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = namespaces + systemFolders + ["--", "/usr/bin/true"]
    process.environment = [:]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationReason == .exit && process.terminationStatus == 0
  }

  private static let namespaces = [
    "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts",
    "--unshare-cgroup-try",
    "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--die-with-parent", "--new-session", "--clearenv",
    "--hostname", "sandbox",
  ]

  /// The system's libraries and fonts, not its settings.
  private static let systemFolders: [String] = {
    var arguments = ["--ro-bind", "/usr", "/usr", "--dev", "/dev"]
    for name in ["bin", "lib", "lib64", "lib32", "sbin"] {
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/\(name)") {
        arguments += ["--symlink", target, "/\(name)"]
      } else {
        arguments += ["--ro-bind-try", "/\(name)", "/\(name)"]
      }
    }
    for path in ["/etc/ld.so.cache", "/etc/fonts"] { arguments += ["--ro-bind-try", path, path] }
    return arguments
  }()

  /// The command that runs the environment's Python on the runner in `input`, with `output` to write to.
  func command(_ environment: SandboxEnvironment, input: String, output: String) -> SandboxCommand {
    let flags = ["-s", "-B"]
    switch self {
    case .limits:
      return SandboxCommand(
        executable: environment.python, arguments: flags + ["\(input)/runner.py", input, output],
        variables: Confinement.variables)
    case .bubblewrap:
      var arguments = Confinement.namespaces + Confinement.systemFolders
      for folder in environment.pythonFolders + [environment.path] {
        arguments += ["--ro-bind", folder, folder]
      }
      arguments += ["--ro-bind", input, "/in", "--bind", output, "/out", "--remount-ro", "/"]
      for (name, value) in Confinement.variables { arguments += ["--setenv", name, value] }
      arguments += ["--chdir", "/", "--", environment.python] + flags + ["/in/runner.py", "/in", "/out"]
      return SandboxCommand(
        executable: Confinement.bubblewrapPath ?? "bwrap", arguments: arguments, variables: [:])
    }
  }

  /// The whole environment: nothing of the server's, which holds secrets. One thread each for the numerical
  /// libraries, and the same order of sets each time.
  private static let variables = [
    "HOME": "/nonexistent", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
  ]
}

struct SandboxCommand: Sendable {
  var executable: String
  var arguments: [String]
  /// Environment variables, all there are.
  var variables: [String: String]
}
