extension Mesh {
  /// The mesh at another size. Triangles, their order and colours stay; a mirrored mesh (an odd number of
  /// negative factors) has its triangles turned round, so that they face outward as before.
  ///
  /// A named size is met to half the last place of the coordinates: along that axis the least coordinate is
  /// rounded first, and all others are placed from there, so the greatest is off by its own rounding alone.
  /// By a factor each coordinate is rounded once. An axis whose factor is 1 keeps its coordinates' bits.
  /// Triangles much smaller than the last place may collapse.
  ///
  /// - Throws: ``MeshError/emptyMesh(operation:)``, ``MeshError/noExtent(axis:)``,
  ///   ``MeshError/invalidOption(name:value:allowed:)`` for a size that is not above 0, a factor of 0 or a result
  ///   beyond Float's range, ``MeshError/cancelled``.
  public func scaled(
    _ options: ScaleOptions, _ run: RunContext = .init()
  ) throws(MeshError) -> ScaleResult {
    guard !triangles.isEmpty else { throw .emptyMesh(operation: "scale") }
    let bounds = try measured(run.slice(0...0.3)).bounds
    let factor = try ScaleOptions.factors(options.amount, bounds)
    let maps = Axis.allCases.map { AxisMap($0, options, bounds, factor[$0.rawValue]) }
    for map in maps { try map.checkRange() }
    try run.reserve(bytes: positions.count * 16 + triangles.count * 12, for: "scaling")

    let scaledPositions = try [SIMD3<Float>](filling: positions.count) { (scaled) throws(MeshError) in
      try withView { (view) throws(MeshError) in
        let (x, y, z) = (maps[0], maps[1], maps[2])
        try run.forEachChunk(of: view.vertexCount, size: 1 << 15) { _, range in
          for i in range {
            let p = view.positions[i]
            scaled[i] = SIMD3(x(p.x), y(p.y), z(p.z))
          }
        }
      }
    }
    let isMirrored = factor.x * factor.y * factor.z < 0
    let result = try Mesh(
      positions: scaledPositions, triangles: isMirrored ? triangles.map(\.flipped) : triangles,
      colors: colors)
    run.report(1)
    return ScaleResult(mesh: result, factor: factor)
  }
}

extension ScaleOptions {
  /// The checked factor along each axis.
  fileprivate static func factors(_ amount: Amount, _ bounds: Box) throws(MeshError) -> SIMD3<Double> {
    switch amount {
    case .size(let axis, let millimetres, let uniform):
      guard millimetres > 0, millimetres.isFinite else {
        throw .invalidOption(name: "size", value: "\(millimetres) mm", allowed: "above 0 mm")
      }
      let extent = Double(bounds.maximum[axis.rawValue]) - Double(bounds.minimum[axis.rawValue])
      guard extent > 0 else { throw .noExtent(axis: axis) }
      let factor = millimetres / extent
      var factors = SIMD3<Double>(repeating: uniform ? factor : 1)
      factors[axis.rawValue] = factor
      return factors
    case .factors(let factors):
      for axis in Axis.allCases {
        let factor = factors[axis.rawValue]
        guard factor != 0, factor.isFinite else {
          throw .invalidOption(
            name: "factor along \(axis.name)", value: "\(factor)", allowed: "a finite number other than 0")
        }
      }
      return factors
    }
  }
}

/// Where one coordinate goes.
private struct AxisMap {
  let axis: Axis
  let low: Double
  let high: Double
  let factor: Double
  let anchor: Double
  /// Along the axis that gets a size: the new least coordinate, a Float, and the size. Nil elsewhere.
  let sized: (low: Double, size: Double)?

  init(_ axis: Axis, _ options: ScaleOptions, _ bounds: Box, _ factor: Double) {
    self.axis = axis
    self.factor = factor
    (low, high) = (Double(bounds.minimum[axis.rawValue]), Double(bounds.maximum[axis.rawValue]))
    switch options.anchor {
    // Mirrored about its low side the model would leave its place, so there it turns about its new low side.
    case .minimumCorner: anchor = factor < 0 ? (low - factor * high) / (1 - factor) : low
    case .center: anchor = (low + high) / 2
    case .origin: anchor = 0
    }
    if case .size(axis, let size, _) = options.amount, factor != 1 {
      sized = (Double(Float(anchor + (low - anchor) * factor)), size)
    } else {
      sized = nil
    }
  }

  @inline(__always)
  func callAsFunction(_ coordinate: Float) -> Float {
    if factor == 1 { return coordinate }
    let x = Double(coordinate)
    if let sized {
      // At the far end the fraction is exactly 1.
      return Float(sized.low + (x - low) / (high - low) * sized.size)
    }
    // About the origin this is the product, rounded once.
    return Float(anchor + (x - anchor) * factor)
  }

  func checkRange() throws(MeshError) {
    for coordinate in [low, high] where !self(Float(coordinate)).isFinite {
      throw .invalidOption(
        name: "factor along \(axis.name)", value: "\(factor)",
        allowed: "small enough that every coordinate stays below 3.4e38 mm")
    }
  }
}
