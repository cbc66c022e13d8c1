/// A triangulation of points in one plane in which given segments are edges; exact in what it decides, near to
/// Delaunay in the shapes it prefers.
///
/// Points are inserted one by one, the triangles around them flipped (Lawson 1977); then each segment is cleared
/// of the edges that it crosses, again by flips (Sloan 1993). Where a segment crosses an earlier one, the common
/// point, known exactly by what both are parts of, is inserted into both.
struct PlanarTriangulation {
  typealias Carrier = TriangleContacts.Carrier

  /// Which of the mesh's triangles has the plane.
  private let plane: UInt32
  /// Along which axis the plane is seen, and whether it then has to be turned over.
  private let axis: Int
  private let turn: Int
  /// The points' indices; everything below counts by their places here.
  private(set) var points: [UInt32] = []
  private var seen: [SIMD2<Double>] = []
  private var place: [UInt32: Int] = [:]
  /// A triangle at each point.
  private var around: [Int] = []
  /// Corners, counter-clockwise; edge k runs from corner k to the next one.
  private(set) var corners: [Int] = []
  /// The triangle across each edge, or -1.
  private var across: [Int] = []
  /// For an edge that is part of a segment, its place in `carriers`; else -1.
  private var carrier: [Int] = []
  private var carriers: [Carrier] = []
  private var last = 0
  /// Segments that could not be made edges; never any, as long as all is exact.
  private(set) var failures = 0

  var triangleCount: Int { corners.count / 3 }

  /// Begins with one triangle, whose edges are segments if it is one of the mesh's.
  init(
    plane: UInt32, axis: Int, turn: Int, corners first: [UInt32], areSegments: Bool,
    _ store: ArrangementPoints
  ) {
    self.plane = plane
    self.axis = axis
    self.turn = turn
    for point in first { append(point, store) }
    corners = [0, 1, 2]
    across = [-1, -1, -1]
    carrier = [-1, -1, -1]
    around = [0, 0, 0]
    if areSegments {
      carriers = [.edge(first[0], first[1]), .edge(first[1], first[2]), .edge(first[2], first[0])]
      carrier = [0, 1, 2]
    }
  }

  private mutating func append(_ point: UInt32, _ store: ArrangementPoints) {
    place[point] = points.count
    points.append(point)
    let p = store.approximation(point)
    let (u, v) = (p[(axis + 1) % 3], p[(axis + 2) % 3])
    seen.append(turn > 0 ? SIMD2(u, v) : SIMD2(v, u))
    around.append(-1)
  }

  @inline(__always)
  private func orientation(_ a: Int, _ b: Int, _ c: Int, _ store: ArrangementPoints) -> Int {
    if let sign = certainOrientation(seen[a], seen[b], seen[c]) { return sign }
    return store.orient2d(points[a], points[b], points[c], along: axis) * turn
  }

  @inline(__always)
  private static func next(_ e: Int) -> Int { e % 3 == 2 ? e - 2 : e + 1 }
  @inline(__always)
  private static func previous(_ e: Int) -> Int { e % 3 == 0 ? e + 2 : e - 1 }

  @inline(__always)
  private func origin(_ e: Int) -> Int { corners[e] }
  @inline(__always)
  private func target(_ e: Int) -> Int { corners[PlanarTriangulation.next(e)] }
  @inline(__always)
  private func apex(_ e: Int) -> Int { corners[PlanarTriangulation.previous(e)] }

  /// The edge that runs back along `e` in the triangle across it; -1 at the rim.
  private func twin(_ e: Int) -> Int {
    let t = across[e]
    if t < 0 { return -1 }
    let from = target(e)
    return corners[3 * t] == from ? 3 * t : corners[3 * t + 1] == from ? 3 * t + 1 : 3 * t + 2
  }

  // MARK: Points

  /// Inserts a point, which must not lie outside.
  mutating func insert(_ point: UInt32, _ store: ArrangementPoints) {
    if place[point] != nil { return }
    append(point, store)
    let p = points.count - 1
    guard let t = triangle(around: p, store) else {
      // Outside, which it cannot be.
      failures += 1
      place[point] = nil
      points.removeLast()
      seen.removeLast()
      around.removeLast()
      return
    }
    var zero = -1
    for e in 3 * t..<3 * t + 3 where orientation(origin(e), target(e), p, store) == 0 { zero = e }
    if zero >= 0 { split(edge: zero, at: p, store) } else { split(triangle: t, at: p, store) }
  }

  /// The triangle, sides included, that a point lies in.
  private func triangle(around p: Int, _ store: ArrangementPoints) -> Int? {
    var t = min(last, triangleCount - 1)
    var came = -1
    // The walk ends in a Delaunay triangulation; in any other it nearly always does.
    walk: for _ in 0..<(4 * triangleCount + 16) {
      for e in 3 * t..<3 * t + 3 where across[e] != came || came < 0 {
        if orientation(origin(e), target(e), p, store) < 0 {
          if across[e] < 0 { return nil }
          came = t
          t = across[e]
          continue walk
        }
      }
      return t
    }
    return (0..<triangleCount).first { t in
      (3 * t..<3 * t + 3).allSatisfy { orientation(origin($0), target($0), p, store) >= 0 }
    }
  }

  /// Makes triangle `t` of three corners, what is across each edge and what carries it.
  private mutating func set(
    _ t: Int, _ a: Int, _ b: Int, _ c: Int, _ ab: (across: Int, carrier: Int),
    _ bc: (across: Int, carrier: Int), _ ca: (across: Int, carrier: Int)
  ) {
    if 3 * t == corners.count {
      corners += [a, b, c]
      across += [ab.across, bc.across, ca.across]
      carrier += [ab.carrier, bc.carrier, ca.carrier]
    } else {
      (corners[3 * t], corners[3 * t + 1], corners[3 * t + 2]) = (a, b, c)
      (across[3 * t], across[3 * t + 1], across[3 * t + 2]) = (ab.across, bc.across, ca.across)
      (carrier[3 * t], carrier[3 * t + 1], carrier[3 * t + 2]) = (ab.carrier, bc.carrier, ca.carrier)
    }
    around[a] = t
    around[b] = t
    around[c] = t
    last = t
  }

  private func side(_ e: Int) -> (across: Int, carrier: Int) { (across[e], carrier[e]) }

  /// Tells the triangle across that its neighbour along an edge is now `t`.
  private mutating func relink(_ neighbour: Int, from old: Int, to t: Int) {
    if neighbour < 0 { return }
    for e in 3 * neighbour..<3 * neighbour + 3 where across[e] == old {
      across[e] = t
      return
    }
  }

  private mutating func split(triangle t: Int, at p: Int, _ store: ArrangementPoints) {
    let (a, b, c) = (corners[3 * t], corners[3 * t + 1], corners[3 * t + 2])
    let (ab, bc, ca) = (side(3 * t), side(3 * t + 1), side(3 * t + 2))
    let (second, third) = (triangleCount, triangleCount + 1)
    set(t, a, b, p, ab, (second, -1), (third, -1))
    set(second, b, c, p, bc, (third, -1), (t, -1))
    set(third, c, a, p, ca, (t, -1), (second, -1))
    relink(bc.across, from: t, to: second)
    relink(ca.across, from: t, to: third)
    improve([3 * t, 3 * second, 3 * third], store)
  }

  private mutating func split(edge e: Int, at p: Int, _ store: ArrangementPoints) {
    let t = e / 3
    let back = twin(e)
    let (a, b, c) = (origin(e), target(e), apex(e))
    let split = carrier[e]
    let (bc, ca) = (side(PlanarTriangulation.next(e)), side(PlanarTriangulation.previous(e)))
    let second = triangleCount
    guard back >= 0 else {
      set(t, a, p, c, (-1, split), (second, -1), ca)
      set(second, p, b, c, (-1, split), bc, (t, -1))
      relink(bc.across, from: t, to: second)
      improve([3 * t + 2, 3 * second + 1], store)
      return
    }
    let other = back / 3
    let d = apex(back)
    let (ad, db) = (side(PlanarTriangulation.next(back)), side(PlanarTriangulation.previous(back)))
    let otherCarrier = carrier[back]
    let fourth = triangleCount + 1
    set(t, a, p, c, (other, split), (second, -1), ca)
    set(second, p, b, c, (fourth, split), bc, (t, -1))
    set(other, p, a, d, (t, otherCarrier), ad, (fourth, -1))
    set(fourth, b, p, d, (second, otherCarrier), (other, -1), db)
    relink(bc.across, from: t, to: second)
    relink(db.across, from: other, to: fourth)
    improve([3 * t + 2, 3 * second + 1, 3 * other + 1, 3 * fourth + 2], store)
  }

  // MARK: Flips

  /// Flips edges, these first, until all but segments are locally Delaunay.
  private mutating func improve(_ edges: [Int], _ store: ArrangementPoints) {
    var stack = edges.map { (origin($0), target($0)) }
    // Rounding could make it go round in circles.
    var rest = 64 + 16 * stack.count
    while let (a, b) = stack.popLast(), rest > 0 {
      guard let e = edge(from: a, to: b), carrier[e] < 0 else { continue }
      let back = twin(e)
      if back < 0 { continue }
      let (c, d) = (apex(e), apex(back))
      guard isInCircle(a, b, c, d), canFlip(e, back, store) else { continue }
      rest -= 1
      flip(e, back)
      stack += [(a, d), (d, b), (b, c), (c, a)]
    }
  }

  /// The edge from one point to another, if there is one.
  private func edge(from a: Int, to b: Int) -> Int? {
    var found: Int?
    forEachTriangle(around: a) { e in
      if target(e) == b { found = e }
      return found == nil
    }
    if found != nil { return found }
    // At the rim the edge may exist the other way only.
    return nil
  }

  /// Calls `body` with the edge that starts at point `a` in each triangle around it, while it says so.
  private func forEachTriangle(around a: Int, _ body: (Int) -> Bool) {
    func edge(_ t: Int) -> Int {
      corners[3 * t] == a ? 3 * t : corners[3 * t + 1] == a ? 3 * t + 1 : 3 * t + 2
    }
    let first = around[a]
    var t = first
    // Counter-clockwise: across the edge that ends at the point.
    repeat {
      let e = edge(t)
      if !body(e) { return }
      t = across[PlanarTriangulation.previous(e)]
    } while t >= 0 && t != first
    if t == first { return }
    t = across[edge(first)]
    while t >= 0 {
      let e = edge(t)
      if !body(e) { return }
      t = across[e]
    }
  }

  /// Whether `d` lies well inside the circle through `a`, `b` and `c`; in rounded numbers, for looks only.
  private func isInCircle(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Bool {
    let p = seen[a] - seen[d]
    let q = seen[b] - seen[d]
    let r = seen[c] - seen[d]
    let (pp, qq, rr) = (p.x * p.x + p.y * p.y, q.x * q.x + q.y * q.y, r.x * r.x + r.y * r.y)
    let first = pp * (q.x * r.y - q.y * r.x)
    let second = qq * (r.x * p.y - r.y * p.x)
    let third = rr * (p.x * q.y - p.y * q.x)
    return first + second + third > (abs(first) + abs(second) + abs(third)) * 1e-10
  }

  /// Whether the two triangles along an edge form a strictly convex outline.
  private func canFlip(_ e: Int, _ back: Int, _ store: ArrangementPoints) -> Bool {
    let (a, b, c, d) = (origin(e), target(e), apex(e), apex(back))
    return orientation(c, a, d, store) > 0 && orientation(d, b, c, store) > 0
  }

  /// Replaces edge ab of the triangles abc and bad by cd.
  private mutating func flip(_ e: Int, _ back: Int) {
    let (t, other) = (e / 3, back / 3)
    let (a, b, c, d) = (origin(e), target(e), apex(e), apex(back))
    let (bc, ca) = (side(PlanarTriangulation.next(e)), side(PlanarTriangulation.previous(e)))
    let (ad, db) = (side(PlanarTriangulation.next(back)), side(PlanarTriangulation.previous(back)))
    set(t, c, a, d, ca, ad, (other, -1))
    set(other, d, b, c, db, bc, (t, -1))
    relink(ad.across, from: other, to: t)
    relink(bc.across, from: t, to: other)
  }

  // MARK: Segments

  /// Makes the straight line between two inserted points an edge, or several where it passes points or crosses
  /// other segments.
  mutating func insert(_ segment: TriangleContacts.Segment, _ store: inout ArrangementPoints) {
    guard let from = place[segment.from], let to = place[segment.to], from != to else { return }
    carriers.append(segment.carrier)
    let own = carriers.count - 1
    var open = [(from, to)]
    // Each round makes an edge or a point; what comes back more often than there can be is an error.
    var rest = 1000 + 64 * triangleCount
    while let (a, b) = open.popLast() {
      rest -= 1
      if rest < 0 {
        failures += 1
        return
      }
      if a == b { continue }
      switch way(from: a, to: b, store) {
      case .edge(let e):
        mark(e, own)
        let reached = origin(e) == a ? target(e) : origin(e)
        if reached != b { open.append((reached, b)) }
      case .crossing(let e):
        clear(from: a, to: b, crossing: e, own, &open, &store)
      case .none:
        failures += 1
        return
      }
    }
  }

  private enum Way {
    case edge(Int)
    case crossing(Int)
    case none
  }

  /// How the straight line from `a` to `b` begins: along an edge, or across one.
  private func way(from a: Int, to b: Int, _ store: ArrangementPoints) -> Way {
    var way = Way.none
    forEachTriangle(around: a) { e in
      let (p, q) = (target(e), apex(e))
      let left = p == b ? 0 : orientation(a, p, b, store)
      let right = q == b ? 0 : orientation(a, q, b, store)
      if left == 0 && right < 0 {
        way = .edge(e)
      } else if left > 0 && right == 0 {
        way = .edge(PlanarTriangulation.previous(e))
      } else if left > 0 && right < 0 {
        way = .crossing(PlanarTriangulation.next(e))
      } else {
        return true
      }
      return false
    }
    return way
  }

  private mutating func mark(_ e: Int, _ own: Int) {
    if carrier[e] >= 0 { return }
    carrier[e] = own
    let back = twin(e)
    if back >= 0 { carrier[back] = own }
  }

  /// Flips away what the line from `a` to `b` crosses, from edge `first` on, up to the next point on the line, and
  /// makes it an edge; or splits it where it crosses a segment.
  private mutating func clear(
    from a: Int, to b: Int, crossing first: Int, _ own: Int, _ open: inout [(Int, Int)],
    _ store: inout ArrangementPoints
  ) {
    var crossed: [(Int, Int)] = []
    var e = first
    var end = b
    while true {
      if carrier[e] >= 0 {
        split(e, where: own, from: a, to: b, &open, &store)
        return
      }
      crossed.append((origin(e), target(e)))
      let back = twin(e)
      if back < 0 {
        failures += 1
        return
      }
      let next = apex(back)
      if next == b { break }
      let side = orientation(a, b, next, store)
      if side == 0 {
        end = next
        break
      }
      // `e` runs from the line's right to its left as seen from `a`; so does the next one.
      e = side > 0 ? PlanarTriangulation.next(back) : PlanarTriangulation.previous(back)
    }
    var queue = crossed
    var made: [(Int, Int)] = []
    var rest = 64 + 4 * crossed.count * crossed.count
    var i = 0
    while i < queue.count {
      rest -= 1
      if rest < 0 {
        failures += 1
        return
      }
      let (p, q) = queue[i]
      i += 1
      guard let e = edge(from: p, to: q) ?? edge(from: q, to: p) else { continue }
      let back = twin(e)
      if back < 0 { continue }
      guard canFlip(e, back, store) else {
        queue.append((p, q))
        continue
      }
      let (c, d) = (apex(e), apex(back))
      flip(e, back)
      if c == a || c == end || d == a || d == end {
        made.append((c, d))
      } else if orientation(a, end, c, store) * orientation(a, end, d, store) < 0 {
        queue.append((c, d))
      } else {
        made.append((c, d))
      }
    }
    guard let e = edge(from: a, to: end) ?? edge(from: end, to: a) else {
      failures += 1
      return
    }
    mark(e, own)
    if end != b { open.append((end, b)) }
    improve(made.map { edge(from: $0.0, to: $0.1) ?? edge(from: $0.1, to: $0.0) }.compactMap { $0 }, store)
  }

  /// Inserts the point that segment `own`, on its way from `a` to `b`, has in common with the one along `e`.
  private mutating func split(
    _ e: Int, where own: Int, from a: Int, to b: Int, _ open: inout [(Int, Int)],
    _ store: inout ArrangementPoints
  ) {
    guard let point = common(carriers[own], carriers[carrier[e]], &store) else {
      failures += 1
      return
    }
    if place[point] == nil {
      append(point, store)
      split(edge: e, at: points.count - 1, store)
    }
    let p = place[point]!
    open.append((p, b))
    open.append((a, p))
  }

  private func common(_ p: Carrier, _ q: Carrier, _ store: inout ArrangementPoints) -> UInt32? {
    switch (p.isPlane, q.isPlane) {
    case (true, true): store.point(ofPlanes: plane, p.first, q.first)
    case (true, false): store.point(ofLine: q.first, q.second, plane: p.first)
    case (false, true): store.point(ofLine: p.first, p.second, plane: q.first)
    case (false, false): store.point(ofLine: p.first, p.second, line: q.first, q.second, along: axis)
    }
  }
}
