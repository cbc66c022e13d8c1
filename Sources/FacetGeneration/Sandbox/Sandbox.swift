#if CommandLine
  import FacetContract
  import FacetOperations
  import Foundation

  /// Runs programs that nobody vouches for.
  public struct Sandbox: Sendable {
    public let environment: SandboxEnvironment
    public let confinement: Confinement

    public init(_ environment: SandboxEnvironment, confinement: Confinement = .detected) {
      self.environment = environment
      self.confinement = confinement
    }

    /// Runs a program and writes the part that it makes.
    ///
    /// - Parameters:
    ///   - program: Python that leaves a `Workplane`, a `Shape`, an `Assembly` or a list of them in `result`, in mm.
    ///   - folder: One that nobody else uses; the files are left in it, and the caller removes it.
    /// - Throws: ``SandboxError`` where there is no sandbox to run it in, `CancellationError`.
    public func run(
      _ program: String, as format: GenerationRequest.OutputFormat, in folder: String, _ limits: SandboxLimits
    ) async throws -> SandboxOutcome {
      try await run(program, as: format, in: folder, limits, isFenced: true)
    }

    /// - Parameter isFenced: Whether Python itself refuses what is not allowed; tests of what the kernel refuses say no.
    func run(
      _ program: String, as format: GenerationRequest.OutputFormat, in folder: String,
      _ limits: SandboxLimits,
      isFenced: Bool
    ) async throws -> SandboxOutcome {
      let room = try SandboxRoom(folder)
      try room.put("program", Array(program.utf8))
      let process = SandboxProcess(environment: environment, confinement: confinement, room: room)
      let ending = try await process.run(
        mode: "run", limits, ["format": .string(format.rawValue), "fenced": .bool(isFenced)], most: 1 << 20)
      guard case .ended(let said, let errors, let signal) = ending else { return .timedOut }
      guard let answer = try? JSONValue(parsing: said), let kind = answer["kind"]?.asString else {
        return try unexpectedEnd(errors, signal)
      }
      return try outcome(kind, answer, format, room, limits)
    }

    private func outcome(
      _ kind: String, _ answer: JSONValue, _ format: GenerationRequest.OutputFormat, _ room: SandboxRoom,
      _ limits: SandboxLimits
    ) throws -> SandboxOutcome {
      if kind == "timedOut" { return .timedOut }
      if kind == "made" {
        let output = "part.\(format.fileExtension)"
        for name in [output, "check.stl"] {
          guard let size = room.sizeOfOutput(name), size > 0, size < limits.fileBytes else {
            return .failed(ProgramFailure(.export, "\(name) could not be written, or is too large"))
          }
        }
        let parts = answer["parts"]?.asArray?.compactMap(\.asString) ?? []
        return .made(
          MadeFiles(output: room.pathOfOutput(output), check: room.pathOfOutput("check.stl"), parts: parts))
      }
      guard let kind = ProgramFailure.Kind(rawValue: kind) else {
        throw SandboxError.broken(output: "the runner says \(kind)")
      }
      return .failed(ProgramFailure(kind, String((answer["message"]?.asString ?? "").prefix(4000))))
    }

    /// The runner itself ended before it could say anything: CadQuery cannot be loaded, memory ran out, or the kernel
    /// crashed on writing the part.
    private func unexpectedEnd(_ errors: String, _ signal: Int32?) throws -> SandboxOutcome {
      switch signal {
      case SIGXCPU?:
        return .timedOut
      case SIGKILL?:
        return .failed(
          ProgramFailure(.memory, "the system ended the sandbox, as it does when memory runs out"))
      case let signal?:
        return .failed(ProgramFailure(.export, "the geometry kernel crashed on the part (signal \(signal))"))
      case nil where ["MemoryError", "bad_alloc", "failed to map"].contains(where: errors.contains):
        return .failed(ProgramFailure(.memory, "CadQuery itself needs more memory than is allowed"))
      case nil:
        throw SandboxError.broken(output: errors)
      }
    }

    /// Decodes a picture: PNG, JPEG, WebP or GIF, its first frame, turned as its camera says, on white.
    ///
    /// - Parameter maximumPixels: More are refused before any is decoded.
    /// - Returns: Gray pixels, scaled down to at most 1600 on the longer side; nil for what cannot be decoded.
    /// - Throws: ``SandboxError``, `CancellationError`.
    public func decodeImage(_ bytes: [UInt8], maximumPixels: Int = 50_000_000) async throws -> Raster? {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "facet-picture-\(UUID().uuidString)").path(percentEncoded: false)
      let room = try SandboxRoom(folder)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try room.put("image", bytes)
      let process = SandboxProcess(environment: environment, confinement: confinement, room: room)
      let limits = SandboxLimits(seconds: 20, memoryBytes: 2 << 30, fileBytes: 1 << 20)
      let ending = try await process.run(
        mode: "image", limits, ["maximumPixels": .integer(maximumPixels)], most: 1600 * 1600 + 1024)
      guard case .ended(let said, let errors, let signal) = ending else { return nil }
      guard let end = said.firstIndex(of: UInt8(ascii: "\n")),
        let answer = try? JSONValue(parsing: said[..<end])
      else {
        // A decoder that crashes is the picture's fault; anything else is not.
        if signal == nil { throw SandboxError.broken(output: errors) }
        return nil
      }
      let pixels = Array(said[(end + 1)...])
      guard answer["kind"] == "image", let width = answer["width"]?.asInteger,
        let height = answer["height"]?.asInteger, (1...1600).contains(width), (1...1600).contains(height),
        pixels.count == width * height
      else { return nil }
      return Raster(width: width, height: height, pixels: pixels)
    }
  }

  extension GenerationRequest.OutputFormat {
    fileprivate var fileExtension: String { rawValue.lowercased() }
  }
#endif
