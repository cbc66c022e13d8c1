/// Boxes as cells of a coarse lattice: tells quickly that a triangle meets none of them.
struct RegionCells: Sendable {
  private static let side = 128
  private let origin: SIMD3<Float>
  private let scale: SIMD3<Float>
  /// What meets a box meets this one.
  let bounds: Box
  /// A row of cells along x is two words.
  private var bits: [UInt64]
  /// The cells from which one of those is at most two steps back or one step on, along each axis.
  private var near: [UInt64]

  init(_ boxes: [Box]) {
    var bounds = Box.empty
    for box in boxes { bounds.formUnion(box) }
    self.bounds = bounds
    origin = bounds.isEmpty ? .zero : bounds.minimum
    let size = bounds.size
    func scale(_ size: Float) -> Float { size > 0 ? Float(RegionCells.side) / size : 0 }
    self.scale = SIMD3(scale(size.x), scale(size.y), scale(size.z))
    bits = Array(repeating: 0, count: RegionCells.side * RegionCells.side * 2)
    near = bits
    var rest = 1 << 20
    for box in boxes where !box.isEmpty {
      let (low, high) = (cell(box.minimum), cell(box.maximum))
      rest -= Int(high.y - low.y + 1) * Int(high.z - low.z + 1)
      if rest < 0 {
        // Where most is near some region there is nothing to be gained.
        bits = Array(repeating: .max, count: bits.count)
        near = bits
        return
      }
      forEachWord(low, high) { bits[$0] |= $1 }
      let last = SIMD3<UInt32>(repeating: UInt32(RegionCells.side - 1))
      let first = (low &- 2).replacing(with: 0, where: low .< 2)
      forEachWord(first, (high &+ 1).replacing(with: last, where: high .>= last)) { near[$0] |= $1 }
    }
  }

  /// Monotone in each coordinate, so boxes that meet have a cell in common.
  @inline(__always)
  private func cell(_ p: SIMD3<Float>) -> SIMD3<UInt32> {
    let zero = SIMD3<Float>.zero
    let last = SIMD3<Float>(repeating: Float(RegionCells.side - 1))
    var at = (p - origin) * scale
    // Neither NaN, of what is too far away, nor anything below zero.
    at = zero.replacing(with: at, where: at .> zero)
    at = at.replacing(with: last, where: at .> last)
    // From 2^23 on the last bit of a Float is worth 1.
    return unsafeBitCast(at + 0x1p23, to: SIMD3<UInt32>.self) & 0xFF
  }

  /// Calls `body` with the words that have cells of a block, and their bits.
  @inline(__always)
  private func forEachWord(_ low: SIMD3<UInt32>, _ high: SIMD3<UInt32>, _ body: (Int, UInt64) -> Void) {
    for half in (low.x >> 6)...(high.x >> 6) {
      let first = half == low.x >> 6 ? low.x & 63 : 0
      let last = half == high.x >> 6 ? high.x & 63 : 63
      let mask = UInt64.max &<< UInt64(first) & UInt64.max &>> UInt64(63 &- last)
      for z in low.z...high.z {
        for y in low.y...high.y { body((Int(z) * RegionCells.side + Int(y)) * 2 + Int(half), mask) }
      }
    }
  }

  /// For each position its cell, a byte an axis; in the top bit whether a triangle with a corner there that is not much
  /// larger than a cell may meet a region, and in the next whether one within that cell may.
  func marks(of positions: [SIMD3<Float>], _ run: RunContext) throws(MeshError) -> [UInt32] {
    try [UInt32](filling: positions.count) { (marks) throws(MeshError) in
      try run.forEachChunk(of: positions.count, size: 1 << 16) { _, range in
        positions.withUnsafeBufferPointer { positions in
          near.withUnsafeBufferPointer { near in
            bits.withUnsafeBufferPointer { bits in
              for v in range {
                let at = cell(positions[v])
                let word = (Int(at.z) * RegionCells.side + Int(at.y)) * 2 + Int(at.x >> 6)
                let shift = UInt64(at.x & 63)
                let isNear = UInt32(truncatingIfNeeded: near[word] &>> shift & 1)
                let isInside = UInt32(truncatingIfNeeded: bits[word] &>> shift & 1)
                marks[v] = at.x | at.y << 8 | at.z << 16 | isInside << 30 | isNear << 31
              }
            }
          }
        }
      }
    }
  }

  /// False when a triangle meets no region, going by its corners' marks: their cells are those of its box.
  @inline(__always)
  func mayTouch(_ a: UInt32, _ b: UInt32, _ c: UInt32) -> Bool {
    // All in one cell, as most are.
    if ((a ^ b) | (a ^ c)) & 0x7F_7F_7F == 0 { return a >> 30 & 1 != 0 }
    if RegionCells.isFar(a, b, c) { return false }
    let (low, high) = (
      SIMD3(
        min(a & 0x7F, b & 0x7F, c & 0x7F), min(a >> 8 & 0x7F, b >> 8 & 0x7F, c >> 8 & 0x7F),
        min(a >> 16 & 0x7F, b >> 16 & 0x7F, c >> 16 & 0x7F)),
      SIMD3(
        max(a & 0x7F, b & 0x7F, c & 0x7F), max(a >> 8 & 0x7F, b >> 8 & 0x7F, c >> 8 & 0x7F),
        max(a >> 16 & 0x7F, b >> 16 & 0x7F, c >> 16 & 0x7F))
    )
    // What is large is looked at more closely.
    if high.y - low.y > 3 || high.z - low.z > 3 { return true }
    var found: UInt64 = 0
    bits.withUnsafeBufferPointer { bits in
      forEachWord(low, high) { found |= bits[$0] & $1 }
    }
    return found != 0
  }

  /// Whether a triangle meets no region, going by the first corner's mark alone: it is nowhere near one.
  @inline(__always)
  private static func isFar(_ a: UInt32, _ b: UInt32, _ c: UInt32) -> Bool {
    // The other corners at most one cell back or two on.
    a >> 31 == 0 && (spread(from: a, to: b) | spread(from: a, to: c)) & 0xFC_FC_FC == 0
  }

  /// Of each byte by how much the second is larger than the first, plus 1: 0 to 3, or else some higher bit is set
  /// in the least byte of which that does not hold.
  @inline(__always)
  private static func spread(from a: UInt32, to b: UInt32) -> UInt32 {
    ((b | 0x80_80_80) & 0xFF_FF_FF) &- (a & 0x7F_7F_7F) &- 0x7F_7F_7F
  }
}
