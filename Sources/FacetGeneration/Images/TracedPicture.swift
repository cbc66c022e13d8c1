import FacetContract

/// The parts that a picture shows, in pixels from its upper left corner, y down.
struct TracedPicture: Sendable {
  struct Piece: Sendable {
    var outline: Outline
    var holes: [Outline]
  }

  var pieces: [Piece]
  let isLineDrawing: Bool
  let bounds: (low: SIMD2<Double>, high: SIMD2<Double>)

  /// How ink is to be read.
  enum Reading: Sendable {
    /// As strokes when it is thin throughout, else as areas.
    case byWidth
    case strokes
    case areas
  }

  /// Lines and arcs that a drawing may have.
  static let mostSteps = 2500

  /// - Throws: `promptTooAmbiguous` for pictures that are no clean drawing or silhouette.
  init(_ raster: Raster, reading: Reading = .byWidth) throws(GenerationJobError) {
    let field = try InkField(raster)
    let joinsInk =
      switch reading {
      case .strokes: true
      case .areas: false
      case .byWidth: field.strokeWidth <= Strokes.widest
      }
    let tree = try ContourTree(Contours(field, joinsInk: joinsInk), of: field)
    isLineDrawing =
      switch reading {
      case .strokes: true
      case .areas: false
      case .byWidth: Strokes.areMeant(width: field.strokeWidth, side: tree.longerSide)
      }
    let forest =
      isLineDrawing
      ? try Strokes.middles(tree, strokeWidth: field.strokeWidth, rounding: field.rounding)
      : ContourForest(tree, rounding: field.rounding)
    let outlines = try Self.outlines(forest, field.isJagged ? Self.jagged : Self.smooth)
    pieces = forest.curves.indices.filter { !forest.curves[$0].isHole }.map { index in
      Piece(outline: outlines[index], holes: forest.curves[index].children.map { outlines[$0] })
    }
    var low = SIMD2(repeating: Double.infinity)
    var high = -low
    for piece in pieces {
      let bounds = piece.outline.bounds
      low = SIMD2(min(low.x, bounds.low.x), min(low.y, bounds.low.y))
      high = SIMD2(max(high.x, bounds.high.x), max(high.y, bounds.high.y))
    }
    bounds = (low, high)
  }

  /// How near outlines are followed, in pixels, where the greys of edges tell where they run.
  private static let smooth = Simplification(tolerance: 0.6, rounding: 2, thinning: 0.3)
  /// The same where edges have no greys, but steps.
  private static let jagged = Simplification(tolerance: 1, rounding: 2, thinning: 0.5)

  /// Outlines that neither cross nor touch one another: where the tolerance lets them, with less of it.
  private static func outlines(
    _ forest: ContourForest, _ simplification: Simplification
  ) throws(GenerationJobError) -> [Outline] {
    let points = forest.curves.map(\.points)
    var outlines = forest.curves.map { curve in
      var own = simplification
      own.rounding = curve.rounding
      return own.outline(curve.points)
    }
    let finer = Simplification(
      tolerance: simplification.tolerance / 2, rounding: 1, thinning: simplification.thinning / 2)
    for attempt in 0..<3 {
      guard outlines.reduce(0, { $0 + $1.stepCount }) <= mostSteps else {
        throw .picture(
          "the outlines take more than \(mostSteps) lines and arcs: a simpler or cleaner drawing is needed")
      }
      var faulty = Set(Crossings.faulty(outlines.map { $0.polygon(within: 0.05) }))
      for (index, outline) in outlines.enumerated() where attempt < 2 && isOff(outline, points[index]) {
        faulty.insert(index)
      }
      if faulty.isEmpty { return outlines }
      for index in faulty {
        outlines[index] =
          attempt == 0
          ? finer.outline(points[index])
          : Simplification.polygon(points[index])
      }
    }
    throw .init(.geometryValidationFailed, detail: "the outlines in the picture cross or touch one another")
  }

  /// Whether an outline lost or gained more area than lines within the tolerance can.
  private static func isOff(_ outline: Outline, _ points: [SIMD2<Double>]) -> Bool {
    var perimeter = 0.0
    for index in points.indices {
      perimeter += length(points[index] - points[index == 0 ? points.count - 1 : index - 1])
    }
    return abs(outline.area - abs(signedArea(points))) > 0.25 * perimeter
  }
}

extension ContourTree {
  /// Of the box around everything, in pixels.
  var longerSide: Double {
    var low = SIMD2(repeating: Double.infinity)
    var high = -low
    for root in roots {
      for point in nodes[root].points {
        low = SIMD2(min(low.x, point.x), min(low.y, point.y))
        high = SIMD2(max(high.x, point.x), max(high.y, point.y))
      }
    }
    return max(high.x - low.x, high.y - low.y)
  }
}
