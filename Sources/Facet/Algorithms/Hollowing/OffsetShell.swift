/// The surface of the cavities while it is shaped: a contour whose vertices know how far they are from the part.
final class OffsetShell: @unchecked Sendable {
  let contour: Contour
  /// For each vertex its distance from the part, mm.
  let distances: UnsafeMutablePointer<Float>
  /// Vertices that were moved, or around which was cut anew, since what crosses was held back.
  var touched: [UInt32] = []
  /// Of the field's blocks, which are the contour's first ones; see ``OffsetField/clearances``.
  private var clearances: [Float] = []

  init(_ contour: Contour) {
    self.contour = contour
    distances = .allocate(capacity: max(contour.vertexCount, 1))
  }

  deinit { distances.deallocate() }

  static func bytes(_ lattice: ContourLattice) -> Int { lattice.vertexCount * 4 }

  /// Places all vertices and cuts all quads.
  ///
  /// - Returns: How many vertices lie before flat places of the part.
  func place(
    _ field: OffsetField, _ surface: CavitySurface, _ run: RunContext
  ) throws(MeshError) -> Int {
    let scene = surface.scene
    clearances = field.clearances
    var flat = 0
    var placed: [(strays: [Stray], flat: Int)] = []
    try field.nearest.withUnsafeBufferPointer { (nearest) throws(MeshError) in
      guard let nearest = nearest.baseAddress else { return }
      try field.clearances.withUnsafeBufferPointer { (clearances) throws(MeshError) in
        let placer = OffsetPlacer(
          contour: contour, surface: surface, nearest: nearest, fieldBlocks: field.grid.blocks.count,
          clearances: clearances.isEmpty ? nil : clearances.baseAddress, distances: distances)
        let size = 1 << 10
        placed = Array(
          repeating: ([], 0), count: (contour.vertexCount + size - 1) / size)
        try placed.withSharedElements { (placed) throws(MeshError) in
          try run.forEachChunk(
            of: contour.vertexCount, size: size, scratch: { OffsetPlacer.Scratch(scene) }
          ) { scratch, chunk, range in
            var own: (strays: [Stray], flat: Int) = ([], 0)
            for vertex in range {
              if placer.place(vertex, scratch, &own.strays) { own.flat += 1 }
              contour.move(vertex)
            }
            placed[chunk] = own
            if chunk & 15 == 0 { run.report(Double(range.lowerBound) / Double(contour.vertexCount) * 0.8) }
          }
        }
      }
      flat = placed.reduce(0) { $0 + $1.flat }
      contour.letStray(placed.flatMap(\.strays))
      let scratch = PartScene.Scratch(scene)
      for stray in contour.strays { look(Int(stray.vertex), scene, scratch) }
    }
    try run.forEachChunk(
      of: contour.quadCount, size: 1 << 10, scratch: { PartScene.Scratch(scene) }
    ) { scratch, chunk, range in
      for quad in range { cut(quad, surface, scratch) }
    }
    return flat
  }

  /// See ``OffsetField/clearances``.
  @inline(__always)
  private func clearance(_ vertex: Int) -> Float {
    let block = Int(contour.cellOf[vertex] >> 9)
    return block < clearances.count ? clearances[block] : 0
  }

  /// Asks anew for a vertex's distance from the part.
  func look(_ vertex: Int, _ scene: PartScene, _ scratch: PartScene.Scratch) {
    let clearance = clearance(vertex)
    if clearance > 0 {
      contour.sources[vertex] = .max
      distances[vertex] = clearance
      return
    }
    let found = scene.nearest(to: contour.positions[vertex], hint: contour.sources[vertex], scratch)
    contour.sources[vertex] = found.triangle
    distances[vertex] = found.squared.squareRoot()
  }

  /// The mean and the largest distance from the part of vertices that are not on the lattice.
  ///
  /// - Parameter distances: Of all vertices; only without a lattice there may be more than the shell's own.
  func walls(
    _ surface: CavitySurface, _ distances: [Float], _ run: RunContext
  ) throws(MeshError) -> (mean: Float, largest: Float) {
    let parts = try run.mapChunks(of: distances.count, size: 1 << 14) { _, range in
      var (sum, count, largest) = (0.0, 0, Float(0))
      for v in range {
        if let lattice = surface.lattice {
          if clearance(v) > 0 { continue }
          let way = lattice.offset(from: contour.positions[v], within: lattice.half + 2 * surface.voxel)
          if length(way) - lattice.half < distances[v] - surface.level { continue }
        }
        sum += Double(distances[v])
        count += 1
        largest = max(largest, distances[v])
      }
      return (sum, count, largest)
    }
    let sum = parts.reduce(0) { $0 + $1.0 }
    let count = parts.reduce(0) { $0 + $1.1 }
    return (Float(sum / Double(max(count, 1))), parts.reduce(0) { max($0, $1.2) })
  }

  /// Cuts a quad along the diagonal that keeps the wall and is nearest to the surface, or, where it is flat, the
  /// shorter one.
  private func cut(_ quad: Int, _ surface: CavitySurface, _ scratch: PartScene.Scratch) {
    let q = contour.quads[quad]
    let p = contour.positions
    let (a, b, c, d) = (p[Int(q.x)], p[Int(q.y)], p[Int(q.z)], p[Int(q.w)])
    let along = (a + c) * 0.5
    let across = (b + d) * 0.5
    let bend = along - across
    var isAcross = dot(b - d, b - d) < dot(a - c, a - c)
    let least = 0.08 * surface.voxel
    if dot(bend, bend) > least * least {
      var (first, second) = (Float.infinity, Float.infinity)
      if surface.lattice == nil {
        // The triangles nearest to the corners mostly are those nearest to the middles.
        for k in 0..<4 {
          let triangle = contour.sources[Int(q[k])]
          first = min(first, length(surface.scene.offset(from: along, to: triangle)) - surface.level)
          second = min(second, length(surface.scene.offset(from: across, to: triangle)) - surface.level)
        }
      } else {
        let (hint, clearance) = (contour.sources[Int(q.x)], clearance(Int(q.x)))
        first = surface.sight(from: along, hint: hint, clearance: clearance, scratch).depth
        second = surface.sight(from: across, hint: hint, clearance: clearance, scratch).depth
      }
      // Too near is worse than too far.
      func fault(_ error: Float) -> Float { error < 0 ? -2 * error : error }
      if abs(fault(first) - fault(second)) > 1e-3 * surface.voxel {
        isAcross = fault(second) < fault(first)
      }
    }
    let rest = contour.cuts[quad] & ~Contour.isCutAcross
    contour.cuts[quad] = isAcross ? rest | Contour.isCutAcross : rest
  }
}
