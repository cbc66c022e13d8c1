// Lattice edges that a surface crosses. A triangle, made a little thicker and larger, cuts an interval out of each
// lattice line; edges that meet the interval are walls. So triangles that share an edge leave no crack between
// them, however the numbers are rounded.

/// For each block 24 words: the edges from its nodes along x, y and z, a word a layer of 64 nodes.
struct Walls: Sendable {
  var words: [UInt64]

  static let perBlock = 24

  /// By how much triangles are thicker and larger, in voxels: far above rounding, far below a node's distance.
  fileprivate static let skin: Float = 1e-3

  /// - Parameters:
  ///   - bins: The triangles near each block; every block of them is in `grid`.
  ///   - grid: More blocks than those of `bins` have no walls.
  init(
    of mesh: Mesh, _ bins: BlockBins, in grid: SparseGrid, _ lattice: Lattice, _ run: RunContext
  ) throws(MeshError) {
    let count = grid.blocks.count
    words = try [UInt64](filling: count * Walls.perBlock) { (words) throws(MeshError) in
      try mesh.withView { (view) throws(MeshError) in
        let builder = WallBuilder(mesh: view, lattice: lattice)
        try run.forEachChunk(of: count, size: 16) { chunk, range in
          for block in range {
            let walls = words.base + block * Walls.perBlock
            walls.update(repeating: 0, count: Walls.perBlock)
            if let bin = bins.grid.block(grid.blocks[block]) {
              builder.build(grid.blocks[block], bins[bin], walls)
            }
          }
          if chunk & 31 == 0 { run.report(Double(range.lowerBound) / Double(count)) }
        }
      }
    }
  }

  mutating func formUnion(_ other: Walls) {
    for i in words.indices { words[i] |= other.words[i] }
  }
}

private struct WallBuilder: @unchecked Sendable {
  let mesh: MeshView
  let lattice: Lattice

  func build(
    _ coordinate: SIMD3<Int32>, _ triangles: ArraySlice<UInt32>, _ walls: UnsafeMutablePointer<UInt64>
  ) {
    let first = SIMD3<Double>(coordinate &* 8)
    triangles.withUnsafeBufferPointer { triangles in
      for f in triangles {
        let a = corner(3 * Int(f)) - first
        let b = corner(3 * Int(f) + 1) - first
        let c = corner(3 * Int(f) + 2) - first
        let x = NodeRange(a.x, b.x, c.x)
        let y = NodeRange(a.y, b.y, c.y)
        let z = NodeRange(a.z, b.z, c.z)
        let alongX = x.hasEdges && y.hasNodes && z.hasNodes
        let alongY = y.hasEdges && x.hasNodes && z.hasNodes
        let alongZ = z.hasEdges && x.hasNodes && y.hasNodes
        // Most triangles smaller than a voxel pass between the lines.
        guard alongX || alongY || alongZ else { continue }
        let prism = Prism(TriangleFrame(a, b, c))
        if alongX {
          let cut = LineCut(prism.perX)
          for w in z.nodes {
            for v in y.nodes {
              let edges = cut.edges(prism.start + prism.perY * Float(v) + prism.perZ * Float(w))
              walls[w] |= UInt64(edges) << UInt64(8 &* v)
            }
          }
        }
        if alongY {
          let cut = LineCut(prism.perY)
          for w in z.nodes {
            for u in x.nodes {
              let edges = cut.edges(prism.start + prism.perX * Float(u) + prism.perZ * Float(w))
              // Bit v of the edges goes to bit 8 v + u: seven bits apart the factor's copies do not meet.
              let spread = (UInt64(edges & 0x7F) &* 0x0002_0408_1020_4081) & 0x0001_0101_0101_0101
              walls[8 + w] |= (spread | UInt64(edges >> 7) << 56) << UInt64(u)
            }
          }
        }
        if alongZ {
          let cut = LineCut(prism.perZ)
          for v in y.nodes {
            for u in x.nodes {
              var edges = cut.edges(prism.start + prism.perX * Float(u) + prism.perY * Float(v))
              while edges != 0 {
                walls[16 + edges.trailingZeroBitCount] |= 1 << UInt64(8 &* v &+ u)
                edges &= edges &- 1
              }
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func corner(_ h: Int) -> SIMD3<Double> {
    lattice.local(mesh.positions[Int(mesh.corners[h])])
  }
}

/// The block's nodes that a triangle passes along an axis, and whether it meets edges of the block there.
private struct NodeRange {
  var first: Int
  var last: Int
  var hasEdges: Bool

  @inline(__always)
  init(_ a: Double, _ b: Double, _ c: Double) {
    let low = min(a, b, c) - Double(Walls.skin)
    let high = max(a, b, c) + Double(Walls.skin)
    hasEdges = low <= 8 && high >= 0
    first = Int(max(low, 0).rounded(.up).clamped(to: 0...8))
    last = Int(min(high, 7).rounded(.down).clamped(to: -1...7))
  }

  @inline(__always) var hasNodes: Bool { first <= last }
  @inline(__always) var nodes: ClosedRange<Int> { first...last }
}

extension Double {
  @inline(__always)
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

/// What is within a skin of a triangle, as linear functions that are 0 or less there: above and below the
/// plane, out of the three edges, past and before the longest edge (so that sharp corners stay short).
private struct Prism {
  var start: SIMD8<Float>
  let perX: SIMD8<Float>
  let perY: SIMD8<Float>
  let perZ: SIMD8<Float>

  @inline(__always)
  init(_ frame: TriangleFrame) {
    start = Prism.bounds(frame.start) - SIMD8(repeating: Walls.skin)
    start[7] = -1
    perX = Prism.bounds(frame.perX)
    perY = Prism.bounds(frame.perY)
    perZ = Prism.bounds(frame.perZ)
  }

  @inline(__always)
  private static func bounds(_ f: SIMD16<Float>) -> SIMD8<Float> {
    SIMD8(f[0], f[1], f[2], f[3], f[4], f[5], -f[0], 0)
  }
}

/// Cuts lattice lines along one axis.
private struct LineCut {
  private let inverse: SIMD8<Float>
  private let isLower: SIMDMask<SIMD8<Int32>>

  @inline(__always)
  init(_ slope: SIMD8<Float>) {
    // A function that hardly changes along the line bounds everything or nothing.
    isLower = slope .< 0
    let least = SIMD8<Float>(repeating: 1e-7)
    let size = greater(slope.replacing(with: -slope, where: isLower), least)
    inverse = (1 / size).replacing(with: -1 / size, where: isLower)
  }

  /// A bit for each of the eight edges of a line on which all functions, at its start as given, come to 0 or less.
  @inline(__always)
  func edges(_ start: SIMD8<Float>) -> UInt32 {
    let bound = -start * inverse
    let uppers = bound.replacing(with: 100, where: isLower)
    let lowers = SIMD8(repeating: -100).replacing(with: bound, where: isLower)
    let upper4 = lesser(uppers.lowHalf, uppers.highHalf)
    let lower4 = greater(lowers.lowHalf, lowers.highHalf)
    let upper = min(min(upper4.x, upper4.y), min(upper4.z, upper4.w))
    let lower = max(max(lower4.x, lower4.y), max(lower4.z, lower4.w))
    guard lower <= upper, lower < 8, upper >= 0 else { return 0 }
    let first = UInt32(max(lower, 0))
    let last = UInt32(min(upper, 7))
    return (2 << last) &- (1 << first)
  }
}
