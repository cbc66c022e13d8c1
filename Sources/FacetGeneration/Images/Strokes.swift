import FacetContract

/// How a line drawing is read: each closed stroke stands for the curve along its middle, the outermost for the
/// part's outline, those within for holes, those within holes for further pieces.
enum Strokes {
  /// Ink of this width in pixels is strokes, when it is at most ``widestShare`` of the drawing's longer side.
  static let widest = 8.0
  static let widestShare = 0.05
  /// Ink of this share of the longer side is strokes in any case.
  static let alwaysShare = 0.01

  /// Whether ink is strokes rather than areas.
  static func areMeant(width: Double, side: Double) -> Bool {
    width <= max(min(widest, widestShare * side), alwaysShare * side)
  }

  /// The curves along the middle of the strokes.
  ///
  /// - Throws: `promptTooAmbiguous` for strokes that are not closed, that divide the outline, and for filled areas
  ///   among them.
  static func middles(_ tree: ContourTree, strokeWidth: Double, rounding: Double) throws(GenerationJobError)
    -> ContourForest
  {
    var forest = ContourForest()
    // An ink contour, and the curve that the stroke is in.
    var waiting = tree.roots.map { (node: $0, parent: Int?.none) }
    while let (node, parent) = waiting.popLast() {
      let outside = tree.nodes[node]
      guard let hole = outside.children.first else {
        throw .picture(
          "a stroke is not closed: close gaps of outlines and erase texts, centre lines and dimensions, or say "
            + "“silhouette” if the ink is the part")
      }
      guard outside.children.count == 1 else {
        throw .picture(
          "strokes touch or divide an outline into \(outside.children.count) fields: one closed stroke for each "
            + "outline is needed, or say “silhouette” if the ink is the part")
      }
      let inside = tree.nodes[hole]
      let width = 2 * (outside.area - inside.area) / (perimeter(outside.points) + perimeter(inside.points))
      guard width <= 2 * strokeWidth + 1 else {
        throw .picture(
          "filled areas are among strokes: say “silhouette” if the ink is the part, else leave the areas empty"
        )
      }
      let index = forest.add(
        middle(outside.points, inside.points, width: width), rounding: rounding + 0.75 * width - 0.5,
        in: parent)
      waiting += inside.children.map { ($0, index) }
    }
    return forest
  }

  /// The curve midway between both sides of a stroke.
  ///
  /// From each point of the outer side halfway to the nearest of the inner one; around corners that turn the other
  /// way, where that leaves a gap, from the inner side to the outer.
  static func middle(
    _ outside: [SIMD2<Double>], _ inside: [SIMD2<Double>], width: Double
  ) -> [SIMD2<Double>] {
    // Both clockwise.
    let outer = signedArea(outside) > 0 ? outside : outside.reversed()
    let inner = signedArea(inside) > 0 ? inside : inside.reversed()
    let grid = SegmentGrid(inner, cell: max(2, width))
    let feet = outer.map { grid.foot(of: $0) }
    var middle: [SIMD2<Double>] = []
    for (index, foot) in feet.enumerated() {
      middle.append((outer[index] + foot.point) / 2)
      let next = feet[index + 1 == feet.count ? 0 : index + 1]
      var skipped = next.segment - foot.segment
      if skipped < -inner.count / 2 { skipped += inner.count }
      guard skipped > 2, skipped < inner.count / 2 else { continue }
      let corner = (outer[index] + outer[index + 1 == outer.count ? 0 : index + 1]) / 2
      for step in 1..<skipped {
        middle.append((corner + inner[(foot.segment + step) % inner.count]) / 2)
      }
    }
    return middle
  }

  private static func perimeter(_ points: [SIMD2<Double>]) -> Double {
    var sum = 0.0
    for index in points.indices {
      sum += length(points[index] - points[index == 0 ? points.count - 1 : index - 1])
    }
    return sum
  }
}

/// Closed curves, outlines at the even levels and holes at the odd ones.
struct ContourForest: Sendable {
  struct Curve: Sendable {
    /// In pixels from the picture's upper left corner, y down.
    var points: [SIMD2<Double>]
    /// How much of a corner may be missing, in pixels.
    var rounding: Double
    var isHole: Bool
    var children: [Int] = []
  }

  private(set) var curves: [Curve] = []

  init() {}

  /// The contours of the ink as they are.
  init(_ tree: ContourTree, rounding: Double) {
    var waiting = tree.roots.map { (node: $0, parent: Int?.none) }
    while let (node, parent) = waiting.popLast() {
      let index = add(tree.nodes[node].points, rounding: rounding, in: parent)
      waiting += tree.nodes[node].children.map { ($0, index) }
    }
  }

  mutating func add(_ points: [SIMD2<Double>], rounding: Double, in parent: Int?) -> Int {
    curves.append(
      Curve(points: points, rounding: rounding, isHole: parent.map { !curves[$0].isHole } ?? false))
    if let parent { curves[parent].children.append(curves.count - 1) }
    return curves.count - 1
  }
}

/// The segments of a closed curve by the square cells that they are in.
private struct SegmentGrid {
  private let points: [SIMD2<Double>]
  private let cell: Double
  private let low: SIMD2<Double>
  private let columns: Int
  private let rows: Int
  /// Where each cell's segments start in ``segments``.
  private var starts: [Int]
  private var segments: [Int]

  init(_ points: [SIMD2<Double>], cell: Double) {
    self.points = points
    self.cell = cell
    var low = points[0]
    var high = points[0]
    for point in points {
      low = SIMD2(min(low.x, point.x), min(low.y, point.y))
      high = SIMD2(max(high.x, point.x), max(high.y, point.y))
    }
    self.low = low
    columns = Int((high.x - low.x) / cell) + 1
    rows = Int((high.y - low.y) / cell) + 1
    starts = [Int](repeating: 0, count: columns * rows + 1)
    segments = [Int](repeating: 0, count: points.count)
    // A segment is shorter than a cell, so the cell of its first point and the cells around hold what is near.
    let (columns, rows) = (columns, rows)
    func index(_ point: SIMD2<Double>) -> Int {
      min(rows - 1, Int((point.y - low.y) / cell)) * columns + min(columns - 1, Int((point.x - low.x) / cell))
    }
    for point in points { starts[index(point) + 1] += 1 }
    for cell in 1..<starts.count { starts[cell] += starts[cell - 1] }
    var next = starts
    for (segment, point) in points.enumerated() {
      let cell = index(point)
      segments[next[cell]] = segment
      next[cell] += 1
    }
  }

  /// The nearest point, and the segment that it is on.
  func foot(of point: SIMD2<Double>) -> (point: SIMD2<Double>, segment: Int) {
    let column = min(columns - 1, max(0, Int((point.x - low.x) / cell)))
    let row = min(rows - 1, max(0, Int((point.y - low.y) / cell)))
    var best = (point: points[0], segment: 0)
    var leastDistance = Double.infinity
    var ring = 0
    while ring <= max(columns, rows) {
      for v in max(0, row - ring)...min(rows - 1, row + ring) {
        for u in max(0, column - ring)...min(columns - 1, column + ring) {
          guard abs(v - row) == ring || abs(u - column) == ring else { continue }
          for index in starts[v * columns + u]..<starts[v * columns + u + 1] {
            let segment = segments[index]
            let candidate = nearest(to: point, on: segment)
            let distance = length(candidate - point)
            if distance < leastDistance {
              leastDistance = distance
              best = (candidate, segment)
            }
          }
        }
      }
      // Cells further out hold nothing nearer, but for the length of a segment.
      if leastDistance < Double(ring - 1) * cell { break }
      ring += 1
    }
    return best
  }

  private func nearest(to point: SIMD2<Double>, on segment: Int) -> SIMD2<Double> {
    let from = points[segment]
    let along = points[segment + 1 == points.count ? 0 : segment + 1] - from
    let square = dot(along, along)
    guard square > 0 else { return from }
    return from + along * min(1, max(0, dot(point - from, along) / square))
  }
}
