#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Topology {
  /// The worst bend (degrees) that shows on smooth regions: the largest angle between the normals of two
  /// neighbours that is under `creaseAngle`, where the flat triangles are at least
  /// ``Tolerances/visibleFacet`` away from the arc through their edges. 0 if none.
  ///
  /// - Throws: ``MeshError/cancelled`` or ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``.
  package func worstBend(
    of mesh: Mesh, creaseAngle: Double, _ run: RunContext = .init()
  ) throws(MeshError) -> Double {
    let count = mesh.triangles.count
    try run.reserve(bytes: count * 16, for: "the faceting score")
    return try mesh.withView { (view) throws(MeshError) in
      // The unit normal, and twice the area.
      let normals = try [SIMD4<Float>](filling: count) { (normals) throws(MeshError) in
        try run.forEachChunk(of: count, size: 1 << 15) { _, range in
          for f in range {
            let (a, b, c) = view.triangle(f)
            let n = cross(b - a, c - a)
            let twiceArea = length(n)
            normals[f] = SIMD4(twiceArea > 0 ? n / twiceArea : .zero, twiceArea)
          }
        }
      }
      let worst = try twin.withUnsafeBufferPointer { (twin) throws(MeshError) in
        try normals.withUnsafeBufferPointer { (normals) throws(MeshError) in
          let bends = Bends(
            mesh: view, twin: SharedTwins(base: twin), normals: normals,
            crease: (creaseAngle - Tolerances.creaseRounding) * .pi / 180)
          return try run.mapChunks(of: count, size: 1 << 15) { _, range in bends.worst(range) }
        }
      }
      return (worst.max() ?? 0) * 180 / .pi
    }
  }
}

extension MeshView {
  @inline(__always)
  func triangle(_ f: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
    (
      positions[Int(corners[3 &* f])], positions[Int(corners[3 &* f &+ 1])],
      positions[Int(corners[3 &* f &+ 2])]
    )
  }
}

private struct Bends: @unchecked Sendable {
  let mesh: MeshView
  let twin: SharedTwins
  let normals: UnsafeBufferPointer<SIMD4<Float>>
  /// In radians.
  let crease: Double

  func worst(_ range: Range<Int>) -> Double {
    let (twin, normals) = (twin.base.baseAddress!, normals.baseAddress!)
    var worst = 0.0
    // Only what bends more than the worst so far is looked at closely; a little more, for rounding.
    var limit: Float = 1
    for f in range {
      let n = normals[f]
      for k in 0..<3 {
        let h = 3 &* f &+ k
        let t = twin[h]
        guard t < Topology.degenerate, t > h else { continue }
        let m = normals[Int(t / 3)]
        let cosine = n.x * m.x + n.y * m.y + n.z * m.z
        if cosine > limit || n.w == 0 || m.w == 0 { continue }
        let angle = bend(n, m)
        guard angle > worst, angle < crease, shows(h, angle, min(n.w, m.w)) else { continue }
        worst = angle
        limit = Float(cos(angle)) + 1e-6
      }
    }
    return worst
  }

  private func bend(_ n: SIMD4<Float>, _ m: SIMD4<Float>) -> Double {
    let a = SIMD3(Double(n.x), Double(n.y), Double(n.z))
    let b = SIMD3(Double(m.x), Double(m.y), Double(m.z))
    return atan2(length(cross(a, b)), dot(a, b))
  }

  /// Whether the narrower of two facets that meet at half-edge `h` is visibly flat: an arc that turns by
  /// `angle` from facet to facet bulges by width / 2 · tan(angle / 4).
  private func shows(_ h: Int, _ angle: Double, _ twiceArea: Float) -> Bool {
    let from = mesh.positions[Int(mesh.corners[h])]
    let to = mesh.positions[Int(mesh.corners[Topology.next(h)])]
    let width = Double(twiceArea / length(to - from))
    return width / 2 * tan(angle / 4) >= Tolerances.visibleFacet
  }
}
