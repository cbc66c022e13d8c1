#if CommandLine
  import FacetContract
  import FacetOperations
  import Foundation
  import Subprocess

  extension SandboxEnvironment {
    /// Makes the environment, or nothing where it is there already. About 650 MB are written.
    ///
    /// - Parameters:
    ///   - python: The Python 3.11 or later that it is to be made of.
    ///   - report: Told what is done, line by line.
    /// - Throws: ``SandboxError``; the folder is then as it was.
    public func install(
      python: String = "python3", report: @escaping @Sendable (String) -> Void
    ) async throws {
      if isInstalled {
        report("\(path) is installed already")
        return
      }
      let base = URL(filePath: path)
      let parent = base.deletingLastPathComponent().path(percentEncoded: false)
      let draft = "\(parent)/.\(base.lastPathComponent)-\(UUID().uuidString.prefix(8))"
      try attempt("\(parent) cannot be made") {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      }
      defer { try? FileManager.default.removeItem(atPath: draft) }
      try await makeEnvironment(python, in: draft, report)
      try await step("the installation", "\(draft)/bin/python", pipArguments, report)
      try await step(
        "the installation", "\(draft)/bin/python",
        ["-m", "pip", "uninstall", "--yes", "--quiet", "setuptools"], report)
      try attempt("\(draft) cannot be written") {
        try SandboxEnvironment.requirements.write(
          toFile: SandboxEnvironment(draft).marker, atomically: true, encoding: .utf8)
      }
      report(try await SandboxEnvironment(draft).check())
      try replace(with: draft)
    }

    /// Runs a program of one box in the sandbox.
    ///
    /// - Returns: A line with the versions, and what confines programs here.
    public func check() async throws -> String {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "facet-check-\(UUID().uuidString)").path(percentEncoded: false)
      let room = try SandboxRoom(folder)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try room.put("program", [])
      let confinement = Confinement.detected
      let process = SandboxProcess(environment: self, confinement: confinement, room: room)
      let limits = SandboxLimits(seconds: 120, memoryBytes: 4 << 30)
      guard
        case .ended(let said, let errors, _) = try await process.run(
          mode: "check", limits, [:], most: 1 << 16)
      else { throw SandboxError.broken(output: "it takes longer than \(limits.seconds) s") }
      guard let answer = try? JSONValue(parsing: said), let cadquery = answer["cadquery"]?.asString,
        let python = answer["python"]?.asString, let volume = answer["volume"]?.asNumber,
        abs(volume - 6) < 1e-9
      else { throw SandboxError.broken(output: errors) }
      return "CadQuery \(cadquery) on Python \(python), \(confinement.inWords)"
    }

    private var pipArguments: [String] {
      // Everything that is needed is named with its version, so nothing else is to come along.
      [
        "-m", "pip", "install", "--no-input", "--no-deps", "--only-binary", ":all:",
        "--disable-pip-version-check",
      ]
        + SandboxEnvironment.packages.map { "\($0.name)==\($0.version)" }
    }

    private func makeEnvironment(
      _ python: String, in draft: String, _ report: @escaping @Sendable (String) -> Void
    ) async throws {
      let question = "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 3)"
      let needed = "CadQuery needs Python 3.11 or later"
      switch try await SandboxEnvironment.execute(python, ["-c", question], { _ in }) {
      case .exited(0): break
      case .exited(3): throw SandboxError.python(problem: "\(python) is too old: \(needed)")
      default: throw SandboxError.python(problem: "\(python) cannot be run: \(needed)")
      }
      report("Making \(path)")
      guard
        try await SandboxEnvironment.execute(python, ["-c", "import ensurepip, venv"], { _ in }) == .exited(0)
      else {
        throw SandboxError.python(
          problem:
            "\(python) lacks its module venv: install it, on Debian and Ubuntu by: apt install python3-venv")
      }
      try await step("making the environment", python, ["-m", "venv", draft], report)
    }

    private func replace(with draft: String) throws {
      let old = "\(draft)-old"
      defer { try? FileManager.default.removeItem(atPath: old) }
      if FileManager.default.fileExists(atPath: path) {
        try attempt("\(path) cannot be replaced") {
          try FileManager.default.moveItem(atPath: path, toPath: old)
        }
      }
      try attempt("\(path) cannot be put in place") {
        try FileManager.default.moveItem(atPath: draft, toPath: path)
      }
    }

    private func attempt(_ problem: String, _ body: () throws -> Void) throws {
      do {
        try body()
      } catch {
        throw SandboxError.file(problem: "\(problem): \(error.localizedDescription)")
      }
    }

    private func step(
      _ name: String, _ program: String, _ arguments: [String], _ report: @escaping @Sendable (String) -> Void
    ) async throws {
      var last: [String] = []
      let status = try await SandboxEnvironment.execute(program, arguments) { line in
        report(line)
        last = last.suffix(4) + [line]
      }
      if status != .exited(0) {
        throw SandboxError.installFailed(step: name, output: last.joined(separator: "\n"))
      }
    }

    /// Runs a program to its end and gives on what it says, line by line.
    private static func execute(
      _ program: String, _ arguments: [String], _ line: (String) -> Void
    ) async throws -> TerminationStatus {
      var options = PlatformOptions()
      options.processGroupID = 0
      options.teardownSequence = [
        .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
      ]
      let executable: Executable = program.contains("/") ? .path(.init(program)) : .name(program)
      do {
        return try await Subprocess.run(
          executable, arguments: Arguments(arguments), platformOptions: options, input: .none,
          output: .sequence,
          error: .combinedWithOutput
        ) { execution in
          for try await text in execution.standardOutput.strings() {
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if !trimmed.isEmpty { line(trimmed) }
          }
        }.terminationStatus
      } catch let error as SubprocessError {
        throw SandboxError.python(problem: "\(program) cannot be run: \(error)")
      }
    }
  }

  extension Confinement {
    /// For people.
    fileprivate var inWords: String {
      switch self {
      case .bubblewrap: "confined by bubblewrap"
      case .limits:
        "confined by limits and a filter of system calls; with bubblewrap there would be namespaces, too"
      }
    }
  }
#endif
