import Foundation

extension Simplification {
  /// A line or an arc of least squares.
  struct Fit {
    enum Shape {
      case line(FittedLine)
      case arc(FittedCircle)
    }
    var piece: Piece
    var shape: Shape

    func foot(_ point: SIMD2<Double>) -> SIMD2<Double> {
      switch shape {
      case .line(let line): line.foot(point)
      case .arc(let circle): circle.foot(point)
      }
    }
  }

  /// A line that is off level or upright by no more than this at its ends, in pixels, is meant to be so.
  private static let levelSlack = 0.35
  /// How far a corner may be from the middle of what is missing of it, in pixels: that of a point of 35 degrees.
  private var sharpestReach: Double { 1 + 2 * rounding }

  func fit(_ piece: Piece, _ points: [SIMD2<Double>]) -> Fit {
    func point(_ index: Int) -> SIMD2<Double> { points[index % points.count] }
    // The points next to corners are rounded by the pixels.
    let count = piece.last - piece.first
    let margin = count >= 8 ? min(3, count / 5) : 0
    let inner = (piece.first + margin...piece.last - margin).map(point)
    if piece.isArc, let circle = fitCircle(inner),
      isArc(ArraySlice((piece.first...piece.last).map(point)), circle, within: 2 * tolerance)
    {
      return Fit(piece: piece, shape: .arc(circle))
    }
    let chord = point(piece.last) - point(piece.first)
    let size = length(chord)
    var line =
      fitLine(inner)
      ?? FittedLine(point: point(piece.first), direction: size > 0 ? chord / size : SIMD2(1, 0))
    if abs(line.direction.y) * size / 2 <= Self.levelSlack, abs(chord.x) > abs(chord.y) {
      line.direction = SIMD2(chord.x < 0 ? -1 : 1, 0)
    } else if abs(line.direction.x) * size / 2 <= Self.levelSlack, abs(chord.y) > abs(chord.x) {
      line.direction = SIMD2(0, chord.y < 0 ? -1 : 1)
    }
    return Fit(piece: piece, shape: .line(line))
  }

  /// Steps from corner to corner.
  func join(_ fits: [Fit], _ points: [SIMD2<Double>]) -> [Outline.Step] {
    let corners = fits.indices.map { index in
      corner(fits[index], fits[index + 1 == fits.count ? 0 : index + 1], points)
    }
    var steps: [Outline.Step] = []
    for (index, fit) in fits.enumerated() {
      let start = corners[index == 0 ? fits.count - 1 : index - 1]
      let end = corners[index]
      guard length(end - start) > 1e-6 || fits.count == 1 else { continue }
      var middle: SIMD2<Double>?
      if case .arc(let circle) = fit.shape {
        middle = halfway(start, end, circle, points[(fit.piece.first + fit.piece.last) / 2 % points.count])
      }
      steps.append(Outline.Step(middle: middle, end: end))
    }
    return steps
  }

  /// Where a piece ends and the next begins.
  private func corner(_ fit: Fit, _ next: Fit, _ points: [SIMD2<Double>]) -> SIMD2<Double> {
    let place = (points[fit.piece.last % points.count] + points[next.piece.first % points.count]) / 2
    let crossings: [SIMD2<Double>]
    let reach: Double
    switch (fit.shape, next.shape) {
    case (.line(let a), .line(let b)):
      crossings = intersections(a, b)
      reach = sharpestReach
    case (.line(let a), .arc(let b)), (.arc(let b), .line(let a)):
      crossings = intersections(a, b)
      reach = sharpestReach / 2
    case (.arc(let a), .arc(let b)):
      crossings = intersections(a, b)
      reach = sharpestReach / 2
    }
    let nearest = crossings.min { length($0 - place) < length($1 - place) }
    if let nearest, length(nearest - place) <= reach { return nearest }
    // Those that only touch meet wherever the place is.
    return (fit.foot(place) + next.foot(place)) / 2
  }

  /// The middle of the arc on the side of a point of it.
  private func halfway(
    _ start: SIMD2<Double>, _ end: SIMD2<Double>, _ circle: FittedCircle, _ side: SIMD2<Double>
  ) -> SIMD2<Double> {
    let chord = end - start
    let size = length(chord)
    guard size > 1e-9 else { return circle.center * 2 - start }
    let normal = SIMD2(-chord.y, chord.x) / size
    let foot = (start + end) / 2
    // The ends may be a little off the circle: what is fitted is the height above their chord.
    let a = circle.center + normal * circle.radius
    let b = circle.center - normal * circle.radius
    let top = length(a - side) < length(b - side) ? a : b
    return foot + normal * dot(top - foot, normal)
  }

  private func intersections(_ a: FittedLine, _ b: FittedLine) -> [SIMD2<Double>] {
    let turn = cross(a.direction, b.direction)
    guard abs(turn) > 0.02 else { return [] }
    return [a.point + a.direction * (cross(b.point - a.point, b.direction) / turn)]
  }

  private func intersections(_ a: FittedLine, _ b: FittedCircle) -> [SIMD2<Double>] {
    let foot = a.foot(b.center)
    let rest = b.radius * b.radius - dot(foot - b.center, foot - b.center)
    guard rest > 0 else { return [] }
    let half = a.direction * rest.squareRoot()
    return [foot + half, foot - half]
  }

  private func intersections(_ a: FittedCircle, _ b: FittedCircle) -> [SIMD2<Double>] {
    let between = b.center - a.center
    let distance = length(between)
    guard distance > 1e-9 else { return [] }
    let along = (distance * distance + a.radius * a.radius - b.radius * b.radius) / (2 * distance)
    let rest = a.radius * a.radius - along * along
    guard rest > 0 else { return [] }
    let unit = between / distance
    let foot = a.center + unit * along
    let half = SIMD2(-unit.y, unit.x) * rest.squareRoot()
    return [foot + half, foot - half]
  }
}
