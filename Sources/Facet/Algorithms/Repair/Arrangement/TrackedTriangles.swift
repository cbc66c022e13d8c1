/// How often a surface winds around a point, going by the winding number of a surface much like it.
struct SurfaceWinding: Sendable {
  fileprivate typealias Corners = (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  fileprivate let base: WindingNumber
  fileprivate let added: [Corners]
  fileprivate let removed: [Corners]

  func at(_ point: SIMD3<Float>) -> Double {
    var angle = 0.0
    for t in added { angle += solidAngle(t.0, t.1, t.2, from: point) }
    for t in removed { angle -= solidAngle(t.0, t.1, t.2, from: point) }
    return base.at(point) + angle / (4 * .pi)
  }
}

/// A mesh's triangles through rounds in which few of them change: which are still what they were, and what may
/// cross what is not.
struct TrackedTriangles {
  private let base: Mesh
  private let bvh: BVH
  private let winding: WindingNumber
  /// For each triangle of the base its number now, or `.max`.
  private var place: [UInt32]
  /// The triangles that are none of the base's, ascending.
  private var others: [UInt32] = []
  /// The triangles of which some may cross, ascending: no others do if none of the base did but those that changed.
  private(set) var suspects: [UInt32] = []

  /// - Parameters:
  ///   - bvh: The mesh's.
  ///   - winding: The mesh's.
  init(_ mesh: Mesh, _ bvh: BVH, _ winding: WindingNumber) {
    base = mesh
    self.bvh = bvh
    self.winding = winding
    place = Array(0..<UInt32(mesh.triangles.count))
  }

  /// Of `mesh`, whose triangles are tracked.
  func winding(of mesh: Mesh, _ run: RunContext) throws(MeshError) -> SurfaceWinding {
    let removed = place.indices.filter { place[$0] == .max }
    if removed.count + others.count > 1 << 14 {
      let own = try WindingNumber(mesh, BVH(mesh, run.slice(0...0.6)), run.slice(0.6...1))
      return SurfaceWinding(base: own, added: [], removed: [])
    }
    return SurfaceWinding(
      base: winding, added: others.map { mesh.corners(Int($0)) }, removed: removed.map { base.corners($0) })
  }

  /// The next round's.
  ///
  /// - Parameters:
  ///   - isKept: For each triangle of `mesh` whether it was left whole; what was cut may have come out as it was,
  ///     and cross what it crossed.
  ///   - sources: For each triangle of `next` the one of `mesh` that it is, or is a part of.
  func advanced(
    from mesh: Mesh, _ isKept: [Bool], to next: Mesh, sources: [UInt32], _ run: RunContext
  ) throws(MeshError) -> TrackedTriangles {
    var number = [UInt32](repeating: .max, count: mesh.triangles.count)
    var changed: [UInt32] = []
    for (i, source) in sources.enumerated() {
      if i & 0xFFFF == 0 { try run.checkCancellation() }
      if isKept[Int(source)] && next.corners(i) == mesh.corners(Int(source)) {
        number[Int(source)] = UInt32(i)
      } else {
        changed.append(UInt32(i))
      }
    }
    var result = self
    for i in place.indices where place[i] != .max { result.place[i] = number[Int(place[i])] }
    result.others = (others.map { number[Int($0)] }.filter { $0 != .max } + changed).sorted()
    result.suspects = try result.suspects(near: changed, in: next, run)
    return result
  }

  /// All that is not of the base, and what of the base is near some triangles.
  private func suspects(
    near changed: [UInt32], in mesh: Mesh, _ run: RunContext
  ) throws(MeshError) -> [UInt32] {
    var isSuspect = [Bool](repeating: false, count: mesh.triangles.count)
    for i in others { isSuspect[Int(i)] = true }
    var stack: [UInt32] = []
    // The boxes of large triangles hold so much that all of it is looked at sooner.
    var rest = 2 * mesh.triangles.count
    for (n, i) in changed.enumerated() where rest > 0 {
      if n & 255 == 0 { try run.checkCancellation() }
      let (a, b, c) = mesh.corners(Int(i))
      let box = Box(minimum: lesser(lesser(a, b), c), maximum: greater(greater(a, b), c))
      bvh.nodes.withUnsafeBufferPointer { nodes in
        nodes.baseAddress!.forEachLeaf(touching: box, &stack) { leaf in
          rest -= leaf.count
          for j in leaf {
            let source = Int(bvh.order[j])
            let now = place[source]
            if now == .max || isSuspect[Int(now)] { continue }
            let (p, q, r) = base.corners(source)
            let own = Box(minimum: lesser(lesser(p, q), r), maximum: greater(greater(p, q), r))
            if own.intersects(box) { isSuspect[Int(now)] = true }
          }
        }
      }
    }
    if rest <= 0 { return Array(0..<UInt32(mesh.triangles.count)) }
    return isSuspect.indices.filter { isSuspect[$0] }.map { UInt32($0) }
  }
}
