extension CellPlacer {
  /// The field has to know the input this far from it, in voxels: across the cells that the surface is in.
  static let band: Float = 1.8
  /// How far vertices move when the surface is relaxed, in voxels.
  static let relaxing: Float = 0.5
  static let smoothing = [[Float]](repeating: [0.5, -0.53], count: 6).flatMap(\.self)
  /// Where the surface closes an opening.
  static let closing = [Float](repeating: 1, count: 12)
}

extension DistanceField {
  /// The surface between inside and outside nodes, drawn onto the mesh.
  ///
  /// - Parameter labels: Of the same lattice; made well-composed.
  func contour(
    of mesh: Mesh, _ labels: SolidLabels, _ options: ShrinkwrapOptions, _ run: RunContext
  ) throws(MeshError) -> (mesh: Mesh, heldBack: Int) {
    let lattice = try composedLattice(labels, run)
    run.report(0.1)
    try run.reserve(bytes: lattice.bytes + Contour.bytes(lattice), for: "the contour")
    let contour = try Contour(lattice, run)
    run.report(0.2)
    var blocks = [Int32](repeating: -1, count: lattice.blockCount)
    for i in blocks.indices {
      if let own = grid.block(lattice.coordinates[i]) { blocks[i] = Int32(own) }
    }
    let isSmooth = options.resolution == .smooth
    try mesh.withView { (view) throws(MeshError) in
      try withNodes { (nearest, distances) throws(MeshError) in
        try blocks.withUnsafeBufferPointer { (blocks) throws(MeshError) in
          let placer = CellPlacer(
            contour: contour, mesh: view, fieldBlock: blocks.baseAddress!, nearest: nearest,
            distances: distances,
            voxel: grid.voxel, recoversEdges: !isSmooth)
          let free = try placer.placeAll(run)
          run.report(0.3)
          try contour.relax(
            free, steps: CellPlacer.closing, farthest: grid.voxel, run)
          if isSmooth {
            let all = Array(0..<UInt32(contour.vertexCount))
            try contour.relax(
              all, steps: CellPlacer.smoothing, farthest: CellPlacer.relaxing * grid.voxel, run)
          }
          try run.forEachChunk(of: contour.quadCount, size: 1 << 12) { _, range in
            for quad in range { placer.cut(quad) }
          }
        }
      }
    }
    run.report(0.4)
    let heldBack = try contour.holdBack(run)
    run.report(0.6)
    let full = try contour.mesh(run)
    let sources = Array(UnsafeBufferPointer(start: contour.sources, count: contour.vertexCount))
    let thin = try Thinning.thinned(
      full, input: mesh, source: sources, voxel: Double(grid.voxel), run.slice(0.6...1))
    run.report(1)
    return (thin ?? full, heldBack)
  }

  private func withNodes(
    _ body: (UnsafePointer<UInt32>, UnsafePointer<Float>) throws(MeshError) -> Void
  ) throws(MeshError) {
    try nearest.withUnsafeBufferPointer { (nearest) throws(MeshError) in
      try distances.withUnsafeBufferPointer { (distances) throws(MeshError) in
        guard let nearest = nearest.baseAddress, let distances = distances.baseAddress else { return }
        try body(nearest, distances)
      }
    }
  }

  private func composedLattice(_ labels: SolidLabels, _ run: RunContext) throws(MeshError) -> ContourLattice {
    var blocks = try LabelBlocks(labels, run)
    let own = labels.grid.blocks.map { Int32(grid.block($0) ?? -1) }
    _ = try blocks.makeWellComposed(run) { block, local in
      block < own.count && own[block] >= 0 ? distances[Int(own[block]) * 512 + local] : .infinity
    }
    return try ContourLattice(blocks, run)
  }
}

extension CellPlacer {
  /// Places all vertices; returns those, ascending, that nothing is near to.
  func placeAll(_ run: RunContext) throws(MeshError) -> [UInt32] {
    let size = 1 << 11
    var free = [[UInt32]](repeating: [], count: (contour.vertexCount + size - 1) / size)
    try free.withSharedElements { (free) throws(MeshError) in
      try run.forEachChunk(of: contour.vertexCount, size: size, scratch: { Scratch() }) {
        scratch, chunk, range in
        var found: [UInt32] = []
        for vertex in range {
          if !place(vertex, scratch) {
            contour.offsets[vertex] = .zero
            found.append(UInt32(vertex))
          }
          contour.move(vertex)
        }
        free[chunk] = found
      }
    }
    return free.flatMap(\.self)
  }
}
