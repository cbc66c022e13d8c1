#if CommandLine
  import FacetContract

  /// Traces a picture: the sandbox decodes it, ``OutlinePlanner`` makes a plan of it.
  public struct PicturePlanner: Planner {
    public var sandbox: Sandbox

    public init(sandbox: Sandbox) { self.sandbox = sandbox }

    public var canRevise: Bool { false }

    public func plan(_ brief: Brief, after failures: [FailedPlan]) async throws(GenerationJobError) -> Plan {
      var rasters: [Raster] = []
      for picture in brief.pictures {
        do {
          guard let raster = try await sandbox.decodeImage(picture) else {
            throw GenerationJobError(.promptTooAmbiguous, detail: "the picture cannot be decoded")
          }
          rasters.append(raster)
        } catch let error as GenerationJobError {
          throw error
        } catch {
          throw GenerationJobError(.internalError)
        }
      }
      return try OutlinePlanner(designMode: brief.designMode).plan(rasters, prompt: brief.prompt)
    }
  }
#endif
