import Facet

extension BenchmarkOperation {
  /// Everything that can be timed, in the order of the lists.
  public static let all: [BenchmarkOperation] = [read, write]

  static let read = BenchmarkOperation("read", "From the file, in the page cache, to the welded mesh") {
    (input, _) throws(MeshError) in
    return { (run) throws(MeshError) in
      let mesh = try Mesh.read(input.path, input.importOptions, run).mesh
      return { facts(mesh) }
    }
  }

  static let write = BenchmarkOperation("write", "From the mesh to a complete binary STL file") {
    (input, run) throws(MeshError) in
    let mesh = try Mesh.read(input.path, input.importOptions, run).mesh
    let path = input.scratchFolder + "/written.stl"
    return { (run) throws(MeshError) in
      try mesh.write(to: path, ExportOptions(format: .stl), run)
      return { facts(mesh) + [.init("bytes", .integer(84 + 50 * mesh.triangles.count))] }
    }
  }

  private static func facts(_ mesh: Mesh) -> [JSONValue.Member] {
    [
      .init("triangles", .integer(mesh.triangles.count)),
      .init("vertices", .integer(mesh.positions.count)),
    ]
  }
}
