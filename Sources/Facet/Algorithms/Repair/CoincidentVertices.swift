/// A vertex, and an earlier one at the same position.
struct CoincidentVertex: BitwiseCopyable {
  var vertex: UInt32
  /// The first vertex at that position.
  var first: UInt32
}

extension Mesh {
  /// The vertices at whose position there is an earlier one, ascending: those that a file's reader would weld.
  /// A mesh that was read has none.
  func coincidentVertices(_ run: RunContext) throws(MeshError) -> [CoincidentVertex] {
    let count = positions.count
    try run.reserve(bytes: count * 48, for: "finding vertices at one place")
    return try positions.withUnsafeBufferPointer { (positions) throws(MeshError) in
      let places = SharedPlaces(base: positions)
      // Vertices at one place are of one share, so shares need not know of each other.
      var starts = try run.mapChunks(of: count, size: chunkSize) { _, range in
        var counts = [Int](repeating: 0, count: shareCount)
        for v in range { counts[share(of: positionHash(places.base[v]))] += 1 }
        return counts
      }
      var shares: [Range<Int>] = []
      var next = 0
      for share in 0..<shareCount {
        let start = next
        for chunk in starts.indices {
          next += starts[chunk][share]
          starts[chunk][share] = next - starts[chunk][share]
        }
        shares.append(start..<next)
      }
      let firsts = starts
      // The hash in the upper half, the vertex in the lower: share after share, in order.
      let keys = try [UInt64](filling: count) { (keys) throws(MeshError) in
        try run.forEachChunk(of: count, size: chunkSize) { chunk, range in
          var next = firsts[chunk]
          for v in range {
            let hash = positionHash(places.base[v])
            let share = share(of: hash)
            keys[next[share]] = hash << 32 | UInt64(truncatingIfNeeded: v)
            next[share] += 1
          }
        }
      }
      let found = try run.mapChunks(of: shareCount, size: 1) { (share, _) throws(MeshError) in
        try coincidences(among: shares[share], of: keys, places, run)
      }
      return found.flatMap { $0 }.sorted { $0.vertex < $1.vertex }
    }
  }

  /// The vertices at whose position there is an earlier one, ascending, as far as one of `vertices` is among those
  /// at that position.
  func coincidentVertices(
    with vertices: [UInt32], _ run: RunContext
  ) throws(MeshError) -> [CoincidentVertex] {
    try run.reserve(bytes: vertices.count * 32, for: "finding vertices at one place")
    let table = PlaceTable(vertices, of: positions)
    let parts = try run.mapChunks(of: positions.count, size: 1 << 16) { _, range in
      var found: [CoincidentVertex] = []
      table.forEachVertex(of: positions, range) { v, known in
        if known != .max { found.append(CoincidentVertex(vertex: UInt32(v), first: known)) }
      }
      return found
    }
    // What is known first need not be the first.
    var first: [UInt32: UInt32] = [:]
    var found: [CoincidentVertex] = []
    for at in parts.joined() {
      if let earlier = first[at.first] {
        found.append(CoincidentVertex(vertex: at.vertex, first: earlier))
      } else {
        first[at.first] = at.vertex
      }
    }
    return found
  }
}

private struct SharedPlaces: @unchecked Sendable {
  let base: UnsafeBufferPointer<SIMD3<Float>>
}

private let chunkSize = 1 << 16
private let shareCount = 16

@inline(__always)
private func share(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 28 & 15) }

private func coincidences(
  among range: Range<Int>, of keys: [UInt64], _ positions: SharedPlaces, _ run: RunContext
) throws(MeshError) -> [CoincidentVertex] {
  var size = 64
  while size < 2 * range.count { size *= 2 }
  // Keys; no key is all ones. Positions are looked at where hashes agree.
  var table = [UInt64](repeating: .max, count: size)
  var found: [CoincidentVertex] = []
  for start in stride(from: range.lowerBound, to: range.upperBound, by: chunkSize) {
    try run.checkCancellation()
    keys.withUnsafeBufferPointer { keys in
      table.withUnsafeMutableBufferPointer { table in
        let mask = UInt64(table.count - 1)
        for i in start..<min(range.upperBound, start + chunkSize) {
          let key = keys[i]
          let v = Int(truncatingIfNeeded: key & 0xFFFF_FFFF)
          var slot = Int(truncatingIfNeeded: key >> 32 & mask)
          while table[slot] != .max {
            if table[slot] >> 32 == key >> 32 {
              let first = Int(truncatingIfNeeded: table[slot] & 0xFFFF_FFFF)
              if positions.base[first] == positions.base[v] {
                found.append(CoincidentVertex(vertex: UInt32(v), first: UInt32(first)))
                break
              }
            }
            slot = (slot &+ 1) & Int(mask)
          }
          if table[slot] == .max { table[slot] = key }
        }
      }
    }
  }
  return found
}

/// Some vertices by their positions.
struct PlaceTable: Sendable {
  private var slots: [UInt32]
  private let mask: UInt64

  init(_ vertices: [UInt32], of positions: [SIMD3<Float>]) {
    var size = 16
    while size < vertices.count * 4 { size *= 2 }
    slots = Array(repeating: .max, count: size)
    mask = UInt64(size - 1)
    for v in vertices {
      var slot = positionHash(positions[Int(v)]) & mask
      while slots[Int(slot)] != .max, positions[Int(slots[Int(slot)])] != positions[Int(v)] {
        slot = (slot + 1) & mask
      }
      if slots[Int(slot)] == .max { slots[Int(slot)] = v }
    }
  }

  /// Calls `body` with each of some vertices, and the first of the table's that lies where it lies, else `.max`.
  @inline(__always)
  func forEachVertex(of positions: [SIMD3<Float>], _ range: Range<Int>, _ body: (Int, UInt32) -> Void) {
    positions.withUnsafeBufferPointer { positions in
      slots.withUnsafeBufferPointer { slots in
        for v in range {
          var slot = positionHash(positions[v]) & mask
          while slots[Int(truncatingIfNeeded: slot)] != .max,
            positions[Int(slots[Int(truncatingIfNeeded: slot)])] != positions[v]
          {
            slot = (slot &+ 1) & mask
          }
          body(v, slots[Int(truncatingIfNeeded: slot)])
        }
      }
    }
  }
}

/// 32 bits, equal for equal positions, also for −0 and 0.
@inline(__always)
private func positionHash(_ p: SIMD3<Float>) -> UInt64 {
  // Adding zero makes −0 into 0.
  let x = UInt64((p.x + 0).bitPattern)
  let y = UInt64((p.y + 0).bitPattern)
  let z = UInt64((p.z + 0).bitPattern)
  var h = (x << 32 | y) &* 0x9E37_79B9_7F4A_7C15
  h = (h ^ h >> 32) &+ z &* 0xC2B2_AE3D_27D4_EB4F
  h = (h ^ h >> 29) &* 0xBF58_476D_1CE4_E5B9
  return h >> 32
}
