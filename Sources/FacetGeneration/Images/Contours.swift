/// Closed contours of the ink, traced between the centres of four pixels at a time (marching squares), the ink on
/// the left: around ink counterclockwise as one sees it, around a hole clockwise.
///
/// Where ink and paper meet crosswise, the saddle of the bilinear surface decides which of them is joined, so that
/// contours neither cross nor touch (the asymptotic decider of Nielson and Hamann, 1991).
struct Contours: Sendable {
  /// A crossing of the contour with the line between the centres of two neighbouring pixels.
  struct Crossing: Sendable, Hashable {
    /// The left or upper of the two, in the framed field.
    let pixel: Int
    let isVertical: Bool
  }

  private(set) var loops: [[Crossing]] = []

  /// - Parameter joinsInk: Whether ink that is joined at a corner only is joined when the saddle leaves it open. Thin
  ///   strokes want it, silhouettes don't.
  init(_ field: InkField, joinsInk: Bool) {
    let width = field.width
    let threshold = field.threshold
    let levels = field.levels.span
    // Whether the contour was followed downwards between a pixel and the one to the right of it.
    var isVisited = [Bool](repeating: false, count: levels.count)
    for y in 1..<field.height - 1 {
      let row = y * width
      for start in row..<row + width - 1 {
        guard levels[start] < threshold, levels[start + 1] >= threshold, !isVisited[start] else { continue }
        loops.append(
          Self.follow(start, width, levels, threshold, field.contourLevel, joinsInk, &isVisited))
      }
    }
  }

  private enum Heading { case down, up, right, left }

  private static func follow(
    _ start: Int, _ width: Int, _ levels: Span<UInt8>, _ threshold: UInt8, _ contourLevel: Double,
    _ joinsInk: Bool, _ isVisited: inout [Bool]
  ) -> [Crossing] {
    var loop: [Crossing] = []
    var pixel = start
    var heading = Heading.down
    repeat {
      // The upper left pixel of the four that the contour enters.
      let corner: Int
      switch heading {
      case .down:
        loop.append(Crossing(pixel: pixel, isVertical: false))
        isVisited[pixel] = true
        corner = pixel
      case .up:
        loop.append(Crossing(pixel: pixel, isVertical: false))
        corner = pixel - width
      case .right:
        loop.append(Crossing(pixel: pixel, isVertical: true))
        corner = pixel
      case .left:
        loop.append(Crossing(pixel: pixel, isVertical: true))
        corner = pixel - 1
      }
      let topLeft = levels[corner] >= threshold
      let topRight = levels[corner + 1] >= threshold
      let bottomLeft = levels[corner + width] >= threshold
      let bottomRight = levels[corner + width + 1] >= threshold
      if topLeft == bottomRight, topRight == bottomLeft, topLeft != topRight {
        let a = Double(levels[corner]) - contourLevel
        let b = Double(levels[corner + 1]) - contourLevel
        let c = Double(levels[corner + width]) - contourLevel
        let d = Double(levels[corner + width + 1]) - contourLevel
        // The saddle's height is (ad - bc) / (a + d - b - c).
        let saddle = topLeft ? a * d - b * c : b * c - a * d
        let isJoined = saddle == 0 ? joinsInk : saddle > 0
        switch heading {
        case .right: heading = isJoined ? .down : .up
        case .left: heading = isJoined ? .up : .down
        case .down: heading = isJoined ? .left : .right
        case .up: heading = isJoined ? .right : .left
        }
      } else if bottomRight, !bottomLeft {
        heading = .down
      } else if topLeft, !topRight {
        heading = .up
      } else if topRight, !bottomRight {
        heading = .right
      } else {
        heading = .left
      }
      switch heading {
      case .down: pixel = corner + width
      case .up: pixel = corner
      case .right: pixel = corner + 1
      case .left: pixel = corner
      }
    } while pixel != start || heading != .down
    return loop
  }
}

extension InkField {
  /// Where a crossing is, by linear interpolation, in pixels from the picture's upper left corner, y down.
  func position(_ crossing: Contours.Crossing) -> SIMD2<Double> {
    let next = crossing.isVertical ? crossing.pixel + width : crossing.pixel + 1
    let from = Double(levels[crossing.pixel])
    let to = Double(levels[next])
    return center(of: crossing, shifted: (contourLevel - from) / (to - from))
  }

  /// The same by the areas that the pixels along the line are covered to: exact for a straight edge that is not
  /// steeper than the diagonal, where interpolation is off by up to 0.09 pixels (after Trujillo-Pino and others,
  /// 2013). Nil where the levels along the line don't go from paper to ink within three pixels.
  func refinedPosition(_ crossing: Contours.Crossing) -> SIMD2<Double>? {
    let step = crossing.isVertical ? width : 1
    let across = crossing.isVertical ? 1 : width
    let first = crossing.pixel
    let second = first + step
    let x = first % width
    let y = first / width
    // One more on both sides, for the slope across.
    guard x >= 1, y >= 1, x + 2 < width, y + 2 < height else { return nil }
    let along = 2 * abs(Int(levels[second]) - Int(levels[first]))
    let slope =
      abs(
        Int(levels[first + across]) + Int(levels[second + across]) - Int(levels[first - across])
          - Int(levels[second - across])) / 2
    guard slope <= along else { return nil }

    let rises = levels[second] > levels[first]
    let room = crossing.isVertical ? (before: y, after: height - 1 - y) : (before: x, after: width - 1 - x)
    let saturation = 0.03
    // The length that is covered on the paper's side of the border between the two, or missing on the ink's.
    func run(from start: Int, by step: Int, room: Int, towardsInk: Bool) -> Double? {
      var sum = 0.0
      var last = 0.0
      var index = start
      for steps in 0..<min(3, room) {
        let share = coverage(levels[index])
        let missing = towardsInk ? 1 - share : share
        if steps > 0, missing > last { return nil }
        sum += missing
        if missing <= saturation { return sum }
        last = missing
        index += step
      }
      return nil
    }
    guard
      let before = run(from: first, by: -step, room: room.before + 1, towardsInk: !rises),
      let after = run(from: second, by: step, room: room.after, towardsInk: rises)
    else { return nil }
    // From the border between the two pixels the edge moves into the ink by what is missing of it there, and into
    // the paper by what is covered of that.
    return center(of: crossing, shifted: 0.5 + after - before)
  }

  private func center(of crossing: Contours.Crossing, shifted shift: Double) -> SIMD2<Double> {
    // The frame's pixels are at -0.5.
    let x = Double(crossing.pixel % width) - 0.5
    let y = Double(crossing.pixel / width) - 0.5
    return crossing.isVertical ? SIMD2(x, y + shift) : SIMD2(x + shift, y)
  }
}
