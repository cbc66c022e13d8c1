#if CommandLine
  import Facet
  import FacetContract
  import FacetOperations

  extension OperationResult {
    /// What the operation leaves behind for a file: its own, or its mesh in the format that the destination's
    /// ending says, STL where it says none.
    func file(for destination: Destination?) -> ResultFile? {
      guard let file else { return ResultFile(meshOf: self, as: MeshFormat(for: destination)) }
      return file.with(pathExtension: destination.flatMap { Destination.ending($0.pattern) }) ?? file
    }

    /// The picture of what was done, drawn now, as a file; nil when there is none to draw.
    func pictureFile(_ run: RunContext) throws(Failure) -> ResultFile? {
      guard let picture else { return nil }
      do throws(MeshError) {
        return ResultFile(.png(try picture(nil, run).encodedPNG()))
      } catch {
        throw Failure(ToolkitFailure(error, during: .running(.thumbnail)))
      }
    }
  }

  extension MeshFormat {
    /// The format that a destination's ending says, STL where it says none.
    init(for destination: Destination?) {
      let ending = destination.flatMap { Destination.ending($0.pattern) }
      self = ending.flatMap { MeshFormat(rawValue: $0) } ?? .stl
    }
  }

  extension ResultFile {
    /// Writes the file for one input; in a folder it gets the input's name.
    ///
    /// - Returns: Where it is.
    func save(
      in destination: Destination, for input: String, _ run: RunContext
    ) throws(Failure) -> String {
      let path = destination.path(for: input, ending: ending)
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
