#if CommandLine
  import FacetContract
  import Foundation
  import Subprocess

  /// This program in a process of its own.
  enum ChildProcess {
    /// Runs it to its end; its standard error is this one's. When a signal stops this process, it is stopped too.
    static func run(_ arguments: [String]) async throws -> (status: Int32, output: String) {
      let child = Task {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        let result = try await Subprocess.run(
          .path(.init(executable)), arguments: Arguments(arguments), platformOptions: options,
          output: .string(limit: 1 << 24), error: .currentStandardError)
        return (result.terminationStatus.exitStatus, result.standardOutput)
      }
      let watch = Task {
        while !Task.isCancelled, Signals.exitStatus == nil { try await Task.sleep(for: .milliseconds(50)) }
        child.cancel()
      }
      defer { watch.cancel() }
      return try await child.value
    }

    /// The path of this program.
    static var executable: String {
      let own = "/proc/self/exe"
      return (try? FileManager.default.destinationOfSymbolicLink(atPath: own)) ?? CommandLine.arguments[0]
    }
  }

  extension TerminationStatus {
    /// As a shell counts it.
    fileprivate var exitStatus: Int32 {
      switch self {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    }
  }
#endif
