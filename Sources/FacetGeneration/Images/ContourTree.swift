import FacetContract

/// Which contour is within which, without specks: around ink are the even levels, around holes the odd ones.
struct ContourTree: Sendable {
  struct Node: Sendable {
    /// In pixels from the picture's upper left corner, y down.
    var points: [SIMD2<Double>]
    /// In pixels.
    var area: Double
    var children: [Int] = []
  }

  private(set) var nodes: [Node] = []
  /// The nodes that are in no other.
  private(set) var roots: [Int] = []

  /// Contours around less than so many pixels are specks: dust and pinholes.
  static let speckArea = 16.0
  /// Contours that a drawing may have.
  static let mostContours = 500

  /// - Throws: `promptTooAmbiguous` when only specks are there, or more contours than a drawing has.
  init(_ contours: Contours, of field: InkField) throws(GenerationJobError) {
    // The points on the grid's lines decide what is in what: exactly, for a row of pixels meets a contour just where
    // it crosses between two pixels of that row.
    var kept: [(crossings: [Contours.Crossing], points: [SIMD2<Double>], area: Double)] = []
    for loop in contours.loops {
      let points = loop.map(field.position)
      let area = abs(signedArea(points))
      if area >= Self.speckArea { kept.append((loop, points, area)) }
      guard kept.count <= Self.mostContours else {
        throw .picture(
          "the picture has more than \(Self.mostContours) outlines; noise and photographs cannot be traced")
      }
    }
    guard !kept.isEmpty else {
      throw .picture("nothing is drawn in the picture but specks of less than \(Int(Self.speckArea)) pixels")
    }
    kept.sort { $0.area > $1.area }

    var rows = [[(x: Double, node: Int)]](repeating: [], count: field.height)
    for (node, loop) in kept.enumerated() {
      for (crossing, point) in zip(loop.crossings, loop.points) where !crossing.isVertical {
        rows[crossing.pixel / field.width].append((point.x, node))
      }
    }
    for (node, loop) in kept.enumerated() {
      let parent = Self.parent(of: node, loop.crossings, loop.points, field.width, rows)
      let points = zip(loop.crossings, loop.points).map { field.refinedPosition($0) ?? $1 }
      nodes.append(Node(points: points, area: loop.area))
      if let parent { nodes[parent].children.append(node) } else { roots.append(node) }
    }
  }

  /// The smallest contour that is crossed an odd number of times on the way to the left.
  private static func parent(
    of node: Int, _ crossings: [Contours.Crossing], _ points: [SIMD2<Double>], _ width: Int,
    _ rows: [[(x: Double, node: Int)]]
  ) -> Int? {
    // Every loop is followed from a crossing in a row.
    let row = crossings[0].pixel / width
    let x = points[0].x
    var isOdd = [Int: Bool]()
    for crossing in rows[row] where crossing.x < x && crossing.node != node {
      isOdd[crossing.node, default: false].toggle()
    }
    // Sorted by area, the later is the smaller.
    return isOdd.filter(\.value).keys.max()
  }
}

/// The area within a polygon, positive when it runs clockwise as one sees it with y down.
func signedArea(_ points: [SIMD2<Double>]) -> Double {
  guard let origin = points.first, var last = points.last else { return 0 }
  last -= origin
  var sum = 0.0
  for point in points {
    let next = point - origin
    sum += last.x * next.y - last.y * next.x
    last = next
  }
  return sum / 2
}
