/// The closed surfaces that a hollowed part's inner mesh consists of.
struct InnerShells {
  /// For each vertex the least vertex of its shell.
  private var roots: [UInt32]
  /// By that vertex the volume inside, mm³: negative around a cavity, positive around material within one.
  private(set) var volumes: [UInt32: Double] = [:]

  /// - Parameter mesh: 2-manifold.
  init(_ mesh: Mesh, _ run: RunContext) throws(MeshError) {
    var sets = DisjointSets(count: mesh.positions.count)
    for (i, t) in mesh.triangles.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      sets.join(t.a, t.b)
      sets.join(t.a, t.c)
    }
    roots = (0..<UInt32(mesh.positions.count)).map { sets.root($0) }
    let origin = mesh.measureOrigin
    var sums = [Double](repeating: 0, count: mesh.positions.count)
    var isRoot = [Bool](repeating: false, count: mesh.positions.count)
    for (i, t) in mesh.triangles.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      let (a, b, c) = mesh.corners(i)
      let (p, q, r) = (SIMD3<Double>(a) - origin, SIMD3<Double>(b) - origin, SIMD3<Double>(c) - origin)
      sums[Int(roots[Int(t.a)])] += dot(p, cross(q, r)) / 6
      isRoot[Int(roots[Int(t.a)])] = true
    }
    for v in isRoot.indices where isRoot[v] { volumes[UInt32(v)] = sums[v] }
  }

  /// A number for the shell of a triangle of the mesh.
  func shell(of t: Triangle) -> UInt32 { roots[Int(t.a)] }

  /// The vertices around each cavity, in the order of their first ones.
  var cavityVertices: [[UInt32]] {
    var all: [UInt32: [UInt32]] = [:]
    for v in roots.indices where volumes[roots[v]] ?? 0 < 0 { all[roots[v], default: []].append(UInt32(v)) }
    return all.keys.sorted().map { all[$0]! }
  }

  var cavities: Int { volumes.values.count { $0 < 0 } }

  /// The mesh without the cavities that are smaller than a volume, and how many those were.
  func dropping(
    below least: Double, from mesh: Mesh, _ run: RunContext
  ) throws(MeshError) -> (mesh: Mesh, dropped: Int) {
    var nets: [UInt32: Double] = [:]
    for (shell, volume) in volumes where volume < 0 { nets[shell] = -volume }
    guard nets.values.contains(where: { $0 - largestIsland < least }) else { return (mesh, 0) }
    // Material within a cavity goes with it.
    let around = try cavitiesAroundIslands(mesh, run)
    for (island, cavity) in around { nets[cavity]? -= volumes[island] ?? 0 }
    let small = Set(nets.filter { $0.value < least }.keys)
    if small.isEmpty { return (mesh, 0) }
    let islands = Set(around.filter { small.contains($0.value) }.keys)
    let kept = mesh.keeping { i in
      let shell = roots[Int(mesh.triangles[i].a)]
      return !small.contains(shell) && !islands.contains(shell)
    }
    return (kept.withoutUnusedVertices(), small.count)
  }

  private var largestIsland: Double { volumes.values.reduce(0) { $0 + max($1, 0) } }

  /// For each shell around material the one of the cavity that it is in.
  private func cavitiesAroundIslands(_ mesh: Mesh, _ run: RunContext) throws(MeshError) -> [UInt32: UInt32] {
    let islands = volumes.filter { $0.value > 0 }.keys.sorted()
    if islands.isEmpty { return [:] }
    let tree = try BVH(mesh, run)
    var around: [UInt32: UInt32] = [:]
    for island in islands {
      try run.checkCancellation()
      // A ray leaves once more than it enters what is around its start; of those the smallest.
      var walk = RayWalk(mesh, tree, mesh.positions[Int(island)], SIMD3(0.6, 0.48, 0.64), atMost: 1 << 16)
      var balances: [UInt32: Int] = [:]
      while let hit = walk.next() {
        balances[roots[Int(mesh.triangles[hit.triangle].a)], default: 0] += hit.isInward ? 1 : -1
      }
      let cavities = balances.filter { $0.value > 0 && volumes[$0.key] ?? 0 < 0 && $0.key != island }.keys
      around[island] = cavities.min { (-volumes[$0]!, $0) < (-volumes[$1]!, $1) }
    }
    return around
  }
}
