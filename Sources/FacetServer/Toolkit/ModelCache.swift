#if Server
  import Facet

  /// The models that were read last: who imports a file mostly asks for something of the model next.
  ///
  /// Holds what reading the same bytes would give, so that nothing depends on it but time.
  final class ModelCache: Sendable {
    /// Bytes of models that are kept at most.
    let capacity: Int

    private struct Key: Hashable {
      let path: String
      let format: MeshFormat?
      let units: MeasurementUnits
      let salvage: Bool
      let weldTolerance: Float
      let maximumTriangles: Int

      init(_ path: String, _ options: ImportOptions) {
        self.path = path
        format = options.format
        units = options.units
        salvage = options.salvage
        weldTolerance = options.weldTolerance
        maximumTriangles = options.maximumTriangles
      }
    }

    private struct Kept {
      var models: [Key: (model: ImportedMesh, lastUse: Int)] = [:]
      var bytes = 0
      var clock = 0
    }

    private let kept = Lock(Kept())

    init(capacity: Int) { self.capacity = capacity }

    /// As `Mesh.read`, of a file whose bytes never change.
    func read(_ source: ByteSource, _ options: ImportOptions, _ run: RunContext) throws(MeshError)
      -> ImportedMesh
    {
      guard let path = source.path else { return try Mesh.read(source, options, run) }
      let key = Key(path, options)
      if let model = take(key) { return model }
      let model = try Mesh.read(source, options, run)
      keep(model, key)
      return model
    }

    func removeAll() { kept.withLock { $0 = Kept() } }

    private func take(_ key: Key) -> ImportedMesh? {
      kept.withLock { kept in
        kept.clock += 1
        kept.models[key]?.lastUse = kept.clock
        return kept.models[key]?.model
      }
    }

    private func keep(_ model: ImportedMesh, _ key: Key) {
      guard model.bytes <= capacity else { return }
      kept.withLock { kept in
        // Two jobs may have read it at the same time.
        guard kept.models[key] == nil else { return }
        while kept.bytes + model.bytes > capacity,
          let oldest = kept.models.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
          kept.bytes -= oldest.value.model.bytes
          kept.models[oldest.key] = nil
        }
        kept.clock += 1
        kept.models[key] = (model, kept.clock)
        kept.bytes += model.bytes
      }
    }
  }

  extension ImportedMesh {
    /// What it takes in memory, in bytes.
    fileprivate var bytes: Int {
      mesh.positions.count * MemoryLayout<SIMD3<Float>>.stride
        + mesh.triangles.count * MemoryLayout<Triangle>.stride + (mesh.colors?.attributes.count ?? 0) * 2
    }
  }
#endif
