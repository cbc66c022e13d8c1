/// Which nodes of a lattice are inside, a bit each, and how their blocks lie together.
///
/// A block that is not there is inside or outside as a whole: where two neighbouring nodes differ, both are in
/// blocks. So what an absent neighbour is follows from the nodes that it touches.
struct LabelBlocks: Sendable {
  let origin: SIMD3<Float>
  let voxel: Float
  private(set) var coordinates: [SIMD3<Int32>]
  /// Eight planes a block, in plane `z` bit `8 * y + x`.
  private(set) var inside: [UInt64]
  /// As ``inside``: nodes that are inside only because a surface without thickness is near.
  private(set) var sheets: [UInt64]
  /// For each block the 27 around it, itself in the middle, x fastest.
  private(set) var neighbours: [Int32]
  /// Blocks that came later.
  private var later: [SIMD3<Int32>: Int32] = [:]

  static let absentOutside: Int32 = -1
  static let absentInside: Int32 = -2
  static let itself = 13

  init(_ labels: SolidLabels, _ run: RunContext) throws(MeshError) {
    let grid = labels.grid
    let count = grid.blocks.count
    origin = grid.origin
    voxel = grid.voxel
    coordinates = grid.blocks
    var sheets = [UInt64](repeating: 0, count: count * 8)
    inside = try [UInt64](filling: count * 8) { (inside) throws(MeshError) in
      try sheets.withSharedElements { (sheets) throws(MeshError) in
        try labels.flags.withUnsafeBufferPointer { (flags) throws(MeshError) in
          let flags = SharedBytes(base: UnsafeRawBufferPointer(flags))
          try run.forEachChunk(of: count * 8, size: 4096) { _, range in
            for plane in range {
              var insideBits: UInt64 = 0
              var sheetBits: UInt64 = 0
              for row in 0..<8 {
                let bytes = flags.base.loadUnaligned(
                  fromByteOffset: (plane &* 8 &+ row) &* 8, as: UInt64.self)
                insideBits |= gatherBits(bytes) &<< UInt64(row &* 8)
                sheetBits |= gatherBits(bytes &>> 1) &<< UInt64(row &* 8)
              }
              inside[plane] = insideBits
              sheets[plane] = sheetBits & insideBits
            }
          }
        }
      }
    }
    self.sheets = sheets
    neighbours = try LabelBlocks.links(grid, inside, run)
  }

  /// - Parameter inside: Bits, eight planes a block of the grid. Where two neighbouring nodes differ, all nodes of the
  ///   cubes that have both are in blocks.
  init(_ grid: SparseGrid, inside: [UInt64], _ run: RunContext) throws(MeshError) {
    origin = grid.origin
    voxel = grid.voxel
    coordinates = grid.blocks
    self.inside = inside
    sheets = [UInt64](repeating: 0, count: inside.count)
    neighbours = try LabelBlocks.links(grid, inside, run)
  }

  private static func links(
    _ grid: SparseGrid, _ inside: [UInt64], _ run: RunContext
  ) throws(MeshError) -> [Int32] {
    try [Int32](filling: grid.blocks.count * 27) { (neighbours) throws(MeshError) in
      try run.forEachChunk(of: grid.blocks.count, size: 256) { _, range in
        for block in range {
          link(block, grid, inside, neighbours)
        }
      }
    }
  }

  var count: Int { coordinates.count }

  /// The node's block and its number there; `x`, `y` and `z` from -8 to 15. A negative block is an absent one.
  func resolve(_ block: Int, _ x: Int, _ y: Int, _ z: Int) -> (block: Int32, local: Int) {
    let direction = ((z >> 3) + 1) * 9 + ((y >> 3) + 1) * 3 + (x >> 3) + 1
    return (neighbours[block * 27 + direction], (z & 7) * 64 + (y & 7) * 8 + (x & 7))
  }

  func isInside(_ block: Int, _ local: Int) -> Bool {
    inside[block * 8 + local >> 6] & 1 << UInt64(local & 63) != 0
  }

  func isSheet(_ block: Int, _ local: Int) -> Bool {
    sheets[block * 8 + local >> 6] & 1 << UInt64(local & 63) != 0
  }

  /// Turns a node inside, and sees to it that all 26 nodes around it are in blocks.
  mutating func turnInside(_ block: Int, _ local: Int, isSheet: Bool) {
    let bit: UInt64 = 1 << UInt64(local & 63)
    inside[block * 8 + local >> 6] |= bit
    if isSheet { sheets[block * 8 + local >> 6] |= bit }
    let (x, y, z) = (local & 7, local >> 3 & 7, local >> 6)
    for direction in 0..<27 {
      let (dx, dy, dz) = (direction % 3 - 1, direction / 3 % 3 - 1, direction / 9 - 1)
      let touches = isAtEnd(x, dx) && isAtEnd(y, dy) && isAtEnd(z, dz)
      if touches && neighbours[block * 27 + direction] < 0 { add(block, direction) }
    }
  }

  private func isAtEnd(_ coordinate: Int, _ step: Int) -> Bool {
    step == 0 || coordinate == (step > 0 ? 7 : 0)
  }

  /// Makes an absent neighbour present.
  mutating func add(_ block: Int, _ direction: Int) {
    let label = neighbours[block * 27 + direction]
    let new = count
    let coordinate = coordinates[block] &+ SIMD3(step: direction)
    coordinates.append(coordinate)
    later[coordinate] = Int32(new)
    inside.append(contentsOf: repeatElement(label == LabelBlocks.absentInside ? ~0 : 0, count: 8))
    sheets.append(contentsOf: repeatElement(0, count: 8))
    // Its absent neighbours are as it is, unless one that is present and touches them knows better.
    neighbours.append(contentsOf: repeatElement(label, count: 27))
    neighbours[new * 27 + LabelBlocks.itself] = Int32(new)
    // Whoever is around it: at most two steps from `block`, found through blocks that are present.
    for d in 0..<27 where d != LabelBlocks.itself {
      let other = index(of: coordinate &+ SIMD3(step: d))
      if other >= 0 {
        neighbours[new * 27 + d] = other
        neighbours[Int(other) * 27 + 26 - d] = Int32(new)
      }
    }
    for d in 0..<27 where neighbours[new * 27 + d] < 0 {
      for f in LabelBlocks.faces {
        let face = neighbours[new * 27 + f]
        let rest = SIMD3<Int32>(step: d) &- SIMD3(step: f)
        guard face >= 0, rest.isStep else { continue }
        let known = neighbours[Int(face) * 27 + rest.direction]
        if known < 0 { neighbours[new * 27 + d] = known }
      }
    }
  }

  /// The directions of the six blocks beside one.
  static let faces = [4, 10, 12, 14, 16, 22]

  private func index(of coordinate: SIMD3<Int32>) -> Int32 {
    if let found = later[coordinate] { return found }
    return lookup(coordinate)
  }

  /// Blocks are ascending by (z, y, x) as far as the grid made them.
  private func lookup(_ c: SIMD3<Int32>) -> Int32 {
    var low = 0
    var high = count - later.count
    while low < high {
      let middle = (low + high) / 2
      let m = coordinates[middle]
      if (m.z, m.y, m.x) < (c.z, c.y, c.x) { low = middle + 1 } else { high = middle }
    }
    return low < count - later.count && coordinates[low] == c ? Int32(low) : -1
  }
}

/// Fills in the neighbours of one block.
private func link(
  _ block: Int, _ grid: SparseGrid, _ inside: [UInt64], _ neighbours: SharedElements<Int32>
) {
  let coordinate = grid.blocks[block]
  let first = block * 27
  // By the number of axes: what is absent is as what it touches, which has one axis less.
  for axes in 0...3 {
    for direction in 0..<27 {
      let step = SIMD3<Int32>(step: direction)
      let own = (step.x != 0 ? 1 : 0) + (step.y != 0 ? 1 : 0) + (step.z != 0 ? 1 : 0)
      if own != axes { continue }
      if axes == 0 {
        neighbours[first + direction] = Int32(block)
        continue
      }
      if let present = grid.block(coordinate &+ step) {
        neighbours[first + direction] = Int32(present)
        continue
      }
      // One axis back.
      var back = step
      var node = 0
      if step.x != 0 {
        back.x = 0
        node = step.x > 0 ? 7 : 0
      } else if step.y != 0 {
        back.y = 0
        node = step.y > 0 ? 7 * 8 : 0
      } else {
        back.z = 0
        node = step.z > 0 ? 7 * 64 : 0
      }
      let nearer = neighbours[first + back.direction]
      if nearer < 0 {
        neighbours[first + direction] = nearer
      } else {
        let word = inside[Int(nearer) * 8 + node >> 6]
        neighbours[first + direction] =
          word & 1 << UInt64(node & 63) != 0 ? LabelBlocks.absentInside : LabelBlocks.absentOutside
      }
    }
  }
}

extension SIMD3<Int32> {
  /// The step to one of the 27 blocks around.
  init(step direction: Int) {
    self.init(Int32(direction % 3 - 1), Int32(direction / 3 % 3 - 1), Int32(direction / 9 - 1))
  }

  fileprivate var direction: Int { Int(z + 1) * 9 + Int(y + 1) * 3 + Int(x + 1) }
  fileprivate var isStep: Bool { abs(x) <= 1 && abs(y) <= 1 && abs(z) <= 1 }
}

/// Bit 0 of each of eight bytes, the first one lowest.
@inline(__always)
private func gatherBits(_ bytes: UInt64) -> UInt64 {
  ((bytes & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) &>> 56
}

private struct SharedBytes: @unchecked Sendable {
  let base: UnsafeRawBufferPointer
}
