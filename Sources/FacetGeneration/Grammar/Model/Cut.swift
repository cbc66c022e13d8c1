/// Material taken away, as much as has to be known to count handles.
struct Cut: Sendable, Hashable {
  enum Shape: Sendable, Hashable {
    /// Along the axis of that index, around a line through `center`.
    case cylinder(axis: Int, center: SIMD3<Double>, radius: Double, range: ClosedRange<Double>)
    case box(SIMD3<Double>, SIMD3<Double>)
  }

  /// Where it comes to the surface.
  struct Opening: Sendable, Hashable {
    var face: String
    var place: SIMD2<Double>
    var footprint: Footprint
  }

  var shape: Shape
  var openings: [Opening]

  /// Along `axis`, the extent; across it, half the width.
  private var box: (SIMD3<Double>, SIMD3<Double>) {
    switch shape {
    case .box(let low, let high): return (low, high)
    case .cylinder(let axis, let center, let radius, let range):
      var low = center - SIMD3(repeating: radius)
      var high = center + SIMD3(repeating: radius)
      low[axis] = range.lowerBound
      high[axis] = range.upperBound
      return (low, high)
    }
  }

  /// By how much two cuts run into each other; negative when they stay apart. Exact for boxes, for cylinders side by
  /// side and for cylinders across each other that meet well inside their lengths.
  func overlap(_ other: Cut) -> Double {
    let (low, high) = box
    let (otherLow, otherHigh) = other.box
    var overlap = Double.infinity
    for axis in 0..<3 {
      overlap = min(overlap, min(high[axis], otherHigh[axis]) - max(low[axis], otherLow[axis]))
    }
    guard overlap > 0 else { return overlap }
    switch (shape, other.shape) {
    case (
      .cylinder(let axis, let center, let radius, _),
      .cylinder(let otherAxis, let otherCenter, let otherRadius, _)
    )
    where axis == otherAxis:
      let rest = (0..<3).filter { $0 != axis }
      let apart = length(
        SIMD2(center[rest[0]] - otherCenter[rest[0]], center[rest[1]] - otherCenter[rest[1]]))
      return min(overlap, radius + otherRadius - apart)
    case (.cylinder(let axis, let center, let radius, _), .box):
      return min(overlap, Cut.reach(axis, center, radius, otherLow, otherHigh))
    case (.box, .cylinder(let axis, let center, let radius, _)):
      return min(overlap, Cut.reach(axis, center, radius, low, high))
    default: return overlap
    }
  }

  private static func reach(
    _ axis: Int, _ center: SIMD3<Double>, _ radius: Double, _ low: SIMD3<Double>, _ high: SIMD3<Double>
  ) -> Double {
    var squares = 0.0
    for other in 0..<3 where other != axis {
      let apart = max(low[other] - center[other], center[other] - high[other], 0)
      squares += apart * apart
    }
    return radius - squares.squareRoot()
  }

  /// The handles and the closed surfaces that cuts make of a ball of material.
  ///
  /// Cuts that run into each other are one. One with k openings has the handles of a ball with k holes, k − 1. One
  /// without an opening is a cavity, a surface of its own.
  /// - Returns: nil for the handles when cuts only graze each other, or may close a loop.
  static func topology(_ cuts: [Cut]) -> (handles: Int?, cavities: Int) {
    var root = Array(cuts.indices)
    func find(_ place: Int) -> Int {
      var place = place
      while root[place] != place { place = root[place] }
      return place
    }
    var crossings = Array(repeating: 0, count: cuts.count)
    var isCertain = true
    var pairs: [Int] = []
    for first in cuts.indices {
      for second in cuts.indices.dropFirst(first + 1) {
        let overlap = cuts[first].overlap(cuts[second])
        if abs(overlap) < 1e-6 { isCertain = false }
        guard overlap > 0 else { continue }
        pairs.append(first)
        root[find(second)] = find(first)
      }
    }
    for first in pairs { crossings[find(first)] += 1 }
    var members: [Int: [Cut]] = [:]
    for place in cuts.indices { members[find(place), default: []].append(cuts[place]) }
    var handles = 0
    var cavities = 0
    for (place, group) in members {
      var openings: [Opening] = []
      for opening in group.flatMap(\.openings) {
        let isHidden = openings.contains {
          $0.face == opening.face
            && opening.footprint.isInside($0.footprint, at: $0.place, from: opening.place)
        }
        if isHidden { continue }
        openings.removeAll {
          $0.face == opening.face
            && $0.footprint.isInside(opening.footprint, at: opening.place, from: $0.place)
        }
        openings.append(opening)
      }
      // Voids inside one another (a hole in a pocket, a screw hole's head) join without a loop.
      let loops = crossings[place] - (group.count - 1)
      let hidden = group.flatMap(\.openings).count - openings.count
      if openings.isEmpty { cavities += 1 }
      // Three that meet in one place close no loop, three that meet in pairs do: left open.
      if hidden == 0, loops > 0 { isCertain = false }
      handles += max(openings.count - 1, 0)
    }
    return (isCertain ? handles : nil, cavities)
  }
}

extension Face {
  /// Where a feature at a place of this face comes to the surface, in the coordinates of the part.
  func opening(_ place: SIMD2<Double>, _ footprint: Footprint, depth: Double = 0) -> Cut.Opening {
    let point = point(place, depth: depth)
    let normal = normal
    let axis = abs(normal.x) > 0.5 ? 0 : abs(normal.y) > 0.5 ? 1 : 2
    let rest = (0..<3).filter { $0 != axis }
    // u and v lie along the axes, in this order or in the other.
    let isSwapped = abs(u[rest[0]]) < 0.5
    func turned(_ half: SIMD2<Double>) -> SIMD2<Double> { isSwapped ? [half.y, half.x] : half }
    let print: Footprint =
      switch footprint {
      case .round: footprint
      case .oblong(let half): .oblong(turned(half))
      case .rectangle(let half): .rectangle(turned(half))
      }
    return Cut.Opening(
      face: "\("xyz"[String.Index(utf16Offset: axis, in: "xyz")])=\(Figure.text(point[axis]))",
      place: [point[rest[0]], point[rest[1]]], footprint: print)
  }

  /// The void that a feature of this footprint and depth leaves, measured from `above` over the face.
  func cut(
    _ place: SIMD2<Double>, _ footprint: Footprint, depth: Double, above: Double = 0, openings: [Cut.Opening]
  ) -> Cut {
    let axis = abs(normal.x) > 0.5 ? 0 : abs(normal.y) > 0.5 ? 1 : 2
    let start = point(place, depth: -above)
    let end = point(place, depth: depth)
    let range = min(start[axis], end[axis])...max(start[axis], end[axis])
    switch footprint {
    case .round(let radius):
      return Cut(
        shape: .cylinder(axis: axis, center: start, radius: radius, range: range), openings: openings)
    case .oblong(let half), .rectangle(let half):
      let reach = SIMD3(
        abs(u.x) * half.x + abs(v.x) * half.y, abs(u.y) * half.x + abs(v.y) * half.y,
        abs(u.z) * half.x + abs(v.z) * half.y)
      var low = start - reach
      var high = start + reach
      low[axis] = range.lowerBound
      high[axis] = range.upperBound
      return Cut(shape: .box(low, high), openings: openings)
    }
  }
}

extension Face {
  /// What a straight cut into this face takes, as far as handles go: its openings, and whether it runs into a cavity
  /// in front of the face or behind it.
  ///
  /// - Parameters:
  ///   - depth: In mm below the face; nil for through the material behind.
  ///   - above: How far something that stands on the face is cut through first.
  func cut(_ place: SIMD2<Double>, _ footprint: Footprint, depth: Double?, above: Double = 0) -> Cut {
    var openings: [Cut.Opening] = []
    // A touch is no overlap: what runs into a cavity is taken a little further for the reckoning.
    let overlap = min(self.depth / 2, 0.5)
    var start = above
    var end = depth ?? self.depth
    if isInCavity { start += overlap } else { openings.append(opening(place, footprint, depth: -above)) }
    if depth == nil {
      if opensIntoCavity {
        end += overlap
      } else {
        openings.append(opening(place, footprint, depth: self.depth))
      }
    }
    return cut(place, footprint, depth: end, above: start, openings: openings)
  }
}
