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

  /// The mesh without the shells around less than a volume, and how many those were.
  func dropping(below least: Double, from mesh: Mesh) -> (mesh: Mesh, dropped: Int) {
    let small = Set(volumes.filter { $0.value < 0 && $0.value > -least }.keys)
    if small.isEmpty { return (mesh, 0) }
    let kept = mesh.keeping { !small.contains(roots[Int(mesh.triangles[$0].a)]) }
    return (kept.withoutUnusedVertices(), small.count)
  }
}
