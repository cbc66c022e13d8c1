#if Server
  import FacetContract
  import FacetGeneration
  import Foundation

  /// Looks whether pictures can be decoded, before a job is made of them.
  struct PictureCheck: Sendable {
    let sandbox: Sandbox

    /// - Throws: ``GenerationError/imageParseFailed(_:)`` naming the first that cannot be.
    func check(_ paths: [String]) async throws {
      // Without its environment nothing can be looked at; the job then says what is missing.
      guard sandbox.environment.isInstalled else { return }
      for (index, path) in paths.enumerated() {
        let bytes = try Array(Data(contentsOf: URL(filePath: path)))
        guard try await sandbox.decodeImage(bytes) != nil else {
          throw GenerationError.imageParseFailed("image \(index + 1) cannot be decoded")
        }
      }
    }
  }
#endif
