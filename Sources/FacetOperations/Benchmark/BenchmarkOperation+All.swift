import Facet
import FacetRender

extension BenchmarkOperation {
  /// Everything that can be timed, in the order of the lists.
  public static let all: [BenchmarkOperation] = [
    read, readTopology, readText, write, measure, selfIntersections, bvh, rays, inscribedSpheres,
    reduceToTenth, reduceWithError, geometricalRepair, repair, shrinkwrap, wallThickness, hollow, thumbnail,
  ]

  private static let read = BenchmarkOperation("read", "From the file, in the page cache, to the welded mesh")
  {
    (input, _) throws(MeshError) in
    return { (run) throws(MeshError) in
      let mesh = try Mesh.read(input.path, input.importOptions, run).mesh
      return { facts(mesh) }
    }
  }

  private static let readTopology = BenchmarkOperation(
    "read-topology", "From the file, in the page cache, to the welded mesh with its half-edges"
  ) { (input, _) throws(MeshError) in
    return { (run) throws(MeshError) in
      let mesh = try Mesh.read(input.path, input.importOptions, run).mesh
      let topology = try Topology(mesh, run)
      return { facts(mesh) + [.init("boundaryEdges", .integer(topology.boundaryEdges))] }
    }
  }

  private static let readText = BenchmarkOperation(
    "read-text", "From a text STL of the model, in the page cache, to the welded mesh"
  ) { (input, run) throws(MeshError) in
    let path = input.scratchFolder + "/text.stl"
    let bytes = try writeText(input.mesh(run), to: path, run)
    return { (run) throws(MeshError) in
      let mesh = try Mesh.read(path, ImportOptions(), run).mesh
      return { facts(mesh) + [.init("bytes", .integer(bytes))] }
    }
  }

  private static let write = BenchmarkOperation("write", "From the mesh to a complete binary STL file") {
    (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    let path = input.scratchFolder + "/written.stl"
    return { (run) throws(MeshError) in
      try mesh.write(to: path, ExportOptions(format: .stl), run)
      return { facts(mesh) + [.init("bytes", .integer(84 + 50 * mesh.triangles.count))] }
    }
  }

  private static let measure = BenchmarkOperation(
    "measure", "Shells, boundary loops, area and volume; half-edges ready"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    let topology = try Topology(mesh, run)
    return { (run) throws(MeshError) in
      let badEdges = try topology.badEdges(of: mesh, run)
      let shells = try topology.shells(badEdges, run)
      let loops = try topology.boundaryLoops(badEdges, run)
      let measures = try mesh.measured(run)
      return {
        facts(mesh) + [
          .init("shells", .integer(shells.count)), .init("contours", .integer(loops.count)),
          .init("surfaceAreaMm2", .number(measures.area)), .init("volumeMm3", .number(measures.volume)),
        ]
      }
    }
  }

  private static let selfIntersections = BenchmarkOperation(
    "self-intersections", "Every triangle that crosses another, making the search tree included"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    return { (run) throws(MeshError) in
      let found = try mesh.selfIntersections(BVH(mesh, run), run)
      return {
        facts(mesh) + [
          .init("pairs", .integer(found.pairCount)),
          .init("intersectingTriangles", .integer(found.triangles.count)),
        ]
      }
    }
  }

  private static let bvh = BenchmarkOperation("bvh", "The search tree over the mesh's triangles") {
    (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    return { (run) throws(MeshError) in
      let tree = try BVH(mesh, run)
      return { withExtendedLifetime(tree) { facts(mesh) } }
    }
  }

  private static let rays = BenchmarkOperation(
    "rays", "A ray inward from the middle of each triangle to what it meets first; search tree ready"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    let tree = try BVH(mesh, run)
    let rays = inward(mesh)
    // Far enough to leave the triangle that the ray starts on.
    let nearest = Float(mesh.bounds.diagonal * 1e-5)
    return { (run) throws(MeshError) in
      let hits = try tree.raycast(
        mesh, origins: rays.points, directions: rays.normals, range: nearest ... .infinity, run)
      return {
        facts(mesh) + [
          .init("rays", .integer(rays.points.count)),
          .init("hits", .integer(hits.triangles.count { $0 != RayHits.none })),
        ]
      }
    }
  }

  private static let inscribedSpheres = BenchmarkOperation(
    "inscribed-spheres",
    "The largest ball that touches the middle of each triangle from within; search tree ready"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    let tree = try BVH(mesh, run)
    let (points, normals) = inward(mesh)
    let largest = Float(mesh.bounds.diagonal)
    return { (run) throws(MeshError) in
      let spheres = try tree.inscribedSpheres(mesh, at: points, normals: normals, largest: largest, run)
      return {
        facts(mesh) + [
          .init("spheres", .integer(spheres.count)), .init("limited", .integer(spheres.count { $0 != nil })),
        ]
      }
    }
  }

  private static let reduceToTenth = reduction(
    "reduce-10", "Until a tenth of the triangles is left", .init(target: .ratio(0.1)))

  private static let reduceWithError = reduction(
    "reduce-error", "As few triangles as 0.05 mm allow, the proof of it included", .init(accuracy: 0.05))

  private static func reduction(
    _ name: String, _ summary: String, _ options: DecimationOptions
  ) -> BenchmarkOperation {
    BenchmarkOperation(name, summary) { (input, run) throws(MeshError) in
      let mesh = try input.mesh(run)
      // How far off the result is, where only a measurement tells; the clock and the memory are those of reducing.
      let measured = options.accuracy == nil ? try mesh.decimated(options, run).deviation : nil
      var unmeasured = options
      unmeasured.measures = false
      let options = unmeasured
      return { (run) throws(MeshError) in
        let reduced = try mesh.decimated(options, run)
        let deviation = reduced.deviation ?? measured
        return {
          facts(mesh) + [
            .init("trianglesAfter", .integer(reduced.trianglesAfter)),
            .init("deviationMm", deviation.map { .number(Double($0.hausdorff)) } ?? .null),
            .init("stoppedBecause", .string(reduced.stopped.rawValue)),
          ]
        }
      }
    }
  }

  private static let geometricalRepair = BenchmarkOperation(
    "geometrical-repair", "Holes, seams, flipped and doubled triangles mended; crossings not looked for"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    return { (run) throws(MeshError) in
      let repaired = try mesh.geometricallyRepaired(RepairOptions(), run)
      return { facts(mesh) + facts(repaired) }
    }
  }

  private static let repair = BenchmarkOperation(
    "repair", "The part made solid, looking for crossings before and after included"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    return { (run) throws(MeshError) in
      let repaired = try mesh.repaired(RepairOptions(), run)
      return { facts(mesh) + facts(repaired) + [.init("isSolid", .bool(repaired.solidity.isSolid))] }
    }
  }

  private static let shrinkwrap = BenchmarkOperation(
    "shrinkwrap", "A new solid surface around the model, voxels of 0.5 mm"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    return { (run) throws(MeshError) in
      let wrapped = try mesh.shrinkwrapped(ShrinkwrapOptions(.voxel(0.5)), run).mesh
      return {
        facts(mesh) + [
          .init("trianglesAfter", .integer(wrapped.triangles.count)),
          .init("volumeMm3", .number((try? wrapped.measured(run).volume) ?? 0)),
        ]
      }
    }
  }

  private static func facts(_ repaired: RepairResult) -> [JSONValue.Member] {
    [
      .init("trianglesAfter", .integer(repaired.mesh.triangles.count)),
      .init("badEdges", .integer(repaired.solidity.badEdges)),
      .init("changes", .integer(repaired.ledger.entries.reduce(0) { $0 + $1.count })),
    ]
  }

  private static let wallThickness = BenchmarkOperation(
    "wall-thickness", "Walls thinner than 1 mm looked for, at the normal accuracy"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    return { (run) throws(MeshError) in
      let walls = try mesh.wallThickness(WallThicknessOptions(minimum: 1), run)
      return {
        facts(mesh) + [
          .init("regions", .integer(walls.regions.count)),
          .init("leastMm", walls.leastThickness.map { .number(Double($0)) } ?? .null),
        ]
      }
    }
  }

  private static let hollow = BenchmarkOperation(
    "hollow", "A cavity behind walls of 2 mm, in voxels of 0.5 mm, the proof of the walls included"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    return { (run) throws(MeshError) in
      let hollow = try mesh.hollowed(HollowingOptions(wall: 2, voxel: 0.5), run)
      return {
        facts(mesh) + [
          .init("trianglesAfter", .integer(hollow.mesh.triangles.count)),
          .init("minimumWallMm", .number(Double(hollow.certifiedWall))),
        ]
      }
    }
  }

  private static let thumbnail = BenchmarkOperation(
    "thumbnail", "A picture of the mesh of 512 × 512 pixels, as PNG"
  ) { (input, run) throws(MeshError) in
    let mesh = try input.mesh(run)
    let options = ThumbnailOptions(width: 512, height: 512)
    return { (run) throws(MeshError) in
      let bytes = try mesh.rendered(options, run).encodedPNG()
      return {
        facts(mesh) + [.init("width", 512), .init("height", 512), .init("bytes", .integer(bytes.count))]
      }
    }
  }

  private static func facts(_ mesh: Mesh) -> [JSONValue.Member] {
    [
      .init("triangles", .integer(mesh.triangles.count)),
      .init("vertices", .integer(mesh.positions.count)),
    ]
  }

  /// - Returns: The number of bytes in the file.
  private static func writeText(
    _ mesh: Mesh, to path: String, _ run: RunContext
  ) throws(MeshError) -> Int {
    try mesh.write(to: path, ExportOptions(format: .stl, encoding: .text), run)
    return try ByteSource.file(path).count
  }

  /// From each triangle's middle against its normal; a triangle without area has none.
  private static func inward(_ mesh: Mesh) -> (points: [Point], normals: [Point]) {
    var points: [Point] = []
    var normals: [Point] = []
    for triangle in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(triangle)
      let normal = cross(b - a, c - a).normalized
      if normal == .zero { continue }
      points.append((a + b + c) / 3)
      normals.append(-normal)
    }
    return (points, normals)
  }
}

extension BenchmarkInput {
  /// The model, welded.
  func mesh(_ run: RunContext) throws(MeshError) -> Mesh {
    try Mesh.read(path, importOptions, run).mesh
  }
}

extension Topology {
  fileprivate var boundaryEdges: Int { twin.count { $0 == Topology.boundary } }
}
