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
    let steps: [(Int, Int, Int)] = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0, -1, 0), (0, 0, -1)]
    for b in grid.blocks.indices {
      for local in 0..<512 {
        let (x, y, z) = (local & 7, local >> 3 & 7, local >> 6)
        let index = b * 512 + local
        let flag = labels.flags[index]
        if flag & SolidLabels.sheet != 0 && flag & SolidLabels.inside == 0 {
          return "a sheet that is outside"
        }
        for (dx, dy, dz) in steps {
          let (u, v, w) = (x + dx, y + dy, z + dz)
          let n = neighbours[b][13 + (u >> 3) + 3 * (v >> 3) + 9 * (w >> 3)]
          // Where a block is missing it must be of this node's label; that is checked by what is outermost.
          if n < 0 { continue }
          let other = Int(n) * 512 + (w & 7) * 64 + (v & 7) * 8 + (u & 7)
          if labels.isInside(index) == labels.isInside(other) { continue }
          for k in 0..<27 {
            let (p, q, r) = (x + k % 3 - 1, y + k / 3 % 3 - 1, z + k / 9 - 1)
            if neighbours[b][13 + (p >> 3) + 3 * (q >> 3) + 9 * (r >> 3)] < 0 {
              return "node \(grid.node(at: index)) at the interface has a neighbour in no block"
            }
          }
        }
        if labels.isInside(index) {
          let node = grid.node(at: index)
          if any(node .== low &* 8) || any(node .== high &* 8 &+ 7) { return "the outermost is inside" }
        }
      }
    }
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
