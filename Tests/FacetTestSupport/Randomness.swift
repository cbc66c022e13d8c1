import Facet

/// SplitMix64: the same numbers on every machine and every run.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Mesh {
  /// Random triangles over the corners of an integer grid of `side` points a side: full of shared edges,
  /// non-manifold edges, duplicates, flipped neighbours and coplanar overlaps; degenerate ones if allowed.
  public static func gridSoup(
    triangles count: Int, side: Int, seed: UInt64, allowingDegenerate: Bool = false
  ) -> Mesh {
    var generator = SeededGenerator(seed: seed)
    var positions: [SIMD3<Float>] = []
    for z in 0..<side {
      for y in 0..<side { for x in 0..<side { positions.append(SIMD3(Float(x), Float(y), Float(z))) } }
    }
    var triangles: [Triangle] = []
    while triangles.count < count {
      let pick = { UInt32.random(in: 0..<UInt32(positions.count), using: &generator) }
      let t = Triangle(pick(), pick(), pick())
      if allowingDegenerate || !t.isDegenerate { triangles.append(t) }
    }
    return try! Mesh(positions: positions, triangles: triangles)
  }

  /// `count` loose random triangles in the unit cube, about `size` across.
  public static func randomSoup(triangles count: Int, size: Float = 0.2, seed: UInt64) -> Mesh {
    var generator = SeededGenerator(seed: seed)
    func point(_ range: ClosedRange<Float>) -> SIMD3<Float> {
      SIMD3(
        .random(in: range, using: &generator), .random(in: range, using: &generator),
        .random(in: range, using: &generator))
    }
    var positions: [SIMD3<Float>] = []
    for _ in 0..<count {
      let center = point(0...1)
      for _ in 0..<3 { positions.append(center + point(-size...size)) }
    }
    return try! Mesh(
      positions: positions,
      triangles: (0..<UInt32(count)).map { Triangle(3 * $0, 3 * $0 + 1, 3 * $0 + 2) })
  }
}
