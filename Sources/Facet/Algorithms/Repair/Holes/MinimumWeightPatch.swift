/// The triangulation of a loop in space that weighs least, by dynamic programming over all chords (G. Barequet and
/// M. Sharir, "Filling gaps in the boundary of a polyhedron", 1995; P. Liepa, "Filling holes in meshes", 2003). Time
/// grows with the cube of the edges.
struct MinimumWeightPatch {
  /// What is to be least.
  enum Weight: Sendable {
    /// The bends at all edges, also against the mesh around, each by its length: goes on flat from what is there and
    /// meets in few sharp edges, as a part that was designed does.
    case bends
    /// The sharpest bend, and then the area.
    case sharpestBend
    /// The area.
    case area
  }

  private let points: [SIMD3<Double>]
  private let exact: [SIMD3<Float>]
  private let rimNormals: [SIMD3<Double>]
  private let weight: Weight

  // Of the best triangulation between vertices i and j, at `i * n + j`.
  private var cost: [Double]
  private var area: [Double]
  private var apex: [Int32]
  private var normal: [SIMD3<Double>]

  /// - Parameters:
  ///   - points: The loop.
  ///   - rimNormals: For each edge from a point to the next the unit normal of the mesh's triangle there, or zero
  ///     where it has none.
  ///   - isForbidden: Whether there may be no edge between these two points.
  /// - Returns: nil when every triangulation has a forbidden edge or a triangle without area.
  static func triangles(
    _ points: [SIMD3<Float>], rimNormals: [SIMD3<Double>], _ weight: Weight, _ run: RunContext,
    isForbidden: (Int, Int) -> Bool
  ) throws(MeshError) -> [SIMD3<Int32>]? {
    if points.count == 3 { return isFlat(points[0], points[1], points[2]) ? nil : [SIMD3(0, 1, 2)] }
    var patch = MinimumWeightPatch(points, rimNormals, weight)
    return try patch.solve(run, isForbidden) ? patch.triangles : nil
  }

  private init(_ points: [SIMD3<Float>], _ rimNormals: [SIMD3<Double>], _ weight: Weight) {
    exact = points
    self.points = points.map { SIMD3<Double>($0) }
    self.rimNormals = rimNormals
    self.weight = weight
    let n = points.count
    cost = Array(repeating: .infinity, count: n * n)
    area = Array(repeating: 0, count: n * n)
    apex = Array(repeating: -1, count: n * n)
    normal = Array(repeating: .zero, count: n * n)
    for i in 0..<n - 1 {
      cost[i * n + i + 1] = 0
      normal[i * n + i + 1] = rimNormals[i]
    }
  }

  private mutating func solve(
    _ run: RunContext, _ isForbidden: (Int, Int) -> Bool
  ) throws(MeshError) -> Bool {
    let n = points.count
    let closing = rimNormals[n - 1]
    for span in 2..<n {
      try run.checkCancellation()
      for i in 0..<n - span {
        let j = i + span
        if span < n - 1, isForbidden(i, j) { continue }
        best(i, j, span == n - 1 ? closing : .zero)
      }
    }
    return apex[n - 1] >= 0
  }

  private mutating func best(_ i: Int, _ j: Int, _ closing: SIMD3<Double>) {
    let n = points.count
    let (a, c) = (points[i], points[j])
    let ac = c - a
    let chord = dot(ac, ac)
    var (leastCost, leastArea, bestApex) = (Double.infinity, Double.infinity, Int32(-1))
    var bestNormal = SIMD3<Double>.zero
    for m in i + 1..<j {
      let (left, right) = (i * n + m, m * n + j)
      let below = weight == .sharpestBend ? max(cost[left], cost[right]) : cost[left] + cost[right]
      if below == .infinity || below > leastCost { continue }
      let ab = points[m] - a
      let twice = cross(ab, ac)
      let size = length(twice)
      // Where rounding can matter at all, exactly.
      if size <= 1e-5 * (chord + dot(ab, ab)), isFlat(exact[i], exact[m], exact[j]) { continue }
      let unit = twice / size
      var total = below
      switch weight {
      case .bends:
        total += length(ab) * bend(unit, normal[left]) + length(points[m] - c) * bend(unit, normal[right])
        if closing != .zero { total += chord.squareRoot() * bend(unit, closing) }
      case .sharpestBend:
        total = max(total, bendClass(unit, normal[left]), bendClass(unit, normal[right]))
        if closing != .zero { total = max(total, bendClass(unit, closing)) }
      case .area: total += size
      }
      let sum = area[left] + area[right] + size
      if total < leastCost || (total == leastCost && sum < leastArea) {
        (leastCost, leastArea, bestApex, bestNormal) = (total, sum, Int32(m), unit)
      }
    }
    guard bestApex >= 0 else { return }
    cost[i * n + j] = leastCost
    area[i * n + j] = leastArea
    apex[i * n + j] = bestApex
    normal[i * n + j] = bestNormal
  }

  /// The sine of half the angle between two normals: a bend of 90° weighs a little less than two of 45°.
  @inline(__always)
  private func bend(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    b == .zero ? 0 : length(a - b) / 2
  }

  /// Steps of 1 − cos of the angle between two normals, about 2° at the smallest, so that what is nearly flat is chosen
  /// by its area.
  @inline(__always)
  private func bendClass(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    b == .zero ? 0 : ((1 - dot(a, b)) * 2000).rounded(.down)
  }

  private var triangles: [SIMD3<Int32>] {
    let n = points.count
    var result: [SIMD3<Int32>] = []
    var waiting = [(0, n - 1)]
    while let (i, j) = waiting.popLast() {
      guard j - i > 1 else { continue }
      let m = Int(apex[i * n + j])
      result.append(SIMD3(Int32(i), Int32(m), Int32(j)))
      waiting.append((i, m))
      waiting.append((m, j))
    }
    return result
  }
}

/// Whether three points lie on one line, exactly.
func isFlat(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ c: SIMD3<Float>) -> Bool {
  orient2d(SIMD2(a.x, a.y), SIMD2(b.x, b.y), SIMD2(c.x, c.y)) == 0
    && orient2d(SIMD2(a.y, a.z), SIMD2(b.y, b.z), SIMD2(c.y, c.z)) == 0
    && orient2d(SIMD2(a.z, a.x), SIMD2(b.z, b.x), SIMD2(c.z, c.x)) == 0
}
