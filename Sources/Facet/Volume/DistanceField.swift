/// The unsigned distance to a mesh at the nodes of a lattice, exact near the mesh and unknown elsewhere.
///
/// By scan conversion: each triangle is entered into the blocks it comes near, then every block looks at its own
/// triangles only. Memory and time are in proportion to the surface, not to the volume.
package struct DistanceField: Sendable {
  package let grid: SparseGrid
  /// Every node nearer than this to the mesh is in a block and exact, mm.
  package let band: Float
  /// For each node its distance, mm, or infinity beyond the band.
  package let distances: [Float]
  /// For each node the closest triangle, of several at one distance the one with the lowest index; `.max`
  /// beyond the band.
  package let nearest: [UInt32]
  /// For each block the triangles that may come within the band of one of its nodes, ascending.
  var bins: BlockBins

  /// - Parameters:
  ///   - voxel: The distance of neighbouring nodes, mm.
  ///   - band: In mm.
  ///   - origin: The position of node (0, 0, 0), mm. nil puts the part's lowest corner into the middle between
  ///     nodes, so that its outermost faces, where they lie along axes, pass through no node.
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)`` for a voxel too small to number the part's nodes,
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)`` or ``MeshError/cancelled``.
  package init(
    _ mesh: Mesh, voxel: Float, band: Float, origin: SIMD3<Float>? = nil, _ run: RunContext = .init()
  ) throws(MeshError) {
    guard voxel > 0, voxel.isFinite else {
      throw .invalidOption(name: "voxel", value: "\(voxel)", allowed: "above 0 mm")
    }
    guard band >= 0, band / voxel <= DistanceField.widestBand else {
      throw .invalidOption(
        name: "band", value: "\(band)", allowed: "0 to \(DistanceField.widestBand * voxel) mm")
    }
    let lattice = try Lattice(mesh, voxel: voxel, origin: origin)
    let bins = try BlockBins(mesh, lattice, band: Double(band) / Double(voxel), run.slice(0...0.3))
    let nodes = bins.grid.nodeCount
    try run.reserve(bytes: bins.bytes + nodes * 8, for: "the distance field")
    var nearest: [UInt32] = []
    let fill = run.slice(0.3...1)
    distances = try [Float](filling: nodes) { (distances) throws(MeshError) in
      nearest = try [UInt32](filling: nodes) { (nearest) throws(MeshError) in
        try mesh.withView { (view) throws(MeshError) in
          let scan = DistanceScan(
            mesh: view, lattice: lattice, band: band / voxel, distances: distances, nearest: nearest)
          try fill.forEachChunk(of: bins.grid.blocks.count, size: 8) { chunk, range in
            for block in range { scan.fill(block, bins.grid.blocks[block], bins[block]) }
            if chunk & 63 == 0 { fill.report(Double(range.lowerBound) / Double(bins.grid.blocks.count)) }
          }
        }
      }
    }
    self.nearest = nearest
    self.band = band
    self.bins = bins
    grid = bins.grid
    run.report(1)
  }

  /// In voxels; more would be a field in proportion to the volume.
  static let widestBand: Float = 64
}

/// Where the nodes are; positions in voxels from node (0, 0, 0).
struct Lattice: Sendable {
  let origin: SIMD3<Float>
  let voxel: Float
  let perVoxel: Double

  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)`` when the part has too many nodes a side.
  init(_ mesh: Mesh, voxel: Float, origin: SIMD3<Float>?) throws(MeshError) {
    let bounds = mesh.bounds
    let corner = bounds.isEmpty ? .zero : bounds.minimum
    self.origin = origin ?? corner - SIMD3(repeating: voxel / 2)
    self.voxel = voxel
    perVoxel = 1 / Double(voxel)
    // Nodes are numbered in 23 bits, and neighbouring ones need positions of their own.
    var reach = 0.0
    if !bounds.isEmpty {
      for point in [bounds.minimum, bounds.maximum] {
        let fromOrigin = SIMD3<Double>(point) - SIMD3<Double>(self.origin)
        for axis in 0..<3 {
          reach = max(reach, abs(fromOrigin[axis]), abs(Double(point[axis])), abs(Double(self.origin[axis])))
        }
      }
    }
    guard reach * perVoxel < Lattice.reach else {
      throw .invalidOption(
        name: "voxel", value: "\(voxel)",
        allowed: "\(Float(reach / Lattice.reach).nextUp) mm or more for a part of this size")
    }
  }

  /// Nodes from (0, 0, 0), or from the origin of the coordinates, along an axis.
  private static let reach = Double(1 << 22)

  /// A position in voxels.
  @inline(__always)
  func local(_ p: SIMD3<Float>) -> SIMD3<Double> {
    (SIMD3<Double>(p) - SIMD3<Double>(origin)) * perVoxel
  }
}
