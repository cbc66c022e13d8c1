import FacetContract

/// Where features stand on a face: the words about places, distances and patterns become points.
///
/// A point's coordinates are mm from the face's centre, to the right and upwards as one looks at it. One feature of
/// which nothing is said stands in the centre; several have to be placed by the prompt.
struct Positions {
  let reader: DetailReader
  let face: Face
  let footprint: Footprint
  /// The diameter of a bolt circle that the body itself was given.
  var boltCircle: Double?
  /// On how many faces; with several, a feature of which nothing more is said stands once in the middle of each.
  var faceCount = 1

  private enum Line {
    case fixed(Double)
    /// Both ends, this far inside.
    case inset(Double)
  }

  func points() throws(GenerationJobError) -> [SIMD2<Double>] {
    let count = reader.takeCount()
    let isCentered = reader.takeFlag(.centered)
    let isEven = reader.takeFlag(.even)
    let isGrid = reader.takeFlag(.gridded)
    _ = reader.takeFlag(.vertically)
    _ = reader.takeFlag(.horizontally)
    // "corner holes", "in each corner", "in the corners"; not "in the corner".
    let corners = !reader.takePlaces {
      $0.noun == .corner && $0.directions.isEmpty && ($0.isEvery || $0.link == nil)
    }
    .isEmpty
    // "in the top left corner"
    var pick: SIMD2<Double>?
    if let corner = reader.takePlaces({ place in
      place.noun == .corner && place.directions.count == 2
        && place.directions.allSatisfy { face.edges[$0] != nil }
    }).first {
      let edges = corner.directions.map { face.edges[$0]! }
      if edges[0].x * edges[1].x == 0, edges[0].y * edges[1].y == 0 { pick = edges[0] + edges[1] }
    }
    // "at the center", "along the axis", "from the edges": what is left of the places says nothing more here.
    _ = reader.takePlaces { $0.directions.isEmpty && ($0.noun == .center || $0.noun == .axis) }
    _ = reader.takePlaces { $0.link == .along && $0.directions == [.long] }
    if let explicit = try explicitPoints() {
      try expect(count, explicit.count)
      return explicit
    }
    if let circle = try circle() {
      guard let count, count >= 2 else {
        throw .missing("number", of: "\(reader.name)s on the bolt circle", example: "six holes")
      }
      guard reader.distances.isEmpty, !corners else {
        throw .ambiguous("the \(reader.name)s are placed on a bolt circle and by distances")
      }
      return (0..<count).map { place in Positions.onCircle(circle / 2, place, of: count) }
    }
    var spacing = try reader.takeAll(.spacing)
    if let rows = try reader.takeInteger(.rows) {
      return try grid(rows, try reader.takeInteger(.columns), count, spacing)
    }
    if isGrid {
      throw .ambiguous("the grid's rows and columns are missing; say, for example, “a 3 x 4 grid”")
    }
    if !spacing.isEmpty, reader.distances.isEmpty, !corners {
      return try spaced(count, &spacing, isRow: isEven, isSquare: reader.takeFlag(.square))
    }
    let lines = try lines(corners: corners || pick != nil, count: count, isCentered: isCentered)
    if let pick {
      guard case .inset(let u)? = lines.u, case .inset(let v)? = lines.v, count ?? 1 == 1, spacing.isEmpty
      else {
        throw .missing(
          "distance from the edges", of: "\(reader.name) in the corner", example: "10 mm from the edges")
      }
      return [[pick.x * (face.half.x - u), pick.y * (face.half.y - v)]]
    }
    if let offset = try reader.takeSigned(.offset) {
      throw .ambiguous(
        "an offset of \(Figure.millimetres(offset)) in which direction is not said; say x = … and y = …")
    }
    return try placed(lines, count, spacing, corners: corners)
  }

  private func expect(_ count: Int?, _ found: Int) throws(GenerationJobError) {
    if let count, count != found {
      throw .contradiction("\(count) \(reader.name)s are asked for, and \(found) places given")
    }
  }

  /// A spacing that is said, and the one that follows from the distances.
  private func agree(_ given: Double, _ follows: Double) throws(GenerationJobError) {
    if abs(given - follows) > 1e-6 {
      throw .contradiction(
        "the \(reader.name)s are \(Figure.millimetres(given)) apart as said, and \(Figure.millimetres(follows)) by their "
          + "distances from the edges")
    }
  }

  private func missingPlaces(_ count: Int?) -> GenerationJobError {
    .ambiguous(
      "the positions of the \(count.map(String.init) ?? "several") \(reader.name)s are missing; say, for example, "
        + "“one in each corner, 10 mm from the edges” or “20 mm from each end”")
  }

  // MARK: points given as such

  private func explicitPoints() throws(GenerationJobError) -> [SIMD2<Double>]? {
    var points: [SIMD2<Double>] = []
    for point in reader.takePoints() {
      points.append([try reader.signed(point[0]), try reader.signed(point[1])])
    }
    let coordinates = reader.takeCoordinates()
    if !coordinates.isEmpty {
      guard coordinates.count % 2 == 0 || coordinates.count == 1 else {
        throw .ambiguous("the coordinates of the \(reader.name) are not understood; give x and y of each")
      }
      for start in stride(from: 0, to: coordinates.count, by: 2) {
        var point = SIMD2<Double>.zero
        let pair = coordinates[start..<min(start + 2, coordinates.count)]
        for coordinate in pair {
          guard coordinate.axis != .z else {
            throw .ambiguous("z is not understood as a place on a face; give x and y from its centre")
          }
          point[coordinate.axis == .x ? 0 : 1] = try reader.signed(coordinate.quantity)
        }
        guard pair.count == 1 || pair.first!.axis != pair.last!.axis else {
          throw .ambiguous("the coordinates of the \(reader.name) are not understood; give x and y of each")
        }
        points.append(point)
      }
    }
    return points.isEmpty ? nil : points
  }

  /// The first stands to the right of the centre, the others follow counterclockwise.
  static func onCircle(_ radius: Double, _ place: Int, of count: Int) -> SIMD2<Double> {
    let angle = 2 * Double.pi * Double(place) / Double(count)
    return [radius * cosine(angle), radius * sine(angle)]
  }

  private func circle() throws(GenerationJobError) -> Double? {
    var circle = try reader.take(.boltCircle)
    if let radius = try reader.take(.boltCircleRadius) { circle = 2 * radius }
    let hasOther = !reader.distances.isEmpty || reader.has(.spacing) || reader.has(.rows)
    guard let circle = circle ?? (hasOther ? nil : boltCircle) else { return nil }
    let reach = face.half.min()
    guard circle / 2 + footprint.reach.max() < reach else {
      throw .contradiction(
        "a bolt circle of \(Figure.millimetres(circle)) with \(reader.name)s of "
          + "\(Figure.millimetres(2 * footprint.reach.max())) does not fit in \(Figure.millimetres(2 * reach))"
      )
    }
    return circle
  }

  // MARK: grids and rows

  private func grid(
    _ rows: Int, _ columns: Int?, _ count: Int?, _ spacing: [Double]
  ) throws(GenerationJobError) -> [SIMD2<Double>] {
    guard let columns = columns ?? count.map({ $0 % rows == 0 ? $0 / rows : $0 }) else {
      throw .missing("columns", of: "grid", example: "3 rows and 4 columns")
    }
    if let count, count != rows * columns, count != columns {
      throw .contradiction("\(count) \(reader.name)s do not make \(rows) rows of \(columns)")
    }
    var steps: SIMD2<Double>
    if spacing.count == 1 {
      steps = [spacing[0], spacing[0]]
    } else if spacing.count == 2 {
      steps = [spacing[0], spacing[1]]
    } else {
      let lines = try lines(corners: true, count: 4)
      guard spacing.isEmpty, case .inset(let u)? = lines.u, case .inset(let v)? = lines.v else {
        throw .missing("spacing", of: "grid", example: "spaced 20 mm apart")
      }
      steps = [
        columns > 1 ? 2 * (face.half.x - u) / Double(columns - 1) : 0,
        rows > 1 ? 2 * (face.half.y - v) / Double(rows - 1) : 0,
      ]
    }
    var points: [SIMD2<Double>] = []
    for row in 0..<rows {
      for column in 0..<columns {
        points.append([
          (Double(column) - Double(columns - 1) / 2) * steps.x,
          (Double(row) - Double(rows - 1) / 2) * steps.y,
        ])
      }
    }
    return points
  }

  private func spaced(
    _ count: Int?, _ spacing: inout [Double], isRow: Bool, isSquare: Bool
  ) throws(GenerationJobError) -> [SIMD2<Double>] {
    guard let count, count >= 2 else {
      throw .missing("number", of: "\(reader.name)s", example: "three holes")
    }
    if spacing.count == 2 || isSquare {
      reader.ignore(.rectangular)
      guard count == 4 else {
        throw .ambiguous("\(count) \(reader.name)s with two spacings are not understood")
      }
      let (u, v) = (spacing[0] / 2, spacing.last! / 2)
      return [[-u, -v], [u, -v], [u, v], [-u, v]]
    }
    guard spacing.count == 1 else { throw missingPlaces(count) }
    guard count != 4 || isRow else {
      throw .ambiguous("whether the four \(reader.name)s stand in a row or in a square is not said")
    }
    return (0..<count).map { place in along((Double(place) - Double(count - 1) / 2) * spacing[0], 0) }
  }

  /// The face's longer direction is along u when it is as long as v.
  private var isLongAlongU: Bool { face.usable != nil || face.half.x >= face.half.y - 1e-9 }

  private func along(_ long: Double, _ short: Double) -> SIMD2<Double> {
    isLongAlongU ? [long, short] : [short, long]
  }

  // MARK: distances

  private func lines(
    corners: Bool, count: Int?, isCentered: Bool = false
  ) throws(GenerationJobError) -> (u: Line?, v: Line?) {
    var u: Line?
    var v: Line?
    func keep(_ isU: Bool, _ line: Line) throws(GenerationJobError) {
      if isU ? u != nil : v != nil {
        throw .ambiguous(
          "the \(reader.name)'s distances from the edges are not understood; one too many is given")
      }
      if isU { u = line } else { v = line }
    }
    var distances = reader.takeDistances().map { ($0.quantity, $0.place) }
    for inset in try reader.takeAll(.inset) {
      distances.append(
        (
          Quantity(value: inset, unit: .millimetre),
          Place(directions: [], noun: .edge, link: .from, text: "edges")
        ))
    }
    for (quantity, place) in distances {
      let distance = try reader.signed(quantity)
      guard distance >= 0 else {
        throw .contradiction("\(quantity.text) from the \(place.text) is outside the part")
      }
      let sides = place.directions.filter { face.edges[$0] != nil }
      // Seen from above, a plate has a top edge; a "top end" it has not.
      let isUpwards = place.points(.top) || place.points(.bottom)
      guard
        place.directions.allSatisfy({ face.edges[$0] != nil || [.long, .short, .outer, .all].contains($0) }),
        !isUpwards || abs(face.normal.z) < 0.5 || place.noun == .edge || place.noun == .corner
      else {
        throw .ambiguous("“\(quantity.text) from the \(place.text)” is not understood on the \(face.name)")
      }
      if place.noun == .center || place.noun == .axis {
        guard let side = sides.first, let edge = face.edges[side] else {
          throw .ambiguous(
            "\(quantity.text) from the center in which direction is not said; say x = … and y = …")
        }
        try keep(edge.x != 0, .fixed(distance * (edge.x + edge.y)))
      } else if place.noun == .corner {
        throw .ambiguous(
          "\(quantity.text) from the corners is not understood; give the distance from the edges")
      } else if sides.count == 2,
        sides.allSatisfy({ (face.edges[$0]!.x != 0) == (face.edges[sides[0]]!.x != 0) })
      {
        try keep(face.edges[sides[0]]!.x != 0, .inset(distance))
      } else if sides.count == 2 {
        for side in sides {
          let edge = face.edges[side]!
          let half = edge.x != 0 ? face.half.x : face.half.y
          try keep(edge.x != 0, .fixed((half - distance) * (edge.x + edge.y)))
        }
      } else if let side = sides.first {
        let edge = face.edges[side]!
        let half = edge.x != 0 ? face.half.x : face.half.y
        try keep(edge.x != 0, .fixed((half - distance) * (edge.x + edge.y)))
      } else if place.points(.long) {
        try keep(!isLongAlongU, .inset(distance))
      } else if place.points(.short) || place.noun == .end {
        try keep(isLongAlongU, .inset(distance))
      } else if place.directions.allSatisfy({ $0 == .outer || $0 == .all }),
        place.noun == .edge || place.noun == .side || place.noun == .perimeter || place.noun == nil
          || place.noun == .wall
      {
        if corners || count == 4 {
          try keep(true, .inset(distance))
          try keep(false, .inset(distance))
        } else if count == 2, isCentered {
          // Centred across, it can only be the two ends.
          try keep(isLongAlongU, .inset(distance))
        } else {
          throw .ambiguous("\(quantity.text) from which edge of the \(face.name) is not said; name the edges")
        }
      } else {
        throw .ambiguous("“\(quantity.text) from the \(place.text)” is not understood on the \(face.name)")
      }
    }
    for line in [(u, face.half.x), (v, face.half.y)] {
      if case .inset(let inset)? = line.0, inset >= line.1 {
        throw .contradiction(
          "\(Figure.millimetres(inset)) from both sides meet or cross in \(Figure.millimetres(2 * line.1))")
      }
    }
    return (u, v)
  }

  private func placed(
    _ lines: (u: Line?, v: Line?), _ count: Int?, _ spacing: [Double], corners: Bool
  ) throws(GenerationJobError) -> [SIMD2<Double>] {
    switch (lines.u, lines.v) {
    case (.inset(let u)?, .inset(let v)?):
      try expect(count, 4)
      let (x, y) = (face.half.x - u, face.half.y - v)
      for (given, follows) in zip(spacing, spacing.count == 1 ? [2 * x] : [2 * x, 2 * y]) {
        try agree(given, follows)
      }
      return [[-x, -y], [x, -y], [x, y], [-x, y]]
    case (nil, nil):
      if corners {
        throw .missing(
          "distance from the edges", of: "\(reader.name)s in the corners", example: "10 mm from the edges")
      }
      let isOneEach = faceCount > 1 && (count == nil || count == faceCount)
      guard isOneEach || count ?? 1 == 1 && !(reader.mention.isPlural && count == nil) else {
        throw missingPlaces(count)
      }
      return [.zero]
    case (.inset(let inset)?, let other): return try row(inset, other, isU: true, count, corners, spacing)
    case (let other, .inset(let inset)?): return try row(inset, other, isU: false, count, corners, spacing)
    case (let u, let v):
      var point = SIMD2<Double>.zero
      if case .fixed(let value)? = u { point.x = value }
      if case .fixed(let value)? = v { point.y = value }
      guard count ?? 1 == 1 else {
        // "three holes 10 mm from the top edge, spaced 20 mm apart"
        guard spacing.count == 1, let count, (u == nil) != (v == nil) else { throw missingPlaces(count) }
        return (0..<count).map { place in
          let step = (Double(place) - Double(count - 1) / 2) * spacing[0]
          return u == nil ? [step, point.y] : [point.x, step]
        }
      }
      return [point]
    }
  }

  /// From one inset to the other, evenly: "20 mm from each end".
  private func row(
    _ inset: Double, _ other: Line?, isU: Bool, _ count: Int?, _ corners: Bool, _ spacing: [Double]
  ) throws(GenerationJobError) -> [SIMD2<Double>] {
    let reach = (isU ? face.half.x : face.half.y) - inset
    var across = 0.0
    if case .fixed(let value)? = other { across = value }
    if corners { throw missingPlaces(count) }
    guard let count = count ?? (reader.mention.isPlural ? nil : 1), count >= 2 else {
      throw .ambiguous(
        count == nil && reader.mention.isPlural
          ? "the number of \(reader.name)s is missing"
          : "\(Figure.millimetres(inset)) from which end is not said for the \(reader.name)")
    }
    for given in spacing { try agree(given, 2 * reach / Double(count - 1)) }
    return (0..<count).map { place in
      let along = -reach + 2 * reach * Double(place) / Double(count - 1)
      return isU ? [along, across] : [across, along]
    }
  }
}
