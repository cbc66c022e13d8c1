/// Finds polygons that cross or touch themselves or one another, exactly.
enum Crossings {
  /// Pixels are divided into so many parts, on which the corners are put; products of differences then fit in 64 bits.
  static let unitsPerPixel = 16384.0

  /// The polygons that cross or touch themselves or another, in ascending order.
  ///
  /// - Parameter polygons: In pixels, coordinates up to 65 535.
  static func faulty(_ polygons: [[SIMD2<Double>]]) -> [Int] {
    struct Segment {
      var from: SIMD2<Int64>
      var to: SIMD2<Int64>
      var polygon: Int
      var index: Int
    }
    var segments: [Segment] = []
    var counts: [Int] = []
    var isFaulty = [Bool](repeating: false, count: polygons.count)
    for (polygon, points) in polygons.enumerated() {
      var corners: [SIMD2<Int64>] = []
      for point in points {
        let corner = SIMD2(
          Int64((point.x * unitsPerPixel).rounded()), Int64((point.y * unitsPerPixel).rounded()))
        if corner != corners.last { corners.append(corner) }
      }
      if corners.count > 1, corners.last == corners.first { corners.removeLast() }
      counts.append(corners.count)
      if corners.count < 3 { isFaulty[polygon] = true }
      for index in corners.indices {
        let next = corners[index + 1 == corners.count ? 0 : index + 1]
        segments.append(Segment(from: corners[index], to: next, polygon: polygon, index: index))
      }
    }

    // Sorted by their least x, only those are compared that overlap in x.
    segments.sort { min($0.from.x, $0.to.x) < min($1.from.x, $1.to.x) }
    var open: [Segment] = []
    for segment in segments {
      let low = min(segment.from.x, segment.to.x)
      open.removeAll { max($0.from.x, $0.to.x) < low }
      for other in open {
        if isFaulty[segment.polygon], isFaulty[other.polygon] { continue }
        guard
          max(segment.from.y, segment.to.y) >= min(other.from.y, other.to.y),
          max(other.from.y, other.to.y) >= min(segment.from.y, segment.to.y)
        else { continue }
        let meets: Bool
        if segment.polygon == other.polygon, segment.to == other.from,
          (segment.index + 1) % counts[segment.polygon] == other.index
        {
          meets = foldsBack(segment.from, segment.to, other.to)
        } else if segment.polygon == other.polygon, other.to == segment.from,
          (other.index + 1) % counts[segment.polygon] == segment.index
        {
          meets = foldsBack(other.from, other.to, segment.to)
        } else {
          meets = touches(segment.from, segment.to, other.from, other.to)
        }
        if meets {
          isFaulty[segment.polygon] = true
          isFaulty[other.polygon] = true
        }
      }
      open.append(segment)
    }
    return isFaulty.indices.filter { isFaulty[$0] }
  }

  private static func orientation(_ a: SIMD2<Int64>, _ b: SIMD2<Int64>, _ c: SIMD2<Int64>) -> Int {
    let turn = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    return turn.signum() == 0 ? 0 : turn > 0 ? 1 : -1
  }

  /// Whether a corner turns right back over its own side.
  private static func foldsBack(_ a: SIMD2<Int64>, _ b: SIMD2<Int64>, _ c: SIMD2<Int64>) -> Bool {
    guard orientation(a, b, c) == 0 else { return false }
    return (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) < 0
  }

  /// Whether two segments have a point in common.
  private static func touches(
    _ a: SIMD2<Int64>, _ b: SIMD2<Int64>, _ c: SIMD2<Int64>, _ d: SIMD2<Int64>
  ) -> Bool {
    let (abc, abd) = (orientation(a, b, c), orientation(a, b, d))
    let (cda, cdb) = (orientation(c, d, a), orientation(c, d, b))
    // With the boxes overlapping, which is known, on a line they have too.
    return abc * abd <= 0 && cda * cdb <= 0
      && (abc != 0 || abd != 0 || min(max(a.x, b.x), max(c.x, d.x)) >= max(min(a.x, b.x), min(c.x, d.x)))
  }
}
