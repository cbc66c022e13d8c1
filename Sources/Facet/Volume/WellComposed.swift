// Labels are well-composed (Latecki, "3D well-composed pictures", 1997) when no four nodes of a square and no
// eight of a cube are labelled so that those inside meet across a diagonal only. Then the faces between inside
// and outside form a surface that is a 2-manifold everywhere.

extension LabelBlocks {
  /// Turns nodes inside until the labels are well-composed, those nearest to the surface first.
  ///
  /// Goes in rounds: all critical cubes choose by the labels at the round's start, so neither threads nor order
  /// matter. Nodes only ever turn inside, so it ends.
  ///
  /// - Parameter distance: How far from the surface a node is, by block and number in the block.
  /// - Returns: How many nodes were turned.
  mutating func makeWellComposed(
    _ run: RunContext, distance: @Sendable (_ block: Int, _ local: Int) -> Float
  ) throws(MeshError) -> Int {
    var turned = 0
    var dirty = Array(0..<UInt32(count))
    while !dirty.isEmpty {
      var touched: Set<UInt32> = []
      for (i, choice) in try choices(in: dirty, run, distance).joined().enumerated() {
        if i & 0xFFF == 0 { try run.checkCancellation() }
        let (block, local) = (Int(choice.block), Int(choice.local))
        if !isInside(block, local) { turned += 1 }
        turnInside(block, local, isSheet: choice.isSheet)
        // The cubes that the node is in begin here or one node earlier.
        for step in 0..<8 {
          let base = resolve(
            block, (local & 7) - (step & 1), (local >> 3 & 7) - (step >> 1 & 1),
            local >> 6 - (step >> 2))
          if base.block >= 0 { touched.insert(UInt32(base.block)) }
        }
      }
      dirty = touched.sorted()
    }
    return turned
  }

  private func choices(
    in blocks: [UInt32], _ run: RunContext, _ distance: @Sendable (Int, Int) -> Float
  ) throws(MeshError) -> [[Choice]] {
    try run.mapChunks(of: blocks.count, size: 128) { _, range in
      var choices: [Choice] = []
      for i in range { criticalCells(of: Int(blocks[i]), distance, &choices) }
      return choices
    }
  }

  /// A node to be turned inside.
  private struct Choice {
    var block: Int32
    var local: Int16
    var isSheet: Bool
  }

  /// Adds what the critical cubes that begin in a block choose.
  private func criticalCells(
    of block: Int, _ distance: (Int, Int) -> Float, _ choices: inout [Choice]
  ) {
    var lower = BitPlane(self, block, 0)
    for z in 0..<8 {
      let upper = BitPlane(self, block, z + 1)
      var cells = critical(lower, upper)
      while cells != 0 {
        let bit = cells.trailingZeroBitCount
        cells &= cells &- 1
        choose(block, bit & 7, bit >> 3, z, distance, &choices)
      }
      lower = upper
    }
  }

  private func choose(
    _ block: Int, _ x: Int, _ y: Int, _ z: Int, _ distance: (Int, Int) -> Float,
    _ choices: inout [Choice]
  ) {
    var nodes = [(block: Int32, local: Int)]()
    var mask: UInt8 = 0
    var hasSheet = false
    for corner in 0..<8 {
      let node = resolve(block, x + corner & 1, y + corner >> 1 & 1, z + corner >> 2)
      nodes.append(node)
      let inside =
        node.block >= 0
        ? isInside(Int(node.block), node.local) : node.block == LabelBlocks.absentInside
      if inside {
        mask |= 1 << UInt8(corner)
        if node.block >= 0 && isSheet(Int(node.block), node.local) { hasSheet = true }
      }
    }
    func turn(_ first: Int, _ second: Int) {
      func far(_ corner: Int) -> Float {
        let node = nodes[corner]
        return node.block >= 0 ? distance(Int(node.block), node.local) : .infinity
      }
      let node = nodes[far(second) < far(first) ? second : first]
      precondition(node.block >= 0, "labels differ at nodes outside all blocks")
      choices.append(Choice(block: node.block, local: Int16(node.local), isSheet: hasSheet))
    }
    for (a, b, c, d) in squares {
      let four = (mask >> a & 1, mask >> b & 1, mask >> c & 1, mask >> d & 1)
      // a and d are diagonal, so are b and c.
      if four == (1, 0, 0, 1) { turn(Int(b), Int(c)) }
      if four == (0, 1, 1, 0) { turn(Int(a), Int(d)) }
    }
    for corner in 0..<4 {
      let pair: UInt8 = 1 << UInt8(corner) | 1 << UInt8(7 - corner)
      if mask == ~pair { turn(corner, 7 - corner) }
      // Two nodes of one path along the cube's edges; the square that is then critical adds the other.
      if mask == pair { turn(corner ^ 1, corner ^ 2) }
    }
  }
}

/// The six sides of a cube of nodes, corner `x + 2 y + 4 z`.
private let squares: [(UInt8, UInt8, UInt8, UInt8)] = [
  (0, 1, 2, 3), (4, 5, 6, 7), (0, 1, 4, 5), (2, 3, 6, 7), (0, 2, 4, 6), (1, 3, 5, 7),
]

/// A plane of a block's nodes, and those one further along x, y and both.
struct BitPlane {
  let here: UInt64
  let x: UInt64
  let y: UInt64
  let xy: UInt64

  @inline(__always)
  init(_ here: UInt64, nextX: UInt64, nextY: UInt64, nextXY: UInt64) {
    let firstColumn: UInt64 = 0x0101_0101_0101_0101
    self.here = here
    x = (here &>> 1) & ~(firstColumn &<< 7) | (nextX & firstColumn) &<< 7
    let beyond = (nextY &>> 1) & ~(firstColumn &<< 7) | (nextXY & firstColumn) &<< 7
    y = here &>> 8 | nextY &<< 56
    xy = x &>> 8 | beyond &<< 56
  }

  /// `z` from 0 to 8.
  fileprivate init(_ labels: LabelBlocks, _ block: Int, _ z: Int) {
    func word(_ dx: Int, _ dy: Int) -> UInt64 {
      let other = labels.neighbours[block * 27 + (z / 8 + 1) * 9 + (dy + 1) * 3 + dx + 1]
      return other >= 0
        ? labels.inside[Int(other) * 8 + z & 7] : other == LabelBlocks.absentInside ? ~0 : 0
    }
    self.init(word(0, 0), nextX: word(1, 0), nextY: word(0, 1), nextXY: word(1, 1))
  }

  @inline(__always) var any: UInt64 { here | x | y | xy }
  @inline(__always) var all: UInt64 { here & x & y & xy }
}

/// The cubes between two planes that are critical.
@inline(__always)
private func critical(_ p: BitPlane, _ q: BitPlane) -> UInt64 {
  if (p.any | q.any) & ~(p.all & q.all) == 0 { return 0 }
  var result = diagonal(p.here, p.x, p.y, p.xy) | diagonal(q.here, q.x, q.y, q.xy)
  result |= diagonal(p.here, p.x, q.here, q.x) | diagonal(p.y, p.xy, q.y, q.xy)
  result |= diagonal(p.here, p.y, q.here, q.y) | diagonal(p.x, p.xy, q.x, q.xy)
  result |= antipodal(
    p.here, q.xy, p.x | p.y | p.xy | q.here | q.x | q.y, p.x & p.y & p.xy & q.here & q.x & q.y)
  result |= antipodal(
    p.x, q.y, p.here | p.y | p.xy | q.here | q.x | q.xy, p.here & p.y & p.xy & q.here & q.x & q.xy)
  result |= antipodal(
    p.y, q.x, p.here | p.x | p.xy | q.here | q.y | q.xy, p.here & p.x & p.xy & q.here & q.y & q.xy)
  result |= antipodal(
    p.xy, q.here, p.here | p.x | p.y | q.x | q.y | q.xy, p.here & p.x & p.y & q.x & q.y & q.xy)
  return result
}

/// `a` and `d` against `b` and `c`.
@inline(__always)
private func diagonal(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> UInt64 {
  ~(a ^ d) & ~(b ^ c) & (a ^ b)
}

@inline(__always)
private func antipodal(_ a: UInt64, _ b: UInt64, _ anyOther: UInt64, _ allOthers: UInt64) -> UInt64 {
  (a & b & ~anyOther) | (~a & ~b & allOthers)
}
