/// The part's triangles near the holes, to be held against patches.
struct PatchObstacles {
  private let positions: [SIMD3<Float>]
  private let near: Mesh
  private let bvh: BVH

  /// - Parameter regions: Boxes that hold all patches.
  init(_ mesh: Mesh, regions: [Box], _ run: RunContext) throws(MeshError) {
    positions = mesh.positions
    near = try mesh.withTriangles(touching: regions, run)
    bvh = try BVH(near, run)
  }

  /// How many pairs of a patch's triangle and another, of the part or of the patch, cross or lie upon one another, but
  /// about `limit` at most. nil when the patch lies upon the triangles that it should go on from: it folds back.
  func crossings(of patch: HolePatch, limit: Int, _ run: RunContext) throws(MeshError) -> Int? {
    let triangles = patch.faces(positions, firstNew: positions.count)
    var count = 0
    var foldsBack = false
    if near.triangles.count > 0 {
      try near.withScene(bvh) { (scene) throws(MeshError) in
        var stack: [UInt32] = []
        for (i, face) in triangles.enumerated() {
          if i & 0xFF == 0 { try run.checkCancellation() }
          scene.forEachTriangle(touching: face.box, &stack) { other in
            switch face.meeting(other) {
            case .none: break
            case .crossing: count += 1
            case .folded: foldsBack = true
            }
          }
          if count >= limit { break }
        }
      }
    }
    if foldsBack { return nil }
    if count < limit, !patch.isGraph { count += try PatchObstacles.crossings(among: triangles, run) }
    return count
  }

  private static func crossings(among faces: [PatchFace], _ run: RunContext) throws(MeshError) -> Int {
    var count = 0
    // Sweep along the longest axis.
    var box = Box.empty
    for face in faces { box.formUnion(face.box) }
    let size = box.size
    let axis = size.x > size.y ? (size.x > size.z ? 0 : 2) : (size.y > size.z ? 1 : 2)
    let order = faces.indices.sorted {
      let (a, b) = (faces[$0].box.minimum[axis], faces[$1].box.minimum[axis])
      return a != b ? a < b : $0 < $1
    }
    var active: [Int] = []
    for (step, i) in order.enumerated() {
      if step & 0x3F == 0 { try run.checkCancellation() }
      let low = faces[i].box.minimum[axis]
      active.removeAll { faces[$0].box.maximum[axis] < low }
      for j in active where faces[j].box.intersects(faces[i].box) && faces[i].meeting(faces[j]) != .none {
        count += 1
      }
      active.append(i)
    }
    return count
  }
}

/// A triangle with its place in space.
struct PatchFace {
  let a: SIMD3<Float>
  let b: SIMD3<Float>
  let c: SIMD3<Float>
  let indices: Triangle
  let box: Box

  init(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>, _ indices: Triangle) {
    self.a = a
    self.b = b
    self.c = c
    self.indices = indices
    box = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
  }

  enum Meeting {
    /// At most in vertices and edges.
    case none
    /// Or sharing area in one plane.
    case crossing
    /// Sharing area in one plane, and a vertex.
    case folded
  }

  /// How two triangles meet, exactly.
  func meeting(_ other: PatchFace) -> Meeting {
    if indices.isDegenerate || other.indices.isDegenerate { return .none }
    var shared = 0
    var (own, others) = (0, 0)
    for i in 0..<3 {
      for j in 0..<3 where indices[i] == other.indices[j] {
        shared += 1
        (own, others) = (i, j)
      }
    }
    switch shared {
    case 0: if trianglesCross((a, b, c), (other.a, other.b, other.c)) { return .crossing }
    case 1:
      let (v, p0, p1) = turned(own)
      let (_, q0, q1) = other.turned(others)
      if trianglesCross(sharing: v, (p0, p1), (q0, q1)) { return .crossing }
    default: break
    }
    guard trianglesOverlapExactly((a, b, c), (other.a, other.b, other.c)) else { return .none }
    return shared > 0 ? .folded : .crossing
  }

  private func turned(_ corner: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    corner == 0 ? (a, b, c) : corner == 1 ? (b, c, a) : (c, a, b)
  }
}

extension TriangleScene {
  /// Calls `body` for the triangles whose boxes meet `box`; boxes that only touch do.
  @inline(__always)
  func forEachTriangle(touching box: Box, _ stack: inout [UInt32], _ body: (PatchFace) -> Void) {
    nodes.forEachLeaf(touching: box, &stack) { leaf in
      for i in leaf {
        let t = leafCorners[i]
        let face = PatchFace(positions[Int(t.a)], positions[Int(t.b)], positions[Int(t.c)], t)
        if face.box.intersects(box) { body(face) }
      }
    }
  }
}

extension Mesh {
  /// The mesh of the triangles whose boxes meet one of the boxes, with all positions.
  fileprivate func withTriangles(touching boxes: [Box], _ run: RunContext) throws(MeshError) -> Mesh {
    // Each box stands in a tree as a triangle that is its diagonal.
    var ends: [SIMD3<Float>] = []
    for box in boxes { ends += [box.minimum, box.maximum] }
    let diagonals = Mesh(
      unchecked: ends,
      triangles: boxes.indices.map { Triangle(UInt32(2 * $0), UInt32(2 * $0 + 1), UInt32(2 * $0 + 1)) })
    let bvh = try BVH(diagonals, run)
    let cells = RegionCells(boxes)
    let marks = try cells.marks(of: positions, run)
    let kept = try diagonals.withScene(bvh) { (scene) throws(MeshError) in
      try withView { (view) throws(MeshError) in
        try run.mapChunks(of: triangles.count, size: 1 << 14) { _, range in
          var kept: [Triangle] = []
          var stack: [UInt32] = []
          marks.withUnsafeBufferPointer { marks in
            for f in range {
              let t = Triangle(view.corners[3 &* f], view.corners[3 &* f &+ 1], view.corners[3 &* f &+ 2])
              if !cells.mayTouch(marks[Int(t.a)], marks[Int(t.b)], marks[Int(t.c)]) { continue }
              let (a, b, c) = (view.positions[Int(t.a)], view.positions[Int(t.b)], view.positions[Int(t.c)])
              let box = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
              if !cells.bounds.intersects(box) { continue }
              var isNear = false
              scene.forEachTriangle(touching: box, &stack) { _ in isNear = true }
              if isNear { kept.append(t) }
            }
          }
          return kept
        }
      }
    }
    return Mesh(unchecked: positions, triangles: kept.flatMap { $0 })
  }
}
