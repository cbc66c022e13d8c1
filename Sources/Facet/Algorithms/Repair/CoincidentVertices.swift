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
    var size = 64
    while size < 2 * count { size *= 2 }
    try run.reserve(bytes: size * 8, for: "finding vertices at one place")
    // The hash in the upper half, the vertex plus one in the lower: positions are looked at where hashes agree.
    var table = [UInt64](repeating: 0, count: size)
    var found: [CoincidentVertex] = []
    for start in stride(from: 0, to: count, by: 1 << 16) {
      try run.checkCancellation()
      let range = start..<min(count, start + 1 << 16)
      positions.withUnsafeBufferPointer { positions in
        table.withUnsafeMutableBufferPointer { table in
          fileVertices(range, positions.baseAddress!, table.baseAddress!, UInt64(size - 1), &found)
        }
      }
    }
    return found
  }
}

private func fileVertices(
  _ range: Range<Int>, _ positions: UnsafePointer<SIMD3<Float>>, _ table: UnsafeMutablePointer<UInt64>,
  _ mask: UInt64, _ found: inout [CoincidentVertex]
) {
  for v in range {
    let p = positions[v]
    let hash = positionHash(p)
    var slot = hash & mask
    let tag = hash >> 32
    while true {
      let entry = table[Int(truncatingIfNeeded: slot)]
      if entry == 0 {
        table[Int(truncatingIfNeeded: slot)] = tag << 32 | UInt64(truncatingIfNeeded: v &+ 1)
        break
      }
      if entry >> 32 == tag {
        let first = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
        let q = positions[first]
        if q.x == p.x && q.y == p.y && q.z == p.z {
          found.append(CoincidentVertex(vertex: UInt32(v), first: UInt32(first)))
          break
        }
      }
      slot = (slot &+ 1) & mask
    }
  }
}

@inline(__always)
private func positionHash(_ p: SIMD3<Float>) -> UInt64 {
  // Adding zero makes −0 into 0.
  let x = UInt64((p.x + 0).bitPattern)
  let y = UInt64((p.y + 0).bitPattern)
  let z = UInt64((p.z + 0).bitPattern)
  var h = (x << 32 | y) &* 0x9E37_79B9_7F4A_7C15
  h = (h ^ h >> 32) &+ z &* 0xC2B2_AE3D_27D4_EB4F
  h = (h ^ h >> 29) &* 0xBF58_476D_1CE4_E5B9
  return h ^ h >> 32
}
