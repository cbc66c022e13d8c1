import Foundation

/// A closed curve of straight lines and circular arcs, or a circle.
enum Outline: Sendable, Hashable {
  case circle(FittedCircle)
  /// Starts where the last step ends.
  case path([Step])

  struct Step: Sendable, Hashable {
    /// A point halfway along an arc; nil for a straight line.
    var middle: SIMD2<Double>?
    var end: SIMD2<Double>
  }

  /// The number of lines and arcs.
  var stepCount: Int {
    switch self {
    case .circle: 1
    case .path(let steps): steps.count
    }
  }

  /// A polygon within so much of the curve.
  func polygon(within distance: Double) -> [SIMD2<Double>] {
    switch self {
    case .circle(let circle):
      let count = Self.chordCount(circle.radius, sweep: 2 * .pi, distance)
      return (0..<count).map { index in
        let angle = 2 * Double.pi * Double(index) / Double(count)
        return circle.center + circle.radius * SIMD2(cos(angle), sin(angle))
      }
    case .path(let steps):
      var points: [SIMD2<Double>] = []
      var start = steps.last?.end ?? .zero
      for step in steps {
        if let middle = step.middle, let arc = Arc(start, middle, step.end) {
          let count = Self.chordCount(arc.circle.radius, sweep: abs(arc.sweep), distance)
          for index in 1..<max(1, count) {
            points.append(arc.point(at: Double(index) / Double(count)))
          }
        }
        points.append(step.end)
        start = step.end
      }
      return points
    }
  }

  private static func chordCount(_ radius: Double, sweep: Double, _ distance: Double) -> Int {
    let angle = 2 * acos(max(0, 1 - distance / max(radius, distance)))
    return max(sweep > 6 ? 8 : 2, Int((sweep / angle).rounded(.up)))
  }

  /// The exact extent.
  var bounds: (low: SIMD2<Double>, high: SIMD2<Double>) {
    var low = SIMD2(repeating: Double.infinity)
    var high = -low
    func include(_ point: SIMD2<Double>) {
      low = SIMD2(min(low.x, point.x), min(low.y, point.y))
      high = SIMD2(max(high.x, point.x), max(high.y, point.y))
    }
    switch self {
    case .circle(let circle):
      include(circle.center - SIMD2(repeating: circle.radius))
      include(circle.center + SIMD2(repeating: circle.radius))
    case .path(let steps):
      var start = steps.last?.end ?? .zero
      for step in steps {
        include(step.end)
        if let middle = step.middle, let arc = Arc(start, middle, step.end) {
          for quarter in 0..<4 where arc.contains(angle: Double(quarter) * .pi / 2) {
            let unit: SIMD2<Double> = [[1, 0], [0, 1], [-1, 0], [0, -1]][quarter]
            include(arc.circle.center + arc.circle.radius * unit)
          }
        }
        start = step.end
      }
    }
    return (low, high)
  }

  /// The exact area, whichever way the curve runs.
  var area: Double {
    switch self {
    case .circle(let circle):
      return .pi * circle.radius * circle.radius
    case .path(let steps):
      var sum = signedArea(steps.map(\.end))
      var start = steps.last?.end ?? .zero
      for step in steps {
        if let middle = step.middle, let arc = Arc(start, middle, step.end) {
          sum += arc.circle.radius * arc.circle.radius * (arc.sweep - sin(arc.sweep)) / 2
        }
        start = step.end
      }
      return abs(sum)
    }
  }

  /// Each of the outline's points somewhere else, by a map that keeps angles.
  func mapped(scale: Double, _ map: (SIMD2<Double>) -> SIMD2<Double>) -> Outline {
    switch self {
    case .circle(let circle):
      .circle(FittedCircle(center: map(circle.center), radius: circle.radius * scale))
    case .path(let steps):
      .path(steps.map { Step(middle: $0.middle.map(map), end: map($0.end)) })
    }
  }
}

/// The arc through three points.
struct Arc: Sendable {
  let circle: FittedCircle
  let startAngle: Double
  /// Towards greater angles when positive.
  let sweep: Double

  /// Nil when the points are on a line.
  init?(_ start: SIMD2<Double>, _ middle: SIMD2<Double>, _ end: SIMD2<Double>) {
    let a = middle - start
    let b = end - start
    let turn = 2 * cross(a, b)
    guard abs(turn) > 1e-12 * (dot(a, a) + dot(b, b)) else { return nil }
    let spoke = SIMD2(b.y * dot(a, a) - a.y * dot(b, b), a.x * dot(b, b) - b.x * dot(a, a)) / turn
    circle = FittedCircle(center: start + spoke, radius: length(spoke))
    startAngle = atan2(-spoke.y, -spoke.x)
    let endAngle = atan2(b.y - spoke.y, b.x - spoke.x)
    sweep = turn > 0 ? Self.positive(endAngle - startAngle) : -Self.positive(startAngle - endAngle)
  }

  func point(at share: Double) -> SIMD2<Double> {
    let angle = startAngle + sweep * share
    return circle.center + circle.radius * SIMD2(cos(angle), sin(angle))
  }

  func contains(angle: Double) -> Bool {
    sweep > 0
      ? Self.positive(angle - startAngle) <= sweep : Self.positive(startAngle - angle) <= -sweep
  }

  /// The same angle, from 0 to a whole turn.
  static func positive(_ angle: Double) -> Double {
    let rest = angle.truncatingRemainder(dividingBy: 2 * .pi)
    return rest < 0 ? rest + 2 * .pi : rest
  }
}
