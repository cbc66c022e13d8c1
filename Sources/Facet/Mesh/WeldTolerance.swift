extension Mesh {
  /// Joins vertices that are at most `tolerance` apart.
  ///
  /// Vertices are taken in order. One with a *kept* vertex within the tolerance (Euclidean distance, computed in
  /// double precision) joins the lowest-numbered such vertex; any other is kept. So kept vertices stay where they
  /// were and are more than the tolerance apart, nothing moves by more than the tolerance, and chains of close
  /// vertices do not collapse into one. Triangles keep their order and number; those whose corners have joined
  /// become degenerate.
  ///
  /// - Parameter tolerance: In millimetres, finite and at least 0.
  /// - Throws: ``MeshError/invalidOption(name:value:allowed:)`` and what the run throws.
  public func weldingVertices(
    within tolerance: Float, _ run: RunContext = RunContext()
  ) throws(MeshError) -> Mesh {
    try Mesh.checkWeldTolerance(tolerance)
    let count = positions.count
    guard count > 0 else { return self }
    try run.reserve(
      bytes: count * (MemoryLayout<SIMD3<Float>>.stride + 16) + triangles.count
        * MemoryLayout<Triangle>.stride,
      for: "welding within a tolerance")

    var grid = WeldGrid(tolerance: tolerance, bounds: bounds, capacity: count)
    var kept: [SIMD3<Float>] = []
    kept.reserveCapacity(count)
    var renamed = [UInt32](repeating: 0, count: count)
    for (i, position) in positions.enumerated() {
      if i & 0xFFFF == 0 {
        try run.checkCancellation()
        run.report(Double(i) / Double(count))
      }
      if let vertex = grid.lowestVertex(near: position, kept) {
        renamed[i] = vertex
      } else {
        renamed[i] = UInt32(kept.count)
        grid.insert(position, as: UInt32(kept.count))
        kept.append(position)
      }
    }
    run.report(1)
    if kept.count == count { return self }
    var joined = triangles
    for i in joined.indices {
      let t = joined[i]
      joined[i] = Triangle(renamed[Int(t.a)], renamed[Int(t.b)], renamed[Int(t.c)])
    }
    return Mesh(unchecked: kept, triangles: joined, colors: colors)
  }
}

/// Kept vertices by the cube they lie in. Cubes are at least twice as wide as the tolerance, so what is within
/// reach of a point lies in at most 8 of them.
private struct WeldGrid {
  private let tolerance: Double
  private let origin: SIMD3<Double>
  private let cubesPerMillimetre: Double
  /// The last vertex put into each bucket, and for each vertex the one before it: `UInt32.max` ends a list.
  private var heads: [UInt32]
  private var previous: [UInt32] = []
  private let mask: Int

  init(tolerance: Float, bounds: Box, capacity: Int) {
    self.tolerance = Double(tolerance)
    origin = SIMD3(bounds.minimum)
    // Wide enough that a cube's number is exact in Double, and the reach of rounding far inside a cube.
    let smallest = bounds.diagonal / Double(1 << 40)
    cubesPerMillimetre = 1 / max(2 * self.tolerance, smallest, .leastNormalMagnitude * 4)
    var buckets = 16
    while buckets < capacity { buckets *= 2 }
    mask = buckets - 1
    heads = [UInt32](repeating: .max, count: buckets)
    previous.reserveCapacity(capacity)
  }

  /// The cube's coordinate of a length from the origin.
  private func cube(_ offset: Double) -> Int {
    Int((offset * cubesPerMillimetre).rounded(.down))
  }

  private func bucket(_ x: Int, _ y: Int, _ z: Int) -> Int {
    var h = UInt64(truncatingIfNeeded: x) &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 32) &+ UInt64(truncatingIfNeeded: y) &* 0xC2B2_AE3D_27D4_EB4F
    h = (h ^ h >> 29) &+ UInt64(truncatingIfNeeded: z) &* 0xBF58_476D_1CE4_E5B9
    h = (h ^ h >> 32) &* 0x94D0_49BB_1331_11EB
    return Int(truncatingIfNeeded: h >> 32) & mask
  }

  mutating func insert(_ position: SIMD3<Float>, as vertex: UInt32) {
    let offset = SIMD3<Double>(position) - origin
    let bucket = bucket(cube(offset.x), cube(offset.y), cube(offset.z))
    previous.append(heads[bucket])
    heads[bucket] = vertex
  }

  func lowestVertex(near position: SIMD3<Float>, _ kept: [SIMD3<Float>]) -> UInt32? {
    let point = SIMD3<Double>(position)
    let offset = point - origin
    let low = SIMD3(
      cube(offset.x - tolerance), cube(offset.y - tolerance), cube(offset.z - tolerance))
    let high = SIMD3(
      cube(offset.x + tolerance), cube(offset.y + tolerance), cube(offset.z + tolerance))
    var lowest = UInt32.max
    for z in low.z...high.z {
      for y in low.y...high.y {
        for x in low.x...high.x {
          var vertex = heads[bucket(x, y, z)]
          while vertex != .max {
            if vertex < lowest {
              let d = SIMD3<Double>(kept[Int(vertex)]) - point
              if dot(d, d) <= tolerance * tolerance { lowest = vertex }
            }
            vertex = previous[Int(vertex)]
          }
        }
      }
    }
    return lowest == .max ? nil : lowest
  }
}
