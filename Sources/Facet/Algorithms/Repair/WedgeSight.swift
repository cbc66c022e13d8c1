/// Which wedges between the triangles at non-manifold edges see the outside.
///
/// What one wedge sees depends on what happens to be in the way; so all wedges along one side of one sheet are
/// asked together.
struct WedgeSight {
  private let fans: [EdgeFan]
  private let sheets: Shells
  /// For each sheet the share of rays that got out, from its front and from its back.
  private let shares: [SIMD2<Double>]

  init(_ mesh: Mesh, _ topology: Topology, _ fans: [EdgeFan], _ run: RunContext) throws(MeshError) {
    self.fans = fans
    // Sheets hold together over twins alone.
    let sheets = try topology.shells(BadEdges(boundary: [], nonManifold: [], nonManifoldStarts: [0]), run)
    self.sheets = sheets
    let bvh = try BVH(mesh, run)
    // Some thousand edges tell what all of them would.
    let step = fans.count / 4096 + 1
    let asked = stride(from: 0, to: fans.count, by: step).map { $0 }
    let parts = try run.mapChunks(of: asked.count, size: 16) { (_, range) throws(MeshError) in
      var seen: [(side: Int, out: Int, rays: Int)] = []
      for i in range {
        let fan = fans[asked[i]]
        guard fan.size > 0, fan.sides.count <= 64 else { continue }
        try run.checkCancellation()
        for wedge in fan.sides.indices {
          let out = WedgeSight.escapes(fan, wedge, mesh, bvh)
          for bound in WedgeSight.bounds(fan, wedge, sheets) {
            seen.append((2 * bound.sheet + bound.face, out, WedgeSight.rays))
          }
        }
      }
      return seen
    }
    var sums = [(out: Int, rays: Int)](repeating: (0, 0), count: sheets.count * 2)
    for part in parts.joined() {
      sums[part.side].out += part.out
      sums[part.side].rays += part.rays
    }
    shares = (0..<sheets.count).map { sheet in
      func share(_ sum: (out: Int, rays: Int)) -> Double {
        sum.rays > 0 ? Double(sum.out) / Double(sum.rays) : 0
      }
      return SIMD2(share(sums[2 * sheet]), share(sums[2 * sheet + 1]))
    }
  }

  /// For each wedge of a fan whether it is inside the part; nil when nothing tells.
  func isInside(_ i: Int) -> [Bool]? {
    let fan = fans[i]
    let seen = fan.sides.indices.map { (wedge: Int) -> Double in
      let bounds = WedgeSight.bounds(fan, wedge, sheets)
      return (shares[bounds[0].sheet][bounds[0].face] + shares[bounds[1].sheet][bounds[1].face]) / 2
    }
    let most = seen.max()!
    if most > 0.02 {
      let labels = seen.map { $0 < 0.3 * most }
      if labels.contains(true) && labels.contains(false) { return labels }
    }
    // In a cavity, or all in the open: what the triangles themselves say, where two of them agree.
    let fronts = fan.sides.indices.map { wedge in
      fan.sides[wedge].isForward && !fan.sides[(wedge + 1) % fan.sides.count].isForward
    }
    return fronts.contains(true) ? fronts.map { !$0 } : nil
  }

  /// A face of a sheet: 0 the front, 1 the back.
  private struct SheetFace {
    var sheet: Int
    var face: Int
  }

  /// The two that bound a wedge.
  private static func bounds(_ fan: EdgeFan, _ wedge: Int, _ sheets: Shells) -> [SheetFace] {
    let before = fan.sides[wedge]
    let after = fan.sides[(wedge + 1) % fan.sides.count]
    return [
      SheetFace(
        sheet: Int(sheets.ofTriangle[Int(before.halfEdge / 3)]), face: before.isForward ? 0 : 1),
      SheetFace(sheet: Int(sheets.ofTriangle[Int(after.halfEdge / 3)]), face: after.isForward ? 1 : 0),
    ]
  }

  private static let rays = 15

  /// How many rays from the middle of the edge into a wedge hit nothing.
  private static func escapes(_ fan: EdgeFan, _ wedge: Int, _ mesh: Mesh, _ bvh: BVH) -> Int {
    var out = 0
    for across in [1.0 / 6, 0.5, 5.0 / 6] {
      let direction = fan.direction(wedge, share: across)
      let origin = SIMD3<Float>(fan.middle + direction * (fan.size * 1e-3))
      for along in [-1.2, -0.5, 0.03, 0.45, 1.3] {
        let ray = SIMD3<Float>((direction + fan.axis * along).normalized)
        if bvh.raycast(mesh, origin: origin, direction: ray) == nil { out += 1 }
      }
    }
    return out
  }
}
