import Facet
import FacetTestSupport

/// Triangles with small whole coordinates, whose crossings and overlaps are found in a way that has nothing in
/// common with the engine's: by clipping in exact fractions.
struct GridTriangle {
  typealias V = SIMD3<Int>
  let a, b, c: V

  var normal: V { crossed(b &- a, c &- a) }

  /// The triangle's sides, each with its direction within the plane that points inside.
  private var sides: [(from: V, inward: V)] {
    [(a, b), (b, c), (c, a)].map { ($0, crossed(normal, $1 &- $0)) }
  }

  /// The two farthest corners.
  private var ends: (V, V) {
    [(a, b), (b, c), (c, a)].max { squared($0.1 &- $0.0) < squared($1.1 &- $1.0) }!
  }

  /// Whether interiors share a point and no plane holds both.
  static func cross(_ p: GridTriangle, _ q: GridTriangle) -> Bool {
    switch (p.normal == .zero, q.normal == .zero) {
    case (true, true): false
    case (true, false): q.isPierced(by: p.ends)
    case (false, true): p.isPierced(by: q.ends)
    case (false, false): crossWithArea(p, q)
    }
  }

  private static func crossWithArea(_ p: GridTriangle, _ q: GridTriangle) -> Bool {
    let direction = crossed(p.normal, q.normal)
    if direction == .zero { return false }
    let unit = squared(direction)
    // The point of both planes closest to the origin, times `unit`.
    let start =
      crossed(q.normal, direction) &* dotted(p.normal, p.a)
      &+ crossed(direction, p.normal) &* dotted(q.normal, q.a)
    // start + s direction is inside both while every constant + s slope is positive.
    var interval = OpenInterval()
    for side in p.sides + q.sides {
      interval.clip(
        constant: dotted(side.inward, start) - unit * dotted(side.inward, side.from),
        slope: dotted(side.inward, direction))
    }
    return !interval.isEmpty
  }

  private func isPierced(by ends: (V, V)) -> Bool {
    let along = ends.1 &- ends.0
    var slope = dotted(normal, along)
    if slope == 0 { return false }
    var height = dotted(normal, a) - dotted(normal, ends.0)
    if slope < 0 { (slope, height) = (-slope, -height) }
    // The common point is ends.0 + height / slope along.
    guard 0 < height, height < slope else { return false }
    return sides.allSatisfy { side in
      dotted(side.inward, ends.0 &- side.from) * slope + height * dotted(side.inward, along) > 0
    }
  }

  /// Whether both lie in one plane and share area: the corners of what they share are not all on one line.
  static func overlap(_ p: GridTriangle, _ q: GridTriangle) -> Bool {
    let n = p.normal
    if n == .zero || q.normal == .zero { return false }
    for v in [q.a, q.b, q.c] where dotted(n, v &- p.a) != 0 { return false }
    let axis = n.z != 0 ? 2 : n.y != 0 ? 1 : 0
    func flat(_ v: V) -> (x: Int, y: Int) { axis == 2 ? (v.x, v.y) : axis == 1 ? (v.z, v.x) : (v.y, v.z) }
    func line(_ p: (x: Int, y: Int), _ q: (x: Int, y: Int)) -> V {
      crossed(V(p.x, p.y, 1), V(q.x, q.y, 1))
    }
    func lines(_ t: GridTriangle) -> [V] {
      let corners = [flat(t.a), flat(t.b), flat(t.c)]
      return (0..<3).map { i in
        let l = line(corners[i], corners[(i + 1) % 3])
        let third = corners[(i + 2) % 3]
        return dotted(l, V(third.x, third.y, 1)) > 0 ? l : .zero &- l
      }
    }
    let all = lines(p) + lines(q)
    // Corners of the common polygon: where two lines meet within all half-planes. Homogeneous coordinates.
    var corners: [V] = []
    for i in all.indices {
      for j in 0..<i {
        var point = crossed(all[i], all[j])
        if point.z == 0 { continue }
        if point.z < 0 { point = .zero &- point }
        if all.allSatisfy({ dotted($0, point) >= 0 }) { corners.append(point) }
      }
    }
    for i in corners.indices {
      for j in 0..<i {
        for k in 0..<j where dotted(crossed(corners[i], corners[j]), corners[k]) != 0 { return true }
      }
    }
    return false
  }
}

/// Between two fractions.
private struct OpenInterval {
  private var lower: (Int128, Int128)?
  private var upper: (Int128, Int128)?
  private var isImpossible = false

  /// Keeps where constant + s slope > 0.
  mutating func clip(constant: Int, slope: Int) {
    if slope == 0 {
      if constant <= 0 { isImpossible = true }
    } else if slope > 0 {
      let bound = (Int128(-constant), Int128(slope))
      if lower == nil || lower!.0 * bound.1 < bound.0 * lower!.1 { lower = bound }
    } else {
      let bound = (Int128(constant), Int128(-slope))
      if upper == nil || bound.0 * upper!.1 < upper!.0 * bound.1 { upper = bound }
    }
  }

  var isEmpty: Bool {
    if isImpossible { return true }
    guard let lower, let upper else { return false }
    return lower.0 * upper.1 >= upper.0 * lower.1
  }
}

private func crossed(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> SIMD3<Int> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

private func dotted(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> Int { a.x * b.x + a.y * b.y + a.z * b.z }

private func squared(_ a: SIMD3<Int>) -> Int { dotted(a, a) }

extension SIMD3<Int> {
  init(random range: ClosedRange<Int>, _ random: inout SeededGenerator) {
    self.init(
      Int.random(in: range, using: &random), Int.random(in: range, using: &random),
      Int.random(in: range, using: &random))
  }
}

/// Triangles on a grid, welded.
struct GridSoup {
  let triangles: [GridTriangle]
  private(set) var positions: [SIMD3<Int>] = []
  private(set) var indices: [Triangle] = []

  init(_ triangles: [GridTriangle]) {
    self.triangles = triangles
    var numbers: [SIMD3<Int>: UInt32] = [:]
    func number(_ v: SIMD3<Int>, _ positions: inout [SIMD3<Int>]) -> UInt32 {
      if let known = numbers[v] { return known }
      numbers[v] = UInt32(positions.count)
      positions.append(v)
      return UInt32(positions.count - 1)
    }
    for t in triangles {
      indices.append(Triangle(number(t.a, &positions), number(t.b, &positions), number(t.c, &positions)))
    }
  }

  /// Random corners in `0...size` on each axis; `flat` leaves one height.
  init(count: Int, size: Int, flat: Bool, _ random: inout SeededGenerator) {
    func corner() -> SIMD3<Int> {
      var corner = SIMD3(random: 0...size, &random)
      if flat { corner.z = 1 }
      return corner
    }
    self.init((0..<count).map { _ in GridTriangle(a: corner(), b: corner(), c: corner()) })
  }

  /// The mesh, its coordinates moved and then scaled by a power of two; unwelded on request.
  func mesh(offset: SIMD3<Int> = .zero, exponent: Int = 0, welded: Bool = true) throws -> Mesh {
    let scale = Double(sign: .plus, exponent: exponent, significand: 1)
    func position(_ v: SIMD3<Int>) -> SIMD3<Float> {
      SIMD3<Float>(SIMD3<Double>(v &+ offset) * scale)
    }
    if welded { return try Mesh(positions: positions.map(position), triangles: indices) }
    let corners = triangles.flatMap { [$0.a, $0.b, $0.c] }
    return try Mesh(
      positions: corners.map(position),
      triangles: triangles.indices.map { Triangle(UInt32($0 * 3), UInt32($0 * 3 + 1), UInt32($0 * 3 + 2)) })
  }

  func pairs(_ test: (GridTriangle, GridTriangle) -> Bool) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    for i in triangles.indices {
      for j in 0..<i where test(triangles[i], triangles[j]) { pairs.append((i, j)) }
    }
    return pairs
  }
}
