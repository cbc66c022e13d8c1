// Rooms: what one can reach within a block without passing a wall. Within a block they are found by filling 64
// nodes at a time; from block to block, and through the empty space between blocks, they are joined by
// disjoint sets whose first set is the outside.

/// The nodes of a block, a bit each, a word a layer.
typealias BlockMask = SIMD8<UInt64>

extension BlockMask {
  static var everything: BlockMask { BlockMask(repeating: .max) }

  @inline(__always)
  func contains(_ local: Int) -> Bool { self[local >> 6] >> UInt64(local & 63) & 1 != 0 }

  /// The 64 nodes of a face: 0 and 1 across x, 2 and 3 across y, 4 and 5 across z, lower face first.
  func face(_ face: Int) -> UInt64 {
    var bits: UInt64 = 0
    switch face {
    case 4: return self[0]
    case 5: return self[7]
    case 0, 1:
      let shift: UInt64 = face == 0 ? 0 : 7
      for z in 0..<8 {
        let column = self[z] >> shift & 0x0101_0101_0101_0101
        bits |= ((column &* 0x0102_0408_1020_4080) >> 56) << UInt64(8 * z)
      }
    default:
      let shift: UInt64 = face == 2 ? 0 : 56
      for z in 0..<8 { bits |= (self[z] >> shift & 0xFF) << UInt64(8 * z) }
    }
    return bits
  }
}

/// The rooms of all blocks, and which of them are one.
struct Rooms: Sendable {
  /// For each room its nodes; those of one block together.
  private(set) var masks: [BlockMask]
  /// Where each block's rooms begin, and at last their count.
  private(set) var starts: [Int]
  let space: EmptySpace
  /// Set 0 is the outside, then the runs of empty blocks, then the rooms.
  private var sets: DisjointSets

  /// No room at all.
  init() {
    masks = []
    starts = [0]
    space = EmptySpace(SparseGrid(origin: .zero, voxel: 1, blocks: []))
    sets = DisjointSets(count: 1)
  }

  /// - Parameters:
  ///   - open: For each block the nodes that may be passed at all; nil for all.
  init(
    _ grid: SparseGrid, _ neighbours: [InlineArray<27, Int32>], _ walls: Walls, open: [BlockMask]? = nil,
    _ run: RunContext
  ) throws(MeshError) {
    let found = try run.mapChunks(of: grid.blocks.count, size: 64) { _, range in
      var masks: [BlockMask] = []
      var counts: [Int] = []
      walls.words.withUnsafeBufferPointer { words in
        for block in range {
          let before = masks.count
          fillRooms(words.baseAddress! + block * Walls.perBlock, open?[block] ?? .everything, &masks)
          counts.append(masks.count - before)
        }
      }
      return (masks, counts)
    }
    masks = []
    masks.reserveCapacity(found.reduce(0) { $0 + $1.0.count })
    starts = [0]
    for (part, counts) in found {
      masks += part
      for count in counts { starts.append(starts.last! + count) }
    }
    run.report(0.5)
    space = EmptySpace(grid)
    sets = DisjointSets(count: space.count + masks.count)
    space.join(in: &sets)
    for block in grid.blocks.indices {
      if block & 0xFFF == 0 { try run.checkCancellation() }
      joinFaces(of: block, grid, neighbours[block], walls)
    }
    run.report(1)
  }

  private mutating func joinFaces(
    of block: Int, _ grid: SparseGrid, _ near: InlineArray<27, Int32>, _ walls: Walls
  ) {
    for axis in 0..<3 {
      let step = axis == 0 ? 1 : axis == 1 ? 3 : 9
      let offset = SIMD3<Int32>(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0)
      let next = Int(near[13 + step])
      let upper = 2 * axis + 1
      let w = block * Walls.perBlock + axis * 8
      let isWall = BlockMask(
        walls.words[w], walls.words[w + 1], walls.words[w + 2], walls.words[w + 3], walls.words[w + 4],
        walls.words[w + 5], walls.words[w + 6], walls.words[w + 7])
      let open = ~isWall.face(upper)
      if next >= 0 {
        for a in starts[block]..<starts[block + 1] {
          let side = masks[a].face(upper) & open
          if side == 0 { continue }
          for b in starts[next]..<starts[next + 1] where side & masks[b].face(upper - 1) != 0 {
            sets.join(set(ofRoom: a), set(ofRoom: b))
          }
        }
      } else {
        let run = space.run(at: grid.blocks[block] &+ offset, in: grid)
        for a in starts[block]..<starts[block + 1] where masks[a].face(upper) & open != 0 {
          sets.join(set(ofRoom: a), run)
        }
      }
      if near[13 - step] < 0 {
        let run = space.run(at: grid.blocks[block] &- offset, in: grid)
        for a in starts[block]..<starts[block + 1] where masks[a].face(upper - 1) != 0 {
          sets.join(set(ofRoom: a), run)
        }
      }
    }
  }

  @inline(__always)
  private func set(ofRoom room: Int) -> UInt32 { UInt32(space.count + room) }

  /// The set that a room is in, named by its least member; 0 for the outside.
  mutating func set(of room: Int) -> Int { Int(sets.root(set(ofRoom: room))) }

  mutating func set(ofRun run: Int) -> Int { Int(sets.root(UInt32(run))) }

  func rooms(of block: Int) -> Range<Int> { starts[block]..<starts[block + 1] }
}

/// Appends the rooms of one block: its nodes of `open`, parted by walls.
private func fillRooms(_ walls: UnsafePointer<UInt64>, _ open: BlockMask, _ rooms: inout [BlockMask]) {
  let rest = open
  var anyWall: UInt64 = 0
  for i in 0..<Walls.perBlock { anyWall |= walls[i] }
  if anyWall == 0 && open == .everything {
    rooms.append(rest)
    return
  }
  withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 40) { buffer in
    let (room, alongX, alongY, alongZ, left) = (
      buffer.baseAddress!, buffer.baseAddress! + 8, buffer.baseAddress! + 16, buffer.baseAddress! + 24,
      buffer.baseAddress! + 32
    )
    for z in 0..<8 {
      // Edges that leave the block have no part in it.
      alongX[z] = ~walls[z] & 0x7F7F_7F7F_7F7F_7F7F
      alongY[z] = ~walls[8 + z] & 0x00FF_FFFF_FFFF_FFFF
      alongZ[z] = z < 7 ? ~walls[16 + z] : 0
      left[z] = rest[z]
    }
    for first in 0..<8 {
      while left[first] != 0 {
        for z in 0..<8 { room[z] = 0 }
        room[first] = left[first] & (0 &- left[first])
        var changed = true
        while changed {
          changed = false
          for z in 0..<8 {
            var layer = room[z]
            if z > 0 { layer |= room[z - 1] & alongZ[z - 1] }
            if z < 7 { layer |= room[z + 1] & alongZ[z] }
            layer &= left[z]
            if layer == room[z] && !(z == first && !changed) { continue }
            layer = spread(layer, alongX[z], alongY[z], left[z])
            if layer != room[z] {
              room[z] = layer
              changed = true
            }
          }
          for z in (0..<7).reversed() {
            let layer = (room[z] | room[z + 1] & alongZ[z]) & left[z]
            if layer == room[z] { continue }
            room[z] = spread(layer, alongX[z], alongY[z], left[z])
            changed = true
          }
        }
        var mask = BlockMask.zero
        for z in 0..<8 {
          mask[z] = room[z]
          left[z] &= ~room[z]
        }
        rooms.append(mask)
      }
    }
  }
}

/// What can be reached from some nodes of a layer.
@inline(__always)
private func spread(_ from: UInt64, _ alongX: UInt64, _ alongY: UInt64, _ open: UInt64) -> UInt64 {
  var layer = from
  while true {
    var next = layer | (layer & alongX) << 1 | layer >> 1 & alongX
    next |= (next & alongY) << 8 | next >> 8 & alongY
    next &= open
    if next == layer { return layer }
    layer = next
  }
}

/// The space that no block covers: runs of empty blocks along x. Run 0 is the outside: whatever is before the
/// first or after the last block of a row, and rows without a block.
struct EmptySpace: Sendable {
  /// Run 0 and those between blocks of a row.
  private(set) var count = 1
  /// The rows that have blocks, by a key of their y and z.
  private var rows = BlockNumbers()
  /// Where each row begins in the grid's blocks, and at last their count.
  private var starts: [Int] = []
  /// The x of each row's first and last block.
  private var ends: [SIMD2<Int32>] = []
  /// For each block the run before it; 0 also where there is none.
  private var before: [UInt32] = []
  private var spans: [(row: Int, low: Int32, high: Int32)] = [(0, 0, 0)]

  init(_ grid: SparseGrid) {
    before.reserveCapacity(grid.blocks.count)
    for (i, b) in grid.blocks.enumerated() {
      let row = rows.number(BlockNumbers.key(SIMD3(0, b.y, b.z)))
      if row == starts.count {
        starts.append(i)
        ends.append(SIMD2(b.x, b.x))
        before.append(0)
        continue
      }
      ends[row].y = b.x
      let gap = grid.blocks[i - 1].x + 1
      if gap == b.x {
        before.append(0)
      } else {
        before.append(UInt32(count))
        spans.append((row, gap, b.x - 1))
        count += 1
      }
    }
    starts.append(grid.blocks.count)
  }

  /// The run that a block which is not in the grid is in.
  func run(at block: SIMD3<Int32>, in grid: SparseGrid) -> UInt32 {
    guard let row = row(block.y, block.z) else { return 0 }
    var (low, high) = (starts[row], starts[row + 1])
    while low < high {
      let middle = (low + high) / 2
      if grid.blocks[middle].x < block.x { low = middle + 1 } else { high = middle }
    }
    return low == starts[row + 1] ? 0 : before[low]
  }

  private func row(_ y: Int32, _ z: Int32) -> Int? {
    let limit = SparseGrid.coordinateLimit
    guard max(abs(y), abs(z)) < limit else { return nil }
    return rows.find(BlockNumbers.key(SIMD3(0, y, z)))
  }

  /// Joins runs that touch.
  func join(in sets: inout DisjointSets) {
    // Spans of a row are numbered one after another.
    var spansOfRow = [Range<Int>](repeating: 0..<0, count: starts.count - 1)
    for i in spans.indices.dropFirst() {
      let row = spans[i].row
      spansOfRow[row] = (spansOfRow[row].isEmpty ? i : spansOfRow[row].lowerBound)..<i + 1
    }
    for (r, key) in rows.keys.enumerated() where !spansOfRow[r].isEmpty {
      let at = BlockNumbers.coordinate(key)
      for (dy, dz) in [(Int32(-1), Int32(0)), (1, 0), (0, -1), (0, 1)] {
        guard let other = row(at.y + dy, at.z + dz) else {
          for i in spansOfRow[r] { sets.join(0, UInt32(i)) }
          continue
        }
        for i in spansOfRow[r] where spans[i].low < ends[other].x || spans[i].high > ends[other].y {
          sets.join(0, UInt32(i))
        }
        joinRow(spansOfRow[r], spansOfRow[other], in: &sets)
      }
    }
  }

  private func joinRow(_ own: Range<Int>, _ others: Range<Int>, in sets: inout DisjointSets) {
    var j = others.lowerBound
    for i in own {
      while j < others.upperBound, spans[j].high < spans[i].low { j += 1 }
      var k = j
      while k < others.upperBound, spans[k].low <= spans[i].high {
        sets.join(UInt32(i), UInt32(k))
        k += 1
      }
    }
  }

  /// The block in the middle of a run, other than 0.
  func middle(of run: Int) -> SIMD3<Int32> {
    let span = spans[run]
    let row = BlockNumbers.coordinate(rows.keys[span.row])
    return SIMD3(span.low + (span.high - span.low) / 2, row.y, row.z)
  }
}
