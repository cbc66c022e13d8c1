/// How holes are to be filled.
struct HoleFillingOptions: Sendable {
  /// Fill also what cannot be filled without running through the part: for a mesh whose crossings are resolved
  /// afterwards.
  var allowsCrossing = false
}

/// What fills a mesh's holes.
struct HoleFilling: Sendable {
  /// Triangles of the mesh, ascending, with corners that lie where they lay but are other vertices.
  var renamed: [(triangle: UInt32, corners: Triangle)] = []
  /// Vertices that come after the mesh's.
  var positions: [SIMD3<Float>] = []
  /// Triangles that come after the mesh's.
  var triangles: [Triangle] = []
  /// Loops that were closed.
  var filled = 0
  /// Loops that stay open: nothing closes them without crossing the part or making an edge of three triangles.
  var left = 0
  /// Pairs of triangles that cross for want of a better patch.
  var crossings = 0
  /// The new triangles' area, mm².
  var area = 0.0

  var entry: RepairLedger.Entry { RepairLedger.Entry(.holes, count: filled, area: area) }
}

extension Mesh {
  /// Closes the holes: flat ones by an exact triangulation of the plane, together with the loops within them; others
  /// by the triangulation that bends least, refined and faired where the surface around is smooth. A patch never
  /// crosses the part, itself or another patch, which is decided exactly, nor makes an edge that is there already.
  ///
  /// - Parameters:
  ///   - topology: Of this mesh.
  ///   - badEdges: Of this mesh. Loops that end at a non-manifold edge are no loops.
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  func withHolesFilled(
    _ options: HoleFillingOptions, _ topology: Topology, _ badEdges: BadEdges, _ run: RunContext
  ) throws(MeshError) -> HoleFilling {
    let loops = try topology.boundaryLoops(badEdges, run)
    guard loops.count > 0 else { return HoleFilling() }
    try run.reserve(
      bytes: positions.count * 20 + triangles.count * 12 + loops.halfEdges.count * 1000,
      for: "filling holes")
    let places = try BoundaryPlaces(self, boundary: loops.halfEdges, run)
    var splitter = LoopSplitter(self, topology, places)
    var simple: [[UInt32]] = []
    for i in 0..<loops.count {
      if i & 0x3FF == 0 { try run.checkCancellation() }
      simple += splitter.simpleLoops(loops[i])
    }
    let joined =
      splitter.changed.isEmpty ? self : Mesh(unchecked: positions, triangles: splitter.triangles)
    let work = HoleWork(joined, topology, places, run)
    // Two half-edges back to back are no hole once their ends are joined.
    var result = try work.fill(simple.filter { $0.count >= 3 }.map { HoleLoop($0[...], of: joined) }, options)
    if result.filled > 0 {
      result.renamed = Set(splitter.changed).sorted().map { ($0, splitter.triangles[Int($0)]) }
    }
    return result
  }
}

/// The holes of one mesh, from loops to the filled mesh.
private struct HoleWork {
  let mesh: Mesh
  let topology: Topology
  let places: BoundaryPlaces
  let run: RunContext

  init(_ mesh: Mesh, _ topology: Topology, _ places: BoundaryPlaces, _ run: RunContext) {
    self.mesh = mesh
    self.topology = topology
    self.places = places
    self.run = run
  }

  func fill(_ loops: [HoleLoop], _ options: HoleFillingOptions) throws(MeshError) -> HoleFilling {
    let holes = try holes(loops)
    run.report(0.1)
    let obstacles = try PatchObstacles(mesh, regions: holes.map(\.region), run.slice(0.1...0.3))
    var filler = HoleFiller(
      mesh, topology, places, obstacles, try BoundaryEdges(mesh, places, run),
      allowsCrossing: options.allowsCrossing)
    let done = Lock(0)
    let first = filler
    var patches = try run.mapChunks(of: holes.count, size: 4) { (_, range) throws(MeshError) in
      var result: [[HolePatch]] = []
      for i in range { result.append(try first.patches(of: holes[i], run)) }
      done.withLock {
        $0 += range.count
        run.report(0.3 + 0.6 * Double($0) / Double(holes.count))
      }
      return result
    }.flatMap { $0 }
    try settle(&patches, holes, &filler)
    run.report(1)
    return filled(patches, loops.count)
  }

  private func holes(_ loops: [HoleLoop]) throws(MeshError) -> [Hole] {
    let facts = try run.mapChunks(of: loops.count, size: 64) { _, range in
      range.map { i in
        let shape = LoopShape(loops[i].vertices.map { mesh.positions[Int($0)] })
        let isPlanar =
          shape.isPlanar && loops[i].count > 3 && !loops[i].isInCurvedSurface(shape, in: mesh, topology)
        return (shape, isPlanar || (loops[i].count == 3 && shape.isPlanar))
      }
    }.flatMap { $0 }
    let shapes = facts.map(\.0)
    let nested = try PlanarNesting.holes(loops, shapes, isPlanar: facts.map(\.1), in: mesh, run)
    return nested.map { hole in
      var region = shapes[hole.outline].box
      let isFlat = facts[hole.outline].1
      if !isFlat {
        // A patch that bulges further is none.
        let margin = SIMD3<Float>(repeating: Float(region.diagonal) * 0.35)
        region = Box(minimum: region.minimum - margin, maximum: region.maximum + margin)
      }
      return Hole(
        loops: [loops[hole.outline]] + hole.inner.map { loops[$0] },
        view: isFlat && (loops[hole.outline].count > 3 || !hole.inner.isEmpty)
          ? PlaneView(normal: shapes[hole.outline].areaVector) : nil, region: region)
    }
  }

  /// Looks for patches of different holes that cross each other or make the same edge, and fills those holes anew, one
  /// after the other, so that each heeds the ones before it.
  private func settle(
    _ patches: inout [[HolePatch]], _ holes: [Hole], _ filler: inout HoleFiller
  ) throws(MeshError) {
    var positions: [SIMD3<Float>] = []
    var triangles: [Triangle] = []
    var holeOf: [Int] = []
    var madeBy: [(edge: UInt64, hole: Int)] = []
    for (i, own) in patches.enumerated() {
      for patch in own {
        for edge in patch.chords(places) { madeBy.append((edge, i)) }
        // Vertices of different patches stay apart, so that all that touch count as strangers: touching is not
        // crossing.
        let base = positions.count
        positions += patch.rim.map { mesh.positions[Int($0)] } + patch.points
        for t in patch.triangles {
          triangles.append(
            Triangle(UInt32(base + Int(t.x)), UInt32(base + Int(t.y)), UInt32(base + Int(t.z))))
          holeOf.append(i)
        }
      }
    }
    var isDisputed = [Bool](repeating: false, count: holes.count)
    madeBy.sort { ($0.edge, $0.hole) < ($1.edge, $1.hole) }
    for i in madeBy.indices.dropFirst() where madeBy[i - 1].edge == madeBy[i].edge {
      isDisputed[madeBy[i].hole] = true
      isDisputed[madeBy[i - 1].hole] = true
    }
    if !filler.allowsCrossing, holes.count > 1, !triangles.isEmpty {
      let all = Mesh(unchecked: positions, triangles: triangles)
      let bvh = try BVH(all, run)
      for f in try all.selfIntersections(bvh, run).triangles { isDisputed[holeOf[Int(f)]] = true }
      for f in try all.overlappingTriangles(bvh, tolerance: 0, run) { isDisputed[holeOf[Int(f)]] = true }
    }
    guard isDisputed.contains(true) else { return }
    for (edge, hole) in madeBy where !isDisputed[hole] { filler.edges.insert(edge) }
    for i in holes.indices where isDisputed[i] {
      try run.checkCancellation()
      patches[i] = try filler.patches(of: holes[i], run)
      for patch in patches[i] { filler.heed(patch) }
    }
  }

  private func filled(_ patches: [[HolePatch]], _ loopCount: Int) -> HoleFilling {
    var result = HoleFilling()
    for patch in patches.joined() {
      result.filled += patch.loops
      result.crossings += patch.crossings
      result.area += patch.area(mesh.positions)
      let firstNew = mesh.positions.count + result.positions.count
      for t in patch.triangles {
        result.triangles.append(
          Triangle(patch.number(t.x, firstNew), patch.number(t.y, firstNew), patch.number(t.z, firstNew)))
      }
      result.positions += patch.points
    }
    result.left = loopCount - result.filled
    return result
  }
}
