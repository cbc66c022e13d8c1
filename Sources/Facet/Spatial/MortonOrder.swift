// Along a Morton curve (Morton 1966) what is near in space is near in the order: queries in that order find in
// the processor's cache what the ones before looked at.

/// The bits of 256³ cells interleaved, for coordinates from 0 to below 256. What is outside counts as at the border;
/// boxes at the ends of Float's range may scale to what is no number, which counts as 0.
@inline(__always)
func mortonCode(_ place: SIMD3<Float>) -> UInt32 {
  let last = SIMD3<Float>(repeating: 255)
  var cell = SIMD3<Float>.zero.replacing(with: place, where: place .> 0)
  cell = cell.replacing(with: last, where: cell .> last)
  return spread(UInt32(cell.x)) | spread(UInt32(cell.y)) << 1 | spread(UInt32(cell.z)) << 2
}

/// What brings the box's coordinates, less its minimum, to below 256.
func mortonScale(_ box: Box) -> Float {
  let extent = max(box.size.x, box.size.y, box.size.z)
  return extent > 0 ? 255.99 / extent : 0
}

/// Sorts by the 24 bits above bit 32, keeping the order of equal ones: two passes of a radix sort.
func sortByMortonCode(_ keys: inout [UInt64]) {
  var other = [UInt64](filling: keys.count) { $0.base.initialize(repeating: 0, count: $0.count) }
  for shift in [32 as UInt64, 44] {
    var place = [Int](repeating: 0, count: 4097)
    for key in keys { place[Int(key >> shift & 4095) + 1] += 1 }
    for b in 1..<4096 { place[b] += place[b - 1] }
    other.withUnsafeMutableBufferPointer { other in
      place.withUnsafeMutableBufferPointer { place in
        for key in keys {
          let b = Int(key >> shift & 4095)
          other[place[b]] = key
          place[b] += 1
        }
      }
    }
    swap(&keys, &other)
  }
}

/// The numbers of the points along the curve. Points that are not finite come first.
func mortonOrder(_ points: [SIMD3<Float>], _ run: RunContext) throws(MeshError) -> [UInt32] {
  var box = Box.empty
  for p in points where p.isFinite { box.formUnion(p) }
  let scale = mortonScale(box)
  // The code above the number, so that sorting moves both.
  var keys = [UInt64](filling: points.count) { keys in
    for (i, p) in points.enumerated() {
      let code = p.isFinite ? mortonCode((p - box.minimum) * scale) : 0
      keys[i] = UInt64(code) << 32 | UInt64(i)
    }
  }
  try run.checkCancellation()
  sortByMortonCode(&keys)
  try run.checkCancellation()
  return [UInt32](filling: points.count) { sorted in
    for i in 0..<sorted.count { sorted[i] = UInt32(truncatingIfNeeded: keys[i]) }
  }
}

/// Eight bits, each followed by two zeros.
@inline(__always)
private func spread(_ x: UInt32) -> UInt32 {
  var x = x & 0xFF
  x = (x | x << 8) & 0x00_F00F
  x = (x | x << 4) & 0x0C_30C3
  return (x | x << 2) & 0x24_9249
}
