#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension MeshError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .vertexIndexOutOfRange(let triangle, let index, let vertexCount):
      "triangle \(triangle) names vertex \(index), but there are \(vertexCount) vertices"
    case .nonFinitePosition(let vertex):
      "the position of vertex \(vertex) is not a finite number"
    case .tooManyTriangles(let count, let limit):
      "\(count) triangles are more than the limit of \(limit)"
    case .colorCountMismatch(let colors, let triangles):
      "\(colors) facet colours for \(triangles) triangles; give one a triangle, or none"
    case .emptyMesh(let operation):
      "\(operation) needs at least one triangle, and the mesh has none"
    case .noExtent(let axis):
      "the model is flat along \(axis.name), so no factor gives it a size there; scale it along another axis"
    case .invalidOption(let name, let value, let allowed):
      "\(name) is \(value), but must be \(allowed)"
    case .cancelled:
      "cancelled"
    case .memoryBudgetExceeded(let needed, let budget, let purpose):
      "\(purpose) needs about \(megabytes(needed)) of memory, over the budget of \(megabytes(budget)); "
        + "raise the memory budget or use a smaller model"
    case .file(let path, let action, let errno):
      "cannot \(action.rawValue) \(path): \(String(cString: strerror(errno)))"
    case .notARegularFile(let path, let kind):
      "\(path) is a \(kind), not a file; to read a stream, give - and redirect it to standard input"
    case .changedWhileReading(let byte):
      "the file was cut at byte \(byte) while it was being read; read it again when it is complete"
    case .emptyFile:
      "the file is empty"
    case .unrecognizedFormat(let firstBytes):
      "not a known 3D format: the file begins with \(firstBytes)"
    case .picture(let type):
      "a \(type) picture, not a 3D model"
    case .unsupportedFormat(let name, let supported):
      "the format \(name) is not supported; use \(supported.joined(separator: ", "))"
    case .lengthMismatch(let declared, let expected, let actual):
      "the header at byte 80 counts \(declared) facets, which take \(expected) bytes, but the file has "
        + "\(actual); read it with salvage to keep its whole facets"
    case .syntax(let format, let location, let expected, let found):
      "\(format.displayName), \(location): expected \(expected), found \(found)"
    case .truncated(let format, let location, let inside):
      "\(format.displayName), \(location): the file ends inside \(inside); "
        + "read it with salvage to keep what is whole"
    case .nonFiniteCoordinate(let facet, let location):
      "facet \(facet) (\(location)) has a coordinate that is not a finite number; "
        + "read it with salvage to drop such facets"
    case .noTriangles(let format):
      "\(format.displayName): the file holds no triangle"
    case .imageEncoding(let reason):
      "the picture cannot be written as PNG: \(reason)"
    }
  }

  private func megabytes(_ bytes: Int) -> String {
    "\((bytes + (1 << 20) - 1) >> 20) MiB"
  }
}
