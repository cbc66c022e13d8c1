/// Nodes of a cubic lattice in blocks of 8 × 8 × 8, only where they are needed.
///
/// Values of nodes are kept in arrays of `blocks.count * 512` elements: those of a block side by side, x
/// running fastest (``SparseGrid/index(block:node:)``).
package struct SparseGrid: Sendable {
  /// Nodes a block and axis.
  package static let side = 8
  package static let nodesPerBlock = 512
  /// Block coordinates are below this in magnitude, so three of them fit a key of 63 bits.
  package static let coordinateLimit: Int32 = 1 << 20

  /// The position of node (0, 0, 0), mm.
  package let origin: SIMD3<Float>
  /// The distance of neighbouring nodes, mm.
  package let voxel: Float
  /// Block coordinates, ascending by (z, y, x). Node = 8 * block + local.
  package let blocks: [SIMD3<Int32>]
  private let numbers: BlockNumbers

  /// - Parameter blocks: In any order; one that comes twice is taken once.
  package init(origin: SIMD3<Float>, voxel: Float, blocks: [SIMD3<Int32>]) {
    self.init(origin: origin, voxel: voxel, keys: blocks.map(BlockNumbers.key))
  }

  init(origin: SIMD3<Float>, voxel: Float, keys: [UInt64]) {
    self.origin = origin
    self.voxel = voxel
    let sorted = keys.sorted()
    var numbers = BlockNumbers(capacity: sorted.count)
    for key in sorted { _ = numbers.number(key) }
    blocks = numbers.keys.map(BlockNumbers.coordinate)
    self.numbers = numbers
  }

  package var nodeCount: Int { blocks.count * SparseGrid.nodesPerBlock }

  /// Where in ``blocks`` the block with these coordinates is.
  package func block(_ coordinate: SIMD3<Int32>) -> Int? {
    let limit = SIMD3<Int32>(repeating: SparseGrid.coordinateLimit)
    guard all(coordinate .< limit), all(coordinate .> (0 &- limit)) else { return nil }
    return numbers.find(BlockNumbers.key(coordinate))
  }

  /// The block's 26 neighbours and itself in the middle, -1 where there is none. The neighbour at
  /// (dx, dy, dz), each -1, 0 or 1, is at `13 + dx + 3 * dy + 9 * dz`.
  package func neighbours(of block: Int) -> InlineArray<27, Int32> {
    var found = InlineArray<27, Int32>(repeating: -1)
    let middle = blocks[block]
    var i = 0
    for dz in Int32(-1)...1 {
      for dy in Int32(-1)...1 {
        for dx in Int32(-1)...1 {
          if i == 13 {
            found[i] = Int32(block)
          } else if let b = self.block(middle &+ SIMD3(dx, dy, dz)) {
            found[i] = Int32(b)
          }
          i += 1
        }
      }
    }
    return found
  }

  /// The position of a node: the same bits for the same node, whichever way one came to it.
  @inline(__always)
  package func position(of node: SIMD3<Int32>) -> SIMD3<Float> {
    origin + voxel * SIMD3<Float>(node)
  }

  /// Where in arrays of node values a node is, or nil where it is in no block.
  package func index(of node: SIMD3<Int32>) -> Int? {
    guard let b = block(SparseGrid.block(of: node)) else { return nil }
    return SparseGrid.index(block: b, node: node)
  }

  /// The coordinates of the block that a node is in.
  @inline(__always)
  package static func block(of node: SIMD3<Int32>) -> SIMD3<Int32> { node &>> 3 }

  /// Where in arrays of node values a node of a block is; only its three lowest bits an axis count.
  @inline(__always)
  package static func index(block: Int, node: SIMD3<Int32>) -> Int {
    block &* nodesPerBlock &+ Int((node.z & 7) &* 64 &+ (node.y & 7) &* 8 &+ (node.x & 7))
  }

  /// The node at an index of arrays of node values.
  @inline(__always)
  package func node(at index: Int) -> SIMD3<Int32> {
    let local = Int32(truncatingIfNeeded: index & 511)
    return blocks[index >> 9] &* 8 &+ SIMD3(local & 7, (local >> 3) & 7, local >> 6)
  }
}

/// Numbers blocks in the order in which they come, through a table with open addressing over packed
/// coordinates. Keys in ascending order are blocks ascending by (z, y, x).
struct BlockNumbers: Sendable {
  private(set) var keys: [UInt64] = []
  /// A key and its number; no key is `.max`.
  private struct Slot: BitwiseCopyable {
    var key = UInt64.max
    var number: UInt32 = 0
  }
  private var slots: [Slot]
  private var shift: UInt64

  init(capacity: Int = 0) {
    var bits: UInt64 = 6
    while 1 << bits < capacity * 2 { bits += 1 }
    slots = [Slot](repeating: Slot(), count: 1 << bits)
    shift = 64 - bits
    keys.reserveCapacity(capacity)
  }

  @inline(__always)
  static func key(_ c: SIMD3<Int32>) -> UInt64 {
    let bias = SIMD3<Int32>(repeating: SparseGrid.coordinateLimit)
    let u = SIMD3<UInt32>(truncatingIfNeeded: c &+ bias)
    assert(all(u .< 1 << 21))
    return UInt64(u.z) << 42 | UInt64(u.y) << 21 | UInt64(u.x)
  }

  @inline(__always)
  static func coordinate(_ key: UInt64) -> SIMD3<Int32> {
    let mask: UInt64 = 1 << 21 - 1
    let u = SIMD3<Int32>(
      Int32(truncatingIfNeeded: key & mask), Int32(truncatingIfNeeded: key >> 21 & mask),
      Int32(truncatingIfNeeded: key >> 42))
    return u &- SIMD3(repeating: SparseGrid.coordinateLimit)
  }

  @inline(__always)
  private func home(_ key: UInt64) -> Int {
    // The high bits of a product by the golden ratio differ where low ones of the factor do.
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }

  func find(_ key: UInt64) -> Int? {
    slots.withUnsafeBufferPointer { slots in
      var i = home(key)
      while true {
        let slot = slots[i]
        if slot.key == key { return Int(slot.number) }
        if slot.key == .max { return nil }
        i = (i + 1) & (slots.count - 1)
      }
    }
  }

  /// The key's number; a new key gets the next one.
  mutating func number(_ key: UInt64) -> Int {
    let (first, next) = (home(key), keys.count)
    let number = slots.withUnsafeMutableBufferPointer { slots -> Int in
      var i = first
      while true {
        let slot = slots[i]
        if slot.key == key { return Int(slot.number) }
        if slot.key == .max {
          slots[i] = Slot(key: key, number: UInt32(next))
          return next
        }
        i = (i + 1) & (slots.count - 1)
      }
    }
    if number == next {
      keys.append(key)
      if keys.count * 2 > slots.count { grow() }
    }
    return number
  }

  private mutating func grow() {
    shift -= 1
    slots = [Slot](repeating: Slot(), count: slots.count * 2)
    for (number, key) in keys.enumerated() {
      var i = home(key)
      while slots[i].key != .max { i = (i + 1) & (slots.count - 1) }
      slots[i] = Slot(key: key, number: UInt32(number))
    }
  }
}
