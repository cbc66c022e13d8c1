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
  /// The field and the labels are gone once vertices are placed, and the contour before its mesh is thinned:
  /// what is given away here takes no memory by then.
  ///
  /// - Parameter labels: Of the same lattice; made well-composed.
  consuming func contour(
    of mesh: Mesh, _ labels: consuming SolidLabels, _ options: ShrinkwrapOptions, _ run: RunContext
  ) throws(MeshError) -> (mesh: Mesh, heldBack: Int) {
    let voxel = Double(grid.voxel)
    let whole = try (consume self).untrimmed(mesh, labels, options, run)
    let thin = try Thinning.thinned(
      whole.mesh, input: mesh, source: whole.sources, voxel: voxel, run.slice(0.6...1))
    run.report(1)
    return (thin ?? whole.mesh, whole.heldBack)
  }

  /// The surface with all its triangles, and for each vertex a triangle of the input that it was placed by.
  private consuming func untrimmed(
    _ mesh: Mesh, _ labels: consuming SolidLabels, _ options: ShrinkwrapOptions, _ run: RunContext
  ) throws(MeshError) -> (mesh: Mesh, sources: [UInt32], heldBack: Int) {
    let contour = try (consume self).placed(mesh, labels, options, run)
    let heldBack = try contour.holdBack(run)
    run.report(0.6)
    let sources = Array(UnsafeBufferPointer(start: contour.sources, count: contour.vertexCount))
    return (try contour.mesh(run), sources, heldBack)
  }

  /// The surface with its vertices where they are to be.
  private consuming func placed(
    _ mesh: Mesh, _ labels: consuming SolidLabels, _ options: ShrinkwrapOptions, _ run: RunContext
  ) throws(MeshError) -> Contour {
    bins.removeAll()
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
          let (free, strays) = try placer.placeAll(run)
          run.report(0.3)
          try contour.relax(
            free, steps: CellPlacer.closing, farthest: grid.voxel, run)
          if isSmooth {
            let all = Array(0..<UInt32(contour.vertexCount))
            try contour.relax(
              all, steps: CellPlacer.smoothing, farthest: CellPlacer.relaxing * grid.voxel, run)
          }
          contour.letStray(strays)
          try run.forEachChunk(of: contour.quadCount, size: 1 << 12) { _, range in
            for quad in range { placer.cut(quad) }
          }
        }
      }
    }
    run.report(0.4)
    return contour
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

  private func composedLattice(_ labels: consuming SolidLabels, _ run: RunContext) throws(MeshError)
    -> ContourLattice
  {
    let own = labels.grid.blocks.map { Int32(grid.block($0) ?? -1) }
    var blocks = try LabelBlocks(consume labels, run)
    _ = try blocks.makeWellComposed(run) { block, local in
      block < own.count && own[block] >= 0 ? distances[Int(own[block]) * 512 + local] : .infinity
    }
    return try ContourLattice(blocks, run)
  }
}

extension CellPlacer {
  /// Places all vertices.
  ///
  /// - Returns: Those, ascending, that nothing is near to, and where vertices could leave their cells for.
  func placeAll(_ run: RunContext) throws(MeshError) -> (free: [UInt32], strays: [Stray]) {
    let size = 1 << 11
    let chunks = (contour.vertexCount + size - 1) / size
    var found = [(free: [UInt32], strays: [Stray])](repeating: ([], []), count: chunks)
    try found.withSharedElements { (found) throws(MeshError) in
      try run.forEachChunk(of: contour.vertexCount, size: size, scratch: { Scratch() }) {
        scratch, chunk, range in
        var free: [UInt32] = []
        var strays: [Stray] = []
        for vertex in range {
          if !place(vertex, scratch, &strays) {
            contour.offsets[vertex] = .zero
            free.append(UInt32(vertex))
          }
          contour.move(vertex)
        }
        found[chunk] = (free, strays)
      }
    }
    return (found.flatMap(\.free), found.flatMap(\.strays))
  }
}
