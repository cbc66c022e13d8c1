import Foundation

/// Makes lines, arcs and circles of a contour's points.
///
/// The contour is thinned out by Douglas and Peucker's method (1973); what is left are the places where a line or an
/// arc may end. Of all ways to cover it between such places by lines and arcs that are near enough, the one with the
/// fewest is taken, and of those the one with the least squares, by dynamic programming, as potrace does for lines
/// (Selinger, 2003). Lines and arcs are then fitted to the points between their ends by least squares, and corners
/// are where they intersect: sharp again, though pixels had them rounded.
struct Simplification: Sendable {
  /// In pixels: how far the contour may be from a line or an arc where that may end. In between it may be as much
  /// farther as it was thinned out by, and at corners pixels have it rounded.
  var tolerance: Double
  /// In pixels: how much of a corner may be missing between two lines or arcs, because pixels or pens rounded it.
  var rounding: Double
  /// In pixels: how far the contour may be from the polygon of the places where lines and arcs may end. Less finds
  /// better places, more is quicker.
  var thinning: Double
  /// So many places and more are thinned out by a third more.
  private static let manyPlaces = 500

  func outline(_ points: [SIMD2<Double>]) -> Outline {
    if let circle = circle(points) { return .circle(circle) }
    var candidates = thinnedOut(points, thinning)
    // The steps of a long jagged line are just beyond what is thinned out.
    if candidates.count > Self.manyPlaces { candidates = thinnedOut(points, 1.3 * thinning) }
    guard candidates.count >= 3 else { return .path(points.map { Outline.Step(middle: nil, end: $0) }) }
    // The first round begins anywhere; the second where the first found a corner or the end of an arc.
    var pieces = cover(points, candidates)
    if pieces.count > 1 {
      let split = pieces.count / 2
      let start = pieces[split].first % points.count
      if let index = candidates.firstIndex(of: start) {
        candidates = Array(candidates[index...] + candidates[..<index])
        pieces = cover(points, candidates)
      }
    }
    let steps = join(pieces.map { fit($0, points) }, points)
    // Too little is left of slivers: they stay as they are.
    guard steps.count >= 3 || steps.count == 2 && steps.contains(where: { $0.middle != nil }) else {
      return .path(candidates.map { Outline.Step(middle: nil, end: points[$0]) })
    }
    return .path(steps)
  }

  /// The contour as a polygon of its own points.
  static func polygon(_ points: [SIMD2<Double>]) -> Outline {
    var corners: [SIMD2<Double>] = []
    for (index, point) in points.enumerated() {
      let before = points[index == 0 ? points.count - 1 : index - 1]
      let after = points[index + 1 == points.count ? 0 : index + 1]
      if cross(point - before, after - point) != 0 { corners.append(point) }
    }
    return .path(corners.map { Outline.Step(middle: nil, end: $0) })
  }

  /// The circle that the contour is, if it is one.
  private func circle(_ points: [SIMD2<Double>]) -> FittedCircle? {
    guard let circle = fitCircle(points) else { return nil }
    // Small squares are not far from circles either.
    let tolerance = min(tolerance, max(0.6, circle.radius / 15))
    var squares = 0.0
    for point in points {
      let distance = circle.distance(point)
      guard abs(distance) <= tolerance * 1.25 else { return nil }
      squares += distance * distance
    }
    // A polygon with many corners is off by as much everywhere, a circle in few places.
    guard (squares / Double(points.count)).squareRoot() <= tolerance * 0.6 else { return nil }
    return circle
  }

  // MARK: Places where lines and arcs may end

  private func thinnedOut(_ points: [SIMD2<Double>], _ thinning: Double) -> [Int] {
    func farthest(from point: SIMD2<Double>) -> Int {
      points.indices.max { length(points[$0] - point) < length(points[$1] - point) } ?? 0
    }
    let first = farthest(from: points.reduce(.zero, +) / Double(points.count))
    let second = farthest(from: points[first])
    guard first != second else { return [first] }
    let count = points.count
    var kept = [min(first, second), max(first, second)]
    var waiting = [(kept[0], kept[1]), (kept[1], kept[0] + count)]
    while let (from, to) = waiting.popLast() {
      let start = points[from % count]
      let chord = points[to % count] - start
      let size = length(chord)
      var greatest = thinning
      var split: Int?
      for index in from + 1..<max(from + 1, to) {
        let offset = points[index % count] - start
        let distance = size > 0 ? abs(cross(chord, offset)) / size : length(offset)
        if distance > greatest {
          greatest = distance
          split = index
        }
      }
      guard let split else { continue }
      kept.append(split % count)
      waiting.append((from, split))
      waiting.append((split, to))
    }
    return kept.sorted()
  }

  // MARK: The fewest lines and arcs

  /// A line or an arc over some of the points.
  struct Piece {
    /// Of the points, the last beyond their number when the piece runs over the start.
    var first: Int
    var last: Int
    var isArc: Bool
  }

  /// What a line and an arc count: two lines are better than two arcs, an arc better than two lines.
  private static let lineCost = 2
  private static let arcCost = 3

  private func cover(_ points: [SIMD2<Double>], _ candidates: [Int]) -> [Piece] {
    let count = candidates.count
    let start = candidates[0]
    // Indices that grow all the way round.
    let places = candidates.map { $0 < start ? $0 + points.count : $0 } + [start + points.count]
    let ring = places.map { points[$0 % points.count] }
    /// The best way to where a piece may begin, and the piece before it.
    struct Best {
      var cost = Int.max
      var squares = Double.infinity
      var first = 0
      var last = 0
      var isArc = false
    }
    var best = [Best](repeating: Best(), count: count + 1)
    best[0] = Best(cost: 0, squares: 0)
    for from in 0..<count where best[from].cost < Int.max {
      let here = best[from]
      let origin = ring[from]
      var sums = PointSums()
      sums.add(.zero)
      var failures = 0
      var run: StraightRun?
      for to in from + 1...count {
        for index in places[to - 1] + 1...places[to] {
          sums.add(points[index % points.count] - origin)
        }
        // After the piece, a corner may be left out to where the next begins.
        var ends = to...to
        while ends.upperBound < count, length(ring[ends.upperBound + 1] - ring[to]) <= rounding {
          ends = to...ends.upperBound + 1
        }
        func total(_ squares: Double, _ end: Int) -> Double {
          let gap = ring[end] - ring[to]
          return here.squares + squares + dot(gap, gap)
        }
        func helps(_ cost: Int, _ squares: Double) -> Bool {
          ends.contains { (here.cost + cost, total(squares, $0)) < (best[$0].cost, best[$0].squares) }
        }
        func take(_ cost: Int, _ squares: Double, isArc: Bool) {
          for end in ends where (here.cost + cost, total(squares, end)) < (best[end].cost, best[end].squares)
          {
            best[end] = Best(
              cost: here.cost + cost, squares: total(squares, end), first: from, last: to, isArc: isArc)
          }
        }
        // Looked at closely is only what would be better; beyond that it is enough to know when to end.
        let hopeless = 4 * tolerance * tolerance * sums.count
        var isNear = false
        var (line, lineSquares) = sums.line(along: ring[to] - origin)
        if helps(Self.lineCost, lineSquares) {
          line.point += origin
          // Next to one another there is always a line, so that there is always a way round.
          if to == from + 1 || isStraight(ring, from, to, line, &run) {
            take(Self.lineCost, lineSquares, isArc: false)
            isNear = true
          }
        } else {
          isNear = lineSquares < hopeless
        }
        if to >= from + 3, sums.count >= 6, let fit = sums.circle() {
          if helps(Self.arcCost, fit.squares) {
            var circle = fit.circle
            circle.center += origin
            if isArc(ring[from...to], circle, within: tolerance) {
              take(Self.arcCost, fit.squares, isArc: true)
              isNear = true
            }
          } else if fit.squares < hopeless {
            isNear = true
          }
        }
        failures = isNear ? 0 : failures + 1
        if failures > 5 { break }
      }
    }
    var pieces: [Piece] = []
    var place = count
    while place > 0 {
      let step = best[place]
      pieces.append(Piece(first: places[step.first], last: places[step.last], isArc: step.isArc))
      place = step.first
    }
    return pieces.reversed()
  }

  /// What is known of the points from one place on: that they are near a line, and hence near one close to that.
  private struct StraightRun {
    var line: FittedLine
    /// Up to which place, and how far at most.
    var end: Int
    var distance: Double
    var progress: Double
  }

  /// Whether the points from one place to another are near a line, one after another. Looks at the new ones only, while
  /// the line has moved too little to matter for the others.
  private func isStraight(
    _ ring: [SIMD2<Double>], _ from: Int, _ to: Int, _ line: FittedLine, _ run: inout StraightRun?
  ) -> Bool {
    if let known = run {
      let moved = max(
        abs(line.distance(known.line.foot(ring[from]))), abs(line.distance(known.line.foot(ring[known.end]))))
      if known.distance + moved <= tolerance,
        let next = extended(
          ring, known.end + 1, to, line, ring[from], known.distance + moved, known.progress)
      {
        run = next
        return true
      }
    }
    run = extended(ring, from, to, line, ring[from], 0, -.infinity)
    return run != nil
  }

  private func extended(
    _ ring: [SIMD2<Double>], _ from: Int, _ to: Int, _ line: FittedLine, _ origin: SIMD2<Double>,
    _ distance: Double, _ progress: Double
  ) -> StraightRun? {
    var farthest = distance
    var greatest = progress
    for index in from...to {
      let distance = abs(line.distance(ring[index]))
      guard distance <= tolerance else { return nil }
      farthest = max(farthest, distance)
      let progress = dot(line.direction, ring[index] - origin)
      guard progress >= greatest - tolerance else { return nil }
      greatest = max(greatest, progress)
    }
    return StraightRun(line: line, end: to, distance: farthest, progress: greatest)
  }

  func isArc(
    _ points: ArraySlice<SIMD2<Double>>, _ circle: FittedCircle, within tolerance: Double
  ) -> Bool {
    // Shorter, it is a corner that pixels rounded.
    guard circle.radius >= 2 * tolerance else { return false }
    for point in points where abs(circle.distance(point)) > tolerance { return false }
    guard var last = points.first.map({ $0 - circle.center }) else { return false }
    var sweep = 0.0
    var (least, greatest) = (0.0, 0.0)
    for point in points.dropFirst() {
      let spoke = point - circle.center
      sweep += atan2(cross(last, spoke), dot(last, spoke))
      least = min(least, sweep)
      greatest = max(greatest, sweep)
      last = spoke
    }
    // The way round must be one way, but for what pixels do to it.
    let slack = 2 * tolerance / circle.radius
    let isOneWay =
      sweep > 0 ? least >= -slack && sweep >= greatest - slack : greatest <= slack && sweep <= least + slack
    return isOneWay && abs(sweep) <= 1.9 * .pi
  }
}
