#if CommandLine
  import FacetContract
  import Foundation
  import Testing

  @testable import FacetGeneration

  extension Trait where Self == ConditionTrait {
    /// A test that needs CadQuery, and the machine for itself: beside tests that keep every processor busy, programs
    /// run out of time.
    static var needsSandbox: Self {
      .enabled(
        if: ProcessInfo.processInfo.environment["FACET_GENERATION"] != nil
          && SandboxEnvironment.standard.isInstalled,
        "needs an environment of facet generation install; run it alone, with FACET_GENERATION naming it")
    }
  }

  extension Confinement {
    /// The kinds that work on this machine.
    static var available: [Confinement] { allCases.filter { $0 == .limits || detected == .bubblewrap } }
  }

  extension SandboxLimits {
    /// Enough for a program that does little, on a machine that does much else.
    static let small = SandboxLimits(seconds: 60, memoryBytes: 2 << 30)
  }

  /// A folder for a test, removed with everything in it.
  func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "facet-sandbox-tests-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
  }

  /// Few runs at a time: each is a second or two of a core, and three hundred megabytes.
  actor SandboxTurns {
    static let shared = SandboxTurns()
    private var free = 3
    private var waiting: [CheckedContinuation<Void, Never>] = []

    static func take<Result>(_ body: () async throws -> Result) async rethrows -> Result {
      await shared.enter()
      do {
        let result = try await body()
        await shared.leave()
        return result
      } catch {
        await shared.leave()
        throw error
      }
    }

    private func enter() async {
      if free > 0 {
        free -= 1
      } else {
        await withCheckedContinuation { waiting.append($0) }
      }
    }

    private func leave() {
      if waiting.isEmpty {
        free += 1
      } else {
        waiting.removeFirst().resume()
      }
    }
  }

  /// A folder for a run, when it is its turn.
  func withRoom<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    try await SandboxTurns.take { try await withFolder(body) }
  }

  /// Runs a program in a folder that is removed, and looks for processes that it leaves behind.
  func outcome(
    of program: String, as format: GenerationRequest.OutputFormat = .stl,
    _ confinement: Confinement = .detected,
    fenced: Bool = true, _ limits: SandboxLimits = .small
  ) async throws -> SandboxOutcome {
    try await withRoom { folder in
      let sandbox = Sandbox(.standard, confinement: confinement)
      let clock = ContinuousClock.now
      let outcome = try await sandbox.run(program, as: format, in: folder, limits, isFenced: fenced)
      #expect(ContinuousClock.now - clock < .seconds(limits.seconds + 3))
      let left = try await processesLeft(in: folder)
      #expect(left.isEmpty, "these processes are still there: \(left)")
      return outcome
    }
  }

  /// The processes that have a folder among their arguments or their mounts, after a moment to end in.
  func processesLeft(in folder: String) async throws -> [String] {
    var left: [String] = []
    for _ in 0..<20 {
      left = (try FileManager.default.contentsOfDirectory(atPath: "/proc")).filter { process in
        guard Int(process) != nil, process != "\(getpid())" else { return false }
        return ["cmdline", "mountinfo"].contains { file in
          let bytes = FileManager.default.contents(atPath: "/proc/\(process)/\(file)") ?? Data()
          return bytes.range(of: Data(folder.utf8)) != nil
        }
      }
      if left.isEmpty { return [] }
      try await Task.sleep(for: .milliseconds(100))
    }
    return left
  }

  extension SandboxOutcome {
    var failure: ProgramFailure? { if case .failed(let failure) = self { failure } else { nil } }
    var kind: ProgramFailure.Kind? { failure?.kind }
  }
#endif
