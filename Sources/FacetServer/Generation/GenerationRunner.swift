#if Server
  import Facet
  import FacetContract
  import FacetGeneration
  import FacetService
  import Foundation
  import Logging

  /// Does the generation API's jobs.
  struct GenerationRunner: Sendable {
    let generator: any PartGenerator
    let logger: Logger

    func run(_ job: Job, _ workspace: Workspace, _ run: RunContext) -> JobOutcome {
      do {
        guard let order = GenerationOrder(job.request) else { throw GenerationJobError(.internalError) }
        let (file, part) = try workspace.withScratchFolder { folder in
          let part = try waiting(run) {
            try await generator.generate(
              try brief(order, workspace), as: order.outputFormat, in: folder, run)
          }
          let name = "part.\(order.outputFormat.pathExtension)"
          let file = try workspace.keep(name, mediaType: order.outputFormat.mediaType) { path in
            guard rename(part.path, path) == 0 else { throw GenerationJobError(.exportFailed) }
          }
          return (file, part)
        }
        return .succeeded(
          GenerationOutcome.made(file: file.id, tokensUsed: part.tokensUsed).text, files: [file])
      } catch let error as GenerationJobError {
        return .failed(GenerationOutcome(error).text)
      } catch MeshError.memoryBudgetExceeded {
        return .needsMemory(GenerationOutcome(GenerationJobError(.internalError)).text)
      } catch {
        logger.error("generation failed", metadata: ["job": "\(job.id)", "error": "\(error)"])
        return .failed(
          GenerationOutcome(GenerationJobError(.internalError, detail: "the log has more under \(job.id)"))
            .text)
      }
    }

    private func brief(_ order: GenerationOrder, _ workspace: Workspace) throws -> Brief {
      let pictures = try order.pictures.map { id in
        guard let path = try workspace.path(ofFile: id) else { throw GenerationJobError(.internalError) }
        return try Array(Data(contentsOf: URL(filePath: path)))
      }
      return Brief(order.prompt, pictures: pictures, designMode: order.designMode)
    }

    /// Waits on a worker's thread for what is done elsewhere, and ends it when the run is cancelled.
    private func waiting<Value: Sendable>(
      _ run: RunContext, _ body: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
      let done = DispatchSemaphore(value: 0)
      let result = Lock<Result<Value, any Error>?>(nil)
      let task = Task {
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        result.withLock { $0 = outcome }
        done.signal()
      }
      while done.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
        do { try run.checkCancellation() } catch { task.cancel() }
      }
      return try result.withLock { $0 }!.get()
    }
  }

  extension GenerationRequest.OutputFormat {
    var pathExtension: String {
      switch self {
      case .step: "step"
      case .stl: "stl"
      case .glb: "glb"
      case .threeMF: "3mf"
      }
    }

    /// As the documentation names them.
    var mediaType: String {
      switch self {
      case .step: "application/step"
      case .stl: "model/stl"
      case .glb: "model/gltf-binary"
      case .threeMF: "application/3mf"
      }
    }
  }
#endif
