/// A mesh with its tree and what finding the other side of walls needs besides.
struct WallScene: Sendable {
  /// Welded, facing outward.
  let mesh: Mesh
  let tree: BVH
  let topology: Topology
  /// The outward normals of the triangles; zero for one without area.
  let normals: [SIMD3<Float>]
  /// For each triangle in the tree's order where it has inner edges: bits 0 to 2 for the half-edges at which it meets
  /// its neighbour in a ridge that points into the material, 3 to 5 for corners where such ridges end.
  let ridges: [UInt8]
  /// For each vertex at a ridge the mean direction of the triangles there; zero elsewhere. Empty without ridges.
  let ridgeNormals: [SIMD3<Float>]
  /// For each node the least and greatest components of the directions that its eight slots hold.
  let normalBounds: [NormalBounds]
  /// What coordinates may be off by, mm.
  let rounding: Double

  /// 192 bytes; an empty slot's are never passed.
  struct NormalBounds: BitwiseCopyable, Sendable {
    var lowX = SIMD8<Float>(repeating: .infinity)
    var lowY = SIMD8<Float>(repeating: .infinity)
    var lowZ = SIMD8<Float>(repeating: .infinity)
    var highX = SIMD8<Float>(repeating: -.infinity)
    var highY = SIMD8<Float>(repeating: -.infinity)
    var highZ = SIMD8<Float>(repeating: -.infinity)
  }

  init(_ mesh: Mesh, _ tree: BVH, _ topology: Topology, _ run: RunContext) throws(MeshError) {
    try run.reserve(
      bytes: mesh.triangles.count * 17 + mesh.positions.count * 17
        + tree.nodes.count * (MemoryLayout<NormalBounds>.stride + 32),
      for: "the facets' directions")
    self.mesh = mesh
    self.tree = tree
    self.topology = topology
    normals = try [SIMD3<Float>](filling: mesh.triangles.count) { (normals) throws(MeshError) in
      try run.forEachChunk(of: normals.count, size: 1 << 14) { _, range in
        for i in range { normals[i] = mesh.direction(ofTriangle: i) }
      }
    }
    (ridges, ridgeNormals) = try WallScene.ridges(of: mesh, tree, topology, normals, run)
    normalBounds = try WallScene.normalBounds(of: mesh, tree, topology, normals, ridges, ridgeNormals, run)
    var largest: Float = 0
    if tree.triangleCount > 0 {
      for bound in [tree.bounds.minimum, tree.bounds.maximum] {
        for axis in 0..<3 { largest = max(largest, abs(bound[axis])) }
      }
    }
    rounding = Tolerances.wallRounding * Double(largest.ulp)
  }

  /// Ridges bend by this many degrees or more: from facets that bend less one at least faces almost as the edge does.
  private static let ridgeCosine: Float = 0.9396926  // 20°

  private static func ridges(
    of mesh: Mesh, _ tree: BVH, _ topology: Topology, _ normals: [SIMD3<Float>], _ run: RunContext
  ) throws(MeshError) -> ([UInt8], [SIMD3<Float>]) {
    let order = tree.order
    let edges = try [UInt8](filling: mesh.triangles.count) { (edges) throws(MeshError) in
      try run.forEachChunk(of: mesh.triangles.count, size: 1 << 14) { _, range in
        for f in range {
          var found: UInt8 = 0
          for k in 0..<3 where topology.hasTwin(3 * f + k) {
            let h = Int(topology.twin[3 * f + k])
            guard dot(normals[f], normals[h / 3]) < ridgeCosine else { continue }
            let from = mesh.positions[Int(mesh.triangles[f][k])]
            let apex = mesh.positions[Int(mesh.triangles[h / 3][(h % 3 + 2) % 3])]
            if dot(normals[f], apex - from) > 0 { found |= 1 << UInt8(k) }
          }
          edges[f] = found
        }
      }
    }
    if !edges.contains(where: { $0 != 0 }) { return ([UInt8](repeating: 0, count: order.count), []) }
    var isAtRidge = [Bool](repeating: false, count: mesh.positions.count)
    for (f, found) in edges.enumerated() where found != 0 {
      for k in 0..<3 where found >> UInt8(k) & 1 != 0 {
        isAtRidge[Int(mesh.triangles[f][k])] = true
        isAtRidge[Int(mesh.triangles[f][(k + 1) % 3])] = true
      }
    }
    try run.checkCancellation()
    var sums = [SIMD3<Float>](repeating: .zero, count: mesh.positions.count)
    for (f, t) in mesh.triangles.enumerated() {
      for k in 0..<3 where isAtRidge[Int(t[k])] { sums[Int(t[k])] += normals[f] }
    }
    try run.checkCancellation()
    for v in sums.indices where isAtRidge[v] { sums[v] = sums[v].normalized }
    let found = order.map { f in
      let t = mesh.triangles[Int(f)]
      var bits = edges[Int(f)]
      for k in 0..<3 where isAtRidge[Int(t[k])] { bits |= 8 << UInt8(k) }
      return bits
    }
    return (found, sums)
  }

  private static func normalBounds(
    of mesh: Mesh, _ tree: BVH, _ topology: Topology, _ normals: [SIMD3<Float>], _ ridges: [UInt8],
    _ ridgeNormals: [SIMD3<Float>], _ run: RunContext
  ) throws(MeshError) -> [NormalBounds] {
    /// Around the directions of a facet and of its ridges.
    func directions(_ i: Int, _ box: inout Box) {
      let f = Int(tree.order[i])
      guard normals[f] != .zero else { return }
      box.formUnion(normals[f])
      guard ridges[i] != 0 else { return }
      for k in 0..<3 {
        if ridges[i] >> UInt8(k) & 1 != 0 {
          box.formUnion((normals[f] + normals[Int(topology.twin[3 * f + k] / 3)]).normalized)
        }
        if ridges[i] >> UInt8(k + 3) & 1 != 0 { box.formUnion(ridgeNormals[Int(mesh.triangles[f][k])]) }
      }
    }
    var result = [NormalBounds](repeating: NormalBounds(), count: tree.nodes.count)
    var whole = [Box](repeating: .empty, count: tree.nodes.count)
    // Children come after their parents.
    for index in tree.nodes.indices.reversed() {
      if index & 0xFFF == 0 { try run.checkCancellation() }
      let node = tree.nodes[index]
      for lane in 0..<8 where node.minX[lane] != .infinity {
        let child = Int(node.child[lane])
        var box = Box.empty
        if node.count[lane] == 0 {
          box = whole[child]
        } else {
          for i in child..<child + Int(node.count[lane]) { directions(i, &box) }
        }
        result[index].lowX[lane] = box.minimum.x
        result[index].lowY[lane] = box.minimum.y
        result[index].lowZ[lane] = box.minimum.z
        result[index].highX[lane] = box.maximum.x
        result[index].highY[lane] = box.maximum.y
        result[index].highZ[lane] = box.maximum.z
        whole[index].formUnion(box)
      }
    }
    return result
  }
}

extension Mesh {
  /// The outward normal of a triangle, of length 1; zero when it has no area.
  func direction(ofTriangle triangle: Int) -> SIMD3<Float> {
    let (a, b, c) = corners(triangle)
    let origin = SIMD3<Double>(a)
    return SIMD3<Float>(cross(SIMD3<Double>(b) - origin, SIMD3<Double>(c) - origin).normalized)
  }
}

/// The scene as plain pointers, for inner loops.
struct WallView {
  let nodes: UnsafePointer<BVH.Node>
  let bounds: UnsafePointer<WallScene.NormalBounds>
  let order: UnsafePointer<UInt32>
  let corners: UnsafePointer<Triangle>
  let ridges: UnsafePointer<UInt8>
  /// By triangle, not in the tree's order.
  let normals: UnsafePointer<SIMD3<Float>>
  /// By vertex; nothing to read without ridges.
  let ridgeNormals: UnsafePointer<SIMD3<Float>>
  let twin: UnsafePointer<UInt32>
  let positions: UnsafePointer<SIMD3<Float>>
  let rounding: Double
  /// Gaps as wide as this close themselves, mm.
  let gap: Double

  /// The outward normal of a facet in the tree's order.
  @inline(__always)
  func normal(_ i: Int) -> SIMD3<Float> { normals[Int(order[i])] }
}

extension WallScene {
  func withView<Result>(gap: Double, _ body: (WallView) -> Result) -> Result {
    tree.nodes.withUnsafeBufferPointer { nodes in
      normalBounds.withUnsafeBufferPointer { bounds in
        normals.withUnsafeBufferPointer { normals in
          tree.order.withUnsafeBufferPointer { order in
            tree.corners.withUnsafeBufferPointer { corners in
              mesh.positions.withUnsafeBufferPointer { positions in
                ridges.withUnsafeBufferPointer { ridges in
                  ridgeNormals.withUnsafeBufferPointer { ridgeNormals in
                    topology.twin.withUnsafeBufferPointer { twin in
                      body(
                        WallView(
                          nodes: nodes.baseAddress!, bounds: bounds.baseAddress!, order: order.baseAddress!,
                          corners: corners.baseAddress!, ridges: ridges.baseAddress!,
                          normals: normals.baseAddress!,
                          ridgeNormals: ridgeNormals.baseAddress ?? UnsafePointer(bitPattern: 16)!,
                          twin: twin.baseAddress!, positions: positions.baseAddress!,
                          rounding: rounding, gap: gap))
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
