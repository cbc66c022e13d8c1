// Surface that bounds no inside node, because it has no thickness or less than a voxel, is made a plate, see
// SheetPlate.

extension LabelBuilder {
  mutating func thickenSheets(_ run: RunContext) throws(MeshError) {
    let snapshot = self
    let crossed = try run.mapChunks(of: grid.blocks.count, size: 64) { _, range in
      var found: [NodePlace] = []
      for block in range { snapshot.findCrossed(block, &found) }
      return found
    }
    for nodes in crossed { for node in nodes { addSheet(node) } }
    run.report(0.3)
    // A plate reaches this many nodes beyond where the mesh crosses an edge.
    if !crossed.allSatisfy(\.isEmpty) { for _ in 0..<2 { try growSheets(run) } }
    run.report(0.4)
    try coverSurface(run.slice(0.4...1))
  }

  private mutating func addSheet(_ node: NodePlace) {
    let bit: UInt64 = 1 << UInt64(node.local & 63)
    if inside[node.block][node.local >> 6] & bit == 0 { sheet[node.block][node.local >> 6] |= bit }
    inside[node.block][node.local >> 6] |= bit
  }

  /// Edges that the mesh crosses although both their ends are outside, and that no short way around connects: of
  /// each, the end nearer to the mesh.
  private func findCrossed(_ block: Int, _ found: inout [NodePlace]) {
    let outside = ~inside[block]
    if outside == .zero { return }
    for axis in 0..<3 {
      for z in 0..<8 {
        var bits = surface.words[block * Walls.perBlock + axis * 8 + z] & outside[z]
        // Within the block the other end's bit is at hand.
        if axis == 0 { bits &= outside[z] >> 1 | 0x8080_8080_8080_8080 }
        if axis == 1 { bits &= outside[z] >> 8 | 0xFF00_0000_0000_0000 }
        if axis == 2 && z < 7 { bits &= outside[z + 1] }
        while bits != 0 {
          let local = z * 64 + bits.trailingZeroBitCount
          bits &= bits &- 1
          let p = NodePlace(block: block, local: local)
          guard let q = step(p, axis, 1), !isInside(q), !hasWayAround(p, q, axis) else { continue }
          found.append(distance(q.block, q.local) < distance(block, local) ? q : p)
        }
      }
    }
  }

  @inline(__always)
  private func step(_ p: NodePlace, _ axis: Int, _ by: Int) -> NodePlace? {
    place(
      p.block, p.x + (axis == 0 ? by : 0), p.y + (axis == 1 ? by : 0), p.z + (axis == 2 ? by : 0))
  }

  /// Whether three other edges lead from `p` to `q`, its neighbour along `axis`: then the surface only bulges
  /// across this edge, or ends beside it.
  private func hasWayAround(_ p: NodePlace, _ q: NodePlace, _ axis: Int) -> Bool {
    for other in 0..<3 where other != axis {
      if !isWall(p, other) && !isWall(q, other) && isPassable(step(p, other, 1), step(q, other, 1), axis) {
        return true
      }
      let (p1, q1) = (step(p, other, -1), step(q, other, -1))
      if p1.map({ isWall($0, other) }) != true && q1.map({ isWall($0, other) }) != true
        && isPassable(p1, q1, axis)
      {
        return true
      }
    }
    return false
  }

  /// Whether the edge between two nodes is outside and crosses nothing. Where there is no block there is no mesh.
  @inline(__always)
  private func isPassable(_ p: NodePlace?, _ q: NodePlace?, _ axis: Int) -> Bool {
    if let p, isInside(p) || isWall(p, axis) { return false }
    if let q, isInside(q) { return false }
    return true
  }

  // MARK: The rest of a plate

  /// Adds nodes next to those of sheets that are in the plate of the triangle nearest to them.
  private mutating func growSheets(_ run: RunContext) throws(MeshError) {
    let snapshot = self
    let hasSheet = sheet.map { $0 != .zero }
    let grown = try run.mapChunks(of: grid.blocks.count, size: 64) { _, range in
      var found: [NodePlace] = []
      for block in range {
        let isNear = (0..<27).contains { direction in
          let other = snapshot.neighbours[block][direction]
          return other >= 0 && hasSheet[Int(other)]
        }
        if isNear { snapshot.findInPlates(block, &found) }
      }
      return found
    }
    for nodes in grown { for node in nodes { addSheet(node) } }
  }

  private func findInPlates(_ block: Int, _ found: inout [NodePlace]) {
    // Half the diagonal of the cube.
    let reach = SheetPlate.half * 1.7321 * grid.voxel
    for local in 0..<SparseGrid.nodesPerBlock where distance(block, local) < reach {
      let node = NodePlace(block: block, local: local)
      if !isInside(node) && isBesideSheet(node) && isInPlate(node) { found.append(node) }
    }
  }

  private func isBesideSheet(_ node: NodePlace) -> Bool {
    for z in node.z - 1...node.z + 1 {
      for y in node.y - 1...node.y + 1 {
        for x in node.x - 1...node.x + 1 {
          if let other = place(node.block, x, y, z), sheet[other.block].contains(other.local) { return true }
        }
      }
    }
    return false
  }

  /// Whether a node is in the plate of the triangle nearest to it, which has nothing solid on either side.
  private func isInPlate(_ node: NodePlace) -> Bool {
    let own = Int(fieldBlocks[node.block])
    guard own >= 0 else { return false }
    let triangle = field.nearest[own * SparseGrid.nodesPerBlock + node.local]
    guard triangle != .max else { return false }
    let base = grid.blocks[node.block] &* 8 &+ SIMD3(Int32(node.x), Int32(node.y), Int32(node.z))
    let center = SIMD3<Double>(base)
    let (a, b, c) = mesh.corners(Int(triangle))
    let p = SIMD3<Float>(lattice.local(a) - center)
    let q = SIMD3<Float>(lattice.local(b) - center)
    let r = SIMD3<Float>(lattice.local(c) - center)
    guard SheetPlate(p, q, r, half: SheetPlate.half).distance(.zero) <= 0 else { return false }
    let foot = closestOffset(p, q, r)
    let normal = cross(q - p, r - p).normalized
    return !isSolid(node, foot + normal) && !isSolid(node, foot - normal)
  }

  /// Whether the node nearest to a point, seen from a node less than six away, is inside, not for a sheet.
  private func isSolid(_ node: NodePlace, _ offset: SIMD3<Float>) -> Bool {
    guard
      let other = place(
        node.block, node.x + Int(offset.x.rounded()), node.y + Int(offset.y.rounded()),
        node.z + Int(offset.z.rounded()))
    else { return false }
    return isInside(other) && !sheet[other.block].contains(other.local)
  }

  // MARK: What crosses no edge

  /// Makes sure that every edge of the mesh has inside nodes near all along: at most √3 voxels away.
  private mutating func coverSurface(_ run: RunContext) throws(MeshError) {
    let snapshot = self
    let isMixed = try [BlockMask](filling: grid.blocks.count) { (cells) throws(MeshError) in
      try run.forEachChunk(of: grid.blocks.count, size: 256) { _, range in
        for block in range { cells[block] = snapshot.mixedCells(block) }
      }
    }
    let positions = mesh.positions
    let isNear = try [Bool](filling: positions.count) { (near) throws(MeshError) in
      try run.forEachChunk(of: positions.count, size: 4096) { _, range in
        for v in range { near[v] = snapshot.isInMixedCell(snapshot.lattice.local(positions[v]), isMixed) }
      }
    }
    let triangles = mesh.triangles
    let bare = try run.mapChunks(of: triangles.count, size: 2048) { (_, range) throws(MeshError) in
      var found: [SIMD3<Int32>] = []
      for f in range {
        let t = triangles[f]
        for (a, b) in [(t.a, t.b), (t.b, t.c), (t.c, t.a)] {
          let from = snapshot.lattice.local(positions[Int(a)])
          let to = snapshot.lattice.local(positions[Int(b)])
          let isShort = dot(to - from, to - from) < 1
          if isShort && isNear[Int(a)] && isNear[Int(b)] { continue }
          try snapshot.findBare(from, to, isMixed, &found, run)
        }
      }
      return found
    }
    for nodes in bare {
      for node in nodes {
        if let index = grid.index(of: node) { addSheet(NodePlace(block: index >> 9, local: index & 511)) }
      }
    }
    run.report(1)
  }

  /// The cells of a block, by their lowest nodes, that have an inside node among their eight.
  private func mixedCells(_ block: Int) -> BlockMask {
    // Layer 8 is the next block's first one.
    var layers = (0..<8).map { inside[block][$0] }
    func wide(_ block: Int, _ z: Int) -> (own: UInt64, right: UInt64, back: UInt64, corner: UInt64) {
      func layer(_ dx: Int, _ dy: Int) -> UInt64 {
        let b = neighbours[block][13 + dx + 3 * dy + 9 * (z >> 3)]
        return b < 0 ? 0 : inside[Int(b)][z & 7]
      }
      return (layer(0, 0), layer(1, 0), layer(0, 1), layer(1, 1))
    }
    var spread: [UInt64] = []
    layers.removeAll(keepingCapacity: true)
    for z in 0...8 {
      let (own, right, back, corner) = wide(block, z)
      // Bring x + 1, then y + 1 of both, to each node.
      let first: UInt64 = 0x0101_0101_0101_0101
      let alongX = own | own >> 1 & 0x7F7F_7F7F_7F7F_7F7F | (right & first) << 7
      let nextX = back | back >> 1 & 0x7F7F_7F7F_7F7F_7F7F | (corner & first) << 7
      spread.append(alongX | alongX >> 8 | (nextX & 0xFF) << 56)
    }
    var mask = BlockMask.zero
    for z in 0..<8 { mask[z] = spread[z] | spread[z + 1] }
    return mask
  }

  /// Whether the cell around a point, in voxels, has an inside node.
  private func isInMixedCell(_ p: SIMD3<Double>, _ isMixed: [BlockMask]) -> Bool {
    let cell = SIMD3<Int32>(
      Int32(p.x.rounded(.down)), Int32(p.y.rounded(.down)), Int32(p.z.rounded(.down)))
    if let index = grid.index(of: cell) { return isMixed[index >> 9].contains(index & 511) }
    // The lowest node is in no block, but others may be.
    for corner in 1..<8 as Range<Int32> {
      let node = cell &+ SIMD3(corner & 1, corner >> 1 & 1, corner >> 2)
      if let index = grid.index(of: node), inside[index >> 9].contains(index & 511) { return true }
    }
    return false
  }

  /// Appends nodes beside an edge of the mesh that somewhere has no inside node near.
  private func findBare(
    _ from: SIMD3<Double>, _ to: SIMD3<Double>, _ isMixed: [BlockMask], _ found: inout [SIMD3<Int32>],
    _ run: RunContext
  ) throws(MeshError) {
    let size = length(to - from)
    let coarse = max(1, Int((size * 2).rounded(.up)))
    var isBare = false
    for i in 0...coarse where !isBare {
      if i & 0xFFF == 0xFFF { try run.checkCancellation() }
      let p = from + (to - from) * (Double(i) / Double(coarse))
      isBare = !isInMixedCell(p, isMixed) && !hasInside(near: p)
    }
    guard isBare else { return }
    // Four a voxel, so that the nodes taken are neighbours of each other and of the rest.
    let fine = max(1, Int((size * 4).rounded(.up)))
    for i in 0...fine {
      if i & 0xFFF == 0xFFF { try run.checkCancellation() }
      let p = from + (to - from) * (Double(i) / Double(fine))
      if isInMixedCell(p, isMixed) { continue }
      let node = SIMD3<Int32>(Int32(p.x.rounded()), Int32(p.y.rounded()), Int32(p.z.rounded()))
      if found.last != node { found.append(node) }
    }
  }

  /// Whether an inside node is within √3 voxels.
  private func hasInside(near p: SIMD3<Double>) -> Bool {
    let low = SIMD3<Int32>(
      Int32(p.x.rounded(.down)), Int32(p.y.rounded(.down)), Int32(p.z.rounded(.down)))
    for z in low.z - 1...low.z + 2 {
      for y in low.y - 1...low.y + 2 {
        for x in low.x - 1...low.x + 2 {
          let away = SIMD3(Double(x), Double(y), Double(z)) - p
          if dot(away, away) > 3 { continue }
          if let index = grid.index(of: SIMD3(x, y, z)), inside[index >> 9].contains(index & 511) {
            return true
          }
        }
      }
    }
    return false
  }
}
