#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations

  /// Reads inputs as the options for reading say.
  struct InputReader {
    let options: ImportOptions

    /// - Throws: ``Failure`` with code 200 for unknown measurement units.
    init(_ reading: ReadingOptions) throws(Failure) {
      var given: [(name: String, value: String?)] = [
        ("measurementUnits", reading.measurementUnits ?? MeasurementUnits.mm.rawValue)
      ]
      if reading.salvage { given.append(("salvage", nil)) }
      let operation = try validated { () throws(ToolkitFailure) in
        try ToolkitContract.validate(.import, options: given).makeOperation()
      }
      options = operation.importOptions ?? ImportOptions()
    }

    func read(_ path: String, _ run: RunContext) throws(Failure) -> OperationInput {
      do {
        let source = path == "-" ? try ByteSource.standardInput(run) : try ByteSource.file(path)
        return OperationInput(try Mesh.read(source, options, run), from: source, options)
      } catch {
        throw Failure(error, during: .reading, file: displayName(path))
      }
    }
  }
#endif
