#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations

  extension OperationResult {
    /// What the operation leaves behind for a file: its own, or its mesh in the format that the destination's
    /// ending says, STL where it says none.
    func file(for destination: Destination?) -> ResultFile? {
      file ?? mesh.map { ResultFile($0, for: destination) }
    }
  }

  extension ResultFile {
    init(_ mesh: Mesh, for destination: Destination?) {
      let ending = destination.flatMap { Destination.ending($0.pattern) }
      self.init(.mesh(mesh, ending.flatMap { MeshFormat(rawValue: $0) } ?? .stl))
    }

    /// Writes the file for one input; in a folder it gets the input's name.
    ///
    /// - Returns: Where it is.
    func save(
      in destination: Destination, for input: String, _ run: RunContext
    ) throws(Failure) -> String {
      let path = destination.path(for: input, ending: pathExtension)
      try save(as: path, run)
      return path
    }

    /// As `write(to:_:)`, with the command's errors.
    func save(as path: String, _ run: RunContext) throws(Failure) {
      do throws(MeshError) {
        try write(to: path, run)
      } catch {
        throw Failure(ToolkitFailure(error, during: .running(.export)))
      }
    }
  }
#endif
