extension Mesh {
  /// Wraps the mesh, which may be any triangle soup whatever, in a surface that is watertight, 2-manifold (at
  /// vertices too), outward and free of self-intersections, exactly and in the coordinates that a file holds.
  ///
  /// Nodes of a lattice, only near the surface, are labelled inside or outside; the surface between them is
  /// drawn onto the input, with sharp edges recovered, and held back wherever it would cross itself.
  /// Surfaces without thickness become plates of about a voxel.
  ///
  /// - Throws: ``MeshError/emptyMesh(operation:)``; ``MeshError/invalidOption(name:value:allowed:)`` for a voxel
  ///   that is not above 0 or too small for coordinates of this size, or a negative gap;
  ///   ``MeshError/memoryBudgetExceeded(neededBytes:budgetBytes:purpose:)``; ``MeshError/cancelled``.
  public func shrinkwrapped(
    _ options: ShrinkwrapOptions = .init(), _ run: RunContext = .init()
  ) throws(MeshError) -> ShrinkwrapResult {
    try options.check()
    guard !triangles.isEmpty else { throw .emptyMesh(operation: "shrinkwrap") }
    let voxel = try options.voxel(for: bounds)
    let band = max(CellPlacer.band * voxel, (options.gap ?? 0) / 2 + 2 * voxel)
    guard band <= DistanceField.widestBand * voxel else {
      throw MeshError.invalidOption(
        name: "gap", value: "\(options.gap ?? 0)",
        allowed: "at most \(2 * (DistanceField.widestBand - 2) * voxel) mm with a voxel of \(voxel) mm")
    }
    let field = try DistanceField(self, voxel: voxel, band: band, run.slice(0...0.2))
    let labels = try field.labels(
      of: self, gap: options.gap, keepsCavities: options.keepsCavities, run.slice(0.2...0.45))
    // Handed over, so that they are gone before the most memory is needed.
    let contour = try (consume field).contour(of: self, consume labels, options, run.slice(0.45...1))
    return ShrinkwrapResult(
      mesh: contour.mesh, voxel: voxel, accuracy: ShrinkwrapOptions.accuracy * voxel,
      heldBack: contour.heldBack)
  }
}

extension ShrinkwrapOptions {
  /// The voxel for a part in this box.
  func voxel(for bounds: Box) throws(MeshError) -> Float {
    // Lattice positions have to differ as Floats, with room between them for vertices.
    let low = bounds.minimum
    let high = bounds.maximum
    let reach = max(
      abs(low.x), abs(low.y), max(abs(low.z), abs(high.x), max(abs(high.y), abs(high.z))))
    let least = max(reach * 0x1p-20, .leastNormalMagnitude * 0x1p24)
    let wanted = resolution.voxel(diagonal: bounds.diagonal)
    if case .voxel = resolution {
      guard wanted >= least else {
        throw .invalidOption(
          name: "voxel", value: "\(wanted)", allowed: "\(least) mm or more so far from the origin")
      }
      return wanted
    }
    // All of it in one point: any size will do.
    return max(wanted > 0 ? wanted : 1e-3, least)
  }

  /// The distance that the wrap keeps to the input's outer hull, and the hull to the wrap, in voxels.
  static let accuracy: Float = 1.5
}
