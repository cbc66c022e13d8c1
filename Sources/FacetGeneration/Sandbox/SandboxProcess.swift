#if CommandLine
  import FacetOperations
  import Foundation
  import Subprocess

  /// One run of the runner, from its start to the end of every process that it leads to.
  struct SandboxProcess {
    let environment: SandboxEnvironment
    let confinement: Confinement
    let room: SandboxRoom

    enum Ending {
      /// What it wrote on standard output, the last of its standard error, and the signal that ended it.
      case ended([UInt8], errors: String, signal: Int32?)
      case timedOut
    }

    private static let errorBytes = 1 << 16

    /// - Parameters:
    ///   - more: Members of the request that only this mode has.
    ///   - most: Bytes that it may say; one that says more is ended.
    func run(
      mode: String, _ limits: SandboxLimits, _ more: KeyValuePairs<String, JSONValue>, most: Int
    ) async throws -> Ending {
      guard environment.isInstalled else { throw SandboxError.notInstalled(path: environment.path) }
      var request: [JSONValue.Member] = [
        .init("mode", .string(mode)), .init("confinement", .string(confinement.rawValue)),
        .init(
          "limits",
          [
            "memory": .integer(limits.memoryBytes), "file": .integer(limits.fileBytes),
            "seconds": .number(limits.seconds),
          ]),
      ]
      // Within bubblewrap its parent is another, which dies with this one.
      if confinement == .limits { request.append(.init("parent", .integer(Int(getpid())))) }
      request += more.map { JSONValue.Member($0.key, $0.value) }
      try room.put("request.json", Array(JSONValue.object(request).text().utf8))
      let command = confinement.command(environment, input: room.input, output: room.output)
      return try await withThrowingTaskGroup(of: Ending.self) { group in
        group.addTask { try await listen(command, most: most) }
        group.addTask {
          try await Task.sleep(for: .seconds(limits.seconds))
          return .timedOut
        }
        defer { group.cancelAll() }
        return try await group.next() ?? .timedOut
      }
    }

    /// Cancelled, it kills the process and all that it started.
    private func listen(_ command: SandboxCommand, most: Int) async throws -> Ending {
      var options = PlatformOptions()
      options.processGroupID = 0
      options.teardownSequence = [
        .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
      ]
      let variables = Dictionary(
        uniqueKeysWithValues: command.variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
      let result = try await Subprocess.run(
        .path(.init(command.executable)), arguments: Arguments(command.arguments),
        environment: .custom(variables), workingDirectory: "/", platformOptions: options, input: .none,
        output: .sequence, error: .sequence
      ) { execution -> (said: [UInt8], errors: [UInt8]) in
        async let errors = SandboxProcess.last(SandboxProcess.errorBytes, of: execution.standardError)
        var said: [UInt8] = []
        for try await buffer in execution.standardOutput {
          buffer.withUnsafeBytes { said.append(contentsOf: $0) }
          if said.count > most {
            try execution.send(signal: .kill, toProcessGroup: true)
            break
          }
        }
        return (said, try await errors)
      }
      try Task.checkCancellation()
      let (said, errors) = result.closureResult
      let text = String(decoding: errors.suffix(2000), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      return .ended(said, errors: text, signal: result.terminationStatus.signal)
    }

    /// Reads all of it, so that the process never waits for a reader.
    private static func last(_ count: Int, of output: SubprocessOutputSequence) async throws -> [UInt8] {
      var kept: [UInt8] = []
      for try await buffer in output {
        buffer.withUnsafeBytes { kept.append(contentsOf: $0) }
        if kept.count > 2 * count { kept.removeFirst(kept.count - count) }
      }
      return kept
    }
  }

  extension TerminationStatus {
    /// The signal that ended the process, or, as bubblewrap tells it, the one that it watches over.
    fileprivate var signal: Int32? {
      switch self {
      case .exited(let code): code > 128 ? code - 128 : nil
      case .signaled(let signal): signal
      }
    }
  }
#endif
