import Testing

@testable import Facet

/// A mesh with its field and labels, and what must hold for all of them.
struct LabelledPart {
  let mesh: Mesh
  let field: DistanceField
  let labels: SolidLabels

  init(
    _ mesh: Mesh, voxel: Float, band: Float = 1.5, gap: Float? = nil, keepsCavities: Bool = false,
    _ run: RunContext = .init()
  ) throws {
    self.mesh = mesh
    field = try DistanceField(mesh, voxel: voxel, band: voxel * band, run)
    labels = try field.labels(
      of: mesh, bvh: try BVH(mesh, run), gap: gap, keepsCavities: keepsCavities, run)
  }

  var insideCount: Int { labels.flags.reduce(0) { $0 + Int($1 & SolidLabels.inside) } }
  var sheetCount: Int { labels.flags.reduce(0) { $0 + Int(($1 & SolidLabels.sheet) >> 1) } }

  /// Of nodes farther than `margin` voxels from the surface of a solid of signed distance `distance` (negative
  /// inside), how many have the wrong label.
  func wrongLabels(margin: Float = 0.05, _ distance: (SIMD3<Float>) -> Float) -> Int {
    var wrong = 0
    for i in 0..<labels.grid.nodeCount {
      let d = distance(labels.grid.position(of: labels.grid.node(at: i)))
      if abs(d) > margin * labels.grid.voxel && labels.isInside(i) != (d < 0) { wrong += 1 }
    }
    return wrong
  }

  /// The first thing found that does not hold, or nil.
  func violation() -> String? {
    let grid = labels.grid
    if labels.flags.count != grid.nodeCount { return "flags and nodes differ in number" }
    var low = SIMD3<Int32>(repeating: .max)
    var high = SIMD3<Int32>(repeating: .min)
    var neighbours: [InlineArray<27, Int32>] = []
    for (b, block) in grid.blocks.enumerated() {
      low.replace(with: block, where: block .< low)
      high.replace(with: block, where: block .> high)
      neighbours.append(grid.neighbours(of: b))
    }
    let broken: String? = labels.flags.withUnsafeBufferPointer { flags in
      for b in grid.blocks.indices {
        let near = neighbours[b]
        for local in 0..<512 {
          let (x, y, z) = (local & 7, local >> 3 & 7, local >> 6)
          let flag = flags[b * 512 + local]
          if flag == SolidLabels.sheet { return "a sheet that is outside" }
          for axis in 0..<3 {
            let (u, v, w) = (x + (axis == 0 ? 1 : 0), y + (axis == 1 ? 1 : 0), z + (axis == 2 ? 1 : 0))
            let n = near[13 + (u >> 3) + 3 * (v >> 3) + 9 * (w >> 3)]
            if n < 0 { continue }
            let other = Int(n) * 512 + (w & 7) * 64 + (v & 7) * 8 + (u & 7)
            if (flags[other] ^ flag) & SolidLabels.inside == 0 { continue }
            for k in 0..<27 {
              let step = (k % 3 - 1, k / 3 % 3 - 1, k / 9 - 1)
              for (p, q, r) in [(x, y, z), (u, v, w)] {
                let beside = 13 + ((p + step.0) >> 3) + 3 * ((q + step.1) >> 3) + 9 * ((r + step.2) >> 3)
                // Both nodes see at most one block ahead of this one.
                if near[beside] < 0 { return "node \(grid.node(at: b * 512 + local)) at the interface" }
              }
            }
          }
          if flag & SolidLabels.inside != 0 {
            let node = grid.node(at: b * 512 + local)
            if any(node .== low &* 8) || any(node .== high &* 8 &+ 7) { return "the outermost is inside" }
          }
        }
      }
      return nil
    }
    if let broken { return broken }
    for t in mesh.triangles {
      for v in [t.a, t.b, t.c] where !hasInside(near: mesh.positions[Int(v)]) {
        return "vertex \(v) has no inside node near"
      }
    }
    return nil
  }

  private func hasInside(near point: SIMD3<Float>) -> Bool {
    let p = (SIMD3<Double>(point) - SIMD3<Double>(labels.grid.origin)) / Double(labels.grid.voxel)
    for k in 0..<64 {
      let node = SIMD3<Int32>(
        Int32(p.x.rounded(.down)) + Int32(k % 4) - 1, Int32(p.y.rounded(.down)) + Int32(k / 4 % 4) - 1,
        Int32(p.z.rounded(.down)) + Int32(k / 16) - 1)
      if length(SIMD3<Double>(node) - p) > 1.7321 { continue }
      if let i = labels.grid.index(of: node), labels.isInside(i) { return true }
    }
    return false
  }
}
